"""Backups: whole, sealed, made beside a running bot. And back again, proved before anything is replaced."""

import asyncio
import base64
import os
import random
import sqlite3
import sys
from pathlib import Path

import pytest

from adapters.sqlite import back_up, open_store, restore
from adapters.sqlite.folder import RESTORING
from adapters.vault import Vault, open_vault
from bot.boundary.errors import CannotStart, InUse
from bot.boundary.ports import Read
from bot.boundary.sealing import DATABASE
from tests.support.storage import ROOM, batch, open_sqlite, row

MARKS = {"matrix/restored-at": b"2026-03-02T12:00:00+00:00"}


async def keys_in(folder: Path, vault: Vault | None = None) -> set[str]:
    """The keys of the records that are kept."""
    store = await (open_sqlite(folder) if vault is None else open_store(folder, vault))
    try:
        return {kept.key for kept in await store.load([Read(feature="consent", room=ROOM)])}
    finally:
        await store.close()


async def keep(folder: Path, *keys: str) -> None:
    store = await open_sqlite(folder)
    for key in keys:
        await store.commit(batch(f"${key}", row(key=key)))
    await store.close()


def key_of(folder: Path) -> Vault:
    return open_vault(folder / "master.key", folder, {}, make=False)


async def put_back(folder: Path, backup: Path, *, replace: bool = False) -> Path | None:
    return await restore(folder, backup, key_of(folder), replace=replace, marks=MARKS)


async def refusal(folder: Path, backup: Path, kind: type[CannotStart] = CannotStart) -> CannotStart:
    with pytest.raises(kind) as refused:
        await put_back(folder, backup)
    assert refused.value.what.endswith(".")
    return refused.value


async def test_a_backup_of_a_running_bot_is_whole_private_and_one_file(tmp_path: Path) -> None:
    """Taken in the middle of writing, it holds a prefix of what was kept; the writer is not held up."""
    data, backup = tmp_path / "data", tmp_path / "backup"
    store = await open_sqlite(data)
    stop = asyncio.Event()
    kept: list[str] = []
    begun = asyncio.Event()

    async def write() -> None:
        while not stop.is_set():
            key = f"{len(kept):05}"
            await store.commit(batch(f"${key}", row(key=key, body=os.urandom(2000))))
            kept.append(key)
            if len(kept) == 50:
                begun.set()

    writing = asyncio.create_task(write())
    await begun.wait()
    least = len(kept)
    before = os.umask(0)
    try:
        await asyncio.to_thread(back_up, data, backup)
    finally:
        os.umask(before)
    most = len(kept) + 1
    stop.set()
    await writing
    await store.close()
    assert {path.name for path in tmp_path.iterdir()} == {"data", "backup"}
    assert backup.stat().st_mode & 0o777 == 0o600
    (data / DATABASE).unlink()
    await put_back(data, backup)
    found = await keys_in(data)
    assert least <= len(found) <= most
    assert found == {f"{n:05}" for n in range(len(found))}


async def test_a_backup_holds_what_a_killed_bot_left_in_its_log(tmp_path: Path) -> None:
    """What was acknowledged is in it, also where nobody closed the database."""
    data = tmp_path / "data"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.sqlite.writes_until_killed",
        str(data),
        "1",
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    said = [await process.stdout.readline() for _ in range(5)]
    process.kill()
    said += (await process.stdout.read()).splitlines(keepends=True)
    await process.wait()
    back_up(data, tmp_path / "backup")
    assert await put_back(data, tmp_path / "backup", replace=True) is not None
    assert {line.decode().strip() for line in said if line.endswith(b"\n")} <= await keys_in(data)


async def test_a_backup_never_overwrites_and_leaves_no_draft(tmp_path: Path) -> None:
    """Whatever stands there is the operator's; a refusal leaves nothing behind."""
    await keep(tmp_path / "data", "one")
    (tmp_path / "letter").write_text("dear")
    (tmp_path / "dangling").symlink_to("nowhere")
    for name in ("letter", "dangling"):
        with pytest.raises(CannotStart) as refused:
            back_up(tmp_path / "data", tmp_path / name)
        assert "already a file" in refused.value.what
    assert (tmp_path / "letter").read_text() == "dear"
    with pytest.raises(CannotStart):
        back_up(tmp_path / "data", tmp_path / "no folder" / "backup")
    with pytest.raises(CannotStart) as refused:
        back_up(tmp_path / "empty", tmp_path / "backup")
    assert "no data" in refused.value.what
    assert {path.name for path in tmp_path.iterdir()} == {"data", "letter", "dangling"}


