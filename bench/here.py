"""The bot's parts in this very process: the real ones, put together as `circlekeeper run` does it."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from adapters.matrix import MatrixSection, connect
from adapters.matrix.platform import Matrix
from bench.answers import KEEPER
from bot.boundary.ports import Platform, Store
from bot.contract.feature import Operator
from bot.engine import Engine, SystemClock
from bot.operator.assemble import OwnPart, engine_with
from bot.operator.parts import sealer_factory, store_factory
from tests.support.botprocess import ROOT, BotProcess
from tests.support.orphans import die_with_parent
from tests.support.synapse import free_port

OPERATOR = Operator(name="Example Peer Support", contact="privacy@example.org")


async def engine_over(store: Store, *platforms: Platform) -> Engine:
    """The engine with every feature."""
    return await engine_with(platforms, (), store=store, operator=OPERATOR, clock=SystemClock(), defaults={})


def matrix(url: str, folder: Path, store: Store) -> Matrix:
    """The Matrix adapter with an account on the homeserver that is made up."""
    secret = folder / "password"
    secret.touch(0o600)
    secret.write_text("bench")
    section = MatrixSection(homeserver=url, user_id=KEEPER, password_file=str(secret))
    platform = connect(section, OwnPart(store, "matrix"), SystemClock(), folder)
    assert isinstance(platform, Matrix)
    return platform


class BareBot(BotProcess):
    """The real program, without what only tests need, and with the log that operators have."""

    def write_config(self) -> None:
        """See `BotProcess`."""
        super().write_config()
        self.config.write_text(self.config.read_text().replace("log_level: debug", "log_level: info"))

    @property
    def command(self) -> list[str]:
        """See `BotProcess`."""
        return [sys.executable, "-m", "bench.bare", "bot", "run", "--config", str(self.config)]


@asynccontextmanager
async def storage_of(bot: BotProcess) -> AsyncIterator[Store]:
    """The storage of a bot that is not running now, to put something into it."""
    bot.write_config()
    sealer = sealer_factory()(bot.folder / "secrets" / "master.key", bot.data, {})
    store = await store_factory()(bot.data, sealer)
    try:
        yield store
    finally:
        await store.close()


@contextmanager
def process(*command: str, env: dict[str, str] | None = None) -> Iterator["subprocess.Popen[str]"]:
    """A Python module as a process of its own, from when it says `ready` until it is ended."""
    running = subprocess.Popen(
        [sys.executable, "-m", *command],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | (env or {}),
        preexec_fn=die_with_parent,
    )
    try:
        assert running.stdout is not None
        assert running.stdout.readline().strip() == "ready", f"{command[0]} did not start"
        yield running
    finally:
        running.kill()
        running.communicate()


@contextmanager
def homeserver_of(rooms: int, members: int) -> Iterator[str]:
    """The address of a homeserver that is made up, with so many rooms."""
    port = free_port()
    with process("bench.stub", str(port), str(rooms), str(members)):
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def running(engine: Engine) -> AsyncIterator[None]:
    """The engine at work, with its platforms."""
    task = asyncio.create_task(engine.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await engine.stop()
