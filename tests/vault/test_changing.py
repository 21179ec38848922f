"""A new master key in the old one's place: at each moment there is a key that opens the data."""

import base64
from pathlib import Path

import pytest

from adapters.sqlite import rekeying
from adapters.vault import change_key, open_vault
from adapters.vault.changing import NEW_VARIABLE
from adapters.vault.master import VARIABLE, waiting_key
from bot.boundary.errors import CannotStart
from bot.boundary.ports import Read
from tests.support.storage import ROOM, batch, open_sqlite, row

OTHER_KEY = base64.b64encode(bytes(range(50, 82))).decode()
THIRD_KEY = base64.b64encode(bytes(range(90, 122))).decode()


async def begun(folder: Path) -> Path:
    store = await open_sqlite(folder)
    await store.commit(batch("$1", row()))
    await store.close()
    return folder / "master.key"


async def opens(folder: Path) -> bool:
    store = await open_sqlite(folder)
    kept = await store.load([Read(feature="consent", room=ROOM)])
    await store.close()
    return kept == [row()]


def exchange(folder: Path, steps: int = 3) -> str:
    """The way of `keys rotate`, or only its first steps, as if it had been killed."""
    with rekeying(folder) as data:
        change = change_key(folder / "master.key", folder, {})
        if steps > 1 and data.opens_with(change.old):
            data.rewrap(change.old, change.new)
        return change.finish() if steps > 2 else ""


async def test_the_old_key_is_kept_aside_and_the_new_one_takes_its_place(tmp_path: Path) -> None:
    """Both are private; the words name the file that the operator is to delete some day."""
    key = await begun(tmp_path)
    old = key.read_bytes()
    said = exchange(tmp_path)
    (aside,) = tmp_path.glob("master.key.old-*")
    assert str(aside) in said
    assert aside.read_bytes() == old != key.read_bytes()
    assert {path.stat().st_mode & 0o777 for path in (key, aside)} == {0o600}
    assert not waiting_key(key).exists()
    assert await opens(tmp_path)


@pytest.mark.parametrize("steps", [1, 2])
async def test_an_exchange_that_was_cut_off_is_finished_by_the_next(tmp_path: Path, steps: int) -> None:
    """Before the data were changed the bot still starts; after it, it says what to run."""
    key = await begun(tmp_path)
    exchange(tmp_path, steps)
    waits = waiting_key(key).read_bytes()
    if steps == 1:
        assert await opens(tmp_path)
    else:
        with pytest.raises(CannotStart) as refused:
            await open_sqlite(tmp_path)
        assert "keys rotate" in refused.value.next_step
    exchange(tmp_path)
    assert key.read_bytes() == waits
    assert await opens(tmp_path)
    assert len(list(tmp_path.glob("master.key.old-*"))) == 1


async def test_cut_off_between_keeping_the_old_and_renaming_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The old key is kept once, and nothing is lost."""
    key = await begun(tmp_path)
    old = key.read_bytes()

    def killed(*_: object) -> Path:
        raise OSError("the power went")

    with monkeypatch.context() as power:
        power.setattr(Path, "replace", killed)
        with pytest.raises(CannotStart) as refused:
            exchange(tmp_path)
    assert "finishes what was begun" in refused.value.next_step
    exchange(tmp_path)
    assert [path.read_bytes() for path in tmp_path.glob("master.key.old-*")] == [old]
    assert await opens(tmp_path)


async def test_each_exchange_keeps_its_own_old_key(tmp_path: Path) -> None:
    """However quickly they follow one another."""
    key = await begun(tmp_path)
    keys = {key.read_bytes()}
    for _ in range(3):
        exchange(tmp_path)
        keys.add(key.read_bytes())
    kept = {path.read_bytes() for path in tmp_path.glob("master.key.old-*")}
    assert kept | {key.read_bytes()} == keys
    assert len(keys) == 4
    assert await opens(tmp_path)


def test_a_key_behind_a_link_is_exchanged_where_it_lies(tmp_path: Path) -> None:
    """The link stays, for it is the operator's."""
    real = tmp_path / "elsewhere" / "real.key"
    open_vault(real, tmp_path, {})
    link = tmp_path / "master.key"
    link.symlink_to(real)
    before = real.read_bytes()
    change_key(link, tmp_path, {}).finish()
    assert link.is_symlink()
    assert real.read_bytes() != before


def test_a_key_that_is_handed_in_needs_a_new_one_beside_it(tmp_path: Path) -> None:
    """This program cannot change an environment: it says how, and what to do afterwards."""
    with pytest.raises(CannotStart) as refused:
        change_key(tmp_path / "master.key", tmp_path, {VARIABLE: OTHER_KEY})
    assert NEW_VARIABLE in refused.value.next_step
    with pytest.raises(CannotStart) as refused:
        change_key(tmp_path / "master.key", tmp_path, {VARIABLE: OTHER_KEY, NEW_VARIABLE: OTHER_KEY})
    assert "is the old one" in refused.value.what
    change = change_key(tmp_path / "master.key", tmp_path, {VARIABLE: OTHER_KEY, NEW_VARIABLE: THIRD_KEY})
    said = change.finish()
    assert VARIABLE in said
    assert NEW_VARIABLE in said
    assert OTHER_KEY not in said
    assert THIRD_KEY not in said
    assert list(tmp_path.iterdir()) == []


def test_systemd_hands_in_both_keys_as_credentials(tmp_path: Path) -> None:
    """`LoadCredential=master.key:...` and `LoadCredential=new-master.key:...`."""
    for name, key in (("master.key", OTHER_KEY), ("new-master.key", THIRD_KEY)):
        (tmp_path / name).write_text(key)
        (tmp_path / name).chmod(0o440)
    change = change_key(tmp_path / "none", tmp_path / "data", {"CREDENTIALS_DIRECTORY": str(tmp_path)})
    assert "new-master.key" in change.finish()


def test_a_new_key_beside_a_key_file_is_refused(tmp_path: Path) -> None:
    """Two new keys, and nobody could tell which one holds."""
    open_vault(tmp_path / "master.key", tmp_path, {})
    with pytest.raises(CannotStart) as refused:
        change_key(tmp_path / "master.key", tmp_path, {NEW_VARIABLE: OTHER_KEY})
    assert NEW_VARIABLE in refused.value.what
    assert [path.name for path in tmp_path.iterdir()] == ["master.key"]


def test_no_key_is_made_for_an_exchange_or_a_restore(tmp_path: Path) -> None:
    """There is nothing that a fresh key could open."""
    for call in (
        lambda: change_key(tmp_path / "master.key", tmp_path, {}),
        lambda: open_vault(tmp_path / "master.key", tmp_path, {}, make=False),
    ):
        with pytest.raises(CannotStart) as refused:
            call()
        assert "is missing" in refused.value.what
    assert list(tmp_path.iterdir()) == []
