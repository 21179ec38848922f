"""What attacks share: the Matrix adapter in this process, with everything around it encrypted."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.matrix import waiting
from tests.attacks.sealed_stage import SealedStage
from tests.support.synapse import Synapse


@pytest.fixture
async def sealed_stage(
    homeserver: Synapse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[SealedStage]:
    """An encrypted room of Ann and Bob, adopted by the bot with every power. Nobody waits long for keys."""
    monkeypatch.setattr(waiting, "PATIENCE", 1.0)
    made = SealedStage(homeserver, tmp_path)
    try:
        await made.set_up()
        await made.adopt()
        yield made
    finally:
        await made.close()