async def test_a_backup_holds_no_key(tmp_path: Path) -> None:
    """The master key lies beside the database here, and is in no byte of the copy."""
    await keep(tmp_path / "data", "one")
    back_up(tmp_path / "data", tmp_path / "backup")
    content = (tmp_path / "backup").read_bytes()
    written = (tmp_path / "data" / "master.key").read_bytes().strip()
    for form in (written, base64.b64decode(written), base64.b64decode(written).hex().encode()):
        assert form not in content


async def test_a_restore_brings_back_what_was_and_marks_it(tmp_path: Path) -> None:
    """The mark is there from the first moment on; what was there before is kept aside and opens."""
    data, backup = tmp_path / "data", tmp_path / "backup"
    await keep(data, "one")
    back_up(data, backup)
    await keep(data, "two")
    assert "--replace" in (await refusal(data, backup)).next_step
    aside = await put_back(data, backup, replace=True)
    assert await keys_in(data) == {"one"}
    store = await open_sqlite(data)
    assert await store.get("matrix/restored-at") == MARKS["matrix/restored-at"]
    await store.close()
    assert aside is not None
    (tmp_path / "other").mkdir()
    aside.rename(tmp_path / "other" / DATABASE)
    assert await keys_in(tmp_path / "other", key_of(data)) == {"one", "two"}
    names = {path.name for path in data.iterdir()}
    assert names == {DATABASE, "circlekeeper.lock", "master.key"}
    assert (data / DATABASE).stat().st_mode & 0o777 == 0o600


async def test_a_restore_into_an_empty_folder_needs_no_word(tmp_path: Path) -> None:
    """A new machine: the key and the backup are all that is needed."""
    await keep(tmp_path / "data", "one")
    back_up(tmp_path / "data", tmp_path / "backup")
    new = tmp_path / "new" / "data"
    assert await restore(new, tmp_path / "backup", key_of(tmp_path / "data"), replace=False, marks={}) is None
    assert await keys_in(new, key_of(tmp_path / "data")) == {"one"}
    assert new.stat().st_mode & 0o777 == 0o700


async def test_a_restore_is_refused_while_a_bot_runs(tmp_path: Path) -> None:
    """It goes on undisturbed."""
    await keep(tmp_path / "data", "one")
    back_up(tmp_path / "data", tmp_path / "backup")
    store = await open_sqlite(tmp_path / "data")
    await refusal(tmp_path / "data", tmp_path / "backup", InUse)
    await store.commit(batch("$2", row(key="two")))
    await store.close()
    assert await keys_in(tmp_path / "data") == {"one", "two"}


