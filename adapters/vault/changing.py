"""A new master key in the old one's place, in steps of which each leaves a key that opens the data.

For a key in a file: the new key is written beside it (`master.key.new`), the storage exchanges its
keys in one transaction, and `finish` keeps the old file aside and renames the new one. Killed
before the transaction, the data open with the old key; after it, with the new one, which is found
where it waits. Running it again goes on from there.

A key that the operator hands in (environment, systemd credential) cannot be replaced from here: the
operator hands in the new one beside it, and exchanges the two afterwards.
"""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from adapters.vault.master import (
    CREDENTIAL,
    VARIABLE,
    exists,
    from_file,
    given,
    new_key,
    open_vault,
    sync_folder,
    waiting_key,
    write_key,
)
from adapters.vault.seal import Vault
from bot.boundary.errors import CannotStart

NEW_VARIABLE = "CIRCLEKEEPER_NEW_MASTER_KEY"
NEW_CREDENTIAL = "new-master.key"


class FileChange:
    """The `KeyChange` of a key in a file."""

    def __init__(self, old: Vault, new: Vault, file: Path) -> None:
        self.old = old
        self.new = new
        self._file = file

    def finish(self) -> str:
        """See `KeyChange.finish`."""
        path = self._file.resolve()
        try:
            aside = self._aside(path)
            waiting_key(path).replace(path)
            sync_folder(path.parent)
        except OSError as error:
            raise CannotStart(
                f"The new master key could not be put in the place of {self._file}.",
                "The data open with the new key already. Check that the key's folder can be written to "
                "and has space, and run this again: it finishes what was begun.",
            ) from error
        return (
            f"The new master key is in {self._file}: keep a copy of it elsewhere. The old one is kept in "
            f"{aside}, because backups made before now open with it alone. Delete it with the last of them."
        )

    def _aside(self, path: Path) -> Path:
        """The old key under another name; an earlier try may have put it there already."""
        content = path.read_bytes()
        for found in path.parent.glob(f"{path.name}.old-*"):
            if found.read_bytes() == content:
                return found
        made = f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"
        aside = path.with_name(f"{path.name}.old-{made}")
        write_key(aside, content)
        return aside


class HandedChange:
    """The `KeyChange` of a key that the operator hands in."""

    def __init__(self, old: Vault, new: Vault) -> None:
        self.old = old
        self.new = new

    def finish(self) -> str:
        """See `KeyChange.finish`."""
        return (
            f"Before the bot starts again, put the new key in the place of {self.old.origin}, "
            f"and take {self.new.origin} away. Keep a copy of the new key elsewhere. Keep the old one as "
            "long as there are backups made before now: they open with it alone."
        )


def change_key(
    master_key_file: Path, data_folder: Path, environ: Mapping[str, str], *, anew: bool = False
) -> FileChange | HandedChange:
    """See `KeyChanger`."""
    old = open_vault(master_key_file, data_folder, environ, make=False)
    new = given(environ, NEW_VARIABLE, NEW_CREDENTIAL)
    if given(environ, VARIABLE, CREDENTIAL) is None:
        if new is not None:
            raise CannotStart(
                f"There is a new key in {new.origin}, but the old one is in {old.origin}.",
                f"Take {new.origin} away: this command makes the new key itself, in that file's place.",
            )
        waiting = waiting_key(master_key_file)
        if anew:
            _discard(waiting)
        if not exists(waiting):
            write_key(waiting, new_key())
        return FileChange(old, from_file(waiting, f"the file {waiting}", 0o077), master_key_file)
    if new is None:
        raise CannotStart(
            f"The master key comes from {old.origin}, and cannot be changed from here.",
            f"Make a new one (`openssl rand -base64 32`), give it beside the old one, in {NEW_VARIABLE} or "
            f"in the systemd credential {NEW_CREDENTIAL}, and run this again.",
        )
    if new.same_as(old):
        raise CannotStart(
            f"The new key in {new.origin} is the old one.", "Give another (`openssl rand -base64 32`)."
        )
    return HandedChange(old, new)


def _discard(waiting: Path) -> None:
    try:
        waiting.unlink(missing_ok=True)
    except OSError as error:
        raise CannotStart(
            f"The file {waiting} cannot be replaced.", "Check that its folder can be written to."
        ) from error
