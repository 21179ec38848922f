"""Withdrawing in one step, undoing it within ten minutes, and the receipt again."""

from msgspec.structs import replace

from bot.boundary.effects import Choice, Lasting, Part, When, say
from bot.boundary.events import CommandGiven
from bot.consent.answering import SHOW, TALK, WITHDRAW, tell
from bot.consent.policy import UNDO
from bot.consent.receipts import enclosed, receipt
from bot.consent.records import STANDING, Standing
from bot.consent.retention import log, receipts_of, text_of
from bot.consent.terms import Terms
from bot.consent.timing import grace, inside
from bot.contract.facts import ConsentEnded, ConsentGiven
from bot.contract.feature import Decision, Here, Rows

CHANGES = {
    "notice": say("consent-withdrawn-notice"),
    "mute": say("consent-withdrawn-mute"),
    "door": say("consent-withdrawn-door"),
}
"""What withdrawing changes under each gate."""
STATES = {
    "given": say("consent-receipt-given"),
    "withdrawn": say("consent-receipt-withdrawn"),
    "expired": say("consent-receipt-expired"),
}
UNDO_CHOICE = Choice(label="consent-choice-undo", name="consent", sub="undo")


def withdraw(rows: Rows, event: CommandGiven, here: Here, terms: Terms) -> Decision:
    """Takes the consent back at once: one step, no reason, no question (GDPR Art. 7(3))."""
    standing = rows.get(Standing, STANDING, event.by)
    if standing is None or standing.consent is None:
        again = standing is not None and standing.withdrawn is not None
        nothing = say("consent-withdrawn-already") if again else say("consent-withdraw-nothing")
        return Decision(effects=(tell(event, here, (nothing,)),))
    consent, undo_until = standing.consent, here.now + UNDO
    after = replace(
        standing,
        consent=None,
        withdrawn=consent,
        undo_until=undo_until,
        renewing=False,
        grace_until=None,
        limits_shown=0,
        understood=0,
        shown=0,
    )
    text = text_of(rows, consent.text) or terms.text
    changes = log(rows, event.by, after, terms.record, here, receipt("withdrawn", after, consent, text, here))
    how = CHANGES[here.policy.gate] if inside(here, event.by) else say("consent-withdrawn-outside")
    undo = say("consent-withdrawn-undo", time=Lasting(int(UNDO.total_seconds())))
    return Decision(
        changes=changes,
        effects=(tell(event, here, (say("consent-withdrawn"), how, undo), UNDO_CHOICE, TALK),),
        facts=(ConsentEnded(id=event.id, room=here.room.id, who=event.by, undo_until=undo_until),),
    )


def undo(rows: Rows, event: CommandGiven, here: Here, terms: Terms) -> Decision:
    """Puts back exactly the consent that was withdrawn, within ten minutes."""
    standing = rows.get(Standing, STANDING, event.by)
    if standing is None or standing.withdrawn is None or standing.undo_until is None:
        return Decision(effects=(tell(event, here, (say("consent-undo-nothing"),), SHOW),))
    if here.now > standing.undo_until:
        return Decision(effects=(tell(event, here, (say("consent-undo-late"),), SHOW),))
    consent = standing.withdrawn
    after = _as_before(replace(standing, consent=consent, withdrawn=None, undo_until=None), here)
    text = text_of(rows, consent.text) or terms.text
    changes = log(rows, event.by, after, terms.record, here, receipt("given", after, consent, text, here))
    body = (say("consent-undone", until=When(consent.until, only_date=True)),)
    return Decision(
        changes=changes,
        effects=(tell(event, here, body, WITHDRAW),),
        facts=(ConsentGiven(id=event.id, room=here.room.id, who=event.by),),
    )


def _as_before(standing: Standing, here: Here) -> Standing:
    """With the asking that was under way when it was withdrawn, and what is left of its grace."""
    consent, asked_at = standing.consent, standing.asked_at
    if consent is None or asked_at is None:
        return standing
    renewing = asked_at >= consent.until
    if not renewing and consent.round >= standing.asked:
        return standing
    until = max(asked_at + grace(here), here.now)
    return replace(standing, renewing=renewing, grace_until=until)


def show_receipt(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """The latest receipt again, with the agreement file that it names."""
    found = list(receipts_of(rows, event.by).values())
    if not found:
        return Decision(effects=(tell(event, here, (say("consent-receipt-none"),), SHOW),))
    latest = found[-1]
    parts, files = enclosed(latest, text_of(rows, latest.text_version), here)
    head: Part = STATES[latest.event_state]
    body = (head, say("consent-receipt-says", version=latest.text_version, sha=latest.text_sha256), *parts)
    return Decision(effects=(tell(event, here, body, files=files),))
