"""Law 7 at the storage: nothing acknowledged is lost, kill -9 at any instant."""

import asyncio
import random
import sys
from pathlib import Path

from bot.boundary.ports import Read
from tests.support.storage import ROOM, open_sqlite

ROUNDS = 8


async def killed_in_the_middle(folder: Path, round_: int) -> set[str]:
    """Let a process commit for a random while, kill it: the event ids that it had acknowledged."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.sqlite.writes_until_killed",
        str(folder),
        str(round_),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    first = await process.stdout.readline()
    reading = asyncio.create_task(process.stdout.read())
    await asyncio.sleep(random.uniform(0, 0.2))
    process.kill()
    said = first + await reading
    await process.wait()
    return {event.decode() for event in said.split(b"\n")[:-1]}


async def test_every_acknowledged_commit_survives_kill_9(tmp_path: Path) -> None:
    """After each kill: what was acknowledged is there whole, and nothing is there in part."""
    acknowledged: set[str] = set()
    for round_ in range(ROUNDS):
        acknowledged |= await killed_in_the_middle(tmp_path / "data", round_)
        store = await open_sqlite(tmp_path / "data")
        rows = {kept.key for kept in await store.load([Read(feature="consent", room=ROOM)])}
        effects = {kept.id for kept in await store.outbox()}
        assert acknowledged <= rows
        assert rows == effects
        assert all([await store.seen(event) for event in rows])
        await store.close()
    assert len(acknowledged) > ROUNDS
