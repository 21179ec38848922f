"""What is kept about recording: the rule that holds now, answers while they are asked for, consents."""

from datetime import datetime
from typing import Literal

from bot.contract.records import Codec, Record

STATE, ASK, ASKED, CALL, CALL_TOLD = "state", "ask", "asked", "call", "call-told"

Phase = Literal["no", "asking", "allowed", "over"]
"""`no`: nobody may, and nobody has asked in this meeting. `asking`: nobody may, and everyone is asked.
`allowed`: every single person agreed. `over`: nobody may, and there was a question in this meeting."""

Scope = Literal["call", "text"]
"""What would be recorded: what is said in the call, or what is written in the room."""


def agreed_key(ask: str) -> str:
    """The key of a consent to one recording, in its person's rows."""
    return f"agreed:{ask}"


def kept_key(ask: str) -> str:
    """The key of a recording in the rows of who keeps it."""
    return f"kept:{ask}"


def seen_key(recorder: str) -> str:
    """The key of a recorder that shows itself."""
    return f"recorder:{recorder}"


class State(Record, frozen=True, kw_only=True, tag="state"):
    """The rule of the meeting that is on, under the key "state", of no member. No meeting: no row,
    and nobody may record."""

    session: str
    since: datetime
    phase: Phase = "no"
    ask: str = ""
    """Which question: random."""
    scope: Scope = "text"
    until: datetime | None = None
    """When the outcome comes. Never earlier."""
    asked: int = 0
    """How many were asked. Kept as a number, so that nobody who has themselves forgotten is missed."""
    stopped: bool = False
    """Somebody said `stop` while the question was open."""


class Ask(Record, frozen=True, kw_only=True, tag="ask"):
    """What somebody asks for, under the key "ask" in their own rows: they would keep the recording."""

    ask: str
    purpose: str
    viewers: str
    days: int


class Asked(Record, frozen=True, kw_only=True, tag="asked"):
    """One of those who were asked, under the key "asked". It goes with the outcome: nobody can ever
    look up who said no."""

    ask: str
    yes: bool = False
    """Silence is a no."""


class Agreed(Record, frozen=True, kw_only=True, tag="agreed"):
    """A person's consent to one recording, under the key "agreed:ASK" in their rows."""

    ask: str
    purpose: str
    viewers: str
    scope: Scope
    delete_on: datetime
    """When the recording must be gone."""
    at: datetime


class Kept(Record, frozen=True, kw_only=True, tag="kept"):
    """A recording that this person may have made and keeps, under the key "kept:ASK"."""

    ask: str
    purpose: str
    delete_on: datetime
    at: datetime
    told: bool = False
    """They were told to delete it."""


class Call(Record, frozen=True, kw_only=True, tag="call"):
    """A call is on, under the key "call", of no member. It does not say who is in it."""

    told_at: datetime
    """When the room was last told that nobody may record in it."""
    owed: bool = False
    over: bool = False
    """It has ended; the row stays for a moment, so that a call that flickers is told of once."""


class CallTold(Record, frozen=True, kw_only=True, tag="call-told"):
    """Somebody who came into the call later was told in private, and is not told again for a while."""

    at: datetime


class Seen(Record, frozen=True, kw_only=True, tag="seen"):
    """A recorder that facilitators were told of, in the rows of its account where it has one."""

    recorder: str
    blocked: bool = False
    """It was stopped, or is being stopped, and can be let go on."""
    stopped: bool = False
    """It was seen to have stopped: should it go on, somebody did that by hand."""
    gone: datetime | None = None
    """Since when it does not show itself any more."""


CODEC = Codec((State, Ask, Asked, Agreed, Kept, Call, CallTold, Seen))
