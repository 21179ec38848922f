"""Asking people, unasked: newcomers, those who were here before, again, and reminders."""

import hashlib
from typing import Literal, assert_never

from msgspec.structs import replace

from bot.boundary.effects import Announce, Choice, Part, When, Whisper, say
from bot.boundary.ids import MemberId
from bot.consent import wording
from bot.consent.policy import RING_AGAIN
from bot.consent.records import STANDING, TERMS, Standing, TermsRecord
from bot.consent.timing import grace, kept_until, next_due, owes
from bot.contract.feature import Here, Put, Rows

SUBJECT = "consent"

Kind = Literal["newcomer", "before", "door", "again", "renewal"]


def standing_of(rows: Rows, who: MemberId, here: Here, number: int = 0) -> Standing:
    """Where somebody stands; a new, empty record with a fresh random name where there is none.

    `number` tells several new people of one decision apart.
    """
    found = rows.get(Standing, STANDING, who)
    if found is not None:
        return found
    seed = f"{here.stamp.ids[1]}:{number}".encode()
    return Standing(person=hashlib.blake2b(seed, digest_size=16).hexdigest())


def asked(kind: Kind, standing: Standing, terms: TermsRecord, here: Here) -> Standing:
    """The record of somebody who is asked now.

    Asking never takes anything away: the consent in force stays until the grace ends, and who
    was inside before has that grace.
    """
    has_grace = standing.consent is not None or standing.before or kind == "before"
    return replace(
        standing,
        asked=terms.round,
        asked_at=here.now,
        limits_shown=terms.round,
        understood=0,
        shown=0,
        before=standing.before or kind == "before",
        renewing=kind == "renewal",
        grace_until=here.now + grace(here) if has_grace else None,
        reminders=0,
    )


def last_round(standing: Standing) -> int:
    """The round that the person knows: agreed to, or was last asked for."""
    return standing.consent.round if standing.consent else standing.asked


def noticed(standing: Standing, terms: TermsRecord, here: Here) -> Standing:
    """The record of somebody who came to look by themselves: whom we owe an asking is asked by it."""
    return asked("again", standing, terms, here) if owes(standing, terms) else standing


def prompt(
    kind: Kind, who: MemberId, before: Standing, after: Standing, terms: TermsRecord, here: Here
) -> Whisper:
    """The limits for somebody who did not ask for them, with why they come now."""
    until = When(after.grace_until or here.now, only_date=True)
    opening: tuple[Part, ...]
    match kind:
        case "newcomer":
            opening = (say("consent-welcome"),)
        case "door":
            opening = (say("consent-welcome-door"),)
        case "before":
            opening = (say("consent-welcome-before", until=until),)
        case "renewal":
            opening = (say("consent-renewal"), *wording.still_holds(after))
        case "again":
            changes = wording.changes(terms, last_round(before))
            opening = (say("consent-again"), *changes, *wording.still_holds(after))
        case _:
            assert_never(kind)
    return Whisper(
        room=here.room.id,
        to=who,
        body=wording.limits(terms, here, *opening, whole=before.consent is None),
        choices=wording.limits_choices(terms),
        unasked=True,
        subject=SUBJECT,
    )


def reminder(who: MemberId, standing: Standing, terms: TermsRecord, here: Here) -> Whisper:
    """A short reminder: that an answer is missing, and that a no is one."""
    if standing.grace_until is not None:
        body = say("consent-reminder-until", until=When(standing.grace_until, only_date=True))
    else:
        body = say("consent-reminder")
    return Whisper(
        room=here.room.id,
        to=who,
        body=(body,),
        choices=(
            Choice(label="consent-choice-start", name="consent", sub="show"),
            Choice(
                label="consent-choice-decline", name="consent", sub="decline", values=wording.pinned(terms)
            ),
        ),
        unasked=True,
        subject=SUBJECT,
    )


def keep(who: MemberId, standing: Standing, terms: TermsRecord | None, here: Here) -> Put:
    """The row of where somebody stands, with its next timer, and its end if they have left."""
    return Put(
        record=standing,
        key=STANDING,
        member=who,
        due_at=next_due(who, standing, terms, here),
        delete_at=kept_until(standing),
    )


def ask(kind: Kind, who: MemberId, standing: Standing, terms: TermsRecord, here: Here) -> tuple[Put, Whisper]:
    """Ask somebody now: the row that says so, and the words."""
    after = asked(kind, standing, terms, here)
    return keep(who, after, terms, here), prompt(kind, who, standing, after, terms, here)


def ring(terms: TermsRecord, here: Here) -> tuple[tuple[Put, ...], tuple[Announce, ...]]:
    """Tell the room, neutrally and once a day at most, that anyone can write to the bot.

    The way out where a private word does not arrive. It names nobody (law 3).
    """
    if here.room.can.doorbell:
        return (), ()  # it says so all the time
    if terms.rung_at is not None and here.now - terms.rung_at < RING_AGAIN:
        return (), ()
    start = Choice(label="consent-choice-start", name="consent", sub="show")
    deaf = (say("engine-deaf"),) if here.room.can.deaf else ()
    told = Announce(room=here.room.id, body=(*deaf, say("consent-doorbell")), choices=(start,))
    return (Put(record=replace(terms, rung_at=here.now), key=TERMS),), (told,)
