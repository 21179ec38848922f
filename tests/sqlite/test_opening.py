"""Opening the data folder, and every reason not to: one plain sentence and a next step each."""

import asyncio
import os
import sqlite3
import stat
import sys
from pathlib import Path

import pytest

from adapters.sqlite import open_store
from adapters.sqlite.schema import MIGRATIONS
from adapters.vault import Vault, open_vault
from bot.boundary.errors import CannotStart, InUse
from bot.boundary.ports import Read
from bot.boundary.sealing import DATABASE
from tests.support.storage import ROOM, batch, open_sqlite, row

READ = [Read(feature="consent", room=ROOM)]


async def begun(folder: Path) -> Path:
    """A data folder with one record in it; the path of its database."""
    store = await open_sqlite(folder)
    await store.commit(batch("$1", row()))
    await store.close()
    return folder / DATABASE


async def refusal(folder: Path, kind: type[CannotStart] = CannotStart) -> CannotStart:
    with pytest.raises(kind) as refused:
        await open_sqlite(folder)
    for sentence in (refused.value.what, refused.value.next_step):
        assert sentence.endswith(".")
        assert sentence[0].isupper()
        assert "sqlite" not in sentence.lower()
        assert "Errno" not in sentence
    return refused.value


async def still_there(folder: Path) -> bool:
    store = await open_sqlite(folder)
    kept = await store.load(READ)
    await store.close()
    return kept == [row()]


async def test_what_was_kept_is_there_after_a_restart(tmp_path: Path) -> None:
    """And closing tidies up: the database is one file again."""
    await begun(tmp_path / "data")
    assert await still_there(tmp_path / "data")
    names = {path.name for path in (tmp_path / "data").iterdir()}
    assert names == {DATABASE, "circlekeeper.lock", "master.key"}


async def test_folder_and_files_are_private(tmp_path: Path) -> None:
    """Whatever the umask: 0700 and 0600, the log beside the database included."""
    before = os.umask(0)
    try:
        store = await open_sqlite(tmp_path / "deep" / "data")
        await store.commit(batch("$1", row()))
    finally:
        os.umask(before)
    folder = tmp_path / "deep" / "data"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    log, map_of_log = f"{DATABASE}-wal", f"{DATABASE}-shm"
    assert modes == dict.fromkeys((DATABASE, log, map_of_log, "circlekeeper.lock", "master.key"), 0o600)
    await store.close()


async def test_an_open_folder_is_closed_when_it_is_ours_alone(tmp_path: Path) -> None:
    """An empty folder that an operator made is simply made private."""
    (tmp_path / "data").mkdir(mode=0o755)
    await begun(tmp_path / "data")
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700


async def test_an_open_folder_with_other_things_in_it_is_refused(tmp_path: Path) -> None:
    """Somebody's home is not closed behind their back; they are told what to do."""
    (tmp_path / "home").mkdir(mode=0o755)
    (tmp_path / "home" / "letters.txt").touch()
    refused = await refusal(tmp_path / "home")
    assert "chmod 700" in refused.next_step
    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o755


async def test_root_does_not_touch_what_belongs_to_the_bots_own_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A restore by root, above all, would leave files that the bot cannot open."""
    await begun(tmp_path / "data")
    if os.geteuid() == 0:
        os.chown(tmp_path / "data", 65534, 65534)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: 0)
    refused = await refusal(tmp_path / "data")
    assert "this is root" in refused.what
    assert "sudo -u" in refused.next_step


async def test_another_master_key_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    """The message says where the key came from; the right key still opens everything."""
    database = await begun(tmp_path / "data")
    before = database.read_bytes()
    with pytest.raises(CannotStart) as refused:
        await open_store(tmp_path / "data", Vault(bytes(range(32)), "the file somewhere"))
    assert "does not fit" in refused.value.what
    assert "the file somewhere" in refused.value.what
    assert database.read_bytes() == before
    assert await still_there(tmp_path / "data")


async def test_a_missing_master_key_is_refused_and_none_is_made(tmp_path: Path) -> None:
    """Putting the key file back mends it."""
    await begun(tmp_path / "data")
    key = (tmp_path / "data" / "master.key").rename(tmp_path / "copy.key")
    assert "missing" in (await refusal(tmp_path / "data")).what
    assert not (tmp_path / "data" / "master.key").exists()
    key.rename(tmp_path / "data" / "master.key")
    assert await still_there(tmp_path / "data")


async def test_a_folder_is_of_one_process_at_a_time(tmp_path: Path) -> None:
    """The second is refused; when the first has closed it may start."""
    first = await open_sqlite(tmp_path / "data")
    assert "Another Circlekeeper" in (await refusal(tmp_path / "data", InUse)).what
    await first.commit(batch("$1", row()))
    await first.close()
    assert await still_there(tmp_path / "data")


async def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    """The lock ends with its process, however that ends: no stale lock file to remove by hand."""
    await begun(tmp_path / "data")
    holder = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        "import fcntl, sys, time\n"
        "f = open(sys.argv[1])\n"
        "fcntl.flock(f, fcntl.LOCK_EX)\n"
        "print(1, flush=True)\n"
        "time.sleep(60)",
        str(tmp_path / "data" / "circlekeeper.lock"),
        stdout=asyncio.subprocess.PIPE,
    )
    assert holder.stdout is not None
    await holder.stdout.readline()
    assert "Another Circlekeeper" in (await refusal(tmp_path / "data", InUse)).what
    holder.kill()
    await holder.wait()
    assert await still_there(tmp_path / "data")


async def test_a_database_that_another_program_holds_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A database browser with an open change: a plain sentence after a short wait."""
    monkeypatch.setattr("adapters.sqlite.line.BUSY_SECONDS", 0.1)
    browser = sqlite3.connect(await begun(tmp_path / "data"), isolation_level=None)
    browser.execute("BEGIN IMMEDIATE")
    assert "holds the database" in (await refusal(tmp_path / "data")).what
    browser.execute("ROLLBACK")
    browser.close()
    assert await still_there(tmp_path / "data")


