"""When something is due about one person: an asking, a reminder, a renewal, the end of a grace."""

from datetime import datetime, timedelta
from typing import Literal

from bot.boundary.ids import MemberId
from bot.consent.policy import KEPT, KEPT_UNAGREED, REMINDERS
from bot.consent.records import Standing, TermsRecord
from bot.contract.feature import Here
from bot.contract.quiet import outside_quiet

What = Literal["ask", "renew", "grace_end", "remind"]


def inside(here: Here, who: MemberId) -> bool:
    """A human who is in the room now."""
    person = here.room.people.get(who)
    return person is not None and person.kind == "human" and person.presence == "inside"


def at_door(here: Here, who: MemberId) -> bool:
    """A human who asks to come in where agreeing opens the door."""
    person = here.room.people.get(who)
    knocks = person is not None and person.kind == "human" and person.presence == "knocking"
    return knocks and here.policy.gate == "door"


def owes(standing: Standing, terms: TermsRecord) -> bool:
    """Has to be asked, again or for the first time.

    Who said no, or has not answered, is asked again only for new words: a new facilitator or a
    bridge is no reason to press them.
    """
    if standing.consent is not None:
        return standing.consent.round < terms.round and standing.asked < terms.round
    return standing.asked < terms.words


def grace(here: Here) -> timedelta:
    """How long people who were there before have to think."""
    return here.policy.length("grace")


def agenda(standing: Standing, terms: TermsRecord, here: Here) -> list[tuple[datetime, What]]:
    """What is to come for somebody inside, each with its moment: not before now, never in quiet hours."""

    def calm(at: datetime) -> datetime:
        return outside_quiet(max(at, here.now), here.policy)

    if standing.left_at is not None:
        return []
    if owes(standing, terms):
        return [(calm(here.now), "ask")]
    found: list[tuple[datetime, What]] = []
    if standing.grace_until is not None:
        found.append((calm(standing.grace_until), "grace_end"))
    elif standing.consent is not None and not standing.renewing:
        found.append((calm(standing.consent.until), "renew"))
    if standing.pending and not standing.said_no and standing.reminders < len(REMINDERS):
        asked_at = standing.asked_at or here.now
        end = standing.grace_until or asked_at + grace(here)
        at = calm(asked_at + (end - asked_at) * REMINDERS[standing.reminders])
        if at < end:
            found.append((at, "remind"))
    return sorted(found)


def next_due(who: MemberId, standing: Standing, terms: TermsRecord | None, here: Here) -> datetime | None:
    """When the person's row has to be looked at again; None where nothing is to come."""
    if terms is None or not inside(here, who):
        return None
    plan = agenda(standing, terms, here)
    return plan[0][0] if plan else None


def reminders_by_now(standing: Standing, here: Here) -> int:
    """How many reminders count as sent once one is sent now: missed ones are not made up for."""
    asked_at = standing.asked_at or here.now
    end = standing.grace_until or asked_at + grace(here)
    passed = sum(asked_at + (end - asked_at) * part <= here.now for part in REMINDERS)
    return max(standing.reminders + 1, passed)


def kept_until(standing: Standing) -> datetime | None:
    """When what is kept of somebody who left is removed; None while they are here.

    A consent in force stays valid until it would have run out, so that coming back needs no new
    asking; everything else goes after 30 days, and after one day where nothing was ever agreed.
    """
    if standing.left_at is None:
        return None
    if not standing.receipts:
        return standing.left_at + KEPT_UNAGREED
    if standing.consent is not None and standing.consent.until > standing.left_at:
        return standing.consent.until
    return standing.left_at + KEPT
