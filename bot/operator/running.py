"""Running until somebody says stop: signals, faults, and an end within 5 seconds."""

import asyncio
import contextlib
import os
import signal
import threading
from collections.abc import AsyncIterator, Mapping
from importlib.metadata import version

import structlog

from bot.boundary.errors import CannotStart, StorageTrouble
from bot.boundary.ports import Platform
from bot.config import Settings
from bot.engine import Engine, SystemClock
from bot.operator import log, parts
from bot.operator.assemble import connected, engine_with, opened
from bot.operator.private import refuse_open_secrets

STOP_WITHIN = 4.5
"""Seconds from SIGTERM to the end, at the very most (INTERFACE.md promises 5). Whatever is not
written out by then is as after a crash: nothing that was acknowledged is lost."""

say = structlog.get_logger("bot.operator")


def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT. Raises `CannotStart` or `StorageTrouble` for the operator."""
    refuse_open_secrets(settings)
    log.set_up(settings.log_level)
    asyncio.run(_run(settings))


async def _run(settings: Settings) -> None:
    stop = stop_signal()
    say.info("started", version=version("circlekeeper"), platforms=",".join(settings.sections))
    async with opened(settings.data, settings.master_key_file) as store:
        platforms = connected(settings, store)
        engine = await engine_with(
            platforms.values(),
            [parts.platform(name).TEXTS for name in platforms],
            store=store,
            operator=settings.operator,
            clock=SystemClock(),
            defaults=settings.groups,
        )
        noting = asyncio.create_task(_note_health(platforms))
        try:
            async with _health_pages(settings, platforms, engine):
                await until_stopped(engine, stop)
        finally:
            noting.cancel()
    say.info("stopped")


async def _note_health(platforms: Mapping[str, Platform]) -> None:
    """A line of the log whenever a platform's connection comes or goes."""
    before: dict[str, tuple[bool, str]] = {}
    while True:
        for name, platform in platforms.items():
            health = platform.health()
            now = (health.ready, health.trouble)
            if now != before.get(name):
                note = say.warning if health.trouble and name in before else say.info
                before[name] = now
                note("platform", name=name, ready=health.ready, trouble=health.trouble or "none")
        await asyncio.sleep(1.0)


@contextlib.asynccontextmanager
async def _health_pages(
    settings: Settings, platforms: Mapping[str, Platform], engine: Engine
) -> AsyncIterator[None]:
    if settings.listen is None:
        yield
        return
    close = await parts.health_pages()(
        settings.listen.host,
        settings.listen.port,
        platforms=lambda: {name: platform.health() for name, platform in platforms.items()},
        counts=lambda: measures(engine),
        now=SystemClock().now,
    )
    try:
        yield
    finally:
        await close()


def measures(engine: Engine) -> dict[str, float]:
    """What /metrics shows: counts of the whole installation, never of a room or a person."""
    return {
        "events_handled_total": engine.counts["handled"],
        "events_unneeded_total": engine.counts["unneeded"],
        "events_repeated_total": engine.counts["repeated"],
        "events_not_kept_total": engine.counts["not_kept"],
        "effects_delivered_total": engine.deliver.counts["delivered"],
        "effects_retried_total": engine.deliver.counts["retried"],
        "effects_failed_total": engine.deliver.counts["failed"],
        "effects_waiting": engine.deliver.waiting,
    }


async def until_stopped(engine: Engine, stop: asyncio.Event) -> None:
    """Run the engine until a signal comes, or until a platform says that a person must mend something."""
    log.watch(asyncio.get_running_loop())
    running = asyncio.ensure_future(engine.run())
    stopping = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopping.cancel()
        failed = None if running.cancelled() or not running.done() else running.exception()
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError, Exception):
            await running
        await engine.stop()
    if failed is not None:
        raise _the_one_to_tell(failed)


def stop_signal() -> asyncio.Event:
    """What is set by SIGTERM and Ctrl-C from now on. First of all, so that no start is cut in half."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked() -> None:
        if not stop.is_set():
            _end_at_last()
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, asked)
    # They stay until the loop ends: a second Ctrl-C must not cut the writing short.
    return stop


def _end_at_last() -> None:
    """However long a library hangs, the program ends."""
    timer = threading.Timer(STOP_WITHIN, os._exit, args=(0,))
    timer.daemon = True
    timer.start()


def _the_one_to_tell(failed: BaseException) -> BaseException:
    """What the operator can act on, out of all that failed at once."""
    if isinstance(failed, BaseExceptionGroup):
        told = failed.subgroup((CannotStart, StorageTrouble)) or failed
        return _the_one_to_tell(told.exceptions[0])
    return failed
