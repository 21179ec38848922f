"""`keys rotate`, `keys reseal`, `backup` and `restore` as an operator types them."""

import asyncio
import base64
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from adapters.sqlite import open_store
from adapters.vault import open_vault
from bot.boundary.errors import CannotStart
from bot.boundary.ports import RESTORED_AT
from bot.operator.assemble import OwnPart
from tests.ops.test_cli import ROOT, Place, ask, refused
from tests.support.synapse import free_port

KEY = base64.b64encode(bytes(range(20, 52))).decode()
NEW_KEY = base64.b64encode(bytes(range(60, 92))).decode()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data and key of a bot that ran once."""
    place = Place(tmp_path_factory.mktemp("made"), free_port(), free_port()).write()
    bot = place.start()
    place.until("/healthz", 200)
    stopped(bot)
    return place.folder


@pytest.fixture
def place(tmp_path: Path, made: Path) -> Place:
    """A copy of those, for one test."""
    for name in ("data", "secrets"):
        shutil.copytree(made / name, tmp_path / name)
    return Place(tmp_path, free_port(), free_port()).write()


def stopped(bot: subprocess.Popen[str]) -> None:
    bot.send_signal(signal.SIGTERM)
    bot.communicate(timeout=15)
    assert bot.returncode == 0


def key(place: Place) -> Path:
    return place.folder / "secrets" / "master.key"


def opens(place: Place, **env: str) -> bool:
    """Whether a bot could start with these data and this key."""

    async def look() -> bool:
        store = await open_store(place.data, open_vault(key(place), place.data, env))
        await store.close()
        return True

    try:
        return asyncio.run(look())
    except CannotStart:
        return False


def restored_at(place: Place) -> bytes | None:
    """What the Matrix adapter reads in its own part of the cabinet."""

    async def look() -> bytes | None:
        store = await open_store(place.data, open_vault(key(place), place.data, {}))
        try:
            return await OwnPart(store, "matrix").get(RESTORED_AT)
        finally:
            await store.close()

    return asyncio.run(look())


def test_rotate_exchanges_the_key_and_says_what_it_does_not_do(place: Place) -> None:
    """The old key is kept aside; for a stolen key another command is named."""
    old = key(place).read_bytes()
    said = ask("keys", "rotate", folder=place.folder)
    assert said.code == 0, said.all
    assert "circlekeeper keys reseal" in said.out
    (aside,) = key(place).parent.glob("master.key.old-*")
    assert str(aside) in said.out
    assert aside.read_bytes() == old
    for secret in (old.decode().strip(), key(place).read_text().strip()):
        assert secret not in said.all
    assert opens(place)


def test_reseal_says_what_a_thief_can_still_read(place: Place) -> None:
    """And the bot starts with what it made."""
    said = ask("keys", "reseal", folder=place.folder)
    assert said.code == 0, said.all
    assert "every backup made before now" in said.out
    assert restored_at(place) is not None  # a thief may have the device's keys
    assert opens(place)
    bot = place.start()
    place.until("/healthz", 200)
    stopped(bot)


@pytest.mark.parametrize("command", ["rotate", "reseal"])
def test_the_keys_of_a_running_bot_stay(place: Place, command: str) -> None:
    """Refused before a key is made."""
    bot = place.start()
    place.until("/healthz", 200)
    refused(ask("keys", command, folder=place.folder), "Another Circlekeeper is running")
    stopped(bot)
    assert [path.name for path in key(place).parent.iterdir() if "key" in path.name] == ["master.key"]


def test_without_data_there_is_no_key_to_change(tmp_path: Path) -> None:
    """Neither a folder nor a key is made."""
    place = Place(tmp_path, free_port(), free_port()).write()
    refused(ask("keys", "rotate", folder=place.folder), "There are no data")
    assert not place.data.exists()
    assert not key(place).exists()


def test_a_key_in_the_environment_is_exchanged_with_one_beside_it(place: Place) -> None:
    """Without one it says how; after it the new one alone opens the data, and a repeat says so."""
    in_file = key(place).read_text().strip()
    key(place).unlink()
    old = {"CIRCLEKEEPER_MASTER_KEY": in_file}
    both = {**old, "CIRCLEKEEPER_NEW_MASTER_KEY": NEW_KEY}
    refused(ask("keys", "rotate", folder=place.folder, limit=None, **old), "cannot be changed from here")
    for _ in range(2):
        said = ask("keys", "rotate", folder=place.folder, limit=None, **both)
        assert said.code == 0, said.all
        assert "put the new key in the place of the environment variable CIRCLEKEEPER_MASTER_KEY" in said.out
        assert NEW_KEY not in said.all
    assert "open with the new key already" in said.out
    assert not opens(place, **old)
    assert opens(place, CIRCLEKEEPER_MASTER_KEY=NEW_KEY)


def test_data_that_were_rotated_to_a_new_key_in_the_environment_can_still_be_resealed(place: Place) -> None:
    """As after a resealing that was interrupted: the same two keys, and nothing is stuck."""
    both = {
        "CIRCLEKEEPER_MASTER_KEY": key(place).read_text().strip(),
        "CIRCLEKEEPER_NEW_MASTER_KEY": NEW_KEY,
    }
    key(place).unlink()
    assert ask("keys", "rotate", folder=place.folder, limit=None, **both).code == 0
    before = (place.data / "circlekeeper.db").read_bytes()
    said = ask("keys", "reseal", folder=place.folder, limit=None, **both)
    assert said.code == 0, said.all
    assert (place.data / "circlekeeper.db").read_bytes() != before
    assert opens(place, CIRCLEKEEPER_MASTER_KEY=NEW_KEY)


@pytest.mark.parametrize("command", ["rotate", "reseal"])
def test_killed_at_any_moment_the_next_try_finishes(place: Place, command: str) -> None:
    """kill -9, then the same command again, then the bot: nothing else is ever needed."""
    for delay in (0.4, 0.6):
        process = subprocess.Popen(
            [sys.executable, "-m", "bot", "keys", command],
            cwd=place.folder,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(delay)
        process.kill()
        process.wait()
    said = ask("keys", command, folder=place.folder)
    assert said.code == 0, said.all
    assert not list(key(place).parent.glob("*.new"))
    assert opens(place)


def test_an_interrupted_change_is_told_by_run_and_doctor(place: Place) -> None:
    """Between the exchange in the data and that of the files, no start succeeds; both say what to run."""
    ask("keys", "rotate", folder=place.folder)
    (aside,) = key(place).parent.glob("master.key.old-*")
    key(place).rename(key(place).with_name("master.key.new"))
    aside.rename(key(place))
    said = ask("run", folder=place.folder)
    refused(said, "does not fit")
    assert "circlekeeper keys rotate" in said.err
    assert "circlekeeper keys rotate" in ask("doctor", folder=place.folder).out
    said = ask("keys", "rotate", folder=place.folder)
    assert "was interrupted" in said.out
    assert opens(place)


def test_resealing_after_an_interrupted_change_reseals_all_the_same(place: Place) -> None:
    """Nobody can tell what it was that was interrupted: in doubt, everything."""
    before = (place.data / "circlekeeper.db").read_bytes()
    ask("keys", "rotate", folder=place.folder)
    (aside,) = key(place).parent.glob("master.key.old-*")
    key(place).rename(key(place).with_name("master.key.new"))
    aside.rename(key(place))
    said = ask("keys", "reseal", folder=place.folder)
    assert said.code == 0, said.all
    assert "Everything is sealed anew" in said.out
    assert len(list(key(place).parent.glob("master.key.old-*"))) == 2
    assert (place.data / "circlekeeper.db").read_bytes() != before
    assert opens(place)


def test_resealing_uses_no_new_key_that_was_lying_about(place: Place) -> None:
    """One that an interrupted rotation left may have been stolen with the old one."""
    waiting = key(place).with_name("master.key.new")
    waiting.write_text(NEW_KEY)
    waiting.chmod(0o600)
    assert ask("keys", "reseal", folder=place.folder).code == 0
    assert NEW_KEY not in "".join(path.read_text() for path in key(place).parent.glob("master.key*"))
    assert opens(place)


def test_a_backup_beside_a_running_bot_and_its_way_back(place: Place) -> None:
    """It says that the key is not in it, never overwrites, and needs --replace to replace."""
    bot = place.start()
    place.until("/healthz", 200)
    said = ask("backup", "copy.db", folder=place.folder)
    assert said.code == 0, said.all
    assert "the master key is not in it" in said.out
    assert "operator.backups_kept" in said.out
    assert (place.folder / "copy.db").stat().st_mode & 0o777 == 0o600
    refused(ask("backup", "copy.db", folder=place.folder), "There is already a file")
    refused(ask("restore", "copy.db", "--replace", folder=place.folder), "Another Circlekeeper is running")
    stopped(bot)
    refused(ask("restore", "copy.db", folder=place.folder), "There are data in")
    assert restored_at(place) is None
    said = ask("restore", "copy.db", "--replace", folder=place.folder)
    assert said.code == 0, said.all
    assert "members may have to repeat what they decided" in said.out
    assert restored_at(place) is not None
    (aside,) = place.data.glob("circlekeeper.db.before-*")
    assert str(aside) in said.out
    assert opens(place)


def test_a_backup_needs_no_key_and_a_restore_proves_it(place: Place) -> None:
    """Where the key is a credential of the service, a timer can back up without it."""
    right = key(place).rename(place.folder / "right")
    assert ask("backup", "copy.db", folder=place.folder).code == 0
    refused(ask("restore", "copy.db", "--replace", folder=place.folder), "its master key")
    assert not key(place).exists()
    said = ask("restore", "copy.db", "--replace", folder=place.folder, CIRCLEKEEPER_MASTER_KEY=KEY)
    refused(said, "does not fit the data in")
    right.rename(key(place))
    assert ask("restore", "copy.db", "--replace", folder=place.folder).code == 0
    assert opens(place)


def test_an_old_backup_opens_with_the_key_of_its_day(place: Place) -> None:
    """That is why the old key is kept aside."""
    assert ask("backup", "copy.db", folder=place.folder).code == 0
    ask("keys", "rotate", folder=place.folder)
    (aside,) = key(place).parent.glob("master.key.old-*")
    said = ask("restore", "copy.db", "--replace", folder=place.folder)
    refused(said, "does not fit")
    assert "master.key.old-" in said.err, "the next step leads to the key that does fit"
    old = aside.read_text().strip()
    said = ask("restore", "copy.db", "--replace", folder=place.folder, CIRCLEKEEPER_MASTER_KEY=old)
    assert said.code == 0, said.all
    assert "needs that key from now on" in said.out
    assert opens(place, CIRCLEKEEPER_MASTER_KEY=old)


def test_stopped_while_python_still_imports_it_ends_with_0(tmp_path: Path) -> None:
    """From the moment on that the program can hear it at all, also long before it has read anything."""
    place = Place(tmp_path, free_port(), free_port()).write()
    bot = place.start()
    status = Path(f"/proc/{bot.pid}/status")
    terminate = 1 << (signal.SIGTERM - 1)
    while True:
        caught = next(line for line in status.read_text().splitlines() if line.startswith("SigCgt"))
        if int(caught.split()[1], 16) & terminate:
            break
    began = time.monotonic()
    bot.send_signal(signal.SIGTERM)
    out, err = bot.communicate(timeout=15)
    assert (bot.returncode, out, err) == (0, "", "")
    assert time.monotonic() - began < 1
    assert not place.data.exists()
