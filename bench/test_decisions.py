"""How many decisions a second become durable: the real engine and features over SQLite.

Every decision takes a message down: seen before?, rows, decision, commit of the event's id and the
effect, delivery, removal from the outbox.
"""

import asyncio
import time
from pathlib import Path

from adapters.memory import MemoryPlatform
from bench.figures import Figures
from bench.group import TAKING_DOWN
from bench.here import engine_over, running
from bot.boundary.effects import TakeDown
from bot.boundary.events import MessagePosted
from bot.boundary.ids import MessageId, RoomId
from bot.engine import Engine
from tests.support.storage import open_sqlite

GROUPS = 100
DECISIONS = 10_000
GOAL = 1000


async def guarded(platform: MemoryPlatform, engine: Engine) -> list[RoomId]:
    """Groups under `mute`, held by taking down, each with somebody who came later and has not agreed."""
    rooms = []
    for n in range(GROUPS):
        room = platform.room(f"Group {n}", "fay", administrators=("fay",))
        platform.rooms[room].can = TAKING_DOWN
        await platform.adopt(room, "fay")
        rooms.append(room)
    for n in range(GROUPS):
        await platform.write("fay", f'!in "Group {n}" setup gate mute confirm')
    for room in rooms:
        await platform.join(room, "zoe")
        await platform.post(room, "zoe", "the first one is answered in private too")
    return rooms


async def test_durable_decisions_a_second(tmp_path: Path, figures: Figures) -> None:
    """Many at once, in a hundred rooms; everything is durable and delivered at the end."""
    store = await open_sqlite(tmp_path / "data")
    platform = MemoryPlatform()
    engine = await engine_over(store, platform)
    async with running(engine):
        await asyncio.sleep(0.1)
        rooms = await guarded(platform, engine)
        while engine.deliver.waiting > GROUPS * 3:  # noqa: ASYNC110 (it can be asked, it does not call)
            await asyncio.sleep(0.1)
        before, down = engine.counts["handled"], _taken_down(platform)
        begun = time.perf_counter()
        waiting = [
            engine.submit(
                MessagePosted(
                    id=f"$bench{n}",
                    room=rooms[n % GROUPS],
                    by=next(p for p in platform.rooms[rooms[n % GROUPS]].people if p.native == "@zoe"),
                    message=MessageId("memory", f"$bench{n}"),
                )
            )
            for n in range(DECISIONS)
        ]
        await asyncio.gather(*(w for w in waiting if w is not None))
        durable = time.perf_counter() - begun
        while _taken_down(platform) - down < DECISIONS:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        delivered = time.perf_counter() - begun
        assert engine.counts["handled"] - before == DECISIONS
    await store.close()
    figures.at_least(f"durable decisions on SQLite, {GROUPS} groups", DECISIONS / durable, "a second", GOAL)
    figures.note("  with their delivery", f"{DECISIONS / delivered:,.0f} a second")
    assert DECISIONS / durable > GOAL / 4


def _taken_down(platform: MemoryPlatform) -> int:
    return sum(isinstance(step.action, TakeDown) for step in platform.performed)
