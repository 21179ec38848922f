"""Exchanging keys: everything is still there, and the old keys open nothing of it."""

import asyncio
import itertools
import random
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from adapters.sqlite import SqliteStore, open_store, rekeying
from adapters.sqlite.opening import INSTALLATION
from adapters.sqlite.reseal import COVERED
from adapters.sqlite.values import bound_to
from adapters.vault import Vault
from bot.boundary.errors import CannotStart, InUse
from bot.boundary.ports import ANY, Read
from bot.boundary.sealing import DATABASE, Unreadable
from tests.support.storage import ANN, BEN, NOW, OTHER, ROOM, batch, hours, row, waiting

OLD, NEW, NEWEST = (Vault(bytes(range(n, n + 32)), f"test {n}") for n in (1, 41, 81))
FEATURES = ("consent", "gate")
EVENTS = ("$1", "$2", "$never")
NAMES = ("matrix/position", "matrix/gate !kitchen", "none")
ROUNDS = 5
MARKS = {"matrix/restored-at": b"now"}
DRAWERS = ("matrix/sessions", "matrix/account", "none")


async def fill(folder: Path, vault: Vault = OLD) -> None:
    """Something in every table."""
    store = await open_store(folder, vault)
    for number, room in enumerate((ROOM, OTHER), start=1):
        rows = [row(who, room=room, feature=f, due_at=NOW) for who in (ANN, BEN, None) for f in FEATURES]
        effects = (waiting(f"o{number}", room=room), waiting(f"p{number}", None, room=room, attempts=2))
        await store.commit(batch(f"${number}", *rows, room=room, outgoing=effects))
    for name in NAMES[:2]:
        await store.put(name, name.encode() * 200)
    for drawer in DRAWERS[:2]:
        await store.change_drawer(drawer, {f"name{n}": b"value" * n for n in range(3)})
    await store.close()


async def everything(store: SqliteStore) -> list[Any]:
    """All that the port can tell."""
    reads = [Read(feature=f, room=r, member=ANY) for f, r in itertools.product(FEATURES, (ROOM, OTHER))]
    return [
        await store.rooms(),
        sorted(await store.load(reads), key=repr),
        await store.load([Read(feature="consent", room=ROOM, member=BEN, key="standing")]),
        await store.outbox(),
        sorted(await store.due(NOW + hours(1), 100), key=repr),
        await store.known(FEATURES, ANN),
        [await store.seen(event) for event in EVENTS],
        [await store.get(name) for name in NAMES],
        [await store.drawer(drawer) for drawer in DRAWERS],
    ]


async def told(folder: Path, vault: Vault) -> list[Any]:
    store = await open_store(folder, vault)
    try:
        return await everything(store)
    finally:
        await store.close()


