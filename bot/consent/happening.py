"""What happens around one person: they come, knock, leave, their time has come, words do not reach them."""

from typing import assert_never

from msgspec.structs import replace

from bot.boundary.effects import AlertFacilitators, Whisper, say
from bot.boundary.events import Due, EffectFailed, Event
from bot.boundary.ids import MemberId
from bot.consent.asking import Kind, ask, keep, reminder, ring, standing_of
from bot.consent.policy import REMINDERS
from bot.consent.records import STANDING, Standing
from bot.consent.retention import lapse, leave, stay
from bot.consent.terms import Terms
from bot.consent.timing import agenda, at_door, inside, reminders_by_now
from bot.contract.facts import ConsentGiven, GraceEnded
from bot.contract.feature import NOTHING, Decision, Drop, Here, Put, Rows


def came(rows: Rows, event: Event, who: MemberId, here: Here, terms: Terms, number: int = 0) -> Decision:
    """Somebody is inside or at the door: newcomers are asked at once, others welcomed back.

    Who comes back while their consent is valid and the words are the same is not asked again.
    """
    kind: Kind = "newcomer" if inside(here, who) else "door"
    standing = standing_of(rows, who, here, number)
    if standing.asked == 0:
        return _asked(kind, who, standing, terms, here)
    if standing.left_at is None:
        if kind == "door":
            again = standing.said_no and standing.consent is None
            return _asked(kind, who, standing, terms, here) if again else _welcome(event, who, standing, here)
        # Said again: if leaving and coming back overtook each other, nobody who agreed stays silent.
        facts = _welcome(event, who, standing, here).facts
        return Decision(changes=(keep(who, standing, terms.record, here),), facts=facts)
    consent, back = standing.consent, replace(standing, left_at=None)
    if consent is None:
        first = _asked(kind, who, back, terms, here)
        return Decision(changes=(*stay(rows, who), *first.changes), effects=first.effects)
    if consent.until > here.now and consent.round >= terms.record.words:
        changes: tuple[Put | Drop, ...] = ()
        if kind == "newcomer":
            changes = (keep(who, back, terms.record, here), *stay(rows, who))
        return Decision(changes=changes, facts=_welcome(event, who, standing, here).facts)
    without, lapsed = lapse(rows, who, back, terms.record, here)
    first = _asked(kind, who, without, terms, here)
    return Decision(changes=(*stay(rows, who), *lapsed, *first.changes), effects=first.effects)


def _asked(kind: Kind, who: MemberId, standing: Standing, terms: Terms, here: Here) -> Decision:
    put, whisper = ask(kind, who, standing, terms.record, here)
    return Decision(changes=(put,), effects=(whisper,))


def _welcome(event: Event, who: MemberId, standing: Standing, here: Here) -> Decision:
    if standing.consent is None:
        return NOTHING
    return Decision(facts=(ConsentGiven(id=event.id, room=here.room.id, who=who),))


def left(rows: Rows, who: MemberId, here: Here) -> Decision:
    """Somebody left, or took back their knock. Late news of who is back meanwhile changes nothing."""
    if inside(here, who):
        return NOTHING
    standing = rows.get(Standing, STANDING, who)
    return Decision(changes=leave(rows, who, standing, here)) if standing else NOTHING


def due(rows: Rows, event: Due, who: MemberId, here: Here, terms: Terms) -> Decision:
    """A person's timer: whatever is first on their agenda, if its time has really come."""
    standing = rows.get(Standing, STANDING, who)
    if standing is None or not here.room.people:
        return NOTHING
    if who not in here.room.people:
        return left(rows, who, here)
    if not inside(here, who):
        return NOTHING
    if standing.left_at is not None:
        return came(rows, event, who, here, terms)
    plan = agenda(standing, terms.record, here)
    if not plan or plan[0][0] > here.now:
        return Decision(changes=(keep(who, standing, terms.record, here),))
    what = plan[0][1]
    match what:
        case "ask":
            return _asked("again" if standing.asked else "newcomer", who, standing, terms, here)
        case "renew":
            return _asked("renewal", who, standing, terms, here)
        case "remind":
            told = replace(standing, reminders=reminders_by_now(standing, here))
            words = reminder(who, told, terms.record, here)
            return Decision(changes=(keep(who, told, terms.record, here),), effects=(words,))
        case "grace_end":
            over = replace(standing, grace_until=None, reminders=len(REMINDERS))
            changes: tuple[Put | Drop, ...] = (keep(who, over, terms.record, here),)
            if over.consent is not None:
                _, changes = lapse(rows, who, over, terms.record, here)
            return Decision(changes=changes, facts=(GraceEnded(id=event.id, room=here.room.id, who=who),))
        case _:
            assert_never(what)


def failed(rows: Rows, event: EffectFailed, here: Here, terms: Terms) -> Decision:
    """A private word did not arrive: what was not seen was not shown, and there is another way.

    The room hears, neutrally, that anybody can write to the bot; facilitators hear, without a
    name, that somebody at the door cannot be reached.
    """
    whisper = event.effect
    if not isinstance(whisper, Whisper):
        return NOTHING
    asks = any(choice.sub in ("understood", "agree") for choice in whisper.choices)
    standing = rows.get(Standing, STANDING, whisper.to)
    changes: tuple[Put, ...] = ()
    if asks and standing is not None and not standing.holds(terms.record.round):
        unseen = replace(standing, limits_shown=0, understood=0, shown=0, reminders=len(REMINDERS))
        changes = (keep(whisper.to, unseen, terms.record, here),)
    if not whisper.unasked:
        return Decision(changes=changes)
    if inside(here, whisper.to):
        rung, told = ring(terms.record, here)
        return Decision(changes=(*changes, *rung), effects=told)
    if at_door(here, whisper.to) and not here.room.can.doorbell:
        alert = AlertFacilitators(
            room=here.room.id, subject="consent-unreachable", body=(say("consent-unreachable-door"),)
        )
        return Decision(changes=changes, effects=(alert,))
    return Decision(changes=changes)
