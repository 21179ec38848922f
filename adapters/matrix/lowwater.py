"""How far the homeserver's events are handled: a position is kept only when all before it is durable."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Hashable

from adapters.matrix.backoff import Backoff
from bot.boundary.errors import StorageTrouble
from bot.boundary.events import CannotRead, Event, PicturesShown, WordsGiven
from bot.boundary.ports import Cabinet, Sink

POSITION = "matrix-position"
SAVE_EVERY = 5.0
"""Seconds between two writes of the position."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds between two tries to hand in what the storage refused."""
MOST_OPEN = 2000
"""Events on their way at the same time. Above it the sync loop waits: the homeserver keeps the rest."""

log = logging.getLogger(__name__)


Given = Event | WordsGiven | CannotRead | PicturesShown
Line = deque[tuple[Given, "asyncio.Future[None]"]]


def line_of(event: Given) -> Hashable:
    """What keeps its order: the events of a room, and one person's words in their direct chat."""
    return event.by if isinstance(event, WordsGiven | CannotRead | PicturesShown) else event.room


class HandingIn:
    """Hands events to the engine, again where the storage could not keep them.

    What was refused keeps its place: until it is kept, whatever follows it in its room, or from
    the same person, waits behind it. "Withdraw" must never be overtaken by the "agree" before it.
    """

    def __init__(self, sink: Sink) -> None:
        self._sink = sink
        self._open: set[asyncio.Future[None]] = set()
        self._lines: dict[Hashable, Line] = {}
        """What was refused, and what came after it."""

    async def give(self, event: Given) -> "asyncio.Future[None] | None":
        """Submit an event, in order. None: nothing is left to do."""
        done: Awaitable[None] | None
        try:
            done = self._behind(event) if line_of(event) in self._lines else self._sink.submit(event)
        except StorageTrouble:
            done = self._behind(event)
        if done is None:
            return None
        task = asyncio.ensure_future(self._kept(event, done))
        self._track(task)
        while len(self._open) >= MOST_OPEN:
            await asyncio.wait(self._open, return_when=asyncio.FIRST_COMPLETED)
        return task

    async def close(self) -> None:
        """Wait no longer for what is on its way: it comes again after the next start."""
        for task in tuple(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _kept(self, event: Given, done: Awaitable[None]) -> None:
        try:
            await done
        except StorageTrouble:
            await self._behind(event)
        except Exception as failed:  # noqa: BLE001 - one event must not end them all
            log.error("an event could not be handled", extra={"kind": type(failed).__name__})

    def _behind(self, event: Given) -> "asyncio.Future[None]":
        """Queue an event behind what was refused before it. Done when it is kept."""
        key = line_of(event)
        line = self._lines.setdefault(key, deque())
        kept = asyncio.get_running_loop().create_future()
        line.append((event, kept))
        if len(line) == 1:
            self._track(asyncio.ensure_future(self._again(key, line)))
        return kept

    async def _again(self, key: Hashable, line: Line) -> None:
        """Hand in one after the other, until all are kept."""
        log.warning("the storage refuses, handing in again")
        pause = Backoff(FIRST_PAUSE, LONGEST_PAUSE)
        await pause.wait()
        while line:
            event, kept = line[0]
            try:
                done = self._sink.submit(event)
                if done is not None:
                    await done
            except StorageTrouble:
                await pause.wait()
                continue
            except Exception as failed:  # noqa: BLE001 - one event must not end them all
                log.error("an event could not be handled", extra={"kind": type(failed).__name__})
            line.popleft()
            pause.reset()
            if not kept.done():
                kept.set_result(None)
        del self._lines[key]

    def _track(self, task: "asyncio.Future[None]") -> None:
        self._open.add(task)
        task.add_done_callback(self._open.discard)


class LowWater:
    """The position up to which everything is durable."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._batches: deque[tuple[str, asyncio.Future[None]]] = deque()
        self._reached: str | None = None
        self._saved: str | None = None

    async def load(self) -> str | None:
        """The position to go on from, None where there is none."""
        kept = await self._cabinet.get(POSITION)
        self._saved = kept.decode() if kept else None
        return self._saved

    def add(
        self, position: str, waits: list["asyncio.Future[None]"], then: Callable[[], None] | None = None
    ) -> None:
        """A batch of events ends at `position`; it is done when all of `waits` are."""
        done = asyncio.ensure_future(_all(waits))
        if then is not None:
            done.add_done_callback(lambda d: None if d.cancelled() else then())
        self._batches.append((position, done))

    async def force(self, position: str) -> None:
        """Keep a position at once. Storage that refuses is tried again until it does not."""
        while True:
            try:
                await self._cabinet.put(POSITION, position.encode())
                break
            except StorageTrouble:
                await asyncio.sleep(1.0)
        self._saved = position

    async def keep_saving(self) -> None:
        """Save the position every `SAVE_EVERY` seconds, until cancelled."""
        while True:
            await asyncio.sleep(SAVE_EVERY)
            try:
                await self.save()
            except StorageTrouble:
                log.warning("storage refuses the position")

    async def save(self) -> None:
        """Keep the furthest position before which everything is done. Raises `StorageTrouble`."""
        while self._batches and self._batches[0][1].done():
            position, done = self._batches[0]
            if done.cancelled() or done.exception() is not None:
                break
            self._batches.popleft()
            self._reached = position
        if self._reached is not None and self._reached != self._saved:
            await self._cabinet.put(POSITION, self._reached.encode())
            self._saved = self._reached


async def _all(waits: list["asyncio.Future[None]"]) -> None:
    if waits:
        await asyncio.gather(*waits)
