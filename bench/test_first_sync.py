"""How long the event loop stands still while the bot takes its first look at 1,000 rooms of 100 members.

While it stands still nobody is answered and nothing is taken down. The rooms are groups under `mute`
in which everybody has agreed, as after a restart of a bot that guards them all. The homeserver is made
up and runs in a process of its own; the adapter, the engine, the features and the storage are real.
"""

import asyncio
import time
from pathlib import Path

from bench.answers import DEVICE, KEEPER, room
from bench.figures import Figures
from bench.floor import Floor, client_for
from bench.group import agreed, keep
from bench.here import engine_over, homeserver_of, matrix, running
from bot.operator.assemble import OwnPart
from tests.support.storage import open_sqlite

ROOMS, MEMBERS = 1000, 100
TICK = 0.001
GOAL = 0.5


class Ticker:
    """Wakes every millisecond, and notes the longest time that it had to wait beyond that.

    `work` is the most that the loop's own thread worked in between: what other processes of the machine
    take from it does not count there.
    """

    def __init__(self) -> None:
        self.longest = self.work = 0.0
        self.late: list[float] = []
        self._task = asyncio.create_task(self._tick())

    async def _tick(self) -> None:
        while True:
            before, worked = time.perf_counter(), time.thread_time()
            await asyncio.sleep(TICK)
            self.work = max(self.work, time.thread_time() - worked)
            late = time.perf_counter() - before - TICK
            self.longest = max(self.longest, late)
            if late > 0.05:
                self.late.append(late)

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


async def test_the_first_look_at_a_thousand_rooms(tmp_path: Path, figures: Figures) -> None:
    """The longest standstill from the start until everything is handled."""
    store = await open_sqlite(tmp_path / "data")
    await keep(store, await agreed(MEMBERS), (room(n) for n in range(ROOMS)))
    await OwnPart(store, "matrix").put("matrix-position", b"s1")
    with homeserver_of(ROOMS, MEMBERS) as url:
        platform = matrix(url, tmp_path, store)
        engine = await engine_over(store, platform)
        engine.commands()  # the texts are read once, whatever the homeserver answers
        begun = time.perf_counter()
        ticker = Ticker()
        async with running(engine):
            while not platform.health().ready:  # noqa: ASYNC110 (it can be asked, it does not call)
                await asyncio.sleep(0.01)
            taken = time.perf_counter() - begun
            await ticker.stop()
        floor = await stock(url)
        assert engine.counts["handled"] == ROOMS
        assert engine.counts["not_kept"] == 0
        assert platform.health().trouble == ""
        assert sum(1 for _ in platform._world.all_guarded()) == ROOMS
        assert not engine.deliver.waiting, "nothing is new at this first look"
    await store.close()
    often = f"{len(ticker.late)} times above 50 ms" if ticker.late else "never above 50 ms"
    figures.at_most(
        f"first look at {ROOMS:,} rooms of {MEMBERS}: longest standstill", ticker.longest, "s", GOAL
    )
    figures.note("  of which the loop's own work", f"{ticker.work:.3f} s")
    figures.note("  the whole of it", f"{taken:.1f} s, {often}")
    theirs = f"{floor.longest:.1f} s, {floor.work:.1f} s of it its own work"
    figures.note("  matrix-nio with the same rooms stands still for", theirs)


async def stock(url: str) -> Ticker:
    """How long stock matrix-nio stands still in a first sync of the same rooms, with its defaults."""
    client = client_for(Floor(homeserver=url, user_id=KEEPER, token="bench", device=DEVICE))
    ticker = Ticker()
    await client.sync(full_state=True)
    await asyncio.sleep(0.01)
    await ticker.stop()
    assert len(client.rooms) == ROOMS
    await client.close()
    return ticker
