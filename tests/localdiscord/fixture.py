"""The fixture: a Discord for one test. A test folder imports it in its conftest.py."""

from collections.abc import AsyncIterator

import pytest

from tests.localdiscord import LocalDiscord


@pytest.fixture
async def discord_server() -> AsyncIterator[LocalDiscord]:
    """A running local Discord with the members intent. At its end no request may have been wrong."""
    async with LocalDiscord() as server:
        yield server
        assert not server.violations
        assert not server.crashes
