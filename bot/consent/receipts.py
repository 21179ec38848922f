"""Consent receipts: records of ISO/IEC TS 27560, appended and never edited, as text and JSON."""

from datetime import timedelta
from typing import Literal

import msgspec

from bot.boundary.effects import Attachment, Part, Verbatim, say
from bot.consent.records import Consent, Controller, ReceiptRecord, Standing, TextRecord
from bot.contract.feature import Here

State = Literal["given", "withdrawn", "expired"]

SCHEMA = "ISO/IEC TS 27560:2023"
TEXT_ID = "circlekeeper-agreement/"
"""Before the id of the shipped text, this is the receipt's text_id."""

PURPOSE = (
    "To take part in a peer-support group whose members have agreed to keep what is said there "
    "private, and to show later that this was agreed."
)
INFORMATION = (
    "that this person is a member of this group (kept under a random name)",
    "their answer, when it was given, and to which text",
    "which limits of confidentiality were acknowledged",
    "that they are old enough (no date of birth)",
)
STORAGE = ("the operator's computer, encrypted at rest",)
RETENTION = (
    "While the person is in the group; after leaving, until this consent would have run out, or "
    "30 days where none is in force. Erased at once on request."
)
# A receipt is a legal record: its own words stay English, `language` names that of the text.


def receipt(
    state: State, standing: Standing, consent: Consent, text: TextRecord, here: Here
) -> ReceiptRecord:
    """The receipt of what happens now to a consent. `text` is the file that the consent names."""
    prefix = here.room.can.command_prefix
    fields = {
        "schema_version": SCHEMA,
        "record_id": here.stamp.ids[0],
        "pii_principal_id": standing.person,
        "privacy_notice": here.operator.privacy_url or f"the command {prefix}privacy, to this bot",
        "language": text.base.split(".")[-1],
        "purpose": PURPOSE,
        "pii_information": INFORMATION,
        "pii_controllers": (Controller(here.operator.name, here.operator.contact),),
        "storage_locations": STORAGE,
        "retention_period": RETENTION,
        "recipient_third_parties": (f"{here.room.id.platform} (the chat platform)", *here.room.bridges),
        "withdrawal_method": f"the command {prefix}consent withdraw, to this bot",
        "event_time": here.now.isoformat(timespec="seconds"),
        "validity_duration": iso_duration(max(consent.until - here.now, timedelta(0)))
        if state == "given"
        else "PT0S",
        "event_type": "timed" if state == "expired" else "explicit",
        "event_state": state,
        "text_id": TEXT_ID + text.base,
        "text_version": text.version,
        "text_sha256": text.sha256,
        "limits_ack": consent.limits,
        "age_ok": standing.age_ok,
    }
    return msgspec.convert(fields, ReceiptRecord)


def iso_duration(length: timedelta) -> str:
    """A length as ISO 8601 has it.

    >>> iso_duration(timedelta(days=365)), iso_duration(timedelta(days=1, seconds=90))
    ('P365D', 'P1DT90S')
    """
    days, rest = length.days, length.seconds
    if not rest:
        return f"P{days}D" if days else "PT0S"
    return f"P{days}DT{rest}S" if days else f"PT{rest}S"


def as_json(record: ReceiptRecord) -> str:
    """The receipt as one JSON object, the same for the same receipt."""
    fields = msgspec.to_builtins(record)
    fields.pop("type", None)
    return msgspec.json.format(msgspec.json.encode(fields), indent=2).decode()


def enclosed(
    record: ReceiptRecord, text: TextRecord | None, here: Here
) -> tuple[tuple[Part, ...], tuple[Attachment, ...]]:
    """The receipt and the agreement file for its person: as files, or written out where there are none."""
    if here.room.can.files:
        files = [
            Attachment(
                name="consent-receipt.json", media_type="application/json", content=as_json(record).encode()
            )
        ]
        if text is not None:
            files.append(Attachment(name="agreement.md", media_type="text/markdown", content=text.body))
        return (), tuple(files)
    parts: list[Part] = [say("consent-receipt-json"), Verbatim(as_json(record), code=True)]
    if text is not None:
        parts += [say("consent-receipt-text"), Verbatim(text.body.decode(), code=True)]
    return tuple(parts), ()
