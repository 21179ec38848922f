"""The whole program with its clock some time ahead: `python -m tests.support.ahead SECONDS run ...`.

The clock is a port: here the real one with a fixed lead takes its place, so that a story on a real
homeserver need not wait for a full hour.
"""

import sys
from datetime import datetime, timedelta

import bot.operator.running
from bot.__main__ import main
from bot.engine import SystemClock

LEAD = timedelta(seconds=float(sys.argv.pop(1)))


class AheadClock(SystemClock):
    """The machine's time, and a lead."""

    def now(self) -> datetime:
        """The present moment, some time from now."""
        return super().now() + LEAD


vars(bot.operator.running)["SystemClock"] = AheadClock
main()
