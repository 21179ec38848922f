"""Rooms: each with a key of its own, wrapped by the master key. No key, no room."""

import sqlite3
from typing import NamedTuple

import msgspec

from adapters.sqlite.values import bound_to
from bot.boundary.ids import RoomId
from bot.boundary.sealing import Seal, Sealer


class Room(NamedTuple):
    """A room of which something is kept, with its key ready for use."""

    id: RoomId
    number: int
    seal: Seal


class Rooms:
    """Finds rooms by their blind index, and makes and destroys their keys.

    Opened keys are not held on to: opening one takes some microseconds, and so an erased key is
    gone from memory as well.
    """

    def __init__(self, sealer: Sealer, installation: Seal) -> None:
        self._sealer = sealer
        self._installation = installation

    def find(self, conn: sqlite3.Connection, room: RoomId) -> Room | None:
        """The room, or None where nothing is kept of it."""
        index = self._index(room)
        row = conn.execute("SELECT number, wrapped FROM rooms WHERE room_ix = ?", (index,)).fetchone()
        return row and Room(room, row[0], self._sealer.open_key(row[1], bound_to("room", index)))

    def find_or_make(self, conn: sqlite3.Connection, room: RoomId) -> Room:
        """The room, with a new key where nothing was kept of it."""
        if found := self.find(conn, room):
            return found
        seal, columns = self._new(room)
        number = conn.execute(
            "INSERT INTO rooms (room_ix, wrapped, name) VALUES (?, ?, ?) RETURNING number", columns
        ).fetchone()[0]
        return Room(room, number, seal)

    def renew(self, conn: sqlite3.Connection, room: Room) -> Room:
        """The same room with a new key. What the old key sealed is the caller's to seal anew."""
        seal, columns = self._new(room.id)
        conn.execute(
            "UPDATE rooms SET room_ix = ?, wrapped = ?, name = ? WHERE number = ?", (*columns, room.number)
        )
        return room._replace(seal=seal)

    def by_number(self, conn: sqlite3.Connection, numbers: str) -> dict[int, Room]:
        """The rooms whose numbers a query of ours names, by number."""
        rooms = {}
        found = conn.execute(
            f"SELECT number, room_ix, wrapped, name FROM rooms WHERE number IN ({numbers})"  # noqa: S608
        )
        for number, index, wrapped, name in found:
            seal = self._sealer.open_key(wrapped, bound_to("room", index))
            plain = seal.unseal(name, bound_to("name", index))
            rooms[number] = Room(msgspec.msgpack.decode(plain, type=RoomId), number, seal)
        return rooms

    def erase(self, conn: sqlite3.Connection, room: Room) -> None:
        """Destroy the key, and all records and waiting effects with it (ON DELETE CASCADE)."""
        conn.execute("DELETE FROM rooms WHERE number = ?", (room.number,))

    def erase_empty(self, conn: sqlite3.Connection) -> None:
        """Destroy the keys that seal nothing any more."""
        conn.execute(
            """DELETE FROM rooms WHERE number NOT IN (SELECT room FROM records)
            AND number NOT IN (SELECT room FROM outbox)"""
        )

    def _new(self, room: RoomId) -> tuple[Seal, tuple[bytes, bytes, bytes]]:
        index = self._index(room)
        wrapped, seal = self._sealer.new_key(bound_to("room", index))
        return seal, (index, wrapped, seal.seal(msgspec.msgpack.encode(room), bound_to("name", index)))

    def _index(self, room: RoomId) -> bytes:
        return self._installation.index("room", room.platform, room.native)
