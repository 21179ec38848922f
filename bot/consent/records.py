"""What is kept about consent: the texts, the terms in force, where each person stands, receipts."""

from datetime import datetime
from typing import Literal

import msgspec

from bot.contract.records import Codec, Record

Why = Literal["agreement", "limits", "duty", "age", "facilitator", "bridge", "hearing", "renewal"]
"""What changed, so that everybody is asked again. The first four are words that people agree to."""

WORDS: tuple[Why, ...] = ("agreement", "limits", "duty", "age")
"""Changes after which also somebody who said no is asked once more."""

TERMS = "terms"
STANDING = "standing"


def text_key(version: int) -> str:
    """The key of a version of the agreement file."""
    return f"text:{version}"


def receipt_key(number: int) -> str:
    """The key of a receipt in its person's rows; keys sort in the order of giving."""
    return f"receipt:{number:06}"


class TextRecord(Record, frozen=True, kw_only=True, tag="text"):
    """One version of the agreement file, under "text:N", of no member. Never edited."""

    version: int
    base: str
    """The id of the shipped text that it builds on: `1.en`."""
    body: bytes
    """Exactly the bytes that people agree to."""
    sha256: str
    """Hex SHA-256 of `body`."""
    since: datetime


class Change(msgspec.Struct, frozen=True):
    """Why a round of asking began."""

    round: int
    why: Why


class TermsRecord(Record, frozen=True, kw_only=True, tag="terms"):
    """What people are asked for now, under the key "terms", of no member.

    `round` counts up whenever everybody has to be asked again, for words or for another reason;
    prompts carry it, so that an answer to an older round never counts for a newer one.
    """

    round: int
    words: int
    """The latest round that changed the words (text, limits, duty, age)."""
    text: int
    """The version of the agreement file."""
    sha256: str
    limits: tuple[str, ...]
    duty: str
    min_age: int
    bridges: tuple[str, ...] = ()
    hearing: bool = False
    """The bot held the keys of the encrypted room, to hear commands there."""
    awaited: int = 0
    """Facilitators who were named and had not accepted when this round began. Everybody is told
    that they may follow, so that asking again begins with the next one, not with them."""
    changes: tuple[Change, ...] = ()
    since: datetime
    rung_at: datetime | None = None
    """When the room was last told, neutrally, that everybody can write to the bot."""


class Consent(msgspec.Struct, frozen=True):
    """A consent: to which round and text, when it was given, until when it is valid."""

    round: int
    text: int
    at: datetime
    until: datetime
    limits: tuple[str, ...] = ()
    """The limits that were acknowledged with it."""


class Standing(Record, frozen=True, kw_only=True, tag="standing"):
    """Where one person stands, under the key "standing" in that person's rows."""

    person: str
    """Random, of this person in this group alone: the receipt's pii_principal_id."""
    asked: int = 0
    """The round that the person was last asked for; 0: never."""
    asked_at: datetime | None = None
    limits_shown: int = 0
    """The round whose limits the person was last shown."""
    understood: int = 0
    """The round whose limits (and age) the person acknowledged."""
    shown: int = 0
    """The round whose agreement the person was last shown."""
    age_ok: bool = False
    declined: int = 0
    """The round that the person said no to, until they agree; 0: none."""
    consent: Consent | None = None
    """The consent in force."""
    withdrawn: Consent | None = None
    """The consent that was withdrawn, until they agree again."""
    undo_until: datetime | None = None
    before: bool = False
    """Was inside when the group was set up, and has grace."""
    renewing: bool = False
    """The consent has run out and is asked for again; its grace runs."""
    grace_until: datetime | None = None
    reminders: int = 0
    """How many were sent since the person was last asked."""
    left_at: datetime | None = None
    """Since when the person is not in the group any more (or the set-up was undone)."""
    receipts: int = 0
    """How many receipts were ever written."""
    talk_at: datetime | None = None
    """When facilitators were last told that the person would like to talk."""

    def holds(self, round_: int) -> bool:
        """Has a consent in force that covers this round: there is nothing to agree to."""
        return self.consent is not None and self.consent.round >= round_ and not self.renewing

    @property
    def pending(self) -> bool:
        """Asked, and the consent asked for is not given."""
        return self.asked > 0 and not self.holds(self.asked)

    @property
    def said_no(self) -> bool:
        """Declined or withdrew, and has not agreed since: never reminded."""
        return self.declined > 0 or self.withdrawn is not None


class Controller(msgspec.Struct, frozen=True):
    """Who is responsible for the data: the operator."""

    name: str
    contact: str


class ReceiptRecord(Record, frozen=True, kw_only=True, tag="receipt"):
    """One event of a consent, under "receipt:N" in the person's rows. Appended, never edited.

    The fields are those of ISO/IEC TS 27560, and ours below them; no names, no words of people.
    """

    schema_version: str
    record_id: str
    pii_principal_id: str
    privacy_notice: str
    language: str
    purpose: str
    pii_information: tuple[str, ...]
    pii_controllers: tuple[Controller, ...]
    storage_locations: tuple[str, ...]
    retention_period: str
    recipient_third_parties: tuple[str, ...]
    withdrawal_method: str
    event_time: str
    """RFC 3339 with zone."""
    validity_duration: str
    """ISO 8601 duration, from `event_time`."""
    event_type: Literal["explicit", "timed"]
    """`explicit`: the person said so. `timed`: a consent that was not renewed ran out."""
    event_state: Literal["given", "withdrawn", "expired"]
    text_id: str
    text_version: int
    text_sha256: str
    limits_ack: tuple[str, ...]
    age_ok: bool


CODEC = Codec((TextRecord, TermsRecord, Standing, ReceiptRecord))
