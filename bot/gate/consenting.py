"""What an answer to the agreement changes at the gate."""

from bot.boundary.effects import AlertFacilitators, Effect, Remove, say
from bot.boundary.ids import MemberId
from bot.contract.facts import ConsentDeclined, ConsentEnded, ConsentGiven, GraceEnded, MemberForgotten
from bot.contract.feature import NOTHING, Decision, Drop, Here, Put
from bot.gate.enforcing import ENFORCE
from bot.gate.passes import Passes, hold_back, inside, let_take_part
from bot.gate.records import BLOCKED, Leaving, Pass


def given(passes: Passes, event: ConsentGiven, here: Here) -> Decision:
    """Somebody agreed: they may take part from now on, at whichever gate."""
    changes = (
        Put(record=Pass(kind="agreed", since=here.now), key="pass", member=event.who),
        Drop(key="leaving", member=event.who),
        Drop(key=BLOCKED, member=event.who),
    )
    if passes.taken(event.who):
        return Decision(changes=changes)
    return Decision(changes=changes, effects=let_take_part(passes.state, here, event.who))


def ended(passes: Passes, event: ConsentEnded, here: Here) -> Decision:
    """Somebody withdrew: done at once. An agreement that only ran out takes nothing away.

    No clock mutes or removes anybody who was inside: facilitators see a number and choose.
    """
    who = event.who
    if event.undo_until is None:
        return _ran_out(passes, who, here)
    gone = (Drop(key="pass", member=who), Drop(key="guest", member=who))
    if passes.state.gate != "door" or not inside(here, who):
        return Decision(changes=gone, effects=hold_back(passes.state, here, who))
    # Under `door` withdrawing means leaving, after the time in which it can be undone.
    leaving = Leaving(until=event.undo_until)
    return Decision(changes=(*gone, Put(record=leaving, key="leaving", member=who, due_at=event.undo_until)))


def _ran_out(passes: Passes, who: MemberId, here: Here) -> Decision:
    if not passes.agreed(who):
        return NOTHING
    if not inside(here, who):
        return Decision(changes=(Drop(key="pass", member=who),))
    return Decision(changes=(Put(record=Pass(kind="grace", since=here.now), key="pass", member=who),))


def grace_over(passes: Passes, event: GraceEnded, here: Here) -> Decision:
    """Facilitators see how many people inside have not agreed, and choose. Nothing else happens."""
    over = _ran_out(passes, event.who, here)
    count = passes.not_agreed(here.room) + bool(over.changes and inside(here, event.who))
    if not count:
        return over
    return Decision(changes=over.changes, effects=(grace_alert(passes, here, count),))


def grace_alert(passes: Passes, here: Here, count: int) -> Effect:
    """The number, and what can be done. Law 3: never who."""
    body = (say("gate-grace-over", count=count),)
    if passes.state.gate == "notice":
        return AlertFacilitators(
            room=here.room.id, subject="gate-grace", body=(*body, say("gate-grace-over-notice"))
        )
    return AlertFacilitators(
        room=here.room.id, subject="gate-grace", body=(*body, say("gate-grace-over-next")), choices=(ENFORCE,)
    )


def declined(passes: Passes, event: ConsentDeclined, here: Here) -> Decision:
    """Who knocks and says no stays outside, without a reason. Who is inside keeps what they had."""
    person = here.room.people.get(event.who)
    if passes.state.gate != "door" or person is None or person.presence != "knocking":
        return NOTHING
    if passes.holds(event.who):
        return NOTHING
    return Decision(effects=(Remove(room=event.room, who=event.who),))


def forgotten(passes: Passes, event: MemberForgotten, here: Here) -> Decision:
    """Everything about a person is erased: the same as withdrawing, and no row stays to undo it."""
    who = event.who
    drops = tuple(Drop(key=k.key, member=k.member) for k in passes.rows.held if k.member == who)
    if passes.state.gate == "door" and inside(here, who):
        return Decision(changes=drops, effects=(Remove(room=event.room, who=who),))
    return Decision(changes=drops, effects=hold_back(passes.state, here, who))
