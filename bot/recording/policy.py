"""The setting and the numbers of recording. PRACTICE.md, "Recording"; ours where it says so."""

from datetime import timedelta

from bot.contract.settings import Setting

SETTINGS = (
    Setting(
        key="recorder_policy",
        kind="choice",
        default="alert",
        choices=("alert", "block"),
        concerns_members=True,
    ),
)

WINDOW = timedelta(minutes=10)
"""How long people have to answer. Silence is a no (ours)."""

FEWEST = 4
"""With fewer people present a no could be guessed, so nobody is asked."""

LEAST_DAYS, MOST_DAYS = 1, 365
"""How long a recording may be kept (ours)."""

LONGEST = 200
"""Characters of a purpose, and of who will see it: each stands in every question."""

KEPT = timedelta(days=30)
"""How long the proof of a consent is kept after its recording must be gone (ours)."""

LINE_EVERY = timedelta(minutes=5)
"""The room is told at most this often that nobody may record in the call (ours)."""

TOLD_FOR = timedelta(hours=6)
"""Who drops out of a call and comes back is not told again for this long (ours)."""

GONE_FOR = timedelta(minutes=10)
"""A recorder that comes back within this is not told of again (INTERFACE.md, "Alerts")."""
