"""The real clock. The playground has another one, which can be moved forward."""

import asyncio
from datetime import UTC, datetime


class SystemClock:
    """The machine's own time, in UTC."""

    def now(self) -> datetime:
        """The present moment."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Return after `seconds`."""
        await asyncio.sleep(seconds)
