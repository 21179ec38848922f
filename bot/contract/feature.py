"""What a feature is, what it is given, and what it decides."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from bot.boundary.capabilities import RoomView
from bot.boundary.commands import Command
from bot.boundary.effects import Effect
from bot.boundary.events import Event
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import Read
from bot.contract.facts import Fact
from bot.contract.group import Group
from bot.contract.records import Codec, Record
from bot.contract.settings import Policy, Setting

R = TypeVar("R", bound=Record)


class Stamp(msgspec.Struct, frozen=True):
    """The moment of a decision and fresh random ids, so that `decide` stays pure."""

    now: datetime
    """With time zone UTC."""
    ids: tuple[str, ...]
    """Random ids of 128 bits each (hex); take as many as needed, each once."""


class Operator(msgspec.Struct, frozen=True, kw_only=True):
    """Who runs the program: named in every receipt."""

    name: str
    contact: str
    privacy_url: str | None = None
    backups_kept: str | None = None
    """After how long copies of the data are deleted (`30d`), or `none`; None: the operator has not said."""


class Key(msgspec.Struct, frozen=True, gc=False):
    """Where a record lives within its feature and room."""

    member: MemberId | None
    key: str


class Held(msgspec.Struct, frozen=True, gc=False):
    """A record as it was loaded, with its version and times."""

    record: Record
    version: int
    due_at: datetime | None = None
    delete_at: datetime | None = None


class Rows(msgspec.Struct, frozen=True):
    """The feature's own records that its `reads` named."""

    held: Mapping[Key, Held] = {}

    def get(self, kind: type[R], key: str, member: MemberId | None = None) -> R | None:
        """The record under this key, None where there is none or it is of another kind."""
        found = self.held.get(Key(member, key))
        return found.record if found and isinstance(found.record, kind) else None

    def version(self, key: str, member: MemberId | None = None) -> int:
        """The record's version, 0 where there is none."""
        found = self.held.get(Key(member, key))
        return found.version if found else 0

    def each(self, kind: type[R]) -> Iterable[tuple[Key, R]]:
        """Every record of a kind with its key."""
        return ((k, h.record) for k, h in self.held.items() if isinstance(h.record, kind))


class Put(msgspec.Struct, frozen=True, kw_only=True):
    """Keep a record, in place of what was there. `due_at` is the only timer there is."""

    record: Record
    key: str
    member: MemberId | None = None
    due_at: datetime | None = None
    delete_at: datetime | None = None


class Drop(msgspec.Struct, frozen=True, kw_only=True):
    """Remove a record. Not there: nothing happens."""

    key: str
    member: MemberId | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What a feature decided about one event."""

    changes: tuple[Put | Drop, ...] = ()
    effects: tuple[Effect, ...] = ()
    facts: tuple[Fact, ...] = ()
    awaits_confirm: bool = False
    """What was shown waits for `confirm`: the engine keeps the command for 10 minutes."""
    spends: bool = False
    """Counts against a limit on the person who gave the command: see `Here.spent`."""
    forget: MemberId | None = None
    """Erase everything about this person in this room, of every feature."""
    erase_room: bool = False
    """Erase everything about this room, and its key."""


NOTHING = Decision()


class Here(msgspec.Struct, frozen=True, kw_only=True):
    """The world around a decision, as values."""

    room: RoomView
    group: Group
    stamp: Stamp
    operator: Operator
    roles: Callable[[MemberId], frozenset[str]]
    """What a person is in this room now: of `facilitator`, `administrator`, `member`, `named`."""
    settings: Mapping[str, Setting] = {}
    """Every setting there is, by key."""
    spent: int = 0
    """How many decisions of this feature that `spends` the person who gave this command had in the
    last hour. Counted in memory alone, so that nothing kept tells who it was."""
    everything: Callable[[MemberId], Mapping[str, tuple[tuple[Key, Held], ...]]] | None = None
    """For features with `sees_all_of`: all records of the person who gave the command, by feature."""

    @property
    def now(self) -> datetime:
        """The moment of this decision."""
        return self.stamp.now

    @property
    def policy(self) -> Policy:
        """The group's settings."""
        return self.group.policy


class Feature(msgspec.Struct, frozen=True, kw_only=True):
    """One feature: a folder of the core. Its package's `FEATURE` is one of these."""

    name: str
    """The folder's name; the `feature` column of its rows."""
    decide: Callable[[Rows, Event, Here], Decision]
    """Pure: no I/O, no clock, no randomness of its own, and the same for the same input."""
    wants: Callable[[Event, Any], bool]
    """`wants(event, summary)`: whether it needs this event. Quick; called for every message."""
    reads: Callable[[Event], Sequence[Read]]
    """Which of its own rows `decide` needs for this event."""
    codec: Codec
    commands: tuple[Command, ...] = ()
    settings: tuple[Setting, ...] = ()
    texts: Path | None = None
    """The folder with its Fluent files, one a language."""
    summarise: Callable[[Rows, Group], Any] | None = None
    """What `wants` must know without the storage, from all of the feature's rows in a room."""
    sees_all_of: bool = False
    """It shows or erases all that is kept about a person (`mydata`, `forget`)."""


def mine(feature: str, room: RoomId, member: MemberId | None) -> Read:
    """Every row of a feature about one person, or (None) about nobody."""
    return Read(feature=feature, room=room, member=member)


def all_of(feature: str, room: RoomId) -> Read:
    """Every row of a feature in a room."""
    return Read(feature=feature, room=room)
