"""Where the master key comes from, and every reason not to start."""

import base64
import os
import stat
from pathlib import Path

import pytest

from adapters.vault import Vault, open_vault
from bot.boundary.errors import CannotStart
from bot.boundary.sealing import DATABASE, Unreadable

RAW = bytes(range(100, 132))
FORMS = {
    "raw": RAW,
    "base64": base64.b64encode(RAW),
    "base64 with a line end": base64.b64encode(RAW) + b"\r\n",
    "base64 for addresses, unpadded": base64.urlsafe_b64encode(RAW).rstrip(b"="),
    "hex": RAW.hex().encode(),
    "hex in capitals": RAW.hex().upper().encode() + b"\n",
}
NOT_KEYS = {
    "nothing": b"",
    "blank": b"  \n",
    "a password": b"correct horse battery staple",
    "32 letters": b"abcdefghijklmnopqrstuvwxyz012345",
    "31 bytes": base64.b64encode(RAW[:-1]),
    "33 bytes": base64.b64encode(RAW + b"!"),
    "hex cut short": RAW.hex().encode()[:-1],
    "hex with a slip": b"g" + RAW.hex().encode()[1:],
    "a large file": os.urandom(100_000),
    "only zeros": bytes(32),
    "a placeholder": base64.b64encode(b"A" * 32),
}


def private(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    path.chmod(0o600)
    return path


def same(one: Vault, other: Vault) -> bool:
    wrapped, _ = one.new_key(b"")
    try:
        other.open_key(wrapped, b"")
    except Unreadable:
        return False
    return True


def test_the_first_start_makes_a_private_key(tmp_path: Path) -> None:
    """In a folder that only the user can enter, readable by nobody else; and never a second one."""
    path = tmp_path / "data" / "master.key"
    made = open_vault(path, path.parent, {})
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert same(made, open_vault(path, path.parent, {}))
    assert [p.name for p in path.parent.iterdir()] == ["master.key"]
    assert len(base64.b64decode(path.read_bytes())) == 32


def test_the_umask_does_not_open_a_new_key(tmp_path: Path) -> None:
    """Whatever the umask, the key is private from its first moment."""
    before = os.umask(0)
    try:
        open_vault(tmp_path / "master.key", tmp_path / "data", {})
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "master.key").stat().st_mode) == 0o600


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    """Keys are random."""
    one, other = (open_vault(tmp_path / name, tmp_path, {}) for name in ("one", "other"))
    assert not same(one, other)


@pytest.mark.parametrize("name", [DATABASE, f"{DATABASE}-wal"])
def test_no_new_key_is_made_over_existing_data(tmp_path: Path, name: str) -> None:
    """A lost key is told at once, with the way back; a new one would bury the data."""
    data = tmp_path / "data"
    data.mkdir()
    (data / name).write_bytes(b"something")
    with pytest.raises(CannotStart) as refused:
        open_vault(tmp_path / "master.key", data, {})
    assert "missing" in refused.value.what
    assert "CIRCLEKEEPER_MASTER_KEY" in refused.value.next_step
    assert not (tmp_path / "master.key").exists()


def test_an_empty_database_file_is_no_data(tmp_path: Path) -> None:
    """A first start that was cut off can simply be tried again."""
    (tmp_path / DATABASE).touch()
    open_vault(tmp_path / "master.key", tmp_path, {})


@pytest.mark.parametrize("form", FORMS)
def test_a_key_is_taken_in_every_common_form(tmp_path: Path, form: str) -> None:
    """In a file: raw, base64 or hex. In the environment: what is text."""
    expected = Vault(RAW, "")
    path = private(tmp_path / "master.key", FORMS[form])
    assert same(expected, open_vault(path, tmp_path, {}))
    if form != "raw":
        environ = {"CIRCLEKEEPER_MASTER_KEY": FORMS[form].decode()}
        assert same(expected, open_vault(tmp_path / "none", tmp_path, environ))
        assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("form", NOT_KEYS)
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path: Path, form: str) -> None:
    """The message says what a key is, and shows nothing of what stood there."""
    content = NOT_KEYS[form]
    path = private(tmp_path / "master.key", content)
    with pytest.raises(CannotStart) as refused:
        open_vault(path, tmp_path, {})
    assert "openssl rand -base64 32" in refused.value.next_step
    assert path.read_bytes() == content
    if content.isascii() and content.strip():
        with pytest.raises(CannotStart) as refused:
            open_vault(path, tmp_path, {"CIRCLEKEEPER_MASTER_KEY": content.decode()})
        assert content.decode().strip() not in str(refused.value)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660, 0o644, 0o666, 0o601])
def test_a_key_file_that_others_can_use_is_refused(tmp_path: Path, mode: int) -> None:
    """Read or write: both give the data away. The message has the command that mends it."""
    path = private(tmp_path / "master.key", FORMS["base64"])
    path.chmod(mode)
    with pytest.raises(CannotStart, match="chmod 600"):
        open_vault(path, tmp_path, {})


def test_the_environment_comes_first_then_the_credential_then_the_file(tmp_path: Path) -> None:
    """Three places, one order; an empty variable or a missing credential does not count."""
    file = private(tmp_path / "master.key", RAW)
    credentials = tmp_path / "credentials"
    credentials.mkdir()
    environ = {"CREDENTIALS_DIRECTORY": str(credentials), "CIRCLEKEEPER_MASTER_KEY": ""}
    assert same(Vault(RAW, ""), open_vault(file, tmp_path, environ))
    private(credentials / "master.key", RAW[::-1])
    assert same(Vault(RAW[::-1], ""), open_vault(file, tmp_path, environ))
    environ["CIRCLEKEEPER_MASTER_KEY"] = (RAW[16:] + RAW[:16]).hex()
    assert same(Vault(RAW[16:] + RAW[:16], ""), open_vault(file, tmp_path, environ))


def test_systemd_grants_a_credential_through_the_group_bits(tmp_path: Path) -> None:
    """An access list shows as group rights; others still must not read it."""
    credential = private(tmp_path / "master.key", RAW)
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    credential.chmod(0o440)
    open_vault(tmp_path / "none", tmp_path, environ)
    credential.chmod(0o444)
    with pytest.raises(CannotStart):
        open_vault(tmp_path / "none", tmp_path, environ)


def test_a_place_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    """A folder where a file should be, a file where a folder should be: one plain sentence."""
    (tmp_path / "folder").mkdir(mode=0o700)
    with pytest.raises(CannotStart, match="cannot be read"):
        open_vault(tmp_path / "folder", tmp_path, {})
    (tmp_path / "file").touch()
    with pytest.raises(CannotStart):
        open_vault(tmp_path / "file" / "master.key", tmp_path / "data", {})
    with pytest.raises(CannotStart, match="cannot be made"):
        open_vault(Path("/proc/circlekeeper/master.key"), tmp_path / "data", {})


def test_the_origin_names_the_place(tmp_path: Path) -> None:
    """For the message about a wrong key: where to look."""
    path = private(tmp_path / "master.key", RAW)
    assert str(path) in open_vault(path, tmp_path, {}).origin
    environ = {"CIRCLEKEEPER_MASTER_KEY": RAW.hex()}
    assert "CIRCLEKEEPER_MASTER_KEY" in open_vault(path, tmp_path, environ).origin
    assert RAW.hex() not in open_vault(path, tmp_path, environ).origin
