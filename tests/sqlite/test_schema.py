"""Numbered migrations: each applied once, whole, in order, and never changed after its release."""

import hashlib
import sqlite3
from pathlib import Path

import pytest

from adapters.sqlite import schema
from bot.boundary.errors import CannotStart
from bot.boundary.ports import Read
from bot.boundary.sealing import DATABASE
from tests.support.storage import ROOM, batch, open_sqlite, row

RELEASED = {1: "294a8e716c5ddd99", 2: "f310dab241cff953"}
"""The hash of each migration. One that data in the field has been through may never change."""
ALL = [*RELEASED]


def digest(statements: tuple[str, ...]) -> str:
    words = "\n".join(" ".join(statement.split()) for statement in statements)
    return hashlib.sha256(words.encode()).hexdigest()[:16]


def test_released_migrations_are_never_changed() -> None:
    """A change of the tables is a new migration with the next number."""
    found = {number: digest(statements) for number, statements in enumerate(schema.MIGRATIONS, start=1)}
    assert found == RELEASED


async def begun(folder: Path) -> None:
    store = await open_sqlite(folder)
    await store.commit(batch("$1", row()))
    await store.close()


def versions(folder: Path) -> list[int]:
    hand = sqlite3.connect(folder / DATABASE)
    try:
        return [number for (number,) in hand.execute("SELECT number FROM schema_versions ORDER BY number")]
    finally:
        hand.close()


async def test_an_older_layout_is_brought_up_to_date_and_keeps_its_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what is new is applied, and only once."""
    await begun(tmp_path / "data")
    newer = (*schema.MIGRATIONS, ("CREATE TABLE later (a)", "INSERT INTO later VALUES (1)"))
    monkeypatch.setattr(schema, "MIGRATIONS", newer)
    for _ in range(2):
        store = await open_sqlite(tmp_path / "data")
        assert await store.load([Read(feature="consent", room=ROOM)]) == [row()]
        later = await store._reads.work(lambda conn: conn.execute("SELECT a FROM later").fetchall())
        assert later == [(1,)]
        await store.close()
    assert versions(tmp_path / "data") == [*ALL, len(ALL) + 1]


async def test_a_migration_that_fails_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The older program can still open what it wrote."""
    await begun(tmp_path / "data")
    with monkeypatch.context() as broken:
        bad = (*schema.MIGRATIONS, ("CREATE TABLE later (a)", "INSERT INTO nowhere VALUES (1)"))
        broken.setattr(schema, "MIGRATIONS", bad)
        with pytest.raises(CannotStart):
            await open_sqlite(tmp_path / "data")
    assert versions(tmp_path / "data") == ALL
    await begun(tmp_path / "data")


async def test_no_word_of_a_feature_or_person_is_a_column(tmp_path: Path) -> None:
    """Every column of text would be readable: there is none."""
    await begun(tmp_path / "data")
    hand = sqlite3.connect(tmp_path / "data" / DATABASE)
    tables = [name for (name,) in hand.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    kinds = {
        (table, column): kind
        for table in tables
        if not table.startswith("sqlite_")
        for _, column, kind, *_ in hand.execute(f"PRAGMA table_info({table})")
    }
    hand.close()
    assert set(kinds.values()) == {"INTEGER", "BLOB"}
