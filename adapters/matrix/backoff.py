"""Waiting longer and longer, never in step with others."""

import asyncio
import random

_CHANCE = random.SystemRandom()


def jitter(least: float, most: float) -> float:
    """A random number of seconds between the two."""
    return _CHANCE.uniform(least, most)


class Backoff:
    """Pauses that double from `least` to `most` seconds, each a third shorter or longer by chance."""

    def __init__(self, least: float, most: float) -> None:
        self._least, self._most = least, most
        self._next = least

    async def wait(self, at_least: float = 0.0) -> None:
        """Pause; `at_least` is what the other side asked for, in seconds."""
        await asyncio.sleep(max(self._next * jitter(0.7, 1.3), at_least * jitter(1.0, 1.3)))
        self._next = min(self._next * 2, self._most)

    def reset(self) -> None:
        """All is well again."""
        self._next = self._least
