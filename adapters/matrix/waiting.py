"""Encrypted messages whose key has not come yet: each waits a little, and none is overtaken.

Order holds for one person in one room. Nobody waits for what others send, and nobody can make the
position of the sync wait for longer than a key may take, however much they send.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, NamedTuple

from adapters.matrix.backoff import Backoff
from adapters.matrix.crypto.encryption import Encryption
from adapters.matrix.crypto.opening import Locked, Opened
from adapters.matrix.errors import Refusal
from bot.boundary.errors import StorageTrouble

PATIENCE = 6.0
"""Seconds that a key may come later than its message. Keys travel on another way, mostly faster."""

log = logging.getLogger(__name__)

Then = Callable[[Opened | Locked], Awaitable[None]]


class Arrived(NamedTuple):
    """An encrypted event, what to do with it, and the loop's time until which its key may come."""

    event: Mapping[str, Any]
    then: Then
    done: "asyncio.Future[None]"
    until: float


Whose = tuple[str, str]
"""A room and a person."""


class Waiting:
    """A line for each person in each room. While anything waits in it, what follows waits behind."""

    def __init__(self, encryption: Encryption) -> None:
        self._encryption = encryption
        self._lines: dict[Whose, deque[Arrived]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def busy(self, room: str, event: Mapping[str, Any]) -> bool:
        """Whether something of the sender of this event waits in this room."""
        return (room, str(event.get("sender"))) in self._lines

    def add(self, room: str, event: Mapping[str, Any], then: Then) -> "asyncio.Future[None]":
        """Open an event as soon as it can be; done when what `then` does with it is durable."""
        loop = asyncio.get_running_loop()
        done, whose = loop.create_future(), (room, str(event.get("sender")))
        line = self._lines.setdefault(whose, deque())
        line.append(Arrived(event, then, done, loop.time() + PATIENCE))
        if len(line) == 1:
            task = asyncio.create_task(self._work(whose, line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return done

    async def close(self) -> None:
        """Wait no longer: what was not handled comes again after the next start."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self, whose: Whose, line: deque[Arrived]) -> None:
        try:
            while line:
                await self._until_kept(whose, line[0])
                done = line.popleft().done
                if not done.done():
                    done.set_result(None)
        finally:
            del self._lines[whose]
            for left in line:
                left.done.cancel()

    async def _until_kept(self, whose: Whose, arrived: Arrived) -> None:
        pause = Backoff(0.5, 30.0)
        while True:
            try:
                await arrived.then(await self._opened(whose, arrived))
                return
            except StorageTrouble:
                await pause.wait()
            except Exception as failed:  # noqa: BLE001 - one event must not end them all
                log.warning("a malformed event", extra={"kind": type(failed).__name__})
                return

    async def _opened(self, whose: Whose, arrived: Arrived) -> Opened | Locked:
        room, sender = whose
        loop = asyncio.get_running_loop()
        while True:
            found = await self._encryption.open(room, arrived.event)
            if found != Locked("no_key") or loop.time() >= arrived.until:
                return found
            try:
                # The device may be one that the bot has not heard of yet.
                await self._encryption.know(sender)
            except Refusal:
                await asyncio.sleep(0.5)
                continue
            news = self._encryption.news_of(room)  # before looking: a key that comes meanwhile is noticed
            found = await self._encryption.open(room, arrived.event)
            if found != Locked("no_key"):
                return found
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(news.wait(), max(0.0, arrived.until - loop.time()))
