"""The bot on the local Discord: the real engine, features and adapter, in the test's own process."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path

from adapters.discord import TEXTS as OWN_TEXTS
from adapters.discord import DiscordSection, connect
from adapters.memory import MemoryStore
from bot.boundary.ports import Platform, Store
from bot.contract.feature import Operator
from bot.engine import TEXTS, Engine, SystemClock, Texts
from bot.features import FEATURES
from bot.operator.assemble import OwnPart
from tests.localdiscord import LocalDiscord
from tests.support.house import CODES

OPERATOR = Operator(name="Example Peer Support", contact="privacy@example.org")
PATIENCE = 10.0


async def comes(true: Callable[[], object], what: str = "the scene", seconds: float = PATIENCE) -> None:
    """Wait until something is true. Raises `AssertionError`."""
    loop = asyncio.get_running_loop()
    end = loop.time() + seconds
    while not true():
        if loop.time() > end:
            raise AssertionError(f"{what} did not come")
        await asyncio.sleep(0.01)


class Ahead(SystemClock):
    """The machine's clock, put forward."""

    def __init__(self, by: timedelta) -> None:
        self._by = by

    def now(self) -> datetime:
        return super().now() + self._by


class Keeper:
    """One bot. `stop` ends it as SIGTERM does; `start` again is another process on the same storage."""

    def __init__(
        self, server: LocalDiscord, folder: Path, store: Store | None = None, message_content: bool = False
    ) -> None:
        self.server, self.folder = server, folder
        self.store: Store = store if store is not None else MemoryStore()
        self.section = DiscordSection(
            token_file="token",
            message_content=message_content,
            api_base=server.api_base,
            gateway=server.gateway_url,
        )
        self.ahead = timedelta(0)
        """How far the engine's clock is put forward at the next start."""
        file = folder / "token"
        file.write_text(server.token)
        file.chmod(0o600)
        self._running: asyncio.Task[None] | None = None

    @property
    def cabinet(self) -> OwnPart:
        """The adapter's part of the storage."""
        return OwnPart(self.store, "discord")

    async def start(self) -> "Keeper":
        """Start, and return when it is ready."""
        clock = Ahead(self.ahead)
        folders = [TEXTS, *(f.texts for f in FEATURES if f.texts is not None), OWN_TEXTS]
        self.platform: Platform = connect(self.section, self.cabinet, clock, self.folder)
        self.engine = Engine(
            features=FEATURES,
            store=self.store,
            clock=clock,
            operator=OPERATOR,
            codes=CODES,
            texts=Texts(folders),
            prompt_every=0.0,
        )
        self.engine.add(self.platform)
        self._running = asyncio.create_task(self.engine.run())
        await comes(lambda: self.platform.health().ready or self._ended(), "readiness")
        return self

    def _ended(self) -> bool:
        if self._running is not None and self._running.done():
            self._running.result()
        return False

    async def stop(self) -> None:
        """End it."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
            self._running = None
            await self.engine.stop()

    async def settled(self) -> None:
        """Return when everything that is under way is done."""
        await self.engine.settled()


@contextlib.asynccontextmanager
async def keeping(server: LocalDiscord, folder: Path, **more: object) -> AsyncIterator[Keeper]:
    """A bot that runs until the block ends."""
    keeper = Keeper(server, folder, **more)  # type: ignore[arg-type]
    await keeper.start()
    try:
        yield keeper
    finally:
        await keeper.stop()


Step = Callable[[], Awaitable[None]]
