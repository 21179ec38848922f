"""The stages on which the adapters' contract is played."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.stage import MemoryStage


@pytest.fixture
async def memory_stage() -> AsyncIterator[MemoryStage]:
    """The reference platform."""
    stage = MemoryStage()
    yield stage
    await stage.close()
