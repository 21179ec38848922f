"""Shared commits, full disks, cancelled callers, closing."""

import asyncio
import sqlite3
from pathlib import Path

import pytest

from adapters.sqlite import SqliteStore
from bot.boundary.errors import StorageTrouble
from bot.boundary.ids import MemberId
from bot.boundary.ports import Read
from bot.boundary.sealing import DATABASE
from tests.support.storage import BEN, ROOM, batch, open_sqlite, row, waiting

READ = [Read(feature="consent", room=ROOM)]


async def pragma(store: SqliteStore, words: str) -> None:
    await store._writes.work(lambda conn: conn.execute(f"PRAGMA {words}").fetchall())


async def commits_counted(store: SqliteStore) -> list[str]:
    """Every statement that ends a transaction from now on."""
    seen: list[str] = []
    await store._writes.work(lambda conn: conn.set_trace_callback(lambda words: seen.append(words)))
    return seen


async def test_changes_that_wait_together_share_a_commit(tmp_path: Path) -> None:
    """A hundred decisions at the same moment cost the disk a few commits, not a hundred."""
    store = await open_sqlite(tmp_path / "data")
    seen = await commits_counted(store)
    people = [MemberId("test", f"@p{number}") for number in range(100)]
    await asyncio.gather(*(store.commit(batch(f"${who.native}", row(who))) for who in people))
    assert seen.count("COMMIT") <= 3
    assert len(await store.load(READ)) == 100
    await store.close()


async def test_a_full_disk_is_told_and_nothing_that_was_kept_is_lost(tmp_path: Path) -> None:
    """Reading goes on, every refusal is plain, and with room again everything works."""
    store = await open_sqlite(tmp_path / "data")
    await store.commit(batch("$1", row()))
    pages = await store._writes.work(lambda conn: conn.execute("PRAGMA page_count").fetchone()[0])
    await pragma(store, f"max_page_count = {pages + 2}")
    outcomes = await asyncio.gather(
        *(store.commit(batch(f"$l{n}", row(BEN, key=str(n), body=b"x" * 50_000))) for n in range(5)),
        store.delivered("nothing"),
        return_exceptions=True,
    )
    assert [isinstance(outcome, StorageTrouble) for outcome in outcomes] == [True] * 5 + [False]
    assert isinstance(outcomes[0], StorageTrouble)
    assert "full" in outcomes[0].what
    assert await store.load(READ) == [row()]
    assert not await store.seen("$l0")
    await pragma(store, "max_page_count = 100000")
    await store.commit(batch("$l0", row(BEN, body=b"x" * 50_000)))
    assert len(await store.load(READ)) == 2
    await store.close()


async def test_when_a_shared_commit_fails_each_goes_on_alone(tmp_path: Path) -> None:
    """A transaction that SQLite gives up as a whole takes down nobody who could be kept."""
    store = await open_sqlite(tmp_path / "data")

    def gives_up(conn: sqlite3.Connection) -> None:
        conn.execute("ROLLBACK")  # as SQLite does by itself with SQLITE_FULL and SQLITE_IOERR
        raise sqlite3.OperationalError("disk I/O error")

    outcomes = await asyncio.gather(
        store.commit(batch("$1", row())),
        store._writer.do(gives_up),
        store.commit(batch("$2", row(BEN), outgoing=(waiting("a"),))),
        return_exceptions=True,
    )
    assert [isinstance(outcome, StorageTrouble) for outcome in outcomes] == [False, True, False]
    assert len(await store.load(READ)) == 2
    assert [kept.id for kept in await store.outbox()] == ["a"]
    await store.close()


async def test_a_lock_by_another_program_while_running_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commit is refused after a short wait, and works once the other lets go."""
    monkeypatch.setattr("adapters.sqlite.line.BUSY_SECONDS", 0.1)
    store = await open_sqlite(tmp_path / "data")
    browser = sqlite3.connect(tmp_path / "data" / DATABASE, isolation_level=None)
    browser.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageTrouble, match="holds the database"):
        await store.commit(batch("$1", row()))
    browser.execute("ROLLBACK")
    browser.close()
    await store.commit(batch("$1", row()))
    assert await store.load(READ) == [row()]
    await store.close()


async def test_a_caller_that_was_cancelled_disturbs_nobody(tmp_path: Path) -> None:
    """Those who wait with it are served, and its own change is kept whole or not at all."""
    store = await open_sqlite(tmp_path / "data")
    tasks = [asyncio.create_task(store.commit(batch(f"${n}", row(key=str(n))))) for n in range(9)]
    await asyncio.sleep(0)
    tasks[3].cancel()
    outcomes = await asyncio.gather(*tasks, return_exceptions=True)
    assert [isinstance(outcome, asyncio.CancelledError) for outcome in outcomes].index(True) == 3
    kept = {r.key for r in await store.load(READ)}
    assert kept | {"3"} == {str(n) for n in range(9)}
    assert ("3" in kept) == await store.seen("$3")
    await store.close()


async def test_closing_writes_out_what_waits_and_takes_nothing_new(tmp_path: Path) -> None:
    """What was handed in before is kept; what comes after is refused in plain words."""
    store = await open_sqlite(tmp_path / "data")
    tasks = [asyncio.create_task(store.commit(batch(f"${n}", row(key=str(n))))) for n in range(500)]
    await asyncio.sleep(0)
    await store.close()
    await asyncio.gather(*tasks)
    for late in (store.commit(batch("$late")), store.load(READ), store.delivered("a")):
        with pytest.raises(StorageTrouble, match="closed"):
            await late
    await store.close()
    again = await open_sqlite(tmp_path / "data")
    assert len(await again.load(READ)) == 500
    await again.close()


@pytest.mark.parametrize("column", ["sealed", "member_ix", "version", "due_at"])
async def test_a_record_that_was_changed_from_outside_does_not_open(tmp_path: Path, column: str) -> None:
    """In doubt, refuse: a forged or damaged record is told, never believed."""
    store = await open_sqlite(tmp_path / "data")
    await store.commit(batch("$1", row(), row(BEN)))
    value = {
        "sealed": "(SELECT sealed FROM records ORDER BY rowid DESC LIMIT 1)",
        "member_ix": "x'00112233445566778899aabbccddeeff'",
        "version": "9",
        "due_at": "1",
    }[column]

    def forge(conn: sqlite3.Connection) -> None:
        conn.execute(f"UPDATE records SET {column} = {value} WHERE rowid = (SELECT min(rowid) FROM records)")

    await store._writer.do(forge)
    with pytest.raises(StorageTrouble, match="changed from outside"):
        await store.load(READ)
    await store.close()


async def test_a_reader_elsewhere_does_not_hold_up_forgetting(tmp_path: Path) -> None:
    """A database browser that is left open: erasing goes on, and the log is emptied once it is closed."""
    store = await open_sqlite(tmp_path / "data")
    await store.commit(batch("$1", row(), row(BEN)))
    browser = sqlite3.connect(tmp_path / "data" / DATABASE, isolation_level=None)
    browser.execute("BEGIN")
    browser.execute("SELECT * FROM records").fetchall()
    await asyncio.wait_for(store.commit(batch("$2", forget=BEN)), 3)
    assert await store.load(READ) == [row()]
    log = tmp_path / "data" / f"{DATABASE}-wal"
    assert log.stat().st_size > 0
    browser.close()
    await store.commit(batch("$3"))
    assert log.stat().st_size == 0
    await store.close()
