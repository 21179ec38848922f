"""`members`: who may take part, or not yet, in numbers; and guest passes."""

from datetime import timedelta

from bot.boundary.effects import AlertFacilitators, Body, Choice, Name, When, Whisper, Words, say
from bot.boundary.events import CommandGiven, Due
from bot.boundary.ids import MemberId
from bot.contract.facts import PrivacyShown
from bot.contract.feature import NOTHING, Decision, Drop, Here, Put
from bot.contract.settings import seconds
from bot.gate.enforcing import ENFORCE
from bot.gate.passes import Passes, let_take_part
from bot.gate.policy import ADVISED, LARGE, LONGEST_GUEST, NUMBER_HOLDS
from bot.gate.records import SHOWN, Guest, Shown
from bot.gate.steering import name_each


def show(passes: Passes, event: CommandGiven, here: Here) -> Decision:
    """Numbers, never why; bots and ghosts apart, by name, as they cannot agree."""
    people = here.room.humans()
    others = tuple(p for p in here.room.inside() if p.kind != "human")
    body: list[Words] = []
    if passes.state.gate == "notice":
        agreed = len(people) - passes.not_agreed(here.room)
        body.append(say("gate-members-notice", people=len(people), agreed=agreed, rest=len(people) - agreed))
    else:
        may = sum(passes.holds(p.id) for p in people)
        body.append(say("gate-members", people=len(people), may=may, rest=len(people) - may))
        knocking = sum(p.presence == "knocking" for p in here.room.people.values())
        if knocking and passes.state.gate == "door":
            body.append(say("gate-members-knocking", count=knocking))
        if affected := sum(passes.enforceable(p, here.now) for p in people):
            body.append(say("gate-members-enforce", count=affected))
    if others:
        bots = sum(p.kind == "bot" for p in others)
        body += [say("gate-members-bots", bots=bots, ghosts=len(others) - bots), *name_each(others)]
    if len(people) >= LARGE:
        body.append(say("gate-members-large", count=len(people), least=ADVISED[0], most=ADVISED[1]))
    elif len(people) > ADVISED[1]:
        body.append(say("gate-members-full", least=ADVISED[0], most=ADVISED[1]))
    return _answer(event, tuple(body))


def admit(passes: Passes, event: CommandGiven, here: Here) -> Decision:
    """A guest pass, for someone who cannot use the bot. The answer never tells whether they agreed.

    When its time comes facilitators are told and choose: no clock mutes or removes anybody who
    was inside.
    """
    who = MemberId(here.room.id.platform, event.values["who"])
    if who not in here.room.people or who == here.room.me:
        return _answer(event, (say("gate-admit-nobody"),))
    lasting = timedelta(seconds=seconds(event.values["time"])) if event.values.get("time") else timedelta(0)
    if lasting > LONGEST_GUEST:
        return _answer(event, (say("gate-admit-long", most=LONGEST_GUEST.days),))
    until = here.now + lasting if lasting else None
    changes = (
        Put(record=Guest(until=until), key="guest", member=who, due_at=until),
        Drop(key="taken", member=who),
        Drop(key="leaving", member=who),
    )
    name = Name(who)
    answer = say("gate-admitted", who=name)
    if until:
        answer = say("gate-admitted-until", who=name, until=When(until))
    effects = [*let_take_part(passes.state, here, who), *_answer(event, (answer,)).effects]
    if here.room.people[who].kind == "human" and who != event.by:
        told = say("gate-guest-until", until=When(until)) if until else say("gate-guest")
        effects.append(Whisper(room=event.room, to=who, body=(told,), unasked=True, subject="gate"))
    return Decision(changes=changes, effects=tuple(effects))


def guest_over(passes: Passes, event: Due, here: Here) -> Decision:
    """A guest pass has run out. Facilitators are told, the same whether or not the guest has agreed."""
    who = event.member
    found = passes.rows.get(Guest, "guest", who) if who else None
    if who is None or found is None:
        return NOTHING
    again = Choice(
        label="gate-choice-longer", name="members", sub="admit", values={"who": who.native, "time": "72h"}
    )
    up = passes.state.gate != "notice"
    alert = AlertFacilitators(
        room=event.room,
        subject=f"gate-guest-{here.stamp.ids[0]}",
        body=(say("gate-guest-over", who=Name(who)),),
        choices=(again, ENFORCE) if up else (again,),
    )
    over = Put(record=Guest(until=found.until, over=True), key="guest", member=who)
    return Decision(changes=(over,), effects=(alert,))


def privacy(passes: Passes, event: PrivacyShown, here: Here) -> Decision:
    """What the gate protects and what it shows; under `mute`, how many can read without having agreed.

    Any member may ask, as often as they like, so that number is a day old at most and stays the
    same meanwhile: one that moved would say who it was. Facilitators have live ones in `members`.
    """
    changes: tuple[Put, ...] = ()
    match passes.state.gate, passes.state.held:
        case "notice", _:
            words = say("gate-privacy-notice")
        case "mute", "levels":
            count, changes = _number_of_today(passes, here)
            words = say("gate-privacy-levels", count=count)
        case "mute", "takedown":
            count, changes = _number_of_today(passes, here)
            words = say("gate-privacy-takedown", count=count)
        case "door", "door":
            words = say("gate-privacy-door")
        case _:
            words = say("gate-privacy-broken")
    whisper = Whisper(room=event.room, to=event.to, body=(words,), reply=event.reply)
    return Decision(changes=changes, effects=(whisper,))


def _number_of_today(passes: Passes, here: Here) -> tuple[int, tuple[Put, ...]]:
    shown = passes.rows.get(Shown, SHOWN)
    if shown is not None and abs(here.now - shown.at) < NUMBER_HOLDS:
        return shown.count, ()
    count = passes.not_agreed(here.room)
    fresh = Shown(at=here.now, count=count)
    return count, (Put(record=fresh, key=SHOWN, delete_at=here.now + NUMBER_HOLDS),)


def _answer(event: CommandGiven, body: Body) -> Decision:
    return Decision(effects=(Whisper(room=event.room, to=event.by, body=body, reply=event.reply),))
