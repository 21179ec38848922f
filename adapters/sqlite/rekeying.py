"""Exchanging keys in the data of a bot that does not run (the `Rekeying` port)."""

import contextlib
import sqlite3
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

from adapters.sqlite.folder import claim, holds_data, refuse_half_restored
from adapters.sqlite.line import BUSY_SECONDS
from adapters.sqlite.opening import INSTALLATION, make_sound, transaction
from adapters.sqlite.reseal import reseal, rewrap
from adapters.sqlite.schema import migrate
from adapters.sqlite.troubles import DAMAGED, LOCKED, UNREADABLE, saying
from bot.boundary.errors import CannotStart
from bot.boundary.sealing import DATABASE, Sealer, Unreadable


@contextlib.contextmanager
def rekeying(folder: Path) -> Iterator["SqliteRekeying"]:
    """See `RekeyingFactory`."""
    if not holds_data(folder):
        raise CannotStart(
            f"There are no data in {folder} yet, so there is no key to change.",
            "Check `data` in the configuration. The first start makes the data with the key that is given.",
        )
    claimed = claim(folder)
    try:
        refuse_half_restored(folder)
        path = folder / DATABASE
        with contextlib.closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as conn:
            make_sound(conn, folder)
            with transaction(conn):
                migrate(conn)
            yield SqliteRekeying(conn, folder)
    except Unreadable as error:
        raise UNREADABLE.cannot_start() from error
    except sqlite3.Error as error:
        raise saying(error).cannot_start() from error
    finally:
        claimed.give_back()


class SqliteRekeying:
    """Made by `rekeying`."""

    def __init__(self, conn: sqlite3.Connection, folder: Path) -> None:
        self._conn = conn
        self._folder = folder

    def opens_with(self, sealer: Sealer) -> bool:
        """See `Rekeying.opens_with`."""
        found = self._conn.execute("SELECT wrapped FROM installation").fetchone()
        if found is None:
            raise DAMAGED.cannot_start()
        try:
            sealer.open_key(found[0], INSTALLATION)
        except Unreadable:
            return False
        return True

    def rewrap(self, old: Sealer, new: Sealer) -> None:
        """See `Rekeying.rewrap`."""
        self._must_fit(old)
        with transaction(self._conn):
            rewrap(self._conn, partial(old.rewrap, under=new), INSTALLATION)
        self.wipe()

    def reseal(self, old: Sealer, new: Sealer, marks: Mapping[str, bytes]) -> None:
        """See `Rekeying.reseal`."""
        self._must_fit(old)
        with transaction(self._conn):
            reseal(self._conn, old, new, INSTALLATION, marks)
        self.wipe()

    def wipe(self) -> None:
        """See `Rekeying.wipe`. What is deleted is zeros already; this also tidies pages and log."""
        self._conn.execute("VACUUM")
        (busy, *_) = self._conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise LOCKED.cannot_start()

    def _must_fit(self, old: Sealer) -> None:
        if not self.opens_with(old):
            raise CannotStart(
                f"The master key in {old.origin} does not fit the data in {self._folder}.",
                old.if_it_does_not_fit,
            )
