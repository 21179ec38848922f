"""Putting the playground together: for `circlekeeper try`, and as an adapter of `run`."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec

from adapters.playground.clock import MovableClock
from adapters.playground.feed import Feed
from adapters.playground.inspector import Overview
from adapters.playground.platform import Playground
from adapters.playground.server import serve_page
from adapters.playground.world import World
from bot.boundary.ports import Cabinet, Clock


class Section(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The playground has nothing to configure: `circlekeeper try` takes all it needs."""


class Opened(msgspec.Struct, frozen=True):
    """What `serve` gives: the shape of `bot.boundary.ports.Playground`."""

    platform: Playground
    clock: MovableClock
    inspector: Overview


async def serve(cabinet: Cabinet, *, folder: Path, port: int | None, opened: Callable[[str], None]) -> Opened:
    """See `bot.boundary.ports.PlaygroundFactory`.

    >>> playground = await serve(store, folder=data, port=None, opened=print)  # doctest: +SKIP
    >>> engine = Engine(clock=playground.clock, inspector=playground.inspector)  # doctest: +SKIP
    >>> engine.add(playground.platform)  # doctest: +SKIP
    >>> await engine.run()  # doctest: +SKIP
    """
    clock, feed = MovableClock(), Feed()
    overview = Overview(folder, feed)
    platform = Playground(
        clock,
        open_world=lambda: World.open(cabinet, feed, clock),
        page=lambda found: serve_page(found, port, opened),
        overview=overview,
    )
    await platform.open()
    clock.ahead = platform.world.state.ahead
    return Opened(platform, clock, overview)


def connect(section: Section, cabinet: Cabinet, clock: Clock, base: Path) -> Playground:
    """See `bot.boundary.ports.Platform`: the rooms alone, without a page, a clock or an inspector."""
    del section, base
    feed = Feed()

    async def no_page(_: Playground) -> None:
        await asyncio.Event().wait()

    return Playground(clock, open_world=lambda: World.open(cabinet, feed, clock), page=no_page)
