"""Facts: what one feature may learn of another, in the past tense.

They are events of the same turn: handled before anything is kept, and kept together.
"""

from datetime import datetime

from bot.boundary.events import Event
from bot.boundary.ids import MemberId, ReplyHandle


class Fact(Event, frozen=True, kw_only=True):
    """Base of all facts. Their `id` is the id of the event that they follow from."""


class SetupFinished(Fact, frozen=True, kw_only=True):
    """`setup` was applied, for the first time or again."""

    by: MemberId
    first: bool


class SetupUndone(Fact, frozen=True, kw_only=True):
    """`setup undo`: the room goes back to what it was before."""

    by: MemberId
    before: bytes = b""
    """The room's native settings before the first set-up, for `RestoreRoom`; b"" where unknown."""


class SettingsChanged(Fact, frozen=True, kw_only=True):
    """Settings took new values; `before` and `after` have the changed keys only."""

    by: MemberId
    before: dict[str, str]
    after: dict[str, str]


class FacilitatorsChanged(Fact, frozen=True, kw_only=True):
    """Somebody accepted being a facilitator, or is none any more."""

    who: MemberId
    now: bool


class ConsentGiven(Fact, frozen=True, kw_only=True):
    """Somebody agreed, or agreed again, or took a withdrawal back in time."""

    who: MemberId


class ConsentEnded(Fact, frozen=True, kw_only=True):
    """Somebody withdrew, or their agreement ran out after its grace. `undo_until`: may come back."""

    who: MemberId
    undo_until: datetime | None = None


class ConsentDeclined(Fact, frozen=True, kw_only=True):
    """Somebody said no. Nothing is taken from who was inside; who knocks stays outside."""

    who: MemberId


class GraceEnded(Fact, frozen=True, kw_only=True):
    """The grace of this person is over and they have not agreed. Nobody is muted by it."""

    who: MemberId


class MemberForgotten(Fact, frozen=True, kw_only=True):
    """Somebody had everything about them erased."""

    who: MemberId


class GateOpened(Fact, frozen=True, kw_only=True):
    """`group open`, the emergency: no gate is up now, so the setting `gate` is `notice` from here on."""

    by: MemberId


class RenewalWished(Fact, frozen=True, kw_only=True):
    """A facilitator asks everybody who agreed to do so once more, after something went wrong."""

    by: MemberId


class PrivacyShown(Fact, frozen=True, kw_only=True):
    """Somebody was told what the bot sees and keeps; features add what only they can count."""

    to: MemberId
    reply: ReplyHandle | None = None


class AgreementsAsked(Fact, frozen=True, kw_only=True):
    """A feature has to know who has agreed to go on with `because`; `AgreementsTold` is the answer."""

    asker: str
    """The feature."""
    because: Event


class AgreementsTold(Fact, frozen=True, kw_only=True):
    """Who has an agreement in force now. For counting and deciding, never for telling (law 3)."""

    asker: str
    because: Event
    agreed: frozenset[MemberId]


class SessionStarted(Fact, frozen=True, kw_only=True):
    """A meeting has begun."""

    session: str
    """Random; of this meeting alone."""


class SessionEnded(Fact, frozen=True, kw_only=True):
    """The meeting is over, whoever or whatever ended it."""

    session: str
