"""The settings that this feature answers for, and the times it keeps."""

from datetime import timedelta

from bot.contract.settings import Setting

CONTACT_MOST = 500
"""Characters: a name, a number and a sentence on when to call; it stands in many texts."""

SETTINGS = (
    Setting(key="language", kind="language", default="en", choices=("en",)),
    Setting(key="timezone", kind="timezone", default="UTC"),
    Setting(key="quiet_hours", kind="hours", default="22:00-08:00"),
    Setting(key="contact", kind="text", default="", most=CONTACT_MOST, operators=False),
    Setting(key="outside_contact", kind="text", default="", most=CONTACT_MOST, operators=False),
)

DRAFT_FOR = timedelta(hours=24)
"""A guided set-up that was left in the middle is forgotten after this."""
INVITATION_FOR = timedelta(days=14)
"""Ours: who was named a facilitator and has not accepted by then is not asked any more."""
ERASE_AFTER = timedelta(days=30)
"""Ours: what is kept of a room that the bot had to leave is erased after this."""
LARGE_GROUP = 13
"""Sources advise 6 to 10 people and disagree above that: we say so once, and never block."""
