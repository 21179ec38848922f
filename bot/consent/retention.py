"""A person's rows over time: the log of receipts, leaving, coming back, running out."""

from msgspec.structs import replace

from bot.boundary.ids import MemberId
from bot.consent.asking import keep
from bot.consent.policy import LOG_LENGTH
from bot.consent.receipts import receipt
from bot.consent.records import (
    STANDING,
    ReceiptRecord,
    Standing,
    TermsRecord,
    TextRecord,
    receipt_key,
    text_key,
)
from bot.consent.timing import kept_until
from bot.contract.feature import Drop, Here, Put, Rows

Changes = tuple[Put | Drop, ...]


def receipts_of(rows: Rows, who: MemberId) -> dict[str, ReceiptRecord]:
    """Somebody's receipts by key, the oldest first."""
    found = {key.key: record for key, record in rows.each(ReceiptRecord) if key.member == who}
    return dict(sorted(found.items()))


def text_of(rows: Rows, version: int) -> TextRecord | None:
    """A version of the agreement file; versions are never removed."""
    return rows.get(TextRecord, text_key(version))


def log(
    rows: Rows, who: MemberId, standing: Standing, terms: TermsRecord, here: Here, proof: ReceiptRecord
) -> Changes:
    """Keep where somebody stands, and append a receipt."""
    number = standing.receipts + 1
    standing = replace(standing, receipts=number)
    delete_at = kept_until(standing)
    put = Put(record=proof, key=receipt_key(number), member=who, delete_at=delete_at)
    earlier: list[Put | Drop] = []
    for key, record in receipts_of(rows, who).items():
        if key <= receipt_key(number - LOG_LENGTH):
            earlier.append(Drop(key=key, member=who))
        elif delete_at is not None:
            earlier.append(Put(record=record, key=key, member=who, delete_at=delete_at))
    return (keep(who, standing, terms, here), put, *earlier)


def leave(rows: Rows, who: MemberId, standing: Standing, here: Here) -> Changes:
    """Somebody is not in the group any more.

    What is kept then: the record and its receipts until the consent would have run out, so that
    coming back in time needs no new asking (30 days where none is in force). Of who never agreed,
    the record for a day, so that they can still ask for a talk. Then it goes by itself.
    """
    if standing.left_at is not None:
        return ()
    gone = replace(standing, left_at=here.now, grace_until=None, before=False, reminders=0)
    until = kept_until(gone)
    return (
        Put(record=gone, key=STANDING, member=who, delete_at=until),
        *(
            Put(record=record, key=key, member=who, delete_at=until)
            for key, record in receipts_of(rows, who).items()
        ),
    )


def stay(rows: Rows, who: MemberId) -> Changes:
    """Somebody is back: their receipts stay."""
    return tuple(Put(record=record, key=key, member=who) for key, record in receipts_of(rows, who).items())


def lapse(
    rows: Rows, who: MemberId, standing: Standing, terms: TermsRecord, here: Here
) -> tuple[Standing, Changes]:
    """A consent that was asked for again and not given runs out. Nothing is taken from anybody.

    Gives back the record without it, and what is to be kept.
    """
    consent = standing.consent
    assert consent is not None
    without = replace(standing, consent=None, renewing=False, grace_until=None)
    text = text_of(rows, consent.text)
    if text is None:
        return without, (keep(who, without, terms, here),)
    changes = log(rows, who, without, terms, here, receipt("expired", without, consent, text, here))
    return replace(without, receipts=without.receipts + 1), changes
