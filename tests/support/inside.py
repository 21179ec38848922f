"""The bot inside the test's own process, on a real homeserver, with a clock that can be moved forward.

For stories in which minutes or days pass. Everything but the clock and the storage is as in `run`.
"""

import asyncio
import contextlib
from pathlib import Path

from adapters.matrix import TEXTS as MATRIX_TEXTS
from adapters.matrix import MatrixSection, connect
from adapters.memory import MemoryStore
from adapters.playground.clock import MovableClock
from bot.contract.feature import Operator
from bot.engine import TEXTS, Engine, Texts
from bot.features import FEATURES
from tests.support.house import CODES
from tests.support.synapse import Account


class KeeperInside:
    """One bot. People and circles take it as they take a process: they only need its `user_id`."""

    def __init__(self, homeserver: str, account: Account, folder: Path) -> None:
        self.user_id = account.user_id
        self.clock = MovableClock()
        secret = folder / "password"
        secret.touch(0o600)
        secret.write_text(account.password)
        section = MatrixSection(
            homeserver=homeserver,
            user_id=account.user_id,
            password_file=str(secret),
            accept_invites_from=[f"*:{account.user_id.partition(':')[2]}"],
        )
        store = MemoryStore()
        self._platform = connect(section, store, self.clock, folder)
        self._engine = Engine(
            features=FEATURES,
            store=store,
            clock=self.clock,
            operator=Operator(name="Example Peer Support", contact="privacy@example.org"),
            codes=CODES,
            texts=Texts([TEXTS, MATRIX_TEXTS, *(f.texts for f in FEATURES if f.texts is not None)]),
            prompt_every=0.0,
        )
        self._engine.add(self._platform)
        self._running: asyncio.Task[None] | None = None

    async def start(self) -> "KeeperInside":
        """Run until it is ready."""
        self._running = asyncio.create_task(self._engine.run())
        while not self._platform.health().ready:
            if self._running.done():
                self._running.result()
            await asyncio.sleep(0.02)
        return self

    async def stop(self) -> None:
        """End it."""
        if self._running is not None:
            self._running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._running
        await self._engine.stop()
