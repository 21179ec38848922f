"""Asking everyone, their answers, and the outcome: at the end of the window and never earlier."""

from datetime import timedelta

from msgspec.structs import replace

from bot.boundary.effects import Effect, Name, Part, When, Whisper, say
from bot.boundary.events import CommandGiven, Event
from bot.boundary.ids import MemberId
from bot.contract.facts import AgreementsAsked
from bot.contract.feature import NOTHING, Decision, Drop, Here, Put, Rows
from bot.recording import wording
from bot.recording.policy import FEWEST, KEPT, LEAST_DAYS, LONGEST, MOST_DAYS, WINDOW
from bot.recording.present import can_all_be_asked, present, programs, scope_now
from bot.recording.records import (
    ASK,
    ASKED,
    STATE,
    Agreed,
    Ask,
    Asked,
    Kept,
    State,
    agreed_key,
    kept_key,
)
from bot.recording.wording import AGREE, DECLINE, LOOK, STOP, asked_now, told

NAME = "recording"


def said(event: CommandGiven, *parts: Part) -> Decision:
    """An answer to who gave the command, and nothing else."""
    return Decision(effects=(Whisper(room=event.room, to=event.by, body=parts, reply=event.reply),))


def ask(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """Checks; then it has to be known who has agreed to the group's agreement."""
    state = rows.get(State, STATE)
    if not here.group.set_up or state is None:
        return said(event, say("recording-no-session"))
    match state.phase:
        case "asking":
            return said(event, say("recording-asked-already", until=When(state.until or here.now)))
        case "allowed" | "over":
            return said(event, say("recording-once"))
        case "no":
            pass
    if max(len(event.values["purpose"]), len(event.values["viewers"])) > LONGEST:
        return said(event, say("recording-too-long", most=LONGEST))
    if not LEAST_DAYS <= int(event.values["days"]) <= MOST_DAYS:
        return said(event, say("recording-bad-days", least=LEAST_DAYS, most=MOST_DAYS))
    return Decision(facts=(AgreementsAsked(id=event.id, room=event.room, asker=NAME, because=event),))


def ask_everyone(rows: Rows, event: CommandGiven, here: Here, agreed: frozenset[MemberId]) -> Decision:
    """Ask, or say why nobody can be asked. A refusal does not use up the meeting's one question."""
    state = rows.get(State, STATE)
    if state is None or state.phase != "no":
        return NOTHING
    scope = scope_now(here.room)
    everyone = present(here.room, scope)
    if event.by not in agreed:
        return said(event, say("recording-agree-first"))
    if event.by not in everyone:
        return said(event, say("recording-join-first"))
    if len(everyone) < FEWEST:
        return said(event, say("recording-too-few", fewest=FEWEST))
    if not can_all_be_asked(here.room, scope):
        return said(event, say("recording-cannot-ask-all"))
    if not agreed.isdisjoint(programs(here.room, scope)):
        # Somebody who agreed here is a person, whatever list has them as a bot since: never left out.
        return said(event, say("recording-person-as-bot"))
    if not everyone <= agreed:
        return said(event, say("recording-not-all-agreed"))
    until = here.now + WINDOW
    asking = replace(
        state, phase="asking", ask=here.stamp.ids[0], scope=scope, until=until, asked=len(everyone)
    )
    wish = Ask(
        ask=asking.ask,
        purpose=event.values["purpose"],
        viewers=event.values["viewers"],
        days=int(event.values["days"]),
    )
    # Who asks says yes by asking, and can take that back like everyone else.
    roster = tuple(
        Put(record=Asked(ask=asking.ask, yes=who == event.by), key=ASKED, member=who)
        for who in sorted(everyone)
    )
    unasked = tuple(say("recording-not-asked", who=Name(bot)) for bot in programs(here.room, scope))
    asked = say("recording-asked", who=Name(event.by), until=When(until))
    effects: list[Effect] = [
        told(here, asked, *unasked, choices=(LOOK,)),
        *said(event, say("recording-you-asked", until=When(until))).effects,
    ]
    if here.room.can.private:
        effects += [
            Whisper(
                room=event.room,
                to=who,
                body=wording.question(asking, event.by, wish),
                choices=(AGREE, DECLINE),
                unasked=True,
                subject=NAME,
            )
            for who in sorted(everyone - {event.by})
        ]
    changes = (Put(record=asking, key=STATE, due_at=until), Put(record=wish, key=ASK, member=event.by))
    return Decision(changes=(*changes, *roster), effects=tuple(effects))


def answer(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """`agree` or `decline`: the last word within the window counts, and nobody else hears of it."""
    state = rows.get(State, STATE)
    mine = rows.get(Asked, ASKED, event.by)
    if state is None or state.phase != "asking" or state.until is None:
        return said(event, say("recording-nothing-asked"))
    if here.now >= state.until:
        return said(event, say("recording-too-late"))
    if mine is None or mine.ask != state.ask:
        return said(event, say("recording-not-you"))
    yes = event.sub == "agree"
    done = say("recording-said-yes") if yes else say("recording-said-no")
    again = say("recording-change-mind", until=When(state.until))
    return Decision(
        changes=(Put(record=replace(mine, yes=yes), key=ASKED, member=event.by),),
        effects=said(event, done, again).effects,
    )


def window_over(rows: Rows, event: Event, here: Here) -> Decision:
    """The window has ended: who has agreed to the group's agreement by now has to be known."""
    state = rows.get(State, STATE)
    if state is None or state.phase != "asking" or state.until is None:
        return NOTHING
    if here.now < state.until:
        return Decision(changes=(Put(record=state, key=STATE, due_at=state.until),))
    return Decision(facts=(AgreementsAsked(id=event.id, room=event.room, asker=NAME, because=event),))


def outcome(rows: Rows, here: Here, agreed: frozenset[MemberId]) -> Decision:
    """Everyone agreed, or not everyone agreed: the same words whoever said no, and however many."""
    state = rows.get(State, STATE)
    if state is None or state.phase != "asking" or state.until is None or here.now < state.until:
        return NOTHING
    found = asked_now(rows, state)
    roster = {k.member: a.yes for k, a in rows.each(Asked) if k.member and a.ask == state.ask}
    answers = tuple(Drop(key=ASKED, member=who) for who in roster)
    everyone = present(here.room, state.scope)
    unanimous = len(roster) == state.asked and all(roster.values()) and not state.stopped
    holds = everyone <= roster.keys() & agreed and can_all_be_asked(here.room, state.scope)
    holds = holds and agreed.isdisjoint(programs(here.room, state.scope))
    if found is None or not (unanimous and holds):
        wish = tuple(Drop(key=ASK, member=found[0]) for _ in (1,) if found)
        no = Put(record=replace(state, phase="over", until=None), key=STATE)
        return Decision(changes=(no, *answers, *wish), effects=(told(here, say("recording-not-agreed")),))
    by, wish_ = found
    delete_on = here.now + timedelta(days=wish_.days)
    consents = tuple(
        Put(
            record=Agreed(
                ask=state.ask,
                purpose=wish_.purpose,
                viewers=wish_.viewers,
                scope=state.scope,
                delete_on=delete_on,
                at=here.now,
            ),
            key=agreed_key(state.ask),
            member=who,
            delete_at=delete_on + KEPT,
        )
        for who in sorted(roster)
    )
    keeps = Put(
        record=Kept(ask=state.ask, purpose=wish_.purpose, delete_on=delete_on, at=here.now),
        key=kept_key(state.ask),
        member=by,
        due_at=delete_on,
        delete_at=delete_on + KEPT,
    )
    yes = Put(record=replace(state, phase="allowed", until=None), key=STATE)
    words = told(
        here,
        say("recording-agreed"),
        *wording.terms(state, by, wish_),
        say("recording-agreed-ends"),
        choices=(STOP,),
    )
    return Decision(
        changes=(yes, *answers, *consents, keeps), effects=(words, *wording.status(here, wording.YES))
    )
