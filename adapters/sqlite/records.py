"""The one table of records: finding, sealing and unsealing rows of any feature."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import msgspec

from adapters.sqlite.rooms import Room
from adapters.sqlite.values import bound_to, micros, moment
from bot.boundary.ids import MemberId
from bot.boundary.ports import Every, Gone, Read, Row

COLUMNS = "feature_ix, member_ix, key_ix, version, due_at, delete_at, sealed"
"""What `unseal` needs of a row, in its order."""


class _Body(msgspec.Struct, frozen=True, array_like=True):
    feature: str
    member: MemberId | None
    key: str
    body: bytes


def feature_index(room: Room, feature: str) -> bytes:
    """By which a feature's rows in a room are found."""
    return room.seal.index("feature", feature)


def member_index(room: Room, purpose: str, member: MemberId | None) -> bytes:
    """By which the rows of a person, or (None) of nobody, are found: for each purpose another."""
    words = () if member is None else (member.platform, member.native)
    return room.seal.index(f"member of {purpose}", *words)


def _key_index(room: Room, feature: str, key: str) -> bytes:
    return room.seal.index(f"key of {feature}", key)


def put(conn: sqlite3.Connection, room: Room, row: Row) -> None:
    """Keep a row in `room`, in place of what was there."""
    place = (
        feature_index(room, row.feature),
        member_index(room, row.feature, row.member),
        _key_index(room, row.feature, row.key),
        row.version,
        micros(row.due_at),
        micros(row.delete_at),
    )
    body = msgspec.msgpack.encode(_Body(row.feature, row.member, row.key, row.body))
    sealed = room.seal.seal(body, bound_to("record", room.number, *place))
    conn.execute(
        f"INSERT OR REPLACE INTO records (room, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (room.number, *place, sealed),
    )


def unseal(room: Room, columns: tuple[Any, ...]) -> Row:
    """The row that stands in `COLUMNS` of a room's record. Raises `Unreadable`."""
    *place, sealed = columns
    version, due_at, delete_at = place[3:]
    plain = room.seal.unseal(sealed, bound_to("record", room.number, *place))
    body = msgspec.msgpack.decode(plain, type=_Body)
    return Row(
        feature=body.feature,
        room=room.id,
        member=body.member,
        key=body.key,
        version=version,
        body=body.body,
        due_at=moment(due_at),
        delete_at=moment(delete_at),
    )


def find(conn: sqlite3.Connection, room: Room, read: Read) -> Iterator[Row]:
    """The rows in `room` that a read names."""
    where, values = "room = ? AND feature_ix = ?", [room.number, feature_index(room, read.feature)]
    if not isinstance(read.member, Every):
        where += " AND member_ix = ?"
        values.append(member_index(room, read.feature, read.member))
    if not isinstance(read.key, Every):
        where += " AND key_ix = ?"
        values.append(_key_index(room, read.feature, read.key))
    found = conn.execute(f"SELECT {COLUMNS} FROM records WHERE {where}", values)  # noqa: S608
    return (unseal(room, columns) for columns in found)


def every(conn: sqlite3.Connection, room: Room) -> list[Row]:
    """Every row in a room."""
    found = conn.execute(f"SELECT {COLUMNS} FROM records WHERE room = ?", (room.number,))  # noqa: S608
    return [unseal(room, columns) for columns in found]


def drop(conn: sqlite3.Connection, room: Room, gone: Gone) -> None:
    """Remove a row. Not there: nothing happens."""
    conn.execute(
        "DELETE FROM records WHERE room = ? AND feature_ix = ? AND member_ix = ? AND key_ix = ?",
        (
            room.number,
            feature_index(room, gone.feature),
            member_index(room, gone.feature, gone.member),
            _key_index(room, gone.feature, gone.key),
        ),
    )


def forget(conn: sqlite3.Connection, room: Room, member: MemberId) -> None:
    """Remove every row of a person in a room, of whatever feature.

    Each feature has another index for the same person, and only a row that has been opened tells
    its feature: so one row of each feature is opened.
    """
    columns = f"SELECT {COLUMNS} FROM records WHERE room = ? GROUP BY feature_ix"  # noqa: S608
    for row in conn.execute(columns, (room.number,)).fetchall():
        feature = unseal(room, row).feature
        conn.execute(
            "DELETE FROM records WHERE room = ? AND feature_ix = ? AND member_ix = ?",
            (room.number, row[0], member_index(room, feature, member)),
        )


def has_any(conn: sqlite3.Connection, room: Room, feature: str, member: MemberId) -> bool:
    """Whether a feature keeps a row of this person in a room."""
    found = conn.execute(
        "SELECT 1 FROM records WHERE room = ? AND feature_ix = ? AND member_ix = ? LIMIT 1",
        (room.number, feature_index(room, feature), member_index(room, feature, member)),
    )
    return found.fetchone() is not None
