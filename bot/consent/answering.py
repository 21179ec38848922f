"""The person's own words: show, understood, agree, decline, talk."""

from msgspec.structs import replace

from bot.boundary.effects import TICKED, Body, Choice, OpenForm, Part, When, Whisper, say
from bot.boundary.events import CommandGiven
from bot.consent import wording
from bot.consent.asking import keep, noticed, standing_of
from bot.consent.receipts import enclosed, receipt
from bot.consent.records import Consent, Standing
from bot.consent.retention import log
from bot.consent.terms import Terms
from bot.consent.timing import at_door, inside
from bot.contract.facts import ConsentDeclined, ConsentGiven
from bot.contract.feature import Decision, Here, Put, Rows


def tell(event: CommandGiven, here: Here, body: Body, *choices: Choice, **more: object) -> Whisper:
    """An answer to who gave the command."""
    return Whisper(
        room=here.room.id,
        to=event.by,
        body=body,
        choices=choices,
        reply=event.reply,
        **more,  # type: ignore[arg-type]
    )


RECEIPT = Choice(label="consent-choice-receipt", name="consent", sub="receipt")
WITHDRAW = Choice(label="consent-choice-withdraw", name="consent", sub="withdraw")
TALK = Choice(label="consent-choice-talk", name="consent", sub="talk")
SHOW = Choice(label="consent-choice-look-again", name="consent", sub="show")


def show(rows: Rows, event: CommandGiven, here: Here, terms: Terms) -> Decision:
    """Where I stand; where something is to be answered, the limits or the agreement."""
    standing = standing_of(rows, event.by, here)
    if standing.holds(terms.record.round):
        settled = _settled(event, here, standing)
        if not at_door(here, event.by):
            return settled
        # Who has agreed and asks from outside comes in, as after a knock.
        again = ConsentGiven(id=event.id, room=here.room.id, who=event.by)
        return replace(settled, facts=(again,))
    if event.by not in here.room.people:
        return Decision(effects=(tell(event, here, (say("consent-outside"),), TALK),))
    if standing.understood >= terms.record.words:
        news = wording.changes(terms.record, standing.shown)
        return _agreement(event, here, terms, standing, *news, say("consent-agreement-head"))
    opening: tuple[Part, ...] = ()
    if standing.consent is not None:
        why = say("consent-renewal") if standing.renewing else say("consent-again")
        news = wording.changes(terms.record, standing.consent.round)
        opening = (why, *news, *wording.still_holds(standing))
    elif standing.withdrawn is not None and not standing.declined:
        opening = (say("consent-look-again-withdrawn"),)
    elif standing.said_no:
        opening = (say("consent-look-again"),)
    return _limits(event, here, terms, standing, *opening)


def understood(rows: Rows, event: CommandGiven, here: Here, terms: Terms) -> Decision:
    """All limits that were shown are acknowledged, and the age; then comes the agreement.

    Limits of an earlier round count while their words are the same; what else changed since is
    said before the agreement.
    """
    standing, words = standing_of(rows, event.by, here), terms.record.words
    if standing.holds(terms.record.round):
        return _settled(event, here, standing)
    if _answers(event, standing.limits_shown) < words:
        changed = 0 < standing.limits_shown < words or _answers(event, words) < words
        why = say("consent-changed-since") if changed else say("consent-limits-first")
        return _limits(event, here, terms, standing, why)
    if here.room.can.rich_forms and event.reply and event.values.get(wording.BOXES) != TICKED:
        pinned = {wording.PINNED: str(_answers(event, standing.limits_shown))}
        form = OpenForm(
            room=here.room.id,
            to=event.by,
            name="consent",
            sub="understood",
            values=pinned,
            fields=(wording.boxes(terms.record),),
            reply=event.reply,
        )
        return Decision(effects=(form,))
    news = wording.changes(terms.record, standing.limits_shown)
    acknowledged = replace(standing, understood=terms.record.round, age_ok=True)
    return _agreement(event, here, terms, acknowledged, say("consent-understood"), *news)


