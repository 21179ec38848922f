"""The port between a storage and what seals it: neither adapter knows the other.

A storage (`adapters.sqlite`) is handed a `Sealer` (`adapters.vault`) by `bot.operator`. It asks
for one key for itself and one for every room, keeps them wrapped, and keeps nothing else of
people but what a key has sealed, and blind indexes to find it again.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol, Self

from bot.boundary.errors import CirclekeeperError
from bot.boundary.ports import Store

DATABASE = "circlekeeper.db"
"""The database's file name in the data folder; its companions (`-wal`, `-shm`) start with it.

Both sides know it: while there is such a file, no new master key may be made.
"""


class Unreadable(CirclekeeperError):
    """Sealed bytes do not open: another key sealed them, or they were changed or moved."""


class Seal(Protocol):
    """One key, ready for use: it seals, and makes the indexes by which sealed things are found."""

    def seal(self, body: bytes, bound_to: bytes) -> bytes:
        """Seal `body`, padded so that its length tells little.

        `bound_to` is not hidden, but must be the same at `unseal`: it ties a body to its place.
        """

    def unseal(self, sealed: bytes, bound_to: bytes) -> bytes:
        """The body again. Raises `Unreadable`."""

    def index(self, purpose: str, *words: str) -> bytes:
        """A blind index: 16 bytes, the same for the same words, purpose and key.

        Without the key it tells nothing of the words, nor whether indexes of different purposes
        or keys are of the same words.
        """

    def moved(self, index: bytes) -> bytes:
        """What an index of the key before this one (see `Sealer.renew`) has become under this one."""


class Sealer(Protocol):
    """Keeps the master key, which wraps other keys and opens wrapped ones, and does nothing else."""

    origin: str
    """Where the master key came from, in words for the operator: names a place, never the key."""

    if_it_does_not_fit: str
    """What the operator does when the data do not open with this key: a sentence or two."""

    def new_key(self, bound_to: bytes) -> tuple[bytes, Seal]:
        """A fresh random key: wrapped by the master key, and ready for use.

        Whoever destroys the wrapped form destroys everything that the key has sealed.
        """

    def open_key(self, wrapped: bytes, bound_to: bytes) -> Seal:
        """A wrapped key, ready for use. Raises `Unreadable` (another master key wrapped it)."""

    def rewrap(self, wrapped: bytes, bound_to: bytes, under: Self) -> bytes:
        """The same key, wrapped by another master key. Raises `Unreadable`."""

    def renew(self, wrapped: bytes, bound_to: bytes, under: Self) -> tuple[bytes, Seal]:
        """A fresh random key in a wrapped one's place, wrapped by another master key.

        It opens nothing that the old key sealed. Its indexes are made from the old key's
        (`Seal.moved`), so that they can be moved where the words behind them are not known;
        who has the old key alone can make none of them. Raises `Unreadable`.
        """


class SealerFactory(Protocol):
    """How the master key is found: `adapters.vault.open_vault` has this shape.

    Raises `CannotStart` where the key is missing, malformed, or readable by others.
    """

    def __call__(
        self, master_key_file: Path, data_folder: Path, environ: Mapping[str, str], *, make: bool = True
    ) -> Sealer:
        """The sealer with the master key: the operator's, or (`make`) one made now, before any data."""


class StoreFactory(Protocol):
    """How a storage is opened: `adapters.sqlite.open_store` has this shape.

    Raises `CannotStart` where the data folder or the database must not be used like this.
    """

    async def __call__(self, folder: Path, sealer: Sealer) -> Store:
        """Open what is kept in `folder`, or begin it there."""


class KeyChange(Protocol):
    """One master key in another's place. It can be interrupted at any moment and taken up again."""

    old: Sealer
    new: Sealer

    def finish(self) -> str:
        """Put the new key in the old one's place, now that the data open with it.

        Gives back what became of the old key and what is left to do, in words for the operator.
        """


class KeyChanger(Protocol):
    """How a new master key is made or found: `adapters.vault.change_key` has this shape.

    Raises `CannotStart` where the old key is missing, or where there is no new one and none can
    be made, because the old one does not come from a file.
    """

    def __call__(
        self, master_key_file: Path, data_folder: Path, environ: Mapping[str, str], *, anew: bool = False
    ) -> KeyChange:
        """A change that is begun now, or the one that was begun before and not finished.

        `anew`: with a key of now in any case. Only where the data do not open with one that waits.
        """


class Rekeying(Protocol):
    """The data of a bot that does not run, in which keys are exchanged."""

    def opens_with(self, sealer: Sealer) -> bool:
        """Whether this is the master key of the data."""

    def rewrap(self, old: Sealer, new: Sealer) -> None:
        """Wrap every key by another master key: all of them or none. Then wipe the old bytes.

        Raises `CannotStart` where the old key does not fit.
        """

    def reseal(self, old: Sealer, new: Sealer, marks: Mapping[str, bytes]) -> None:
        """Seal everything anew, by fresh keys under another master key: all of it or nothing.

        `marks` are values that are in the cabinet after it. Then wipe the old bytes. Raises
        `CannotStart` where the old key does not fit.
        """

    def wipe(self) -> None:
        """Overwrite what is deleted. Done by the two above; again where they were interrupted."""


class RekeyingFactory(Protocol):
    """How keys are exchanged in a storage: `adapters.sqlite.rekeying` has this shape.

    Raises `CannotStart` where there is no data, or it must not be used; `InUse` where a bot runs.
    """

    def __call__(self, folder: Path) -> AbstractContextManager[Rekeying]:
        """The data in `folder`, which are this process's own within the context."""


class BackupMaker(Protocol):
    """How a copy is made, also while a bot runs: `adapters.sqlite.back_up` has this shape."""

    def __call__(self, folder: Path, target: Path) -> None:
        """Write one consistent, sealed copy of what is kept in `folder`, with mode 0600.

        `target` appears whole or not at all, and nothing is ever overwritten. No key is needed
        for it. Raises `CannotStart`.
        """


class Restorer(Protocol):
    """How a copy becomes the data again: `adapters.sqlite.restore` has this shape."""

    async def __call__(
        self, folder: Path, backup: Path, sealer: Sealer, *, replace: bool, marks: Mapping[str, bytes]
    ) -> Path | None:
        """Put a copy in the place of what is in `folder`, if anything: proved first, then at once.

        `marks` are values for the cabinet, in the data from their first moment on. Gives back
        where the replaced data were put aside; None where there were none. Raises `CannotStart`
        where the copy is none, is damaged, does not fit the key, or where there are data and not
        `replace`; `InUse` where a bot runs.
        """
