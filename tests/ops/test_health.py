"""The health pages: what they answer, and that they hold nobody's id."""

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest

from adapters.health import serve
from bot.boundary.errors import CannotStart
from bot.boundary.ports import Health
from tests.support.synapse import free_port

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class World:
    """What the pages are told, changed by a test."""

    def __init__(self) -> None:
        self.platforms: Mapping[str, Health] = {"matrix": Health(ready=True, last_good=NOON)}
        self.counts: Mapping[str, float] = {"events_handled_total": 3, "effects_waiting": 1}
        self.now = NOON
        self.port = free_port()

    async def get(self, path: str) -> tuple[int, str]:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{self.port}{path}") as answer,
        ):
            assert answer.headers["Server"] == "circlekeeper"
            return answer.status, await answer.text()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    world = World()
    close = await serve(
        "127.0.0.1",
        world.port,
        platforms=lambda: world.platforms,
        counts=lambda: world.counts,
        now=lambda: world.now,
    )
    yield world
    await close()


async def test_all_is_well(world: World) -> None:
    """Connected and lately heard of: both pages say 200."""
    assert await world.get("/healthz") == (200, "fine\n")
    assert await world.get("/readyz") == (200, "fine\n")


async def test_healthz_turns_503_after_a_minute_of_silence(world: World) -> None:
    """INTERFACE.md: when the last good contact is older than 60 s; not a second before."""
    world.now = NOON + timedelta(seconds=60)
    assert (await world.get("/healthz"))[0] == 200
    world.now = NOON + timedelta(seconds=61)
    status, words = await world.get("/healthz")
    assert status == 503
    assert words == "matrix: No good contact for more than a minute.\n"


async def test_healthz_gives_a_platform_a_minute_to_be_heard_of_at_all(world: World) -> None:
    """Before the first good contact, the minute counts from the start."""
    world.platforms = {"matrix": Health(ready=False, last_good=None)}
    world.now = NOON + timedelta(seconds=59)
    assert (await world.get("/healthz"))[0] == 200
    world.now = NOON + timedelta(seconds=61)
    assert (await world.get("/healthz"))[0] == 503


async def test_one_silent_platform_of_two_is_enough(world: World) -> None:
    """Each platform counts for itself, and the one in trouble is named with its trouble."""
    world.now = NOON + timedelta(minutes=5)
    world.platforms = {
        "matrix": Health(ready=True, last_good=world.now),
        "other": Health(ready=False, last_good=NOON, trouble="It does not answer."),
    }
    assert await world.get("/healthz") == (503, "other: It does not answer.\n")
    assert await world.get("/readyz") == (503, "other: It does not answer.\n")


async def test_readyz_waits_for_the_first_look(world: World) -> None:
    """503 until every platform is connected and has looked at its rooms."""
    world.platforms = {"matrix": Health(ready=False, last_good=NOON)}
    status, words = await world.get("/readyz")
    assert status == 503
    assert "still looking" in words


async def test_metrics_are_counts(world: World) -> None:
    """Prometheus' text format; counters and gauges of the whole installation."""
    status, words = await world.get("/metrics")
    assert status == 200
    assert "# TYPE circlekeeper_events_handled_total counter" in words
    assert "circlekeeper_events_handled_total 3.0" in words
    assert "circlekeeper_effects_waiting 1.0" in words
    assert 'circlekeeper_platform_ready{platform="matrix"} 1.0' in words
    assert "python_info" not in words


async def test_nothing_else_is_served(world: World) -> None:
    """Other pages and methods are refused."""
    assert (await world.get("/"))[0] == 404
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{world.port}/metrics") as answer,
    ):
        assert answer.status == 405


async def test_a_taken_port_is_said_in_words(world: World) -> None:
    """Who starts the bot twice reads what to do."""
    with pytest.raises(CannotStart, match="taken"):
        await serve("127.0.0.1", world.port, platforms=dict, counts=dict, now=lambda: world.now)
