"""The `Store` port on SQLite: what is asked, and by which of the two lines."""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from adapters.sqlite import records
from adapters.sqlite.batches import Batches
from adapters.sqlite.drawers import Drawers
from adapters.sqlite.folder import Claim
from adapters.sqlite.line import Line
from adapters.sqlite.outbox import Outbox
from adapters.sqlite.rooms import Rooms
from adapters.sqlite.troubles import translated
from adapters.sqlite.values import bound_to, micros, moment
from adapters.sqlite.writer import Writer
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import SEEN_FOR_HOURS, Batch, Outgoing, Read, Row, Timer
from bot.boundary.sealing import Seal, Sealer, Unreadable

T = TypeVar("T")


class SqliteStore:
    """Made by `open_store`. Reads don't wait for the disk: they have a line of their own."""

    def __init__(
        self, *, writes: Line, reads: Line, claim: Claim, sealer: Sealer, installation: Seal
    ) -> None:
        self._writes = writes
        self._reads = reads
        self._claim = claim
        self._writer = Writer(writes)
        self._installation = installation
        self._rooms = Rooms(sealer, installation)
        self._outbox = Outbox(installation)
        self._drawers = Drawers(installation)
        self._batches = Batches(self._rooms, self._outbox, installation)

    async def get(self, name: str) -> bytes | None:
        """See `Cabinet.get`."""
        index = self._installation.index("cabinet", name)

        def job(conn: sqlite3.Connection) -> bytes | None:
            found = conn.execute("SELECT sealed FROM cabinet WHERE name_ix = ?", (index,)).fetchone()
            return found and self._installation.unseal(found[0], bound_to("cabinet", index))

        return await self._read(job)

    async def put(self, name: str, value: bytes) -> None:
        """See `Cabinet.put`."""
        index = self._installation.index("cabinet", name)
        sealed = self._installation.seal(value, bound_to("cabinet", index))

        def job(conn: sqlite3.Connection) -> None:
            conn.execute("INSERT OR REPLACE INTO cabinet (name_ix, sealed) VALUES (?, ?)", (index, sealed))

        await self._writer.do(job)

    async def drop(self, name: str) -> None:
        """See `Cabinet.drop`."""
        index = self._installation.index("cabinet", name)

        def job(conn: sqlite3.Connection) -> None:
            conn.execute("DELETE FROM cabinet WHERE name_ix = ?", (index,))

        await self._writer.do(job)

    async def drawer(self, drawer: str) -> dict[str, bytes]:
        """See `Cabinet.drawer`."""
        return await self._read(lambda conn: self._drawers.read(conn, drawer))

    async def change_drawer(self, drawer: str, changes: Mapping[str, bytes | None]) -> None:
        """See `Cabinet.change_drawer`."""
        kept = dict(changes)
        removes = any(value is None for value in kept.values())
        await self._writer.do(lambda conn: self._drawers.change(conn, drawer, kept), scrub=removes)

    async def rooms(self) -> tuple[RoomId, ...]:
        """See `Store.rooms`."""

        def job(conn: sqlite3.Connection) -> tuple[RoomId, ...]:
            rooms = self._rooms.by_number(conn, "SELECT room FROM records UNION SELECT room FROM outbox")
            return tuple(sorted(room.id for room in rooms.values()))

        return await self._read(job)

    async def seen(self, event_id: str) -> bool:
        """See `Store.seen`."""
        return await self._read(lambda conn: self._batches.seen(conn, event_id))

    async def load(self, reads: Sequence[Read]) -> list[Row]:
        """See `Store.load`."""

        def job(conn: sqlite3.Connection) -> list[Row]:
            rooms = {room: self._rooms.find(conn, room) for room in {read.room for read in reads}}
            found = {}
            for read in reads:
                if (room := rooms[read.room]) is not None:
                    for row in records.find(conn, room, read):
                        found[row.feature, row.room, row.member, row.key] = row
            return list(found.values())

        return await self._read(job)

    async def commit(self, batch: Batch) -> tuple[Outgoing, ...]:
        """See `Store.commit`."""
        erases = batch.erase_room or batch.forget is not None or batch.move_room_to is not None
        return await self._writer.do(lambda conn: self._batches.apply(conn, batch), scrub=erases)

    async def outbox(self) -> list[Outgoing]:
        """See `Store.outbox`."""

        def job(conn: sqlite3.Connection) -> list[Outgoing]:
            rooms = self._rooms.by_number(conn, "SELECT room FROM outbox").values()
            waiting = [waiting for room in rooms for waiting in self._outbox.of(conn, room)]
            return sorted(waiting, key=lambda waiting: waiting.seq)

        return await self._read(job)

    async def delivered(self, outbox_id: str) -> None:
        """See `Store.delivered`."""
        await self._writer.do(lambda conn: self._outbox.delivered(conn, outbox_id))

    async def postponed(self, outbox_id: str, due_at: datetime, attempts: int) -> None:
        """See `Store.postponed`."""
        await self._writer.do(lambda conn: self._outbox.postponed(conn, outbox_id, due_at, attempts))

    async def due(self, now: datetime, limit: int) -> list[Timer]:
        """See `Store.due`."""

        def job(conn: sqlite3.Connection) -> list[Timer]:
            found = conn.execute(
                f"SELECT room, {records.COLUMNS} FROM records WHERE due_at <= ? ORDER BY due_at LIMIT ?",  # noqa: S608
                (micros(now), limit),
            ).fetchall()
            rooms = self._rooms.by_number(conn, ", ".join({str(number) for number, *_ in found}))
            return [_timer(records.unseal(rooms[number], tuple(columns))) for number, *columns in found]

        return await self._read(job)

    async def next_due(self) -> datetime | None:
        """See `Store.next_due`."""

        def job(conn: sqlite3.Connection) -> datetime | None:
            earliest: int | None
            (earliest,) = conn.execute("SELECT min(due_at) FROM records WHERE due_at IS NOT NULL").fetchone()
            return moment(earliest)

        return await self._read(job)

    async def known(self, features: Sequence[str], member: MemberId) -> tuple[RoomId, ...]:
        """See `Store.known`."""

        def job(conn: sqlite3.Connection) -> tuple[RoomId, ...]:
            rooms = self._rooms.by_number(conn, "SELECT room FROM records").values()
            known = (r.id for r in rooms if any(records.has_any(conn, r, f, member) for f in features))
            return tuple(sorted(known))

        return await self._read(job)

    async def sweep(self, now: datetime) -> int:
        """See `Store.sweep`. Also destroys the keys of rooms of which nothing is kept any more."""

        def job(conn: sqlite3.Connection) -> int:
            removed = conn.execute("DELETE FROM records WHERE delete_at <= ?", (micros(now),)).rowcount
            oldest = micros(now - timedelta(hours=SEEN_FOR_HOURS))
            conn.execute("DELETE FROM seen WHERE at < ?", (oldest,))
            self._rooms.erase_empty(conn)
            return removed

        return await self._writer.do(job, scrub=True)

    async def close(self) -> None:
        """See `Store.close`. Closed already: nothing happens."""
        try:
            await self._writer.close()
            await self._reads.close()
            await self._writes.close()
        finally:
            self._claim.give_back()

    async def _read(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run a job that changes nothing, on one consistent state of the database."""

        def in_transaction(conn: sqlite3.Connection) -> T:
            conn.execute("BEGIN")
            try:
                return job(conn)
            finally:
                if conn.in_transaction:
                    conn.execute("ROLLBACK")

        try:
            return await self._reads.work(in_transaction)
        except (sqlite3.Error, Unreadable) as error:
            raise translated(error) from error


def _timer(row: Row) -> Timer:
    assert row.due_at is not None, "found by its due_at"
    return Timer(
        feature=row.feature,
        room=row.room,
        member=row.member,
        key=row.key,
        version=row.version,
        due_at=row.due_at,
    )
