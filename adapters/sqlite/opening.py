"""Opening what is kept in a folder, or beginning it there; and every reason not to."""

import sqlite3
from pathlib import Path
from typing import NamedTuple

from adapters.sqlite.folder import claim, private_file
from adapters.sqlite.line import Line
from adapters.sqlite.schema import migrate, recognise
from adapters.sqlite.store import SqliteStore
from adapters.sqlite.troubles import DAMAGED, saying
from adapters.sqlite.values import bound_to
from bot.boundary.errors import CannotStart
from bot.boundary.sealing import DATABASE, Seal, Sealer, Unreadable

_EVERY_LINE = (
    "PRAGMA trusted_schema = OFF",  # what stands in the file must not run code (sqlite.org/security.html)
    "PRAGMA cell_size_check = ON",
    "PRAGMA mmap_size = 0",
    "PRAGMA temp_store = MEMORY",  # nothing in files outside the data folder
    "PRAGMA foreign_keys = ON",
)
_WRITING_LINE = (
    "PRAGMA synchronous = FULL",  # an acknowledged commit survives a power cut
    "PRAGMA secure_delete = ON",  # what is deleted is overwritten
)


class _Opened(NamedTuple):
    writes: Line
    reads: Line
    installation: Seal


async def open_store(folder: Path, sealer: Sealer) -> SqliteStore:
    """Open the storage in `folder`, or begin it there.

    Proves the master key right, and checks the database for damage first. Raises `CannotStart`:
    wrong key, damage, a newer layout, another program's file, no access, a full disk, in use.
    """
    claimed = claim(folder)
    try:
        opened = await _open(folder, sealer)
    except BaseException:
        claimed.give_back()
        raise
    return SqliteStore(
        writes=opened.writes,
        reads=opened.reads,
        claim=claimed,
        sealer=sealer,
        installation=opened.installation,
    )


async def _open(folder: Path, sealer: Sealer) -> _Opened:
    path = folder / DATABASE
    private_file(path)
    lines: list[Line] = []
    try:
        writes = await Line.open(path)
        lines.append(writes)
        installation = await writes.work(lambda conn: _prepare(conn, folder, sealer))
        reads = await Line.open(path)
        lines.append(reads)
        await reads.work(lambda conn: _set(conn, (*_EVERY_LINE, "PRAGMA query_only = ON")))
    except BaseException as error:
        for line in lines:
            await line.close()
        if isinstance(error, sqlite3.Error):
            raise saying(error).cannot_start() from error
        raise
    return _Opened(writes, reads, installation)


def _prepare(conn: sqlite3.Connection, folder: Path, sealer: Sealer) -> Seal:
    """Settings, damage, layout, key: in this order, each before anything relies on it."""
    _set(conn, (*_EVERY_LINE, *_WRITING_LINE))
    recognise(conn, folder)
    if conn.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
        raise CannotStart(
            f"The file system of {folder} cannot hold the database safely.",
            "Set `data` to a folder on a disk of this machine.",
        )
    if conn.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise DAMAGED.cannot_start()
    conn.execute("BEGIN IMMEDIATE")
    try:
        migrate(conn)
        installation = _installation(conn, folder, sealer)
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise
    return installation


def _installation(conn: sqlite3.Connection, folder: Path, sealer: Sealer) -> Seal:
    """The installation's own key. That it opens proves the master key right; rooms' keys rest on that."""
    place = bound_to("installation")
    found = conn.execute("SELECT wrapped FROM installation").fetchone()
    if found is None:
        if conn.execute("SELECT 1 FROM rooms UNION ALL SELECT 1 FROM cabinet LIMIT 1").fetchone():
            raise DAMAGED.cannot_start()
        wrapped, seal = sealer.new_key(place)
        conn.execute("INSERT INTO installation (only_one, wrapped) VALUES (1, ?)", (wrapped,))
        return seal
    try:
        return sealer.open_key(found[0], place)
    except Unreadable as error:
        raise CannotStart(
            f"The master key in {sealer.origin} does not fit the data in {folder}.",
            "Give the key again that was used before. Without it nobody can read the data.",
        ) from error


def _set(conn: sqlite3.Connection, pragmas: tuple[str, ...]) -> None:
    for pragma in pragmas:
        conn.execute(pragma)
