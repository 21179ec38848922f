"""The shared commit: changes that wait at the same time are made durable together."""

import asyncio
import logging
import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

from adapters.sqlite.line import Line
from adapters.sqlite.troubles import CLOSED, translated

T = TypeVar("T")
Job = Callable[[sqlite3.Connection], T]
"""Plain code that runs in the writer's thread, in a transaction that it neither begins nor ends."""

MOST_TOGETHER = 256
"""How many share a transaction at most, so that the first does not wait long for the last."""

SCRUB_MILLISECONDS = 500
"""How long emptying the log may wait for readers: another program could read for hours."""

_log = logging.getLogger(__name__)


class _Failed(NamedTuple):
    error: Exception


class _Waiting(NamedTuple):
    job: Job[Any]
    scrub: bool
    done: asyncio.Future[Any]


class Writer:
    """Everything that changes the database goes through here, in order.

    While the disk makes one transaction durable, the next changes gather; they then share one
    transaction, each in a savepoint of its own, so that one that fails takes no other with it.
    """

    def __init__(self, line: Line) -> None:
        self._line = line
        self._waiting: deque[_Waiting] = deque()
        self._drain: asyncio.Task[None] | None = None
        self._scrub = False
        self._closed = False

    async def do(self, job: Job[T], *, scrub: bool = False) -> T:
        """Make a change; it is durable when this returns, and did not happen when it raises.

        `scrub`: what it removes is also gone from the log (`-wal`) before this returns, or, where
        another program reads the database just then, as soon as that is over. Raises what the job
        raises, foreign errors as `StorageTrouble`.
        """
        if self._closed:
            raise CLOSED.trouble()
        done: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(job, scrub, done))
        if self._drain is None or self._drain.done():
            self._drain = asyncio.create_task(self._work())
        return await done

    async def close(self) -> None:
        """Write out what waits, and take nothing new."""
        self._closed = True
        if self._drain is not None:
            await self._drain

    async def _work(self) -> None:
        while self._waiting:
            group = [self._waiting.popleft() for _ in range(min(len(self._waiting), MOST_TOGETHER))]
            group = [waiting for waiting in group if not waiting.done.cancelled()]
            try:
                outcomes = await self._line.work(partial(self._together, group))
            except Exception as error:  # noqa: BLE001 - handed on to everybody who waits
                outcomes = [_Failed(error)] * len(group)
            for waiting, outcome in zip(group, outcomes, strict=True):
                if waiting.done.cancelled():
                    continue
                if isinstance(outcome, _Failed):
                    waiting.done.set_exception(translated(outcome.error))
                else:
                    waiting.done.set_result(outcome)

    def _together(self, group: Sequence[_Waiting], conn: sqlite3.Connection) -> list[Any]:
        outcomes = _transaction(conn, [waiting.job for waiting in group])
        asked = any(waiting.scrub for waiting in group)
        if asked or self._scrub:
            self._scrub = not _empty_log(conn, SCRUB_MILLISECONDS if asked else 0)
        return outcomes


def _transaction(conn: sqlite3.Connection, jobs: Sequence[Job[Any]]) -> list[Any]:
    """Run the jobs in one transaction: each one's result, or `_Failed`."""
    try:
        conn.execute("BEGIN IMMEDIATE")
        outcomes = [_apart(conn, job) for job in jobs]
        conn.execute("COMMIT")
    except Exception as error:  # noqa: BLE001 - handed on, or met again by each one alone
        if conn.in_transaction:
            conn.execute("ROLLBACK")
        if len(jobs) == 1:
            return [_Failed(error)]
        # The whole transaction failed (a full disk does that): whoever can, goes on alone.
        return [_transaction(conn, [job])[0] for job in jobs]
    return outcomes


def _apart(conn: sqlite3.Connection, job: Job[Any]) -> Any:
    """Run a job in a savepoint, which is undone when the job fails."""
    conn.execute("SAVEPOINT apart")
    try:
        outcome = job(conn)
    except Exception as error:
        if not conn.in_transaction:
            raise  # SQLite gave up the whole transaction with it (sqlite.org/lang_transaction.html)
        conn.execute("ROLLBACK TO apart")
        outcome = _Failed(error)
    conn.execute("RELEASE apart")
    return outcome


def _empty_log(conn: sqlite3.Connection, milliseconds: int) -> bool:
    """Move the log into the database and cut it to nothing, waiting for who reads just now.

    False: it did not work, and is to be tried again. What was committed is durable all the same.
    """
    (before,) = conn.execute("PRAGMA busy_timeout").fetchone()
    conn.execute(f"PRAGMA busy_timeout = {milliseconds}")
    try:
        (busy, *_) = conn.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    except sqlite3.Error:
        busy = True
    finally:
        conn.execute(f"PRAGMA busy_timeout = {before}")
    if busy and milliseconds:
        _log.warning("storage_log_not_emptied_yet")
    return not busy
