"""Encrypted messages whose key has not come yet: each waits a little, and none is overtaken."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from adapters.matrix.backoff import Backoff
from adapters.matrix.crypto.encryption import Encryption
from adapters.matrix.crypto.opening import Locked, Opened
from adapters.matrix.errors import Refusal
from bot.boundary.errors import StorageTrouble

PATIENCE = 6.0
"""Seconds that a key may come later than its message. Keys travel on another way, mostly faster."""

log = logging.getLogger(__name__)

Then = Callable[[Opened | Locked], Awaitable[None]]
Line = deque[tuple[Mapping[str, Any], Then, "asyncio.Future[None]"]]


class Waiting:
    """A line for each room. While anything waits in it, what follows waits behind."""

    def __init__(self, encryption: Encryption) -> None:
        self._encryption = encryption
        self._lines: dict[str, Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def busy(self, room: str) -> bool:
        """Whether something waits in this room."""
        return room in self._lines

    def add(self, room: str, event: Mapping[str, Any], then: Then) -> "asyncio.Future[None]":
        """Open an event as soon as it can be; done when what `then` does with it is durable."""
        done = asyncio.get_running_loop().create_future()
        line = self._lines.setdefault(room, deque())
        line.append((event, then, done))
        if len(line) == 1:
            task = asyncio.create_task(self._work(room, line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return done

    async def close(self) -> None:
        """Wait no longer: what was not handled comes again after the next start."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _work(self, room: str, line: Line) -> None:
        try:
            while line:
                event, then, done = line[0]
                await self._until_kept(room, event, then)
                line.popleft()
                if not done.done():
                    done.set_result(None)
        finally:
            del self._lines[room]
            for *_, done in line:
                done.cancel()

    async def _until_kept(self, room: str, event: Mapping[str, Any], then: Then) -> None:
        pause = Backoff(0.5, 30.0)
        while True:
            try:
                await then(await self._opened(room, event))
                return
            except StorageTrouble:
                await pause.wait()
            except Exception as failed:  # noqa: BLE001 - one event must not end them all
                log.warning("a malformed event", extra={"kind": type(failed).__name__})
                return

    async def _opened(self, room: str, event: Mapping[str, Any]) -> Opened | Locked:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + PATIENCE
        while True:
            found = await self._encryption.open(room, event)
            left = deadline - loop.time()
            if found != Locked("no_key") or left <= 0:
                return found
            try:
                # The device may be one that the bot has not heard of yet.
                await self._encryption.know(str(event.get("sender")))
            except Refusal:
                await asyncio.sleep(0.5)
                continue
            found = await self._encryption.open(room, event)
            if found != Locked("no_key"):
                return found
            await self._encryption.wait_for_key(room, left)
