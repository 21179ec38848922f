"""A scene for each test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.discord.scene import Scene, scene


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Scene]:
    """Ann's server with the bot on it, before any set-up."""
    async with scene(tmp_path) as made:
        yield made
