"""How quickly a message is taken down, beside a trivial matrix-nio bot on the same real homeserver.

From when the send returned until another client has seen the redaction. The two take turns, message by
message, so that the noise of the machine hits both alike. Most of the time is the homeserver's.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from nio import AsyncClient, AsyncClientConfig, RoomSendResponse

from bench.field import Field, Watcher
from bench.figures import Figures, percentile
from bench.floor import Floor
from bench.here import BareBot, process
from bench.test_memory import resident
from tests.support.synapse import Account, Synapse

SAMPLES = 200
PAUSE = 0.08
"""Seconds between two messages, in which the bots finish what follows from the last one."""
WORD = "badword"
GOALS = {0.5: 1.10, 0.95: 1.25}

Say = Callable[[str, str], Awaitable[str]]


async def react(say: Say, watcher: Watcher, room: str, words: str) -> float:
    """Milliseconds until the message was seen to be gone."""
    sent = await say(room, words)
    begun = time.perf_counter()
    return max(0.0, await watcher.gone(sent) - begun) * 1000


async def measure(field: Field, watcher: Watcher, say: Say) -> tuple[list[float], list[float]]:
    """Reaction times of the bot and of the floor, message by message in turn."""
    ours: list[float] = []
    floor: list[float] = []
    chance = random.Random(7)
    for room in (field.ours[0], field.floors[0]):
        await react(say, watcher, room, f"the first one {WORD}")
    for n in range(SAMPLES):
        place = chance.randrange(len(field.ours))
        turns = [(ours, field.ours[place]), (floor, field.floors[place])]
        for found, room in turns if n % 2 else reversed(turns):
            await asyncio.sleep(PAUSE)
            found.append(await react(say, watcher, room, f"words {n} {WORD}"))
    return ours, floor


class Speaker:
    """Somebody with a client that encrypts."""

    def __init__(self, field: Field, folder: Path) -> None:
        account = field.speaker_account
        self.client = AsyncClient(
            field.speaker.url,
            account.user_id,
            account.device,
            store_path=str(folder),
            config=AsyncClientConfig(encryption_enabled=True),
        )
        self.client.restore_login(account.user_id, account.device, account.token)

    async def look(self) -> None:
        """Know the rooms, who is in them, and their devices."""
        if self.client.should_upload_keys:
            await self.client.keys_upload()
        await self.client.sync(full_state=True)
        while self.client.should_query_keys:
            await self.client.keys_query()

    async def say(self, room: str, words: str) -> str:
        """Send an encrypted message."""
        content = {"msgtype": "m.text", "body": words}
        sent = await self.client.room_send(room, "m.room.message", content, ignore_unverified_devices=True)
        assert isinstance(sent, RoomSendResponse)
        return str(sent.event_id)


@pytest.mark.parametrize("rooms", [1, 100])
@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
async def test_reaction(
    encrypted: bool, rooms: int, homeserver: Synapse, tmp_path: Path, figures: Figures
) -> None:
    """Both bots in so many rooms each, which they have looked at before."""
    stem = f"{'encrypted' if encrypted else 'plain'}-{rooms}"
    bot = BareBot(tmp_path, homeserver.url, homeserver.register(f"keeper-{stem}"))
    floor = homeserver.register(f"floor-{stem}")
    field = Field(homeserver, bot, floor, stem)
    told = tmp_path / "floor.json"
    told.write_bytes(msgspec.json.encode(floor_of(homeserver, floor, tmp_path if encrypted else None)))
    watcher = Watcher(field.facilitator)
    speaker = Speaker(field, tmp_path) if encrypted else None
    try:
        await field.grow(rooms, encrypted=encrypted)
        await bot.start_beside()
        with process("bench.bare", "bench.floor", str(told)) as beside:
            if speaker is not None:
                await speaker.look()
            times = await measure(field, watcher, speaker.say if speaker else field.speaker.say)
            memory = f"{resident(bot.pid):.0f} MB beside {resident(beside.pid):.0f}"
    finally:
        bot.stop()
        await watcher.close()
        if speaker is not None:
            await speaker.client.close()
        await field.close()
    for part, goal in GOALS.items():
        ours, theirs = (percentile(found, part) for found in times)
        what = f"reaction, {stem} {'room' if rooms == 1 else 'rooms'}, p{part * 100:.0f}"
        figures.times_at_most(what, ours, theirs, "ms", goal)
    figures.note("  memory meanwhile, small rooms", memory)


def floor_of(homeserver: Synapse, account: Account, folder: Path | None) -> Floor:
    """What the trivial bot is told; with a folder it encrypts, and keeps its keys there."""
    return Floor(
        homeserver=homeserver.url,
        user_id=account.user_id,
        token=account.token,
        device=account.device,
        folder=str(folder) if folder else "",
        word=WORD,
    )
