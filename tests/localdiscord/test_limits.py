"""Rate limits: the headers, the buckets, the limit over all, and the ban."""

import asyncio

import pytest

from tests.localdiscord import LocalDiscord
from tests.localdiscord.conftest import Scene
from tests.localdiscord.toy import Toy, intents, running

MESSAGES = r"/channels/\d+/messages"


async def test_a_bucket_that_is_empty_answers_429_until_it_is_full_again(scene: Scene) -> None:
    scene.server.limits.bucket("POST", MESSAGES, 2, 5.0)
    path = f"/channels/{scene.room.id}/messages"
    first, second, third = [await scene.raw.ask("POST", path, {"content": "x"}) for _ in range(3)]
    assert [one.headers["X-RateLimit-Remaining"] for one in (first, second)] == ["1", "0"]
    assert first.headers["X-RateLimit-Bucket"] == second.headers["X-RateLimit-Bucket"]
    assert third.status == 429
    assert third.headers["Via"], "without it discord.py takes a 429 for a ban"
    assert 4 < third.body["retry_after"] <= 5 and third.body["global"] is False
    scene.server.clock.advance(5)
    assert (await scene.raw.ask("POST", path, {"content": "x"})).status == 200


async def test_each_channel_has_a_bucket_of_its_own(scene: Scene) -> None:
    scene.server.limits.bucket("POST", MESSAGES, 1, 5.0)
    for channel in (scene.room, scene.lounge):
        assert (
            await scene.raw.ask("POST", f"/channels/{channel.id}/messages", {"content": "x"})
        ).status == 200


async def test_the_limit_over_all_spares_interactions(scene: Scene) -> None:
    scene.server.limits.total(2)
    got = [await scene.raw.ask("GET", "/users/@me") for _ in range(3)]
    assert [one.status for one in got] == [200, 200, 429]
    assert got[2].body["global"] is True and got[2].headers["X-RateLimit-Global"] == "true"
    assert (await scene.raw.ask("POST", "/interactions/1/x/callback", {"type": 5})).status == 404


async def test_too_many_invalid_requests_are_a_ban_without_json(scene: Scene) -> None:
    scene.server.limits.ban_after = 3
    for _ in range(3):
        await scene.raw.ask("GET", "/users/@me", token="wrong")
    banned = await scene.raw.ask("GET", "/users/@me")
    assert banned.status == 429 and banned.body is None and "Via" not in banned.headers


async def test_discord_py_waits_and_nothing_is_lost(discord_server: LocalDiscord) -> None:
    ann = discord_server.person("ann")
    guild = discord_server.guild("Circle", ann)
    discord_server.add_bot(guild)
    discord_server.limits.bucket("POST", MESSAGES, 2, 0.3)
    room = discord_server.channel(guild, "general")
    async with running(discord_server, Toy(intents())) as client:
        channel = client.get_partial_messageable(room.id)
        for number in range(5):
            await channel.send(str(number))
    assert [one.text for one in ann.sees(room)] == ["0", "1", "2", "3", "4"]
    assert discord_server.limits.refused == 0, "it reads the headers"


async def test_a_fault_that_a_test_orders_comes_that_often(scene: Scene) -> None:
    scene.server.fail("GET", "/users/@me", status=503, times=2)
    assert [(await scene.raw.ask("GET", "/users/@me")).status for _ in range(3)] == [503, 503, 200]


async def test_it_is_quiet_only_when_nothing_is_on_its_way(scene: Scene) -> None:
    scene.server.latency = 0.2
    asking = asyncio.create_task(scene.raw.ask("GET", "/users/@me"))
    await asyncio.sleep(0.05)
    await scene.server.quiet(still=0.02)
    assert asking.done() or scene.server.requests[0].status == 200
    await asking
    with pytest.raises(TimeoutError):
        await scene.server.quiet(still=0.1, seconds=0.05)
