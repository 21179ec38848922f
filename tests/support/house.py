"""The whole house without a network: real engine and features over the reference adapters."""

import asyncio
import contextlib
import functools
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.memory import MemoryPlatform, MemoryStore
from adapters.vault import Codes
from bot.boundary.codes import CodeLocator
from bot.boundary.ports import Store
from bot.contract.feature import Feature, Operator
from bot.engine import TEXTS, Engine, Texts

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
CODES = Codes(b"salt of a test..", memory=8192, passes=1)
"""Real Argon2id, at its least effort."""
OPERATOR = Operator(name="Example Peer Support", contact="privacy@example.org")


@functools.cache
def _texts(folders: tuple[Path, ...]) -> Texts:
    """Read once for all houses: reading takes longer than most stories."""
    return Texts(folders)


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self._now = now
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """The present moment."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """Return when the clock has been moved past `seconds` from now."""
        until = self._now + timedelta(seconds=seconds)
        while self._now < until:
            await self._moved.wait()
            await asyncio.sleep(0)

    def move(self, by: timedelta) -> None:
        """Move the clock, and wake whoever sleeps."""
        self._now += by
        self._moved.set()
        self._moved = asyncio.Event()


class House:
    """Engine, features, platform and storage as one, for stories in tests.

    >>> async def story() -> None:
    ...     async with House() as house:
    ...         room = house.platform.room("evening", "ann", administrators=("fay",))
    ...         await house.platform.adopt(room, "fay")
    ...         await house.settle()
    """

    def __init__(
        self,
        features: tuple[Feature, ...] | None = None,
        store: Store | None = None,
        codes: CodeLocator = CODES,
    ) -> None:
        if features is None:
            from bot.features import FEATURES

            features = FEATURES
        self.features = features
        self.platform = MemoryPlatform()
        self.store: Store = store if store is not None else MemoryStore()
        self.clock = MovableClock()
        self.codes = codes
        self.engine = self._engine()
        self._running: asyncio.Task[None] | None = None

    def _engine(self) -> Engine:
        folders = (TEXTS, *(f.texts for f in self.features if f.texts is not None))
        engine = Engine(
            features=self.features,
            store=self.store,
            clock=self.clock,
            operator=OPERATOR,
            texts=_texts(folders),
            codes=self.codes,
            prompt_every=0.0,
        )
        engine.add(self.platform)
        return engine

    async def __aenter__(self) -> "House":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Start the engine, as `circlekeeper run` does."""
        self._running = asyncio.create_task(self.engine.run())
        while not self.platform.health().ready:
            if self._running.done():
                self._running.result()
            await asyncio.sleep(0)
        await self.settle()

    async def stop(self) -> None:
        """Stop it, as SIGTERM does."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
            self._running = None
        await self.engine.stop()

    async def restart(self) -> None:
        """Stop, forget all that only the memory knew, and start again on the same storage."""
        await self.away()

    async def away(self, **length: float) -> None:
        """Be down for so long, and start again as after `restart`."""
        await self.stop()
        self.clock.move(timedelta(**length))
        self.engine = self._engine()
        await self.start()
        await self.later()

    async def settle(self) -> None:
        """Return when all that follows from what happened has been done."""
        for _ in range(3):
            await self.engine.settled()
            for _ in range(20):
                await asyncio.sleep(0)

    async def later(self, **length: float) -> None:
        """Let time pass, and what is due happen."""
        self.clock.move(timedelta(**length))
        await self.settle()
        for _ in range(200):
            await asyncio.sleep(0)
        await self.settle()