def agree(rows: Rows, event: CommandGiven, here: Here, terms: Terms) -> Decision:
    """Agrees to exactly what was shown last, and only after its limits were acknowledged."""
    standing, round_ = standing_of(rows, event.by, here), terms.record.round
    if standing.holds(round_):
        return _settled(event, here, standing)
    if standing.understood < terms.record.words:
        changed = standing.understood > 0 or _answers(event, round_) < terms.record.words
        why = say("consent-changed-since") if changed else say("consent-limits-first")
        return _limits(event, here, terms, standing, why)
    if _answers(event, standing.shown) != round_:
        news = wording.changes(terms.record, standing.shown)
        return _agreement(event, here, terms, standing, say("consent-changed-since"), *news)

    until = here.now + here.policy.length("renew")
    given = Consent(
        round=round_, text=terms.text.version, at=here.now, until=until, limits=terms.record.limits
    )
    after = replace(
        standing,
        asked=max(standing.asked, round_),
        consent=given,
        declined=0,
        withdrawn=None,
        undo_until=None,
        renewing=False,
        grace_until=None,
        reminders=0,
    )
    proof = receipt("given", after, given, terms.text, here)
    parts, files = enclosed(proof, terms.text, here)
    body = (
        say("consent-given", until=When(until, only_date=True)),
        *_now(event, here),
        say("consent-given-next"),
        *parts,
    )
    return Decision(
        changes=log(rows, event.by, after, terms.record, here, proof),
        effects=(tell(event, here, body, files=files),),
        facts=(ConsentGiven(id=event.id, room=here.room.id, who=event.by),),
    )


def _now(event: CommandGiven, here: Here) -> tuple[Part, ...]:
    """What has become possible by agreeing."""
    if not inside(here, event.by):
        return (say("consent-given-door"),) if here.policy.gate == "door" else ()
    return (say("consent-given-mute"),) if here.policy.gate == "mute" else ()


def decline(rows: Rows, event: CommandGiven, here: Here, terms: Terms) -> Decision:
    """A no is a whole answer: nothing is taken from who is inside, and nobody is told."""
    standing, round_ = standing_of(rows, event.by, here), terms.record.round
    if standing.holds(round_):
        return Decision(effects=(tell(event, here, (say("consent-decline-agreed"),), WITHDRAW),))
    after = replace(
        noticed(standing, terms.record, here), declined=round_, limits_shown=0, understood=0, shown=0
    )
    changes = (keep(event.by, after, terms.record, here),)
    if standing.consent is not None:
        # No fact: the earlier consent is in force, so nothing changes for anybody.
        body: Body = (
            say("consent-declined-again"),
            *wording.holds_until(after),
            say("consent-declined-next"),
        )
        return Decision(changes=changes, effects=(tell(event, here, body, TALK, SHOW),))
    following = say("consent-declined-next")
    choices: tuple[Choice, ...] = (TALK, SHOW)
    if here.policy.gate == "door" and not inside(here, event.by):
        # The door closes with this answer: only what works from outside is offered.
        how, following, choices = say("consent-declined-door"), say("consent-declined-outside"), (TALK,)
    elif here.policy.gate == "mute" and _held_back(standing):
        how = say("consent-declined-mute")
    else:
        how = say("consent-declined-stays")
    return Decision(
        changes=changes,
        effects=(tell(event, here, (how, following), *choices),),
        facts=(ConsentDeclined(id=event.id, room=here.room.id, who=event.by),),
    )


def _held_back(standing: Standing) -> bool:
    """Under `mute` cannot write now: a newcomer who never agreed, or who withdrew."""
    return standing.withdrawn is not None or not (standing.before or standing.receipts)


def _answers(event: CommandGiven, shown: int) -> int:
    """The round that an answer was given to: the one on its button, or the one last shown.

    Never a later one than was shown; a button with anything else on it answers nothing.
    """
    words = event.values.get(wording.PINNED)
    if words is None:
        return shown
    return min(int(words), shown) if words.isascii() and words.isdigit() and len(words) < 10 else 0


def _settled(event: CommandGiven, here: Here, standing: Standing) -> Decision:
    consent = standing.consent
    assert consent is not None
    body = (
        say(
            "consent-stands",
            at=When(consent.at, only_date=True),
            version=consent.text,
            until=When(consent.until, only_date=True),
        ),
    )
    return Decision(effects=(tell(event, here, body, RECEIPT, WITHDRAW),))


def _limits(event: CommandGiven, here: Here, terms: Terms, standing: Standing, *opening: Part) -> Decision:
    shown = replace(
        noticed(standing, terms.record, here), limits_shown=terms.record.round, understood=0, shown=0
    )
    body = wording.limits(terms.record, here, *opening, whole=shown.consent is None)
    return Decision(
        changes=(_put(event, shown, terms, here),),
        effects=(tell(event, here, body, *wording.limits_choices(terms.record)),),
    )


def _agreement(event: CommandGiven, here: Here, terms: Terms, standing: Standing, *opening: Part) -> Decision:
    shown = replace(standing, shown=terms.record.round)
    body = wording.agreement(terms.text, here, *opening)
    return Decision(
        changes=(_put(event, shown, terms, here),),
        effects=(tell(event, here, body, *wording.agreement_choices(terms.record)),),
    )


def _put(event: CommandGiven, standing: Standing, terms: Terms, here: Here) -> Put:
    return keep(event.by, standing, terms.record, here)
