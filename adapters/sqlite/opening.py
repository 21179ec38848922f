"""Opening what is kept in a folder, or beginning it there; and every reason not to."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from adapters.sqlite.folder import claim, private_file, refuse_half_restored
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


INSTALLATION = bound_to("installation")
"""What ties the installation's own key to its place."""


class _Opened(NamedTuple):
    writes: Line
    reads: Line
    installation: Seal


async def open_store(folder: Path, sealer: Sealer, *, called: Path | None = None) -> SqliteStore:
    """Open the storage in `folder`, or begin it there. Messages name it as `called`, if given.

    Proves the master key right, and checks the database for damage first. Raises `CannotStart`:
    wrong key, damage, a newer layout, another program's file, no access, a full disk, in use.
    """
    claimed = claim(folder)
    try:
        refuse_half_restored(folder)
        opened = await _open(folder, sealer, called or folder)
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


async def _open(folder: Path, sealer: Sealer, called: Path) -> _Opened:
    path = folder / DATABASE
    private_file(path)
    lines: list[Line] = []
    try:
        writes = await Line.open(path)
        lines.append(writes)
        installation = await writes.work(lambda conn: _prepare(conn, called, sealer))
        reads = await Line.open(path)
        lines.append(reads)
        await reads.work(make_reading)
    except BaseException as error:
        for line in lines:
            await line.close()
        if isinstance(error, sqlite3.Error):
            raise saying(error).cannot_start() from error
        raise
    return _Opened(writes, reads, installation)


def _prepare(conn: sqlite3.Connection, folder: Path, sealer: Sealer) -> Seal:
    """Settings, damage, layout, key: in this order, each before anything relies on it."""
    make_sound(conn, folder)
    with transaction(conn):
        migrate(conn)
        return _installation(conn, folder, sealer)


def make_sound(conn: sqlite3.Connection, folder: Path) -> None:
    """A line for writing, in a database that is ours and whole. Raises `CannotStart`."""
    _set(conn, (*_EVERY_LINE, *_WRITING_LINE))
    recognise(conn, folder)
    if conn.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
        raise CannotStart(
            f"The file system of {folder} cannot hold the database safely.",
            "Set `data` to a folder on a disk of this machine.",
        )
    if conn.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
        raise DAMAGED.cannot_start()


@contextlib.contextmanager
def transaction(conn: sqlite3.Connection) -> Iterator[None]:
    """All of it, or nothing."""
    conn.execute("BEGIN IMMEDIATE")
    try:
        yield
        conn.execute("COMMIT")
    except BaseException:
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        raise


def _installation(conn: sqlite3.Connection, folder: Path, sealer: Sealer) -> Seal:
    """The installation's own key. That it opens proves the master key right; rooms' keys rest on that."""
    found = conn.execute("SELECT wrapped FROM installation").fetchone()
    if found is None:
        if conn.execute("SELECT 1 FROM rooms UNION ALL SELECT 1 FROM cabinet LIMIT 1").fetchone():
            raise DAMAGED.cannot_start()
        wrapped, seal = sealer.new_key(INSTALLATION)
        conn.execute("INSERT INTO installation (only_one, wrapped) VALUES (1, ?)", (wrapped,))
        return seal
    try:
        return sealer.open_key(found[0], INSTALLATION)
    except Unreadable as error:
        raise CannotStart(
            f"The master key in {sealer.origin} does not fit the data in {folder}.",
            sealer.if_it_does_not_fit,
        ) from error


def make_reading(conn: sqlite3.Connection) -> None:
    """A line that changes nothing."""
    _set(conn, (*_EVERY_LINE, "PRAGMA query_only = ON"))


def _set(conn: sqlite3.Connection, pragmas: tuple[str, ...]) -> None:
    for pragma in pragmas:
        conn.execute(pragma)
