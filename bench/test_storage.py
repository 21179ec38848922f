"""How many decisions a second the storage makes durable, and how quickly it answers.

Run with `make bench`. The figures depend on the disk; the bounds are far below what a small
virtual machine reaches, so that only a change of kind breaks them.
"""

import asyncio
import time
from pathlib import Path

import pytest

from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import Read
from tests.support.storage import NOW, batch, open_sqlite, row, waiting

ROOMS = [RoomId("test", f"!room{number}") for number in range(50)]


@pytest.mark.parametrize(("at_once", "least"), [(1, 50), (10, 300), (100, 800), (1000, 800)])
async def test_durable_batches_a_second(tmp_path: Path, at_once: int, least: float) -> None:
    """Each with a record, an effect and an event id; a commit is shared by those who wait together."""
    store = await open_sqlite(tmp_path / "data")
    turns = asyncio.Semaphore(at_once)
    total = max(200, min(5000, at_once * 20))

    async def commit(number: int) -> None:
        room, who = ROOMS[number % len(ROOMS)], MemberId("test", f"@p{number}")
        record = row(who, room=room, body=b"x" * 200, due_at=NOW)
        effect = waiting(str(number), who, room=room, body=b"y" * 300)
        async with turns:
            await store.commit(batch(f"${number}", record, room=room, outgoing=(effect,)))

    begun = time.perf_counter()
    await asyncio.gather(*(commit(number) for number in range(total)))
    rate = total / (time.perf_counter() - begun)
    print(f"\n{at_once} at once: {rate:,.0f} durable batches a second")
    await store.close()
    assert rate > least


async def test_a_decision_loads_quickly(tmp_path: Path) -> None:
    """One person's rows, found and unsealed, among 5,000."""
    store = await open_sqlite(tmp_path / "data")
    people = [MemberId("test", f"@p{number}") for number in range(5000)]
    await asyncio.gather(*(store.commit(batch("", row(who, room=ROOMS[0]), room=ROOMS[0])) for who in people))
    begun = time.perf_counter()
    for who in people[::5]:
        (found,) = await store.load([Read(feature="consent", room=ROOMS[0], member=who)])
        assert found.member == who
    each = (time.perf_counter() - begun) / len(people[::5])
    print(f"\na load takes {each * 1e6:.0f} µs")
    await store.close()
    assert each < 0.005
