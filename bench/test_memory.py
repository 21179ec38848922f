"""How much memory the bot holds with 1, 100 and 1,000 rooms, beside a trivial matrix-nio bot.

Both are processes of their own, started on the same rooms of a homeserver that is made up: each has
looked at all of them, and then nothing happens. For the bot they are groups under `mute` in which
everybody has agreed, with all their records.
"""

import asyncio
import time
from pathlib import Path

import msgspec
import pytest

from bench.answers import DEVICE, KEEPER, room
from bench.figures import Figures
from bench.floor import Floor
from bench.group import agreed, keep
from bench.here import BareBot, homeserver_of, process, storage_of
from bot.operator.assemble import OwnPart
from tests.support.synapse import Account

MEMBERS = 100
CALM = 3.0
"""Seconds after the start, so that what was only needed for the first look is gone."""


def resident(pid: int) -> float:
    """Megabytes of a process that are in memory now."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise LookupError("no such process")


def floor_beside(folder: Path, url: str) -> float:
    """Megabytes of the trivial bot."""
    told = folder / "floor.json"
    told.write_bytes(msgspec.json.encode(Floor(homeserver=url, user_id=KEEPER, token="bench", device=DEVICE)))
    with process("bench.bare", "bench.floor", str(told)) as floor:
        time.sleep(CALM)
        return resident(floor.pid)


@pytest.mark.parametrize("rooms", [1, 100, 1000])
async def test_memory(rooms: int, tmp_path: Path, figures: Figures) -> None:
    """One after the other, on the same homeserver."""
    with homeserver_of(rooms, MEMBERS) as url:
        floor = await asyncio.to_thread(floor_beside, tmp_path, url)
        bot = BareBot(tmp_path, url, Account(KEEPER, "bench", "bench", DEVICE), ready_within=600)
        async with storage_of(bot) as store:
            await keep(store, await agreed(MEMBERS), (room(n) for n in range(rooms)))
            await OwnPart(store, "matrix").put("matrix-position", b"s1")
        try:
            begun = time.perf_counter()
            await bot.start_beside()
            ready = time.perf_counter() - begun
            await asyncio.sleep(CALM)
            ours = resident(bot.pid)
        finally:
            bot.stop()
    figures.times_at_most(f"memory at {rooms:,} rooms of {MEMBERS}", ours, floor, "MB", 1.3)
    figures.note("  ready after", f"{ready:.1f} s")
