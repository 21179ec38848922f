"""A clock that can be moved forward, never back. Only `circlekeeper try` hands one out."""

import asyncio
from datetime import UTC, datetime, timedelta

LONGEST_MOVE = 400 * 86400
"""Seconds of one move: a little more than the year after which consent is asked for again."""
FARTHEST = 20 * 365 * 86400
"""Seconds in all: no date of the records can overflow."""


class MovableClock:
    """The real time plus what it was moved forward."""

    def __init__(self, ahead: float = 0.0) -> None:
        self.ahead = ahead
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """The present moment here, with time zone UTC."""
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`, or as soon as the clock was moved past them."""
        until = self.now() + timedelta(seconds=seconds)
        while (left := (until - self.now()).total_seconds()) > 0:
            moved = self._moved
            try:
                await asyncio.wait_for(moved.wait(), left)
            except TimeoutError:
                continue
        await asyncio.sleep(0)

    def forward(self, seconds: float) -> bool:
        """Move on and wake who sleeps. False where that is too far, or not forward."""
        if not 0 < seconds <= LONGEST_MOVE or self.ahead + seconds > FARTHEST:
            return False
        self.ahead += seconds
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()
        return True
