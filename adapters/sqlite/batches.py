"""One batch, applied: everything in it, in the order that `Batch` promises."""

import sqlite3
from collections.abc import Callable

from adapters.sqlite import records
from adapters.sqlite.outbox import Outbox
from adapters.sqlite.rooms import Room, Rooms
from adapters.sqlite.values import micros
from bot.boundary.ids import RoomId
from bot.boundary.ports import Batch, Outgoing
from bot.boundary.sealing import Seal


class Batches:
    """Applies batches within a transaction that somebody else began and will end."""

    def __init__(self, rooms: Rooms, outbox: Outbox, installation: Seal) -> None:
        self._rooms = rooms
        self._outbox = outbox
        self._installation = installation

    def apply(self, conn: sqlite3.Connection, batch: Batch) -> tuple[Outgoing, ...]:
        """Make the batch's changes: its outgoing effects with their `seq`; () for a repeated event."""
        if batch.event_id and not self._first_time(conn, batch):
            return ()
        if (known := self._rooms.find(conn, batch.room)) is not None:
            self._clear(conn, known, batch)
        room_for = self._finder(conn, batch)
        for gone in batch.gone:
            if (room := self._rooms.find(conn, self._home(batch, gone.room))) is not None:
                records.drop(conn, room, gone)
        for row in batch.puts:
            records.put(conn, room_for(row.room), row)
        for outbox_id in batch.delivered:
            self._outbox.delivered(conn, outbox_id)
        return tuple(self._outbox.add(conn, room_for(waiting.room), waiting) for waiting in batch.outgoing)

    def seen(self, conn: sqlite3.Connection, event_id: str) -> bool:
        """Whether a batch with this event id has been applied."""
        found = conn.execute("SELECT 1 FROM seen WHERE event_ix = ?", (self._event(event_id),))
        return found.fetchone() is not None

    def _first_time(self, conn: sqlite3.Connection, batch: Batch) -> bool:
        added = conn.execute(
            "INSERT OR IGNORE INTO seen (event_ix, at) VALUES (?, ?)",
            (self._event(batch.event_id), micros(batch.now)),
        )
        return added.rowcount == 1

    def _event(self, event_id: str) -> bytes:
        return self._installation.index("event", event_id)

    def _clear(self, conn: sqlite3.Connection, room: Room, batch: Batch) -> None:
        """What comes before the puts: erasing, forgetting, moving."""
        if batch.erase_room:
            self._rooms.erase(conn, room)
            return
        if batch.forget is not None:
            records.forget(conn, room, batch.forget)
            self._outbox.forget(conn, room, batch.forget)
        if batch.move_room_to is not None and batch.move_room_to != batch.room:
            new = self._rooms.find_or_make(conn, batch.move_room_to)
            for row in records.every(conn, room):
                records.put(conn, new, row)
            self._outbox.move(conn, room, new)
            self._rooms.erase(conn, room)

    def _finder(self, conn: sqlite3.Connection, batch: Batch) -> Callable[[RoomId], Room]:
        """Finds rooms to write in, each once for the batch."""
        found: dict[RoomId, Room] = {}

        def room_for(room: RoomId) -> Room:
            home = self._home(batch, room)
            if home not in found:
                found[home] = self._rooms.find_or_make(conn, home)
            return found[home]

        return room_for

    def _home(self, batch: Batch, room: RoomId) -> RoomId:
        """What a moved room's batch names by the old id belongs to the new one."""
        moved = batch.move_room_to is not None and room == batch.room
        return batch.move_room_to if moved and batch.move_room_to is not None else room
