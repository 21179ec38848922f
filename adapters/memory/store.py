"""The reference storage: the `Store` port in plain dictionaries, gone with the process.

Every other storage is measured against it by one contract suite.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import NamedTuple, TypeVar, overload

import msgspec

from bot.boundary.errors import StorageTrouble
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import ANY, SEEN_FOR_HOURS, Batch, Outgoing, Read, Row, Timer

_K = TypeVar("_K")
_V = TypeVar("_V")


class _Place(NamedTuple):
    room: RoomId
    feature: str
    member: MemberId | None
    key: str


class _Tables(NamedTuple):
    rows: dict[_Place, Row]
    outbox: dict[str, Outgoing]
    seen: dict[str, datetime]


class MemoryStore:
    """A `Store` without a disk: `MemoryStore()`, nothing to open.

    Every call gives way to other tasks once, as a real storage does, so that what depends on
    nobody coming in between is found out here too.
    """

    def __init__(self) -> None:
        self._rows: dict[_Place, Row] = {}
        self._outbox: dict[str, Outgoing] = {}
        self._seen: dict[str, datetime] = {}
        self._cabinet: dict[str, bytes] = {}
        self._drawers: dict[str, dict[str, bytes]] = {}
        self._seq = count(1)
        self.trouble: StorageTrouble | None = None
        """Raised instead of keeping anything while it is set: a full disk, for tests."""

    async def get(self, name: str) -> bytes | None:
        """See `Cabinet.get`."""
        await asyncio.sleep(0)
        return self._cabinet.get(name)

    async def put(self, name: str, value: bytes) -> None:
        """See `Cabinet.put`."""
        await self._may_write()
        self._cabinet[name] = bytes(value)

    async def drop(self, name: str) -> None:
        """See `Cabinet.drop`."""
        await self._may_write()
        self._cabinet.pop(name, None)

    async def drawer(self, drawer: str) -> dict[str, bytes]:
        """See `Cabinet.drawer`."""
        await asyncio.sleep(0)
        return dict(self._drawers.get(drawer, {}))

    async def change_drawer(self, drawer: str, changes: Mapping[str, bytes | None]) -> None:
        """See `Cabinet.change_drawer`."""
        await self._may_write()
        values = self._drawers.setdefault(drawer, {})
        values |= {name: bytes(value) for name, value in changes.items() if value is not None}
        _drop(values, [name for name, value in changes.items() if value is None])

    async def rooms(self) -> tuple[RoomId, ...]:
        """See `Store.rooms`."""
        await asyncio.sleep(0)
        return tuple(sorted({p.room for p in self._rows} | {o.room for o in self._outbox.values()}))

    async def seen(self, event_id: str) -> bool:
        """See `Store.seen`."""
        await asyncio.sleep(0)
        return event_id in self._seen

    async def load(self, reads: Sequence[Read]) -> list[Row]:
        """See `Store.load`."""
        await asyncio.sleep(0)
        return [row for place, row in self._rows.items() if any(_named(place, read) for read in reads)]

    async def commit(self, batch: Batch) -> tuple[Outgoing, ...]:
        """See `Store.commit`."""
        await self._may_write()
        if batch.event_id and batch.event_id in self._seen:
            return ()
        tables = _Tables(dict(self._rows), dict(self._outbox), dict(self._seen))
        sent = self._apply(batch, tables)
        self._rows, self._outbox, self._seen = tables
        return sent

    async def outbox(self) -> list[Outgoing]:
        """See `Store.outbox`."""
        await asyncio.sleep(0)
        return sorted(self._outbox.values(), key=lambda waiting: waiting.seq)

    async def delivered(self, outbox_id: str) -> None:
        """See `Store.delivered`."""
        await self._may_write()
        self._outbox.pop(outbox_id, None)

    async def postponed(self, outbox_id: str, due_at: datetime, attempts: int) -> None:
        """See `Store.postponed`."""
        await self._may_write()
        if waiting := self._outbox.get(outbox_id):
            later = msgspec.structs.replace(waiting, due_at=_utc(due_at), attempts=attempts)
            self._outbox[outbox_id] = later

    async def due(self, now: datetime, limit: int) -> list[Timer]:
        """See `Store.due`."""
        await asyncio.sleep(0)
        timers = [
            Timer(
                feature=r.feature, room=r.room, member=r.member, key=r.key, version=r.version, due_at=r.due_at
            )
            for r in self._rows.values()
            if r.due_at is not None and r.due_at <= now
        ]
        return sorted(timers, key=lambda timer: timer.due_at)[:limit]

    async def next_due(self) -> datetime | None:
        """See `Store.next_due`."""
        await asyncio.sleep(0)
        return min((r.due_at for r in self._rows.values() if r.due_at is not None), default=None)

    async def known(self, features: Sequence[str], member: MemberId) -> tuple[RoomId, ...]:
        """See `Store.known`."""
        await asyncio.sleep(0)
        return tuple(sorted({p.room for p in self._rows if p.member == member and p.feature in features}))

    async def sweep(self, now: datetime) -> int:
        """See `Store.sweep`."""
        await self._may_write()
        over = [p for p, row in self._rows.items() if row.delete_at is not None and row.delete_at <= now]
        _drop(self._rows, over)
        oldest = now - timedelta(hours=SEEN_FOR_HOURS)
        _drop(self._seen, [event_id for event_id, at in self._seen.items() if at < oldest])
        return len(over)

    async def close(self) -> None:
        """See `Store.close`. What was kept stays in this object, so that a restart can be played."""
        await asyncio.sleep(0)

    async def _may_write(self) -> None:
        await asyncio.sleep(0)
        if self.trouble is not None:
            raise self.trouble

    def _apply(self, batch: Batch, tables: _Tables) -> tuple[Outgoing, ...]:
        rows, outbox, seen = tables
        home = batch.move_room_to or batch.room

        def there(room: RoomId) -> RoomId:
            return home if room == batch.room else room

        if batch.erase_room:
            _drop(rows, [p for p in rows if p.room == batch.room])
            _drop(outbox, [i for i, o in outbox.items() if o.room == batch.room])
        if (who := batch.forget) is not None:
            _drop(rows, [p for p in rows if p.room == batch.room and p.member == who])
            _drop(outbox, [i for i, o in outbox.items() if o.room == batch.room and o.member == who])
        if home != batch.room:
            for place in [p for p in rows if p.room == batch.room]:
                rows[place._replace(room=home)] = msgspec.structs.replace(rows.pop(place), room=home)
            for outbox_id, waiting in outbox.items():
                outbox[outbox_id] = msgspec.structs.replace(waiting, room=there(waiting.room))
        for gone in batch.gone:
            rows.pop(_Place(there(gone.room), gone.feature, gone.member, gone.key), None)
        for row in batch.puts:
            kept = msgspec.structs.replace(
                row, room=there(row.room), due_at=_utc(row.due_at), delete_at=_utc(row.delete_at)
            )
            rows[_Place(kept.room, kept.feature, kept.member, kept.key)] = kept
        _drop(outbox, batch.delivered)
        sent = []
        for waiting in batch.outgoing:
            if waiting.id in outbox:
                raise StorageTrouble("An outbox id was used twice.", "Please report this as a bug.")
            kept_waiting = msgspec.structs.replace(
                waiting, room=there(waiting.room), seq=next(self._seq), due_at=_utc(waiting.due_at)
            )
            outbox[waiting.id] = kept_waiting
            sent.append(kept_waiting)
        if batch.event_id:
            seen[batch.event_id] = _utc(batch.now)
        return tuple(sent)


def _named(place: _Place, read: Read) -> bool:
    return (
        place.room == read.room
        and place.feature == read.feature
        and read.member in (ANY, place.member)
        and read.key in (ANY, place.key)
    )


def _drop(table: dict[_K, _V], keys: Iterable[_K]) -> None:
    for key in keys:
        table.pop(key, None)


@overload
def _utc(moment: datetime) -> datetime: ...
@overload
def _utc(moment: None) -> None: ...
def _utc(moment: datetime | None) -> datetime | None:
    """In UTC. A moment without a zone is a mistake of the caller: raises ValueError."""
    if moment is not None and moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return None if moment is None else moment.astimezone(UTC)
