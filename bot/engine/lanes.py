"""Lanes that keep their order, and how patient they are with a platform that fails."""

import asyncio
import random
from collections import deque

from bot.boundary.ids import RoomId
from bot.boundary.ports import Outgoing
from bot.engine.outbox import Waiting

SHORTEST_WAIT, LONGEST_WAIT = 0.5, 60.0
"""Bounds of the back-off, in seconds. It doubles with every attempt, with jitter."""

OUTAGE_SEEN = 15.0
"""Seconds between two tries of one lane at most while the platform does not answer: its return is
noticed soon."""

BETWEEN_PROBES = 0.25
"""Seconds between two tries of all lanes together while the platform fails: four a second, the
promise is five (INTERFACE.md)."""


class Lane:
    """Effects of one room that keep their order."""

    def __init__(self) -> None:
        self.queue: deque[tuple[Outgoing, Waiting]] = deque()
        self.task: asyncio.Task[None] | None = None
        self.failures = 0
        """How often in a row the platform did not answer to this lane."""

    def pause(self) -> float:
        """Seconds until this lane may try again."""
        self.failures += 1
        return min(OUTAGE_SEEN, SHORTEST_WAIT * 2.0 ** min(self.failures - 1, 10))


class Outage:
    """One platform that fails: tries go out one at a time, spaced, from every lane in its turn.

    Each lane backs off by itself. A platform often fails for one request alone (an invitation to
    somebody whose own server is gone): that must not make everybody else wait.
    """

    def __init__(self) -> None:
        self.failing = False
        self._probe = asyncio.Lock()
        self.next_prompt: dict[RoomId | None, float] = {}
        """When somebody may be prompted next, in a room and (None) at all."""

    async def turn(self) -> None:
        """Wait for this try's turn; no longer than until the platform answers again."""
        async with self._probe:
            if self.failing:
                await asyncio.sleep(BETWEEN_PROBES)


def jittered(seconds: float) -> float:
    """A little longer than that, so that what failed together does not come back together."""
    return seconds * random.uniform(1.0, 1.25)  # noqa: S311
