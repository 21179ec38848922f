"""The numbers that meetings live by. All of them are ours, but where a source is named."""

from datetime import timedelta

MINUTES = 90
"""How long a meeting lasts where nobody said."""
LEAST, MOST = 5, 600
"""Minutes of one meeting."""
LONGEST_TOPIC = 200
"""Characters."""

OVERTIME = timedelta(minutes=60)
"""A meeting that nobody ended ends by itself so long after its time."""

SAID_LATE = timedelta(hours=1)
"""What ended by itself longer ago is not told to the room any more: it would only puzzle people."""

LATE_LINE_EVERY = timedelta(minutes=5)
"""The room is told at most this often what holds here, because somebody came late."""

DAY_BEFORE, HELPS_UNTIL = timedelta(hours=24), timedelta(hours=6)
"""The first reminder, and how long before the meeting it still helps when it is late."""
SOON = timedelta(minutes=30)
"""The second reminder."""
WAITING = timedelta(minutes=15)
"""So long after its start a planned meeting that nobody opened counts as passed."""
EARLY = timedelta(minutes=60)
"""A meeting opened so long before a planned one, or less, is that one."""

FARTHEST = timedelta(days=731)
"""No first date later than this: it is more likely a slip of the finger."""

LONGEST_PLEDGE = 60
"""Words of the pledge (PRACTICE.md, "The agreement")."""
