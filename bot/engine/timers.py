"""Time comes in as `Due`: fires every row whose time has come, however long the bot was away."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from bot.boundary.errors import StorageTrouble
from bot.boundary.events import Due
from bot.boundary.ports import Clock, Platform, Store
from bot.engine.troubles import told

log = logging.getLogger(__name__)

LOOK_AT_TIMERS_EVERY = 30.0
"""Seconds after which timers are looked at even if none was announced."""

TIMERS_AT_ONCE = 200
"""Timers that are fired in one look, besides those that cannot be fired at present."""


class Timers:
    """Looks at the storage for what is due. `news` is set when a new timer was kept."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        platforms: Mapping[str, Platform],
        submit: Callable[[Due], Awaitable[None] | None],
    ) -> None:
        self._store, self._clock = store, clock
        self._platforms, self._submit = platforms, submit
        self.news = asyncio.Event()
        self._rung: frozenset[str] = frozenset()
        """Timers of the last look: one that is still due then is not looked at in a hurry again."""
        self._stuck = 0
        """How many timers of the last look could not be fired."""

    async def run(self) -> None:
        """Fires every row whose time has come, on platforms that have had their first look."""
        while True:
            self.news.clear()
            try:
                waiting = await self._fire()
                when = await self._store.next_due()
            except StorageTrouble as trouble:
                log.error("timers_not_read", extra=told(trouble))
                await self._sleep(LOOK_AT_TIMERS_EVERY)
                continue
            pause = LOOK_AT_TIMERS_EVERY
            if when is not None:
                left = (when - self._clock.now()).total_seconds()
                pause = max(0.05 if not waiting else 1.0, min(pause, left))
            await self._sleep(pause)

    async def _fire(self) -> bool:
        """Fire what is due. True where something has to wait for its platform."""
        held_back = False
        fired, rung, stuck = [], set(), 0
        # What cannot be fired now must not hide what can.
        for timer in await self._store.due(self._clock.now(), TIMERS_AT_ONCE + self._stuck):
            platform = self._platforms.get(timer.room.platform)
            if platform is None or not platform.health().ready:
                held_back, stuck = True, stuck + 1
                continue
            member = timer.member.native if timer.member else ""
            due = Due(
                id=f"due:{timer.feature}:{timer.room.native}:{member}:{timer.key}:"
                f"{timer.version}:{timer.due_at.timestamp()}",
                room=timer.room,
                feature=timer.feature,
                member=timer.member,
                key=timer.key,
                version=timer.version,
            )
            rung.add(due.id)
            taken = self._submit(due)
            if taken is not None:
                fired.append(taken)
        again = len(rung & self._rung)
        held_back = held_back or bool(again)
        self._rung, self._stuck = frozenset(rung), stuck + again
        for each in await asyncio.gather(*fired, return_exceptions=True):
            held_back = held_back or isinstance(each, BaseException)
        return held_back

    async def _sleep(self, seconds: float) -> None:
        """Sleep on the port's clock, or until a new timer is set."""
        sleep = asyncio.ensure_future(self._clock.sleep(seconds))
        news = asyncio.ensure_future(self.news.wait())
        try:
            await asyncio.wait({sleep, news}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleep.cancel()
            news.cancel()
