"""What is kept so that a pause is not abused. Nobody can learn from it who asked for one."""

from datetime import datetime

import msgspec

from bot.contract.records import Codec, Record

ASKED, PAUSED = "asked", "paused"


class Asked(Record, frozen=True, kw_only=True, omit_defaults=True, tag="asked"):
    """When somebody last asked for a pause, under the key "asked" in their rows; gone after a day.

    `code` stands for them in what facilitators are told: a random word for that one pause. Those of
    their pauses before it work as long, or one that does not would tell that it was the same person.
    """

    at: datetime
    code: str
    muted_until: datetime | None = None
    before: dict[str, datetime] = msgspec.field(default_factory=dict)
    """The codes of the earlier pauses of the last day, and when each was."""


class Paused(Record, frozen=True, kw_only=True, tag="paused"):
    """When the room was last paused, under the key "paused", of no member."""

    at: datetime


CODEC = Codec((Asked, Paused))
