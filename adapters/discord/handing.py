"""Handing events to the engine: in order, and again where the storage could not keep them."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Hashable

from bot.boundary.errors import StorageTrouble
from bot.boundary.events import Event, Inbound
from bot.boundary.ports import Sink

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between two tries to hand in what the storage refused."""

log = logging.getLogger(__name__)


def _line(event: Inbound) -> Hashable:
    """What keeps its order: the events of a room, and one person's words in their direct chat."""
    return event.room if isinstance(event, Event) else event.by


class Handing:
    """What was refused keeps its place: what follows it in its room waits behind it."""

    def __init__(self, sink: Sink) -> None:
        self.sink = sink
        self._lines: dict[Hashable, deque[Inbound]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def give(self, event: Inbound) -> None:
        """Hand in an event. Nothing is raised; what cannot be kept now is handed in again."""
        key = _line(event)
        if key in self._lines:
            self._lines[key].append(event)
            return
        try:
            taken = self.sink.submit(event)
        except StorageTrouble:
            self._behind(key, event)
            return
        if taken is not None:
            self._spawn(self._kept(key, event, taken))

    async def close(self) -> None:
        """Wait for nothing more: after the next start everything is looked at again."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _kept(self, key: Hashable, event: Inbound, taken: Awaitable[None]) -> None:
        try:
            await taken
        except StorageTrouble:
            self._behind(key, event)
        except Exception as failed:  # noqa: BLE001 - one event must not end them all
            log.error("an event could not be handled", extra={"kind": type(failed).__name__})

    def _behind(self, key: Hashable, event: Inbound) -> None:
        line = self._lines.get(key)
        if line is not None:
            line.append(event)
            return
        self._lines[key] = deque([event])
        self._spawn(self._again(key))

    async def _again(self, key: Hashable) -> None:
        log.warning("the storage refuses, handing in again")
        pause, line = FIRST_PAUSE, self._lines[key]
        while line:
            await asyncio.sleep(pause)
            try:
                taken = self.sink.submit(line[0])
                if taken is not None:
                    await taken
            except StorageTrouble:
                pause = min(pause * 2, LONGEST_PAUSE)
                continue
            except Exception as failed:  # noqa: BLE001 - one event must not end them all
                log.error("an event could not be handled", extra={"kind": type(failed).__name__})
            line.popleft()
            pause = 0.0
        del self._lines[key]

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
