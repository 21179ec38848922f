"""One connection to the database, with its own thread."""

import logging
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import aiosqlite

from adapters.sqlite.troubles import CLOSED

T = TypeVar("T")

# Its debug lines show what runs with which arguments: never in our logs, whatever their level.
logging.getLogger("aiosqlite").setLevel(logging.WARNING)

BUSY_SECONDS = 5.0
"""How long another program's short lock is waited for."""


class Line:
    """Whole functions run in the connection's thread, not single statements.

    So a transaction is one hop between threads, nobody comes in between, and sealing does not
    hold up the event loop.
    """

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection
        self._open = True

    @classmethod
    async def open(cls, path: Path) -> "Line":
        """Connect to a file, which is made where there is none. Raises `sqlite3.Error`."""
        connection = aiosqlite.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        # A program that ends without `close` must end all the same: the database is made for that.
        connection._thread.daemon = True
        return cls(await connection)

    async def work(self, job: Callable[[sqlite3.Connection], T]) -> T:
        """Run `job(connection)` in the thread, after all that was asked before.

        Raises what the job raises; `StorageTrouble` when the line is closed.
        """
        if not self._open:
            raise CLOSED.trouble()
        connection = self._connection
        # `_execute` is how aiosqlite runs everything itself; `_conn` is the plain connection.
        execute: Callable[[Callable[[], T]], Awaitable[T]] = connection._execute
        return await execute(lambda: job(connection._conn))

    async def close(self) -> None:
        """Let go, after all that was asked before. Closed already: nothing happens."""
        if self._open:
            self._open = False
            await self._connection.close()
