"""Kill -9 while people report: no report that was confirmed is lost, none is there twice or by half."""

import asyncio
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.memory.platform import who
from adapters.sqlite import open_store
from adapters.vault import Vault
from bot.boundary.ports import Read
from bot.breach.records import CODEC, Case, Told
from tests.breach.story import CODE, LONG, cases, group
from tests.faults.reports_until_killed import MASTER
from tests.laws.stories import play
from tests.laws.test_nothing_acknowledged_is_lost import _crash
from tests.support.house import CODES, House

KILLS = 60 if os.environ.get("TORTURE") else 3
ANSWERS = (*LONG, "anonymous", "send")
WHOLE = Told(kind="screenshot", when="last week", harmed="me", wish="stop", words="my post was shown around")


@settings(max_examples=100 if os.environ.get("TORTURE") else 2, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=len(ANSWERS), max_size=len(ANSWERS)))
@example([0] * (len(ANSWERS) - 1) + [25])
@example([60] * len(ANSWERS))
def test_a_crash_at_any_instant_leaves_one_whole_report(instants: list[int]) -> None:
    """After each answer a crash, and the platform hands the answer in again, as its position says."""

    async def story() -> None:
        async with House() as house:
            room = await group(house, "ann")
            for number, (answer, instant) in enumerate(zip(ANSWERS, instants, strict=True)):
                words = answer if number == 0 else f"!report {answer}"
                event = f"$answer{number}"
                first = asyncio.ensure_future(house.platform.write("ann", words, event_id=event))
                for _ in range(instant):
                    await asyncio.sleep(0)
                await _crash(house)
                first.cancel()
                await house.platform.write("ann", words, event_id=event)
                await house.settle()
            (case,) = await cases(house, room)
            assert case.told == WHOLE
            assert await house.store.load([Read(feature="breach", room=room, member=who("ann"))]) == []
            sent = [t for t in house.platform.said_to("ann") if "is sent" in t]
            codes = {found[1] for t in sent if (found := CODE.search(t))}
            assert len(codes) == 1, "one code, however often it was shown"
            location = await CODES.locate(codes.pop())
            kept = await house.store.load([Read(feature="breach", room=room, member=None, key=location)])
            assert len(kept) == 1

    play(story())


@pytest.mark.slow
@pytest.mark.timeout(120 if KILLS == 3 else 1800)
async def test_reports_outlive_the_death_of_the_process(tmp_path: Path) -> None:
    """A real database, a real SIGKILL, at an instant that nobody chose."""
    for number in range(KILLS):
        folder = tmp_path / str(number)
        confirmed = await asyncio.to_thread(_until_killed, folder, random.uniform(0.2, 1.5))
        store = await open_store(folder, Vault(MASTER, "a test"))
        (room,) = await store.rooms()
        rows = await store.load([Read(feature="breach", room=room, member=None)])
        found = {row.key: CODEC.decode(row.body) for row in rows}
        assert all(isinstance(case, Case) and case.told == WHOLE for case in found.values())
        for code in confirmed:
            assert await CODES.locate(code) in found, "a report that was confirmed is lost"
        assert len(confirmed) <= len(found) <= len(confirmed) + 1
        await store.close()


def _until_killed(folder: Path, after: float) -> list[str]:
    """The codes that were shown as sent before the process was killed."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.reports_until_killed", str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parent.parent.parent,
    ) as writing:
        assert writing.stdout is not None
        assert writing.stdout.readline() == "ready\n"
        try:
            writing.wait(after)
        except subprocess.TimeoutExpired:
            writing.kill()
        lines = writing.stdout.read().split("\n")
    assert writing.returncode == -9, "it went on until it was killed"
    return [line for line in lines[:-1] if line]
