"""What is kept so that a pause is not abused. Nobody can learn from it who asked for one."""

from datetime import datetime

from bot.contract.records import Codec, Record

ASKED, PAUSED = "asked", "paused"


class Asked(Record, frozen=True, kw_only=True, tag="asked"):
    """When somebody last asked for a pause, under the key "asked" in their rows; gone after a day.

    `code` stands for them in what facilitators are told: a random word for that one pause.
    """

    at: datetime
    code: str
    muted_until: datetime | None = None


class Paused(Record, frozen=True, kw_only=True, tag="paused"):
    """When the room was last paused, under the key "paused", of no member."""

    at: datetime


CODEC = Codec((Asked, Paused))
