"""The position is kept only when everything before it is durable."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence

import pytest

from adapters.matrix import lowwater
from adapters.matrix.lowwater import POSITION, HandingIn, LowWater
from adapters.memory import MemoryStore
from bot.boundary.commands import Command
from bot.boundary.errors import StorageTrouble
from bot.boundary.events import Inbound, RoomSeen
from bot.boundary.ids import RoomId

EVENT = RoomSeen(id="e", room=RoomId("matrix", "!r:x"))


class FullDisk:
    """A sink whose storage refuses a few times: at once, or while the event is kept."""

    def __init__(self, at_once: int, later: int) -> None:
        self.at_once, self.later, self.kept = at_once, later, 0

    def submit(self, event: Inbound) -> Awaitable[None] | None:
        """See `Sink.submit`."""
        if self.at_once:
            self.at_once -= 1
            raise StorageTrouble("The disk is full.", "Make room.")
        return asyncio.ensure_future(self._keep())

    async def _keep(self) -> None:
        if self.later:
            self.later -= 1
            raise StorageTrouble("The disk is full.", "Make room.")
        self.kept += 1

    def commands(self) -> Sequence[Command]:
        """See `Sink.commands`."""
        return ()

    def complete(self, option: str, given: Mapping[str, str]) -> Sequence[str]:
        return ()


@pytest.mark.parametrize(("at_once", "later"), [(0, 0), (2, 0), (0, 2), (1, 1)])
async def test_what_could_not_be_kept_is_handed_in_again(
    monkeypatch: pytest.MonkeyPatch, at_once: int, later: int
) -> None:
    """A full disk delays, and loses nothing."""
    monkeypatch.setattr(lowwater, "FIRST_PAUSE", 0.0)
    sink = FullDisk(at_once, later)
    done = await HandingIn(sink).give(EVENT)
    assert done is not None
    await done
    assert sink.kept == 1
    assert (sink.at_once, sink.later) == (0, 0)


async def test_the_position_waits_for_the_slowest_event_before_it() -> None:
    """Batches may finish in any order; the position moves only over those that are done in a row."""
    cabinet = MemoryStore()
    water = LowWater(cabinet)
    assert await water.load() is None
    slow: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    water.add("one", [])
    water.add("two", [slow])
    water.add("three", [])
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await water.save()
    assert await cabinet.get(POSITION) == b"one"
    slow.set_result(None)
    await asyncio.sleep(0.01)
    await water.save()
    assert await cabinet.get(POSITION) == b"three"
    assert await LowWater(cabinet).load() == "three"


async def test_a_batch_that_was_cut_off_holds_the_position_back() -> None:
    """At a stop what is on its way is let go: it comes again after the next start."""
    cabinet = MemoryStore()
    water = LowWater(cabinet)
    gone: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    water.add("one", [gone])
    gone.cancel()
    await asyncio.sleep(0.01)
    await water.save()
    assert await cabinet.get(POSITION) is None