def tables(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table of the file."""
    with closing(sqlite3.connect(folder / DATABASE)) as conn:
        conn.row_factory = sqlite3.Row
        names = [n for (n,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        return {name: [dict(r) for r in conn.execute(f"SELECT * FROM {name}")] for name in names}


def blobs(folder: Path) -> set[bytes]:
    """Every sealed value, wrapped key and blind index that there is."""
    rows = [row for rows in tables(folder).values() for row in rows]
    return {value for row in rows for value in row.values() if isinstance(value, bytes)}


def anywhere(folder: Path, needles: set[bytes]) -> Iterator[bytes]:
    contents = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return (needle for needle in needles if any(needle in content for content in contents))


def reseal(folder: Path, old: Vault, new: Vault) -> None:
    with rekeying(folder) as data:
        data.reseal(old, new, MARKS)


def rotate(folder: Path, old: Vault, new: Vault) -> None:
    with rekeying(folder) as data:
        data.rewrap(old, new)


def test_resealing_covers_every_column_that_depends_on_a_key(tmp_path: Path) -> None:
    """A table or column that is added later and forgotten in `reseal.COVERED` makes this fail."""
    asyncio.run(fill(tmp_path / "data"))
    with closing(sqlite3.connect(tmp_path / "data" / DATABASE)) as conn:
        names = [n for (n,) in conn.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {
            name: {c for _, c, kind, *_ in conn.execute(f"PRAGMA table_info({name})") if kind == "BLOB"}
            for name in names
        }
    assert {name: columns for name, columns in found.items() if columns} == COVERED


async def test_resealing_keeps_everything_and_no_byte_of_what_was(tmp_path: Path) -> None:
    """Each table has rows; not one sealed value, key or index of before is anywhere in the folder."""
    folder = tmp_path / "data"
    await fill(folder)
    assert all(tables(folder)[name] for name in COVERED)
    before, was = await told(folder, OLD), blobs(folder)
    reseal(folder, OLD, NEW)
    assert list(anywhere(folder, was)) == []
    assert await told(folder, NEW) == before
    with pytest.raises(CannotStart):
        await open_store(folder, OLD)
    store = await open_store(folder, NEW)
    assert [await store.get(name) for name in MARKS] == list(MARKS.values())
    await store.close()


async def test_resealing_again_and_again_still_finds_everything(tmp_path: Path) -> None:
    """An index that was moved once is moved again, and new rows are found beside old ones."""
    folder = tmp_path / "data"
    await fill(folder)
    reseal(folder, OLD, NEW)
    store = await open_store(folder, NEW)
    await store.put(NAMES[0], b"newer")
    await store.commit(batch("$never", row(ANN, key="later")))
    before = await everything(store)
    await store.close()
    reseal(folder, NEW, NEWEST)
    rotate(folder, NEWEST, OLD)
    after = await told(folder, OLD)
    assert after == before
    assert after[6] == [True, True, True]


async def test_a_thief_of_the_old_key_and_of_old_data_opens_nothing_of_the_new(tmp_path: Path) -> None:
    """Neither the master key nor any key that it opens in the old copy; nor do its indexes find anything."""
    folder = tmp_path / "data"
    await fill(folder)
    with closing(sqlite3.connect(folder / DATABASE)) as conn:
        (wrapped,) = conn.execute("SELECT wrapped FROM installation").fetchone()
        rooms = conn.execute("SELECT room_ix, wrapped FROM rooms").fetchall()
    installation = OLD.open_key(wrapped, INSTALLATION)
    stolen = [installation, *(OLD.open_key(w, bound_to("room", ix)) for ix, w in rooms)]
    reseal(folder, OLD, NEW)
    found = tables(folder)
    places = [INSTALLATION, b"", *(bound_to("room", r["room_ix"]) for r in found["rooms"])]
    places += [bound_to("cabinet", r["name_ix"]) for r in found["cabinet"]]
    places += [bound_to("drawer", r["drawer_ix"], r["name_ix"]) for r in found["drawers"]]
    places += [bound_to("name", r["room_ix"]) for r in found["rooms"]]
    places += [bound_to("record", *(r[c] for c in r if c != "sealed")) for r in found["records"]]
    places += [bound_to("outbox", r["room"], r["id_ix"], r["member_ix"]) for r in found["outbox"]]
    for value, place in itertools.product(blobs(folder), places):
        with pytest.raises(Unreadable):
            OLD.open_key(value, place)
        for key in stolen:
            with pytest.raises(Unreadable):
                key.unseal(value, place)
    known = {
        *(installation.index("event", event) for event in EVENTS),
        *(installation.index("cabinet", name) for name in NAMES),
        *(installation.index("drawer", name) for name in DRAWERS),
        *(installation.index("room", r.platform, r.native) for r in (ROOM, OTHER)),
        *(installation.index("outbox id", id) for id in ("o1", "p1", "o2", "p2")),
        *(key.index("feature", f) for key in stolen for f in FEATURES),
    }
    assert known & blobs(folder) == set()


async def test_rotating_keeps_everything_and_wipes_the_keys_under_the_old_one(tmp_path: Path) -> None:
    """The wrapped forms change, the sealed rows do not."""
    folder = tmp_path / "data"
    await fill(folder)
    before, was = await told(folder, OLD), tables(folder)
    rotate(folder, OLD, NEW)
    assert await told(folder, NEW) == before
    wrapped = {r["wrapped"] for r in was["rooms"] + was["installation"]}
    assert list(anywhere(folder, wrapped)) == []
    assert tables(folder)["records"] == was["records"]
    with pytest.raises(CannotStart) as refused:
        await open_store(folder, OLD)
    assert "does not fit" in refused.value.what


@pytest.mark.parametrize("change", [rotate, reseal])
async def test_a_key_that_does_not_fit_changes_nothing(tmp_path: Path, change: Any) -> None:
    """Said in words, before the first byte is written."""
    folder = tmp_path / "data"
    await fill(folder)
    before = (folder / DATABASE).read_bytes()
    with pytest.raises(CannotStart) as refused:
        change(folder, NEW, NEWEST)
    assert "does not fit" in refused.value.what
    assert (folder / DATABASE).read_bytes() == before


async def test_a_sealed_record_that_was_changed_stops_the_resealing_whole(tmp_path: Path) -> None:
    """Nothing is lost and nothing half done: the data still open with the old key."""
    folder = tmp_path / "data"
    await fill(folder)
    with closing(sqlite3.connect(folder / DATABASE)) as conn, conn:
        conn.execute("UPDATE records SET sealed = zeroblob(300) WHERE rowid = 5")
    before = tables(folder)
    with pytest.raises(CannotStart):
        reseal(folder, OLD, NEW)
    assert tables(folder) == before


async def test_a_running_bot_keeps_its_keys(tmp_path: Path) -> None:
    """And nothing is made where there are no data."""
    await fill(tmp_path / "data")
    store = await open_store(tmp_path / "data", OLD)
    with pytest.raises(InUse):
        rotate(tmp_path / "data", OLD, NEW)
    await store.close()
    with pytest.raises(CannotStart):
        rotate(tmp_path / "nothing", OLD, NEW)
    assert not (tmp_path / "nothing").exists()


CHANGE = """
import sys, time
from pathlib import Path
from tests.sqlite.test_rekeying import NEW, OLD, rekeying
with rekeying(Path(sys.argv[1])) as data:
    print("go", flush=True)
    data.rewrap(OLD, NEW) if sys.argv[2] == "rewrap" else data.reseal(OLD, NEW, {})
    print("done", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("what", ["rewrap", "reseal"])
async def test_killed_at_any_moment_the_data_open_with_one_of_the_two_keys(tmp_path: Path, what: str) -> None:
    """All of it or nothing, and what was done stays done."""
    for number in range(ROUNDS):
        folder = tmp_path / f"data{number}"
        await fill(folder)
        before = await told(folder, OLD)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", CHANGE, str(folder), what, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        await process.stdout.readline()
        await asyncio.sleep(random.uniform(0, 0.03))
        process.kill()
        done = b"done" in await process.stdout.read()
        await process.wait()
        with rekeying(folder) as data:
            fits = [data.opens_with(OLD), data.opens_with(NEW)]
        assert sorted(fits) == [False, True]
        assert fits[1] or not done
        assert await told(folder, NEW if fits[1] else OLD) == before
