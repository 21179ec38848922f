"""The Matrix adapter alone, on a real homeserver, in an adopted room."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.contract.matrix_stage import MatrixStage
from tests.support.synapse import Synapse


@pytest.fixture
async def stage(homeserver: Synapse, tmp_path: Path) -> AsyncIterator[MatrixStage]:
    """A room of Ann and Bob, adopted by the bot with every power."""
    made = MatrixStage(homeserver, tmp_path)
    try:
        await made.set_up()
        await made.adopt()
        yield made
    finally:
        await made.close()
