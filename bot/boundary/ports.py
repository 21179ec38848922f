"""The ports: what the engine needs from a platform and from a storage, and what it gives them."""

import enum
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol

import msgspec

from bot.boundary.capabilities import RoomView
from bot.boundary.commands import Command
from bot.boundary.events import Inbound
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.steps import Step


class Clock(Protocol):
    """The only source of time. The playground hands out one that can be moved forward."""

    def now(self) -> datetime:
        """The present moment, with time zone UTC."""

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`, or earlier when the clock was moved past it."""


class Sink(Protocol):
    """Where an adapter hands in what happened."""

    def submit(self, event: Inbound) -> Awaitable[None] | None:
        """Take an event. None: nobody needs it, nothing is left to do (no await, no storage).

        Otherwise an awaitable (a future that runs already) which is done when everything that
        follows from the event is durable. Events of one room are handled in the order of these
        calls; different rooms side by side. It never raises for what the event holds; it raises
        `StorageTrouble` when nothing could be kept: then the event must be handed in again.
        """

    def commands(self) -> Sequence[Command]:
        """Every command there is, for native commands and completion, each with its `meaning`."""

    def complete(self, option: str, given: Mapping[str, str]) -> Sequence[str]:
        """The values that an option can take, where they are known: `given` are the other options'.

        For `value` those of the setting that `key` names. Empty: any words, or not known.
        """


RESTORED_AT = "restored-at"
"""The cabinet's value of this name stands there, for each adapter, when a backup was restored.

It is the moment (RFC 3339, as ASCII) and is there from the restored data's first moment on. What is
in the cabinet is then older than what the platform knows: keys that move forward with each message,
above all, must never be used again. It also stands there after `keys reseal`, for then a thief may
have those keys. The adapter drops the value when it has seen to that.
"""


class Cabinet(Protocol):
    """A few sealed values that an adapter keeps for itself: a sync position, a device id.

    Names and values are sealed like everything else. Not for anything about people's words.
    One name has a meaning of its own: `RESTORED_AT`.
    """

    async def get(self, name: str) -> bytes | None:
        """The value, or None where there is none."""

    async def put(self, name: str, value: bytes) -> None:
        """Keep a value durably, replacing the one before."""

    async def drop(self, name: str) -> None:
        """Forget a value. Not there: nothing happens."""

    async def drawer(self, drawer: str) -> dict[str, bytes]:
        """Everything that lies in a drawer, by name. Empty: nothing."""

    async def change_drawer(self, drawer: str, changes: Mapping[str, bytes | None]) -> None:
        """Keep these values in a drawer, or (None) remove them: durably, all of it or nothing.

        For many small values that only make sense together, such as the sessions of an
        encrypted connection. What is removed cannot be read again from the disk.
        """


class Health(msgspec.Struct, frozen=True, kw_only=True):
    """How a platform connection is doing."""

    ready: bool
    """Connected, and the first look at its rooms is done."""
    last_good: datetime | None
    """When the platform last answered well."""
    trouble: str = ""
    """A plain sentence for the operator while something is wrong, with no id or name."""


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One line of `doctor`."""

    fine: bool
    what: str
    next_step: str = ""


class Platform(Protocol):
    """One account on one platform.

    An adapter is a package that is registered under the entry-point group
    `circlekeeper.adapters` and whose module has:
    `NAME: str`; `SECTION: type` (a msgspec Struct that its section of config.yaml is read into);
    `TEXTS: Path` (a folder of Fluent files named by language, or None);
    `def connect(section, cabinet, clock, base: Path) -> Platform` (no I/O; relative paths in
    the section count from `base`; raises `CannotStart`). Where the platform is joined by an address:
    `async def invitation(section, base) -> (address, ((permission, reason), ...))`.
    """

    name: str

    async def run(self, sink: Sink) -> None:
        """Connect, look at every room, and hand in what happens until cancelled.

        Survives outages by itself (with back-off). Raises `CannotStart` when a person must mend
        something: a wrong password, a withdrawn token.
        """

    async def perform(self, step: Step) -> None:
        """Do a step. The same `step.id` again does it at most once within the platform's window.

        Raises `Undeliverable`. Called for several rooms at once, in order within a lane.
        """

    def view(self, room: RoomId) -> RoomView | None:
        """The room as it is now, without any I/O; None where the bot is not in it."""

    def rooms_of(self, member: MemberId) -> tuple[RoomId, ...]:
        """The guarded rooms where this person is inside, knocking or invited. Empty: none."""

    def find_member(self, room: RoomId, words: str) -> MemberId | None:
        """Whom somebody means with `words` in this room: an id, a mention, or a name that only
        one person there has. None where it is nobody or not certain."""

    def health(self) -> Health:
        """How the connection is doing."""

    async def examine(self) -> list[Finding]:
        """What `doctor` tells: connection, account, and powers in each room, named by number."""

    async def close(self) -> None:
        """Let go of everything, within 2 s."""


class Every(enum.Enum):
    """Stands for every value in a `Read`."""

    ANY = "any"


ANY = Every.ANY


class Read(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows to load: of one feature in one room; narrower by member, key or both.

    `member=None` means the rows that belong to no person; `ANY` all of them.
    """

    feature: str
    room: RoomId
    member: MemberId | Every | None = ANY
    key: str | Every = ANY


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One sealed record, as the storage hands it to the engine. `body` is msgpack."""

    feature: str
    room: RoomId
    member: MemberId | None
    key: str
    version: int
    """Counts up from 1 with every change."""
    body: bytes
    due_at: datetime | None = None
    delete_at: datetime | None = None


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """The removal of one row."""

    feature: str
    room: RoomId
    member: MemberId | None
    key: str


class Outgoing(msgspec.Struct, frozen=True, kw_only=True):
    """One effect that waits to be delivered. `body` is msgpack, sealed by the storage."""

    id: str
    """Random; the platform's idempotency key."""
    room: RoomId
    lane: str
    """Order holds within one lane of one room."""
    seq: int = 0
    """Given by the storage at commit: counts up over all rooms."""
    body: bytes
    member: MemberId | None = None
    """Whom it is for, so that `forget` finds it."""
    due_at: datetime
    attempts: int = 0


class Batch(msgspec.Struct, frozen=True, kw_only=True):
    """All that one event changes: kept together or not at all."""

    event_id: str
    room: RoomId
    now: datetime
    puts: tuple[Row, ...] = ()
    gone: tuple[Gone, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()
    delivered: tuple[str, ...] = ()
    """Outbox ids that are done with."""
    forget: MemberId | None = None
    """Remove every row and every waiting effect of this person in this room, before `puts`."""
    erase_room: bool = False
    """Remove everything about the room and destroy its key, before `puts`."""
    move_room_to: RoomId | None = None
    """Everything about the room belongs to this room from now on, before `puts`."""


class Timer(msgspec.Struct, frozen=True, kw_only=True):
    """A row whose `due_at` has come."""

    feature: str
    room: RoomId
    member: MemberId | None
    key: str
    version: int
    due_at: datetime


class Store(Cabinet, Protocol):
    """Sealed rows, the outbox and the events seen. Every call is durable when it returns."""

    async def rooms(self) -> tuple[RoomId, ...]:
        """Every room of which something is kept. Empty: none."""

    async def seen(self, event_id: str) -> bool:
        """Whether a batch with this event id has been committed."""

    async def load(self, reads: Sequence[Read]) -> list[Row]:
        """The rows that any of the reads names, each once. Empty: none. Order is not promised."""

    async def commit(self, batch: Batch) -> tuple[Outgoing, ...]:
        """Keep a batch: all of it or nothing. Gives back its outgoing effects with their `seq`.

        A batch whose `event_id` was committed before changes nothing and gives back (): the same
        event again. An empty `event_id` belongs to no event and is not remembered. What a batch
        with `move_room_to` puts, drops or sends in its own room goes to the new one; where both
        rooms have the same row, the moved one stays. Batches that wait at the same time may share
        one transaction (a savepoint each). Raises `StorageTrouble`.
        """

    async def outbox(self) -> list[Outgoing]:
        """Everything that waits to be delivered, by `seq`."""

    async def delivered(self, outbox_id: str) -> None:
        """An effect is done with. Not there: nothing happens."""

    async def postponed(self, outbox_id: str, due_at: datetime, attempts: int) -> None:
        """An effect failed and is to be tried again at `due_at`."""

    async def due(self, now: datetime, limit: int) -> list[Timer]:
        """Up to `limit` rows whose `due_at` has come, the oldest first."""

    async def next_due(self) -> datetime | None:
        """The earliest `due_at` of any row; None where there is none."""

    async def known(self, features: Sequence[str], member: MemberId) -> tuple[RoomId, ...]:
        """The rooms in which any of these features keeps a row of this person. Empty: none."""

    async def sweep(self, now: datetime) -> int:
        """Remove rows past their `delete_at`, and events seen more than `SEEN_FOR` ago.

        Gives back how many rows were removed.
        """

    async def close(self) -> None:
        """Write everything out and let go."""


SEEN_FOR_HOURS = 72
"""How long seen events are kept. The low-water position never lags so far behind (48 h at most)."""


class Decided(msgspec.Struct, frozen=True, kw_only=True):
    """What one feature decided in a turn, in kinds and counts."""

    feature: str
    changes: int
    """Records kept, changed or removed."""
    facts: tuple[str, ...] = ()
    """Kinds of the facts, such as `ConsentGiven`."""
    effects: tuple[str, ...] = ()
    """Kinds of the effects, such as `Whisper`."""


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """One event's way through the engine, without anybody's id, name or words."""

    event: str
    """The kind of what happened, such as `MemberJoined`."""
    decided: tuple[Decided, ...] = ()
    """In the order of deciding. Empty: no feature had anything to decide."""


class Inspector(Protocol):
    """Looks over the engine's shoulder. Only `circlekeeper try` hands one out."""

    def turned(self, turn: Turn) -> None:
        """A turn is over and kept. Quick; never raises; called after the commit."""


class Playground(Protocol):
    """What `circlekeeper try` runs: a platform, and the clock and inspector that only it has."""

    @property
    def platform(self) -> Platform:
        """`platform.run(sink)` serves the page until cancelled."""

    @property
    def clock(self) -> Clock:
        """For the engine, in place of the real one: a page can move it forward, never back."""

    @property
    def inspector(self) -> Inspector:
        """For the engine: what the page shows of the last turn."""


class PlaygroundFactory(Protocol):
    """The callable under the entry-point group `circlekeeper.playground`."""

    async def __call__(
        self, cabinet: Cabinet, *, folder: Path, port: int | None, opened: Callable[[str], None]
    ) -> Playground:
        """Read back the room as it was, or make the first one.

        `cabinet` is the storage that the engine uses too; `folder` the data folder, whose
        database the inspector reads as a thief would: without a key. `port` None: the usual one,
        or a free one where that is taken. `opened` is called once with the page's address, when
        the page can be opened. Raises `CannotStart` (from `platform.run`) where `port` is taken.
        """
