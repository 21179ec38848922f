"""The setting that the gate obeys, and its numbers."""

from datetime import timedelta

from bot.contract.settings import Setting

SETTINGS = (
    Setting(
        key="gate",
        kind="choice",
        default="notice",
        choices=("notice", "mute", "door"),
        concerns_members=True,
    ),
)

TELL_EVERY = timedelta(minutes=10)
"""Somebody whose words were taken down is told what to do at most so often: ours."""

TELL_OF_BOTS_EVERY = timedelta(days=1)
"""Facilitators hear at most so often that the same bot or ghost was taken down: ours."""

LONGEST_GUEST = timedelta(days=365)
"""A longer guest pass is no guest pass. The same length as `renew`: ours."""

ADVISED = (6, 10)
"""People in a group that talks well. PRACTICE.md, "Numbers"."""

LARGE = 13
"""From so many people on, facilitators are warned. PRACTICE.md, "Numbers"."""

MOST_NAMED = 10
"""Bots and ghosts that are named one by one; more are only counted."""

NUMBER_HOLDS = timedelta(hours=24)
"""How long members are told the same number of people who have not agreed (ours). A live number,
asked before and after, would tell who it was (law 3)."""
