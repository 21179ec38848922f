"""The outbox: effects that wait to be delivered, sealed, and deleted on delivery."""

import sqlite3
from datetime import datetime

import msgspec

from adapters.sqlite.records import member_index
from adapters.sqlite.rooms import Room
from adapters.sqlite.values import bound_to, micros, moment
from bot.boundary.ids import MemberId
from bot.boundary.ports import Outgoing
from bot.boundary.sealing import Seal

_PURPOSE = "outbox"


class _Body(msgspec.Struct, frozen=True, array_like=True):
    id: str
    lane: str
    member: MemberId | None
    body: bytes


class Outbox:
    """Waiting effects are sealed by their room's key, and found by a blind index of their id.

    The id itself is sealed too: it stands in the platform's own records of what the bot sent.
    """

    def __init__(self, installation: Seal) -> None:
        self._installation = installation

    def add(self, conn: sqlite3.Connection, room: Room, waiting: Outgoing) -> Outgoing:
        """Keep an effect in `room`: what is kept, with its `seq`. Raises IntegrityError for an id again."""
        id_ix, member_ix, sealed = self._sealed(room, waiting)
        (seq,) = conn.execute(
            """INSERT INTO outbox (id_ix, room, member_ix, due_at, attempts, sealed)
            VALUES (?, ?, ?, ?, ?, ?) RETURNING seq""",
            (id_ix, room.number, member_ix, micros(waiting.due_at), waiting.attempts, sealed),
        ).fetchone()
        return msgspec.structs.replace(waiting, room=room.id, seq=seq)

    def of(self, conn: sqlite3.Connection, room: Room) -> list[Outgoing]:
        """Everything that waits in a room, by `seq`. Raises `Unreadable`."""
        found = conn.execute(
            """SELECT seq, id_ix, member_ix, due_at, attempts, sealed FROM outbox
            WHERE room = ? ORDER BY seq""",
            (room.number,),
        )
        waiting = []
        for seq, id_ix, member_ix, due_at, attempts, sealed in found:
            plain = room.seal.unseal(sealed, bound_to(_PURPOSE, room.number, id_ix, member_ix))
            body = msgspec.msgpack.decode(plain, type=_Body)
            waiting.append(
                Outgoing(
                    id=body.id,
                    room=room.id,
                    lane=body.lane,
                    seq=seq,
                    body=body.body,
                    member=body.member,
                    due_at=moment(due_at),
                    attempts=attempts,
                )
            )
        return waiting

    def move(self, conn: sqlite3.Connection, old: Room, new: Room) -> None:
        """Seal everything of one room for another, in the same order."""
        for waiting in self.of(conn, old):
            id_ix, member_ix, sealed = self._sealed(new, waiting)
            conn.execute(
                "UPDATE outbox SET room = ?, member_ix = ?, sealed = ? WHERE id_ix = ?",
                (new.number, member_ix, sealed, id_ix),
            )

    def renew(self, conn: sqlite3.Connection, room: Room, waiting: Outgoing) -> None:
        """Seal an effect anew, in its place: `room` has a new key, or this outbox another installation's."""
        id_ix, member_ix, sealed = self._sealed(room, waiting)
        conn.execute(
            "UPDATE outbox SET id_ix = ?, member_ix = ?, sealed = ? WHERE seq = ?",
            (id_ix, member_ix, sealed, waiting.seq),
        )

    def delivered(self, conn: sqlite3.Connection, outbox_id: str) -> None:
        """Remove an effect. Not there: nothing happens."""
        conn.execute("DELETE FROM outbox WHERE id_ix = ?", (self._index(outbox_id),))

    def postponed(self, conn: sqlite3.Connection, outbox_id: str, due_at: datetime, attempts: int) -> None:
        """Note when to try again. Not there: nothing happens."""
        conn.execute(
            "UPDATE outbox SET due_at = ?, attempts = ? WHERE id_ix = ?",
            (micros(due_at), attempts, self._index(outbox_id)),
        )

    def forget(self, conn: sqlite3.Connection, room: Room, member: MemberId) -> None:
        """Remove everything that waits for a person in a room."""
        conn.execute(
            "DELETE FROM outbox WHERE room = ? AND member_ix = ?",
            (room.number, member_index(room, _PURPOSE, member)),
        )

    def _index(self, outbox_id: str) -> bytes:
        return self._installation.index("outbox id", outbox_id)

    def _sealed(self, room: Room, waiting: Outgoing) -> tuple[bytes, bytes, bytes]:
        id_ix, member_ix = self._index(waiting.id), member_index(room, _PURPOSE, waiting.member)
        body = msgspec.msgpack.encode(_Body(waiting.id, waiting.lane, waiting.member, waiting.body))
        return id_ix, member_ix, room.seal.seal(body, bound_to(_PURPOSE, room.number, id_ix, member_ix))
