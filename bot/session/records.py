"""What is kept about meetings: the one that is open, and the plan."""

from datetime import datetime
from typing import Literal

from bot.contract.records import Codec, Record

OPEN = "open"
PLAN = "plan"
PLEDGED = "pledged"

Repeat = Literal["once", "daily", "weekly", "fortnightly", "monthly"]
"""How a plan recurs. `monthly`: on the same weekday of the month, such as the first Tuesday."""

REPEATS: tuple[Repeat, ...] = ("once", "daily", "weekly", "fortnightly", "monthly")


class Open(Record, frozen=True, kw_only=True, tag="open"):
    """The meeting that is on now, under the key "open", of no member. It does not say who came."""

    id: str
    started_at: datetime
    until: datetime
    """When it is meant to end."""
    told_at: datetime | None = None
    """When the room was last told what holds here because somebody came late."""
    owed: bool = False
    """Somebody came since, so the room is to be told again as soon as it may be."""


class Plan(Record, frozen=True, kw_only=True, tag="plan"):
    """When the group meets, under the key "plan", of no member.

    The first date and those to skip are times on the group's own wall clock (ISO 8601, no zone),
    so that 19:00 stays 19:00 when the clocks change.
    """

    first: str
    repeat: Repeat
    minutes: int
    skipped: tuple[str, ...] = ()
    passed: datetime
    """Meetings up to this moment are dealt with."""
    told: int = 0
    """How many of the reminders of the next meeting are dealt with."""


class Pledged(Record, frozen=True, kw_only=True, tag="pledged"):
    """Somebody who came late was told the pledge of this meeting, under the key "pledged".

    It goes with the meeting: there is no list of who came.
    """

    session: str


CODEC = Codec((Open, Plan, Pledged))
