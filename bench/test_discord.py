"""Discord: a slash command to its answer, a thousand people joining, memory. Against a local Discord.

Figures and their meaning stand in docs/performance.md. The goals are checked loosely, since machines
differ and share their cores.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.discord.permissions import INVITED_WITH
from tests.discord.process import DiscordProcess, process
from tests.discord.scene import READ, Scene
from tests.discord.test_killed import Outside
from tests.localdiscord import Human, LocalDiscord, P
from tests.localdiscord.model import Channel

ROUNDS = 300
JOINS, WITHIN = 1000, 60.0
SERVERS = (1, 100, 1000)
ROOT = Path(__file__).resolve().parents[1]


async def _answers(who: Human, place: Channel, rounds: int = ROUNDS) -> list[float]:
    """Milliseconds from typing a command to seeing its answer."""
    found = []
    for n in range(rounds + 20):
        begun = time.perf_counter()
        await who.slash(place, "consent", "show")
        if n >= 20:
            found.append((time.perf_counter() - begun) * 1000)
    return sorted(found)


def _said(name: str, found: list[float]) -> tuple[float, float]:
    p50, p95 = statistics.median(found), found[int(len(found) * 0.95)]
    print(f"{name}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, n {len(found)}")
    return p50, p95


@pytest.fixture
async def there(tmp_path: Path) -> AsyncIterator[Outside]:
    """Ann's server, with the program as a process on it."""
    async with LocalDiscord() as server:
        made = Outside(server, tmp_path)
        made.process = process(server, tmp_path)
        await made.prepare()
        try:
            await made.process.start_beside()
            yield made
        finally:
            made.process.kill()


async def _trivial(tmp_path: Path) -> tuple[float, float]:
    async with LocalDiscord() as server:
        ann = server.person("ann")
        guild = server.guild("Circle", owner=ann, bot=P(INVITED_WITH))
        bot = await asyncio.create_subprocess_exec(
            sys.executable,
            str(ROOT / "bench" / "trivial_discord.py"),
            server.api_base,
            server.gateway_url,
            server.token,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            assert bot.stdout is not None
            await asyncio.wait_for(bot.stdout.readline(), 30)
            return _said("trivial discord.py bot", await _answers(ann, server.channel(guild, "general")))
        finally:
            bot.kill()
            await bot.wait()


async def test_a_slash_command_is_answered_nearly_as_fast_as_by_a_trivial_bot(
    there: Outside, tmp_path: Path
) -> None:
    """Goal: p50 at most 1.5 times, p95 at most 2 times, with a durable commit for each command."""
    await there.set_up("mute")
    await there.agree(there.bob)
    ours = _said("Circlekeeper, one durable commit each", await _answers(there.bob, there.evening))
    floor = await _trivial(tmp_path)
    print(f"ratio: p50 {ours[0] / floor[0]:.2f}, p95 {ours[1] / floor[1]:.2f}")


async def test_a_thousand_people_join_within_a_minute_under_real_rate_limits(there: Outside) -> None:
    """Goal: nobody waits for the doorbell, and no request is refused."""
    await there.set_up("mute")
    there.server.limits.real()
    people = [there.server.person(f"p{n}") for n in range(JOINS)]
    waits: list[float] = []

    async def press(who: Human) -> None:
        assert bell is not None
        begun = time.perf_counter()
        await who.click(bell, READ)
        waits.append((time.perf_counter() - begun) * 1000)

    bell = there.bell
    assert bell is not None
    pressing: list[asyncio.Task[None]] = []
    begun = time.perf_counter()
    for n, who in enumerate(people):
        await who.join_guild(there.guild)
        if n % 20 == 0:
            pressing.append(asyncio.create_task(press(who)))
        await asyncio.sleep(max(0.0, begun + (n + 1) * WITHIN / JOINS - time.perf_counter()))
    took = time.perf_counter() - begun
    await asyncio.gather(*pressing)
    _said(f"doorbell while {JOINS} join in {took:.0f} s", sorted(waits))
    refused = there.server.limits.refused
    print(f"refused requests: {refused}; RSS {_rss(there.process)} MB")
    assert not refused


@pytest.mark.parametrize("servers", SERVERS)
async def test_memory_with_many_servers(tmp_path: Path, servers: int) -> None:
    """RSS with a group on one of them, and ten people on each."""
    async with LocalDiscord() as server:
        made = Scene(server, tmp_path)
        await made.prepare()
        people = [server.person(f"p{n}") for n in range(10)]
        for n in range(servers - 1):
            guild = server.guild(f"Server {n}", owner=people[0], bot=P(INVITED_WITH))
            for who in people[1:]:
                await who.join_guild(guild)
        bot = process(server, tmp_path)
        try:
            begun = time.perf_counter()
            await bot.start_beside()
            print(f"{servers} servers: RSS {_rss(bot)} MB, ready in {time.perf_counter() - begun:.1f} s")
        finally:
            bot.kill()


def _rss(bot: DiscordProcess) -> int:
    words = Path(f"/proc/{bot.pid}/status").read_text()
    return int(words.split("VmRSS:")[1].split()[0]) // 1024