@pytest.mark.parametrize("damage", ["no database", "a hole", "cut short"])
async def test_a_damaged_database_is_told_and_left_alone(tmp_path: Path, damage: str) -> None:
    """Nothing is repaired or begun anew on its own: a copy may still help."""
    database = await begun(tmp_path / "data")
    content = database.read_bytes()
    broken = {
        "no database": b"not a database at all" * 1000,
        "a hole": content[:4096] + b"\xff" * 8192 + content[12288:],
        "cut short": content[: len(content) // 2],
    }[damage]
    database.write_bytes(broken)
    refused = await refusal(tmp_path / "data")
    assert "damaged" in refused.what
    assert "backup" in refused.next_step
    assert database.read_bytes() == broken


async def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    """A file of the same name with other tables in it is not ours."""
    (tmp_path / "data").mkdir(mode=0o700)
    open_vault(tmp_path / "data" / "master.key", tmp_path / "data", {})
    other = sqlite3.connect(tmp_path / "data" / DATABASE)
    other.execute("CREATE TABLE recipes (name)")
    other.commit()
    other.close()
    before = (tmp_path / "data" / DATABASE).read_bytes()
    assert "another program" in (await refusal(tmp_path / "data")).what
    assert (tmp_path / "data" / DATABASE).read_bytes() == before


async def test_a_newer_layout_is_refused(tmp_path: Path) -> None:
    """An older program never writes into what it does not know."""
    database = await begun(tmp_path / "data")
    newer = sqlite3.connect(database)
    newer.execute("INSERT INTO schema_versions VALUES (?, 0)", (len(MIGRATIONS) + 1,))
    newer.commit()
    newer.close()
    refused = await refusal(tmp_path / "data")
    assert "newer Circlekeeper" in refused.what
    assert "newer version" in refused.next_step


async def test_a_lost_installation_key_is_not_made_again(tmp_path: Path) -> None:
    """Half of a database is damage, not a beginning."""
    database = await begun(tmp_path / "data")
    hand = sqlite3.connect(database)
    hand.execute("DELETE FROM installation")
    hand.commit()
    hand.close()
    assert "damaged" in (await refusal(tmp_path / "data")).what


@pytest.mark.parametrize("place", ["under a file", "nowhere", "the database is a folder"])
async def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path, place: str) -> None:
    """Also for root, whom permissions do not hold."""
    (tmp_path / "file").touch()
    (tmp_path / "data" / DATABASE).mkdir(parents=True)
    folder = {
        "under a file": tmp_path / "file" / "data",
        "nowhere": Path("/proc/circlekeeper/data"),
        "the database is a folder": tmp_path / "data",
    }[place]
    (tmp_path / "data").chmod(0o700)
    with pytest.raises(CannotStart, match="cannot be written to"):
        await open_store(folder, Vault(bytes(range(32)), "a test"))


async def test_a_full_disk_at_the_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the next start, with room again, finds a clean beginning."""
    monkeypatch.setattr(
        "adapters.sqlite.opening._EVERY_LINE", ("PRAGMA page_size = 4096", "PRAGMA max_page_count = 3")
    )
    assert "full" in (await refusal(tmp_path / "data")).what
    monkeypatch.undo()
    await begun(tmp_path / "data")
    assert await still_there(tmp_path / "data")


async def test_after_a_refusal_the_folder_is_free(tmp_path: Path) -> None:
    """A start that failed holds neither lock nor thread."""
    await begun(tmp_path / "data")
    for _ in range(3):
        with pytest.raises(CannotStart, match="does not fit"):
            await open_store(tmp_path / "data", Vault(bytes(range(32)), "a test"))
    assert await still_there(tmp_path / "data")


async def test_the_settings_that_safety_rests_on_are_on(tmp_path: Path) -> None:
    """Durable commits, overwritten deletions, no code from the file (DESIGN: Records, sealed)."""
    store = await open_sqlite(tmp_path / "data")

    def settings(conn: sqlite3.Connection) -> dict[str, object]:
        names = ("journal_mode", "trusted_schema", "foreign_keys", "query_only", "temp_store")
        return {name: conn.execute(f"PRAGMA {name}").fetchone()[0] for name in names}

    def durability(conn: sqlite3.Connection) -> list[int]:
        return [conn.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "secure_delete")]

    for line in (store._writes, store._reads):
        found = await line.work(settings)
        query_only = int(line is store._reads)
        assert found == {
            "journal_mode": "wal",
            "trusted_schema": 0,
            "foreign_keys": 1,
            "query_only": query_only,
            "temp_store": 2,
        }
    full, on = 2, 1
    assert await store._writes.work(durability) == [full, on]
    await store.close()
