"""The stages on which the adapters' contract is played."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.discord_stage import DiscordStage
from tests.contract.matrix_stage import MatrixStage
from tests.contract.stage import MemoryStage
from tests.localdiscord import LocalDiscord
from tests.playground.stage import PlaygroundStage
from tests.support.synapse import Synapse


@pytest.fixture
async def memory_stage() -> AsyncIterator[MemoryStage]:
    """The reference platform."""
    stage = MemoryStage()
    yield stage
    await stage.close()


@pytest.fixture
async def matrix_stage(homeserver: Synapse, tmp_path: Path) -> AsyncIterator[MatrixStage]:
    """Matrix, on a real homeserver."""
    stage = MatrixStage(homeserver, tmp_path)
    try:
        yield await stage.set_up()
    finally:
        await stage.close()


@pytest.fixture
async def discord_stage(tmp_path: Path) -> AsyncIterator[DiscordStage]:
    """Discord, on a local one."""
    async with LocalDiscord() as server:
        stage = DiscordStage(server, tmp_path)
        try:
            yield await stage.set_up()
        finally:
            await stage.close()
        assert not server.violations
        assert not server.crashes


@pytest.fixture
async def playground_stage() -> AsyncIterator[PlaygroundStage]:
    """The rooms of the local page, without the page."""
    stage = await PlaygroundStage().start()
    yield stage
    await stage.close()
