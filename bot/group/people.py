"""Who is a facilitator: named by somebody, accepted by themselves in private, and never a bot."""

from bot.boundary.effects import Choice, Effect, Name, Part, Whisper, say
from bot.boundary.events import CommandGiven
from bot.boundary.ids import MemberId
from bot.contract.facts import FacilitatorsChanged
from bot.contract.feature import Decision, Drop, Here, Put
from bot.contract.group import FacilitatorRecord
from bot.group.policy import INVITATION_FOR
from bot.group.records import FACILITATOR_KEY
from bot.group.reply import answer, news, preview, tell

SUBJECT = "facilitator"
"""Of the question to somebody who was named, so that a failure of it is recognised."""


def decide(event: CommandGiven, here: Here) -> Decision:
    """`facilitator list | add | accept | remove`."""
    match event.sub:
        case "add":
            return add(event, here, whom(event, here))
        case "accept":
            return accept(event, here)
        case "remove":
            return remove(event, here, whom(event, here))
        case _:
            return answer(here, event, *listed(here))


def whom(event: CommandGiven, here: Here) -> MemberId:
    """The person that a command names; the engine has made an id of the words."""
    return MemberId(here.room.id.platform, event.values.get("who", ""))


def listed(here: Here) -> tuple[Part, ...]:
    """Who is a facilitator, and who was named and has not accepted."""
    parts: list[Part] = [say("group-facilitators", count=len(here.group.facilitators))]
    parts.extend(say("group-facilitator-line", who=Name(who)) for who in sorted(here.group.facilitators))
    parts.extend(say("group-facilitator-named", who=Name(who)) for who in sorted(here.group.named))
    parts.append(say("group-facilitators-next"))
    return tuple(parts)


def unfit(here: Here, who: MemberId) -> Part | None:
    """Why somebody cannot be named; None where they can."""
    person = here.room.people.get(who)
    if who == here.room.me or (person is not None and person.kind != "human"):
        return say("group-facilitator-not-bot")
    if person is None or person.presence != "inside":
        return say("group-facilitator-not-inside", who=Name(who))
    return None


def named(here: Here, who: MemberId) -> tuple[Put, Whisper]:
    """Name somebody: they are asked in private, and asked no more when the time is over."""
    record = FacilitatorRecord(state="named", since=here.now)
    put = Put(record=record, key=FACILITATOR_KEY, member=who, due_at=here.now + INVITATION_FOR)
    yes = Choice(label="group-choice-accept", name="facilitator", sub="accept")
    question = Whisper(
        room=here.room.id,
        to=who,
        body=(say("group-facilitator-question", days=INVITATION_FOR.days),),
        choices=(yes,),
        unasked=True,
        subject=SUBJECT,
    )
    return put, question


def accepted(here: Here, who: MemberId) -> Put:
    """Somebody is a facilitator from now on."""
    record = FacilitatorRecord(state="accepted", since=here.now)
    return Put(record=record, key=FACILITATOR_KEY, member=who)


def add(event: CommandGiven, here: Here, who: MemberId) -> Decision:
    """Naming somebody. Naming oneself in private is accepting."""
    if reason := unfit(here, who):
        return answer(here, event, reason)
    if who in here.group.facilitators:
        return answer(here, event, say("group-facilitator-already", who=Name(who)))
    if who == event.by and event.private:
        return accept_now(event, here)
    if who in here.group.named:
        return answer(here, event, say("group-facilitator-asked-already", who=Name(who)))
    put, question = named(here, who)
    return answer(
        here, event, say("group-facilitator-asked", who=Name(who)), changes=(put,), effects=(question,)
    )


def accept(event: CommandGiven, here: Here) -> Decision:
    """Saying yes to having been named."""
    if event.by in here.group.facilitators:
        return answer(here, event, say("group-facilitator-you-are-already"))
    if event.by not in here.group.named:
        return answer(here, event, say("group-facilitator-not-named"))
    if reason := unfit(here, event.by):
        return answer(here, event, reason)
    if not event.private:
        return answer(here, event, say("group-facilitator-in-private"))
    return accept_now(event, here)


def accept_now(event: CommandGiven, here: Here) -> Decision:
    """Somebody becomes a facilitator, and the others hear of it."""
    return answer(
        here,
        event,
        say("group-facilitator-welcome"),
        say("group-facilitator-next") if here.group.set_up else say("group-facilitator-next-setup"),
        changes=(accepted(here, event.by),),
        effects=(news(here, say("group-facilitator-new", who=Name(event.by)), but_not=(event.by,)),),
        facts=(FacilitatorsChanged(id=event.id, room=event.room, who=event.by, now=True),),
    )


def remove(event: CommandGiven, here: Here, who: MemberId) -> Decision:
    """Taking somebody from the facilitators, or stepping back oneself."""
    if who in here.group.named:
        return answer(
            here,
            event,
            say("group-facilitator-unnamed", who=Name(who)),
            changes=(Drop(key=FACILITATOR_KEY, member=who),),
        )
    if who not in here.group.facilitators:
        return answer(here, event, say("group-facilitator-is-none", who=Name(who)))
    left = len(here.group.facilitators) - 1
    if not event.confirmed:
        if who != event.by:
            return preview(here, event, say("group-facilitator-remove", who=Name(who), left=left))
        if left:
            return preview(here, event, say("group-facilitator-step-back", left=left))
        return preview(here, event, say("group-facilitator-last"))
    gone = ended(event.id, here, who)
    if who == event.by:
        return answer(
            here,
            event,
            say("group-facilitator-stepped-back"),
            changes=gone.changes,
            effects=gone.effects,
            facts=gone.facts,
        )
    return answer(
        here,
        event,
        say("group-facilitator-removed", who=Name(who)),
        changes=gone.changes,
        effects=(tell(here, who, say("group-facilitator-you-are-none")), *gone.effects),
        facts=gone.facts,
    )


def ended(cause: str, here: Here, *gone: MemberId) -> Decision:
    """People are no facilitators any more, for whatever reason: the others hear that it is so.

    Where nobody is left, those who manage the room are told, since only they can begin again.
    """
    effects: tuple[Effect, ...]
    if here.group.facilitators.difference(gone):
        words = (say("group-facilitator-gone", who=Name(who)) for who in gone)
        effects = (news(here, *words, but_not=gone),)
    else:
        effects = tuple(
            tell(here, person.id, say("group-facilitator-nobody"))
            for person in sorted(here.room.humans(), key=lambda p: p.id)
            if person.administrator and person.id not in gone
        )
    return Decision(
        changes=tuple(Drop(key=FACILITATOR_KEY, member=who) for who in gone),
        effects=effects,
        facts=tuple(FacilitatorsChanged(id=cause, room=here.room.id, who=who, now=False) for who in gone),
    )


def left_room(cause: str, here: Here, *who: MemberId) -> Decision:
    """People left the room: a facilitator is in the room, or is none."""
    dropped = tuple(Drop(key=FACILITATOR_KEY, member=w) for w in who if w in here.group.named)
    gone = tuple(w for w in who if w in here.group.facilitators)
    if not gone:
        return Decision(changes=dropped)
    told = ended(cause, here, *gone)
    return Decision(changes=(*dropped, *told.changes), effects=told.effects, facts=told.facts)
