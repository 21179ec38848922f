"""The port between a storage and what seals it: neither adapter knows the other.

A storage (`adapters.sqlite`) is handed a `Sealer` (`adapters.vault`) by `bot.__main__`. It asks
for one key for itself and one for every room, keeps them wrapped, and keeps nothing else of
people but what a key has sealed, and blind indexes to find it again.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

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


class Sealer(Protocol):
    """Keeps the master key, and does two things with it: wrap new keys, and open wrapped ones."""

    origin: str
    """Where the master key came from, in words for the operator: names a place, never the key."""

    def new_key(self, bound_to: bytes) -> tuple[bytes, Seal]:
        """A fresh random key: wrapped by the master key, and ready for use.

        Whoever destroys the wrapped form destroys everything that the key has sealed.
        """

    def open_key(self, wrapped: bytes, bound_to: bytes) -> Seal:
        """A wrapped key, ready for use. Raises `Unreadable` (another master key wrapped it)."""


class SealerFactory(Protocol):
    """How the master key is found: `adapters.vault.open_vault` has this shape.

    Raises `CannotStart` where the key is missing, malformed, or readable by others.
    """

    def __call__(self, master_key_file: Path, data_folder: Path, environ: Mapping[str, str]) -> Sealer:
        """The sealer with the master key: the operator's, or one made now, before any data."""


class StoreFactory(Protocol):
    """How a storage is opened: `adapters.sqlite.open_store` has this shape.

    Raises `CannotStart` where the data folder or the database must not be used like this.
    """

    async def __call__(self, folder: Path, sealer: Sealer) -> Store:
        """Open what is kept in `folder`, or begin it there."""
