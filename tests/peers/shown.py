"""What a foreign client shows: events with their shields, devices, identities."""

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Seen:
    """An event as this person's client shows it."""

    id: str
    sender: str
    type: str
    """The clear type; `m.room.encrypted` while it is not decrypted."""
    content: Json
    """The clear content; where decryption failed, js-sdk puts an `m.bad.encrypted` message here."""
    state_key: str | None
    encrypted: bool
    """Whether it came encrypted."""
    waiting: bool
    """Whether decryption was not tried yet."""
    redacted: bool
    failure: str | None
    """js-sdk's DecryptionFailureCode, such as `UNSIGNED_SENDER_DEVICE`; None where it is readable."""
    shield: str | None
    """`none`, `grey` or `red` beside an encrypted event; None for one that came plain or is unreadable."""
    reason: str | None
    """Why there is a shield: js-sdk's EventShieldReason, such as `UNVERIFIED_IDENTITY`."""

    @property
    def body(self) -> str:
        """The words of a message."""
        return str(self.content.get("body", ""))

    @property
    def clean(self) -> bool:
        """Encrypted, readable, and without a warning of any colour."""
        return self.encrypted and not self.waiting and self.failure is None and self.shield == "none"


@dataclass(frozen=True)
class Device:
    """A device of somebody, as this person's client sees it."""

    id: str
    name: str | None
    fingerprint: str
    """Ed25519, unpadded base64."""
    identity_key: str
    """Curve25519, unpadded base64."""
    signed: bool
    """Signed by its owner's identity."""
    cross_signed: bool
    """Signed, and the owner was verified by this person."""
    trusted: bool


@dataclass(frozen=True)
class Status:
    """Somebody's identity, as this person's client sees it."""

    has_identity: bool
    known: bool
    verified: bool
    was_verified: bool
    """Verified once, whether or not it still is: so after a reset this is True and `verified` False."""
    needs_approval: bool
    """The identity is not the one that was seen first, and nobody approved of the change."""
