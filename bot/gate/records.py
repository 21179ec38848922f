"""What the gate keeps: which gate is up, and who may take part although nobody asks them now."""

from datetime import datetime, timedelta
from typing import Literal

from bot.boundary.capabilities import Gate
from bot.contract.records import Codec, Record

GATE = "gate"
"""The feature's name; also the key of its one group row."""

Held = Literal["open", "levels", "takedown", "door", "no"]
"""How the gate is held in the room, as far as the bot knows.

`open`: no gate is up. `no`: the power was missing, or the platform refused; it is put right as
soon as it can be.
"""


class GateState(Record, frozen=True, kw_only=True, tag="gate"):
    """One a room, of no member: the gate that is up now."""

    gate: Gate = "notice"
    held: Held = "open"
    room: str = ""
    """The native id of the room where it was put up: a room that was upgraded needs it again."""


class Pass(Record, frozen=True, kw_only=True, tag="pass"):
    """Somebody may take part. One a person, under the key "pass".

    `agreed` lasts as long as the agreement. `grace`: was there when the gate went up, or the
    agreement ran out; only a facilitator ends it, never a clock. `hand`: was let in past the gate
    by somebody with power.
    """

    kind: Literal["agreed", "grace", "hand"]
    since: datetime


class Guest(Record, frozen=True, kw_only=True, tag="guest"):
    """A guest pass that a facilitator gave, beside whatever else there is, under the key "guest".

    It is kept apart from `Pass`, so that what facilitators are told of it is the same whether or
    not the person has agreed meanwhile.
    """

    until: datetime | None = None
    over: bool = False
    """Its time has come. Nothing was taken away: facilitators decide."""


class Taken(Record, frozen=True, kw_only=True, tag="taken"):
    """Somebody with power took this person's speech by hand: respected, not given back by itself."""

    since: datetime


class Leaving(Record, frozen=True, kw_only=True, tag="leaving"):
    """Withdrew under `door`, where that means leaving, and may undo it until then.

    It stays until the person is outside, so that nobody takes them for somebody let in by hand.
    """

    until: datetime


class Told(Record, frozen=True, kw_only=True, tag="told"):
    """When something was last said about this person, under the key "told-<what>"."""

    at: datetime


KEPT = timedelta(days=30)
"""How long the pass of somebody who is not in the room is kept, where their leaving was not seen.

After a room was upgraded people follow one by one, and should find what they had. Ours."""


class Shown(Record, frozen=True, kw_only=True, tag="shown"):
    """How many inside have not agreed, as members were last told, under the key "shown"."""

    at: datetime
    count: int


class Meeting(Record, frozen=True, kw_only=True, tag="meeting"):
    """A meeting is on, under the key "meeting": nobody is muted or let out in the middle of one."""

    since: datetime


MEETING = "meeting"
SHOWN = "shown"
BLOCKED = "told-blocked"
"""Key: words of the person were taken down, and they were told what to do."""
GRANTED = "told-granted"
"""Key: facilitators were told that the person was let past the gate by hand."""
TAKEN = "told-taken"
"""Key: facilitators were told that the person's speech was taken by hand."""

CODEC = Codec((GateState, Pass, Guest, Taken, Leaving, Told, Shown, Meeting))
