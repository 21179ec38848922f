"""The tables, as numbered migrations. A released migration is never changed: a new one follows.

What is readable without the key: how many rooms and records there are, sizes in classes, times.
Every `*_ix` is a blind index; `sealed` and `name` are sealed; `wrapped` is a key under the master
key. Not even the feature of a record is in plain words, for how many reports a room has is
nobody's business either. Times are microseconds since 1970, UTC.
"""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from adapters.sqlite.values import micros
from bot.boundary.errors import CannotStart

APPLICATION_ID = 0x4349_5243
"""`CIRC`, in the header of the file, so that another program's database is never taken for ours."""

MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        # One key for what belongs to no room: the indexes of rooms and events, and the cabinet.
        """CREATE TABLE installation (
            only_one INTEGER PRIMARY KEY CHECK (only_one = 1),
            wrapped BLOB NOT NULL
        )""",
        "CREATE TABLE cabinet (name_ix BLOB PRIMARY KEY, sealed BLOB NOT NULL) WITHOUT ROWID",
        "CREATE TABLE seen (event_ix BLOB PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE INDEX seen_at ON seen (at)",
        # A number is never used again: what was bound to an erased room fits no other.
        """CREATE TABLE rooms (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            room_ix BLOB NOT NULL UNIQUE,
            wrapped BLOB NOT NULL,
            name BLOB NOT NULL
        )""",
        """CREATE TABLE records (
            room INTEGER NOT NULL REFERENCES rooms (number) ON DELETE CASCADE,
            feature_ix BLOB NOT NULL,
            member_ix BLOB NOT NULL,
            key_ix BLOB NOT NULL,
            version INTEGER NOT NULL,
            due_at INTEGER,
            delete_at INTEGER,
            sealed BLOB NOT NULL,
            PRIMARY KEY (room, feature_ix, member_ix, key_ix)
        )""",
        "CREATE INDEX records_due_at ON records (due_at) WHERE due_at IS NOT NULL",
        "CREATE INDEX records_delete_at ON records (delete_at) WHERE delete_at IS NOT NULL",
        """CREATE TABLE outbox (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id_ix BLOB NOT NULL UNIQUE,
            room INTEGER NOT NULL REFERENCES rooms (number) ON DELETE CASCADE,
            member_ix BLOB NOT NULL,
            due_at INTEGER NOT NULL,
            attempts INTEGER NOT NULL,
            sealed BLOB NOT NULL
        )""",
        "CREATE INDEX outbox_room ON outbox (room, member_ix)",
    ),
    (
        # Many small values that an adapter keeps together, such as the sessions of an encrypted
        # connection. `sealed` holds the value's name too.
        """CREATE TABLE drawers (
            drawer_ix BLOB NOT NULL,
            name_ix BLOB NOT NULL,
            sealed BLOB NOT NULL,
            PRIMARY KEY (drawer_ix, name_ix)
        ) WITHOUT ROWID""",
    ),
)


def recognise(conn: sqlite3.Connection, folder: Path) -> None:
    """See whose file this is, before anything in it is changed.

    Raises `CannotStart` where it is another program's, or a newer Circlekeeper's.
    """
    if not _has_tables(conn):
        return
    if conn.execute("PRAGMA application_id").fetchone() != (APPLICATION_ID,):
        raise CannotStart(
            f"The database in {folder} belongs to another program.", "Set `data` to a folder of its own."
        )
    if (found := _version(conn)) > len(MIGRATIONS):
        raise CannotStart(
            f"The data in {folder} was written by a newer Circlekeeper "
            f"(its layout is number {found}, this one knows up to {len(MIGRATIONS)}).",
            "Install the newer version again.",
        )


def migrate(conn: sqlite3.Connection) -> None:
    """Bring the tables of a recognised file up to date, within the caller's transaction."""
    if not _has_tables(conn):
        conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        conn.execute("CREATE TABLE schema_versions (number INTEGER PRIMARY KEY, applied_at INTEGER NOT NULL)")
    found = _version(conn)
    for number, statements in enumerate(MIGRATIONS[found:], start=found + 1):
        for statement in statements:
            conn.execute(statement)
        conn.execute("INSERT INTO schema_versions VALUES (?, ?)", (number, micros(datetime.now(UTC))))


def _has_tables(conn: sqlite3.Connection) -> bool:
    return conn.execute("SELECT 1 FROM sqlite_schema LIMIT 1").fetchone() is not None


def _version(conn: sqlite3.Connection) -> int:
    return int(conn.execute("SELECT coalesce(max(number), 0) FROM schema_versions").fetchone()[0])
