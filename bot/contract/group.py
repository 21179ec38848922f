"""What every feature may know of a group: its settings and its facilitators.

The `group` feature writes these records, the engine reads them to authorise and to alert.
"""

from datetime import datetime
from typing import Literal

import msgspec

from bot.boundary.ids import MemberId
from bot.contract.records import Record
from bot.contract.settings import Policy

GROUP = "group"
"""The name of the feature that keeps these records."""


class GroupRecord(Record, frozen=True, kw_only=True, tag="group"):
    """One a room, under the key "group", of no member."""

    adopted_at: datetime
    set_up_at: datetime | None = None
    settings: dict[str, str] = msgspec.field(default_factory=dict)
    """Only what this group set itself, in canonical spelling."""
    before: bytes = b""
    """The room's native settings before the first set-up: for `setup undo`."""
    settings_version: int = 1


class FacilitatorRecord(Record, frozen=True, kw_only=True, tag="facilitator"):
    """One a facilitator, under the key "facilitator", in that person's rows."""

    state: Literal["named", "accepted"]
    since: datetime


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group as decisions see it. `record` is None before the bot was added properly."""

    record: GroupRecord | None
    policy: Policy
    facilitators: frozenset[MemberId] = frozenset()
    """Those who accepted."""
    named: frozenset[MemberId] = frozenset()
    """Those who were named and have not accepted yet."""

    @property
    def set_up(self) -> bool:
        """Somebody finished `setup`: members are asked from then on."""
        return self.record is not None and self.record.set_up_at is not None