@pytest.mark.parametrize(
    "fault", ["text", "another program's", "a hole", "cut short", "another key", "missing", "log"]
)
async def test_what_cannot_be_used_replaces_nothing(tmp_path: Path, fault: str) -> None:
    """Each in a plain sentence that names the file, before anything is touched."""
    data, backup = tmp_path / "data", tmp_path / "backup"
    await keep(data, *(f"{n}" for n in range(60)))
    back_up(data, backup)
    content = backup.read_bytes()
    match fault:
        case "text":
            backup.write_text("dear diary")
        case "another program's":
            backup.unlink()
            conn = sqlite3.connect(backup)
            conn.execute("CREATE TABLE notes (a)")
            conn.close()
        case "a hole":
            backup.write_bytes(content[:8192] + b"\xff" * 8192 + content[16384:])
        case "cut short":
            backup.write_bytes(content[: len(content) // 2])
        case "another key":
            await restore(tmp_path / "new", backup, key_of(data), replace=False, marks={})
            (tmp_path / "new" / "master.key").write_bytes((data / "master.key").read_bytes())
            (data / "master.key").write_bytes(bytes(range(32)))
            await refusal(data, backup)
            (data / "master.key").write_bytes((tmp_path / "new" / "master.key").read_bytes())
        case "missing":
            backup.unlink()
        case _:
            backup.with_name("backup-wal").write_text("x")
    before = (data / DATABASE).read_bytes()
    if fault != "another key":
        with pytest.raises(CannotStart) as refused:
            await put_back(data, backup, replace=True)
        assert "sqlite" not in str(refused.value).lower()
    assert (data / DATABASE).read_bytes() == before
    assert len(await keys_in(data)) == 60


RESTORE = """
import asyncio, sys
from pathlib import Path
from adapters.sqlite import copies
from tests.sqlite.test_copies import put_back
steps = int(sys.argv[3])
class Killed(BaseException): pass
def counted(path, sync=copies.sync):
    global steps
    sync(path)
    steps -= 1
    if steps == 0:
        import os, signal
        os.kill(os.getpid(), signal.SIGKILL)
copies.sync = counted
asyncio.run(put_back(Path(sys.argv[1]), Path(sys.argv[2]), replace=True))
"""


async def test_killed_at_any_step_a_restore_leaves_the_old_or_the_new_or_says_what_to_do(
    tmp_path: Path,
) -> None:
    """Running it again finishes it. The old data are never lost, with their log as a kill left it."""
    source, backup = tmp_path / "source", tmp_path / "backup"
    await keep(source, "one")
    back_up(source, backup)
    seen = set()
    for steps in range(1, 20):
        data = tmp_path / f"data{steps}"
        data.mkdir(mode=0o700)
        (data / "master.key").write_bytes((source / "master.key").read_bytes())
        (data / "master.key").chmod(0o600)
        await keep(data, "old")
        await left_by_a_kill(data)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", RESTORE, str(data), str(backup), str(steps)
        )
        if await process.wait() == 0:
            assert await keys_in(data) == {"one"}
            break
        if (data / RESTORING).exists():
            seen.add("told")
            with pytest.raises(CannotStart) as refused:
                await open_sqlite(data)
            assert "circlekeeper restore" in refused.value.next_step
            with pytest.raises(CannotStart):
                back_up(data, tmp_path / "another")
            aside = await put_back(data, backup)
            assert aside is not None
            other = tmp_path / f"other{steps}"
            other.mkdir(mode=0o700)
            for path in data.glob(f"{aside.name}*"):
                path.rename(other / path.name.replace(aside.name, DATABASE))
            assert await keys_in(other, key_of(data)) == {"old", "late"}
            assert await keys_in(data) == {"one"}
        else:
            found = await keys_in(data)
            assert found in ({"one"}, {"old", "late"})
            seen.add("one" if found == {"one"} else "old")
    else:
        raise AssertionError("it never came to its end")
    assert seen >= {"told", "old"}


async def left_by_a_kill(data: Path) -> None:
    """One more record, that stands in the log alone."""
    script = (
        "import asyncio, os, signal, sys\n"
        "from pathlib import Path\n"
        "from tests.support.storage import batch, open_sqlite, row\n"
        "async def main():\n"
        "    store = await open_sqlite(Path(sys.argv[1]))\n"
        "    await store.commit(batch('$late', row(key='late')))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, str(data))
    await process.wait()
    assert (data / f"{DATABASE}-wal").stat().st_size > 0


async def test_killed_at_any_moment_a_backup_is_whole_or_not_there(tmp_path: Path) -> None:
    """A draft may be left, never half a backup under its name."""
    data = tmp_path / "data"
    await keep(data, *(f"{n}" for n in range(30)))
    script = (
        "import sys; from pathlib import Path; from adapters.sqlite import back_up\nprint(1, flush=True)\n"
    )
    script += "back_up(Path(sys.argv[1]), Path(sys.argv[2])); import time; time.sleep(60)"
    for number in range(4):
        backup = tmp_path / f"backup{number}"
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", script, str(data), str(backup), stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        await process.stdout.readline()
        await asyncio.sleep(random.uniform(0, 0.02))
        process.kill()
        await process.wait()
        if backup.exists():
            await restore(tmp_path / f"new{number}", backup, key_of(data), replace=False, marks={})
            assert len(await keys_in(tmp_path / f"new{number}", key_of(data))) == 30
