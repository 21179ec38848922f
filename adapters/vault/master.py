"""Where the master key comes from, and when a new one may be made: only before there is data.

Looked for in this order: the environment variable `CIRCLEKEEPER_MASTER_KEY` (base64 or hex), the
systemd credential `master.key` (systemd.exec(5), LoadCredential=), the master key file.
"""

import base64
import binascii
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from adapters.vault.seal import GIVE_IT_AGAIN, KEY_BYTES, Vault
from bot.boundary.errors import CannotStart
from bot.boundary.sealing import DATABASE

VARIABLE = "CIRCLEKEEPER_MASTER_KEY"
CREDENTIAL = "master.key"

_TOO_LONG = 1024
"""No form of a key is longer: whatever else the file holds, it is no key, and is not read whole."""
_FEWEST_DIFFERENT = 12
"""32 random bytes have at least so many different values, but for one case in 10^24: a key with
fewer is a placeholder that somebody typed."""

INTERRUPTED = (
    "A change of this key was interrupted, and no data are lost: run `circlekeeper keys rotate` again. "
    "It finishes what was begun."
)

_HOW_TO_MAKE = "A key is 32 random bytes in base64 (`openssl rand -base64 32` makes one)."


def open_vault(
    master_key_file: Path, data_folder: Path, environ: Mapping[str, str], *, make: bool = True
) -> Vault:
    """The vault with the operator's master key, made now (`make`) where there is none and no data yet.

    Raises `CannotStart` where the key is missing although there is data, is malformed, or can be
    read by others.
    """
    if (vault := given(environ, VARIABLE, CREDENTIAL)) is not None:
        return vault
    if not exists(master_key_file):
        if _holds_data(data_folder):
            raise CannotStart(
                f"There is data in {data_folder}, but its master key {master_key_file} is missing.",
                f"Put the key file back from where you keep a copy, or give the key in {VARIABLE}. "
                "Without that key nobody can read the data.",
            )
        if not make:
            raise CannotStart(
                f"The master key file {master_key_file} is missing.",
                f"Put the key there that was used before (mode 600), or give it in {VARIABLE}.",
            )
        write_key(master_key_file, new_key())
    if_it_does_not_fit = INTERRUPTED if exists(waiting_key(master_key_file)) else GIVE_IT_AGAIN
    return from_file(master_key_file, f"the file {master_key_file}", 0o077, if_it_does_not_fit)


def given(environ: Mapping[str, str], variable: str, credential: str) -> Vault | None:
    """A key that the operator hands in, not in a file of ours. None: there is none.

    Raises `CannotStart` where it is malformed, or can be read by others.
    """
    if words := environ.get(variable, ""):
        origin = f"the environment variable {variable}"
        return Vault(_key(words.encode("utf-8", "replace"), origin), origin)
    if folder := environ.get("CREDENTIALS_DIRECTORY", ""):
        path = Path(folder, credential)
        if path.exists():
            # systemd grants by an access list, which shows as group rights: only "others" count.
            return from_file(path, f"the systemd credential {credential}", 0o007)
    return None


def waiting_key(master_key_file: Path) -> Path:
    """Where a new key waits while the old one is being replaced: beside the file itself."""
    path = master_key_file.resolve()
    return path.with_name(f"{path.name}.new")


def new_key() -> bytes:
    """The content of a new key's file."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)) + b"\n"


def exists(path: Path) -> bool:
    """Whether there is a file. Raises `CannotStart` where that cannot be told."""
    try:
        return path.exists()
    except OSError as error:
        raise _cannot_read(f"the file {path}") from error


def _holds_data(folder: Path) -> bool:
    """Whether any database file with something in it is there (its companions count too)."""
    try:
        found = list(folder.glob(f"{DATABASE}*"))
        return any(path.is_file() and path.stat().st_size > 0 for path in found)
    except OSError as error:
        raise CannotStart(
            f"The data folder {folder} cannot be read.", "Give the user that runs Circlekeeper access to it."
        ) from error


def from_file(path: Path, origin: str, refuse: int, if_it_does_not_fit: str = GIVE_IT_AGAIN) -> Vault:
    """The vault with a file's key. `refuse` are the rights that nobody may have to it."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_TOO_LONG)
    except OSError as error:
        raise _cannot_read(origin) from error
    if mode & refuse:
        raise CannotStart(
            f"The master key in {origin} can be read by other users of this machine.",
            f"Make it private (chmod 600 {path}), and start again.",
        )
    return Vault(_key(content, origin), origin, if_it_does_not_fit)


def _cannot_read(origin: str) -> CannotStart:
    return CannotStart(
        f"The master key in {origin} cannot be read.",
        "It must be a file that belongs to the user that runs Circlekeeper, with mode 600.",
    )


def _key(content: bytes, origin: str) -> bytes:
    """The 32 bytes of a key that is raw, base64 (either alphabet) or hex."""
    key = content if _is_raw(content) else _decoded(content.strip())
    if key is None or len(key) != KEY_BYTES:
        raise CannotStart(
            f"The master key in {origin} is not a key.",
            f"Put the right key there again. {_HOW_TO_MAKE}",
        )
    if len(set(key)) < _FEWEST_DIFFERENT:
        raise CannotStart(f"The master key in {origin} is not random.", _HOW_TO_MAKE)
    return key


def _is_raw(content: bytes) -> bool:
    """32 bytes of plain letters are a word that somebody typed, not a key."""
    return len(content) == KEY_BYTES and not (content.isascii() and content.decode("ascii").isprintable())


def _decoded(text: bytes) -> bytes | None:
    try:
        if len(text) == 2 * KEY_BYTES:
            return binascii.unhexlify(text)
        plain = text.replace(b"-", b"+").replace(b"_", b"/").rstrip(b"=")
        return base64.b64decode(plain + b"=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def write_key(path: Path, content: bytes) -> None:
    """Write a key's file, whole or not at all; somebody else's that came first is left alone."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            _publish(draft, path)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(path.parent)
    except OSError as error:
        raise CannotStart(
            f"The master key file {path} cannot be made.",
            "Check that the folder exists, can be written to, and has free space.",
        ) from error


def _publish(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)
    except FileExistsError:
        return
    except OSError:
        # A file system without hard links. Then only two first starts at once could collide.
        draft.replace(path)


def sync_folder(folder: Path) -> None:
    """Make the new name durable: data must never outlive its key because the power went."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
