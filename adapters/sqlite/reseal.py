"""Everything under new keys: what a stolen master key opened before, it does not open after this.

Rooms get fresh keys, and their rows are opened, indexed and sealed anew. The installation's own key
is renewed: indexes whose words are known nowhere (event ids, names in the cabinet) are moved.
"""

import sqlite3
from collections.abc import Callable, Mapping

from adapters.sqlite import records
from adapters.sqlite.outbox import Outbox
from adapters.sqlite.rooms import Rooms
from adapters.sqlite.values import bound_to
from bot.boundary.sealing import Seal, Sealer

COVERED = {
    "installation": {"wrapped"},
    "cabinet": {"name_ix", "sealed"},
    "drawers": {"drawer_ix", "name_ix", "sealed"},
    "seen": {"event_ix"},
    "rooms": {"room_ix", "wrapped", "name"},
    "records": {"feature_ix", "member_ix", "key_ix", "sealed"},
    "outbox": {"id_ix", "member_ix", "sealed"},
}
"""Every column that depends on a key. A test compares it with the tables that there are."""


def reseal(
    conn: sqlite3.Connection, old: Sealer, new: Sealer, place: bytes, marks: Mapping[str, bytes]
) -> None:
    """Seal everything anew, within the caller's transaction. Raises `Unreadable`.

    `place` ties the installation's key to its row; `marks` are put into the cabinet.
    """
    (wrapped,) = conn.execute("SELECT wrapped FROM installation").fetchone()
    before = old.open_key(wrapped, place)
    wrapped, after = old.renew(wrapped, place, new)
    conn.execute("UPDATE installation SET wrapped = ?", (wrapped,))
    _sealed_table(conn, "cabinet", ("name_ix",), "cabinet", before, after)
    for name, value in marks.items():
        index = after.index("cabinet", name)
        sealed = after.seal(value, bound_to("cabinet", index))
        conn.execute("INSERT OR REPLACE INTO cabinet (name_ix, sealed) VALUES (?, ?)", (index, sealed))
    _sealed_table(conn, "drawers", ("drawer_ix", "name_ix"), "drawer", before, after)
    seen = conn.execute("SELECT event_ix, at FROM seen").fetchall()
    conn.execute("DELETE FROM seen")
    conn.executemany("INSERT INTO seen VALUES (?, ?)", ((after.moved(ix), at) for ix, at in seen))
    _rooms(conn, Rooms(old, before), Rooms(new, after), Outbox(before), Outbox(after))


def _sealed_table(
    conn: sqlite3.Connection, table: str, indexes: tuple[str, ...], purpose: str, before: Seal, after: Seal
) -> None:
    """A table of sealed values under the installation's key, each bound to its indexes."""
    columns = ", ".join((*indexes, "sealed"))
    found = conn.execute(f"SELECT {columns} FROM {table}").fetchall()  # noqa: S608
    conn.execute(f"DELETE FROM {table}")  # noqa: S608
    marks = ", ".join("?" * (len(indexes) + 1))
    for *old_ix, sealed in found:
        new_ix = [after.moved(ix) for ix in old_ix]
        body = before.unseal(sealed, bound_to(purpose, *old_ix))
        row = (*new_ix, after.seal(body, bound_to(purpose, *new_ix)))
        conn.execute(f"INSERT INTO {table} ({columns}) VALUES ({marks})", row)  # noqa: S608


def _rooms(
    conn: sqlite3.Connection, rooms: Rooms, new_rooms: Rooms, outbox: Outbox, new_outbox: Outbox
) -> None:
    for room in rooms.by_number(conn, "SELECT number FROM rooms").values():
        rows, waiting = records.every(conn, room), outbox.of(conn, room)
        new_room = new_rooms.renew(conn, room)
        conn.execute("DELETE FROM records WHERE room = ?", (room.number,))
        for row in rows:
            records.put(conn, new_room, row)
        for effect in waiting:
            new_outbox.renew(conn, new_room, effect)


Wrapped = Callable[[bytes, bytes], bytes]


def rewrap(conn: sqlite3.Connection, again: Wrapped, place: bytes) -> None:
    """Every wrapped key through `again(wrapped, its place)`, within the caller's transaction."""
    (wrapped,) = conn.execute("SELECT wrapped FROM installation").fetchone()
    conn.execute("UPDATE installation SET wrapped = ?", (again(wrapped, place),))
    for number, index, wrapped in conn.execute("SELECT number, room_ix, wrapped FROM rooms").fetchall():
        conn.execute(
            "UPDATE rooms SET wrapped = ? WHERE number = ?",
            (again(wrapped, bound_to("room", index)), number),
        )
