"""Time that a test can move, and the ids that Discord makes from time."""

import time
from datetime import UTC, datetime

# Discord's epoch, 2015-01-01: docs, Reference, Snowflakes.
EPOCH_MS = 1_420_070_400_000


class Clock:
    """The wall clock plus what a test added to it."""

    def __init__(self) -> None:
        self._ahead = 0.0
        self._last = 0

    def now(self) -> float:
        """Seconds since 1970, in UTC."""
        return time.time() + self._ahead

    def advance(self, seconds: float) -> None:
        """Lets time pass at once: interactions run out, rate limits refill, timeouts end."""
        self._ahead += seconds

    def stamp(self) -> str:
        """Now, as Discord writes it."""
        return written(self.now())

    def snowflake(self) -> int:
        """A new id: later ones are greater, and the time can be read from it."""
        new = (int(self.now() * 1000) - EPOCH_MS) << 22
        self._last = max(new, self._last + 1)
        return self._last


def written(seconds: float) -> str:
    """Seconds since 1970 as ISO 8601 with zone."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()
