"""Discord: text channels (and a voice channel each) of servers. discord.py carries the requests."""

import logging
from pathlib import Path

from adapters.discord.invitation import invitation
from adapters.discord.platform import Discord
from adapters.discord.section import DiscordSection, check
from bot.boundary.ports import Cabinet, Clock, Platform

NAME = "discord"
SECTION = DiscordSection
TEXTS = Path(__file__).parent / "texts"

# discord.py logs ids of users, servers and sessions at every level.
logging.getLogger("discord").setLevel(logging.CRITICAL + 1)


def connect(section: DiscordSection, cabinet: Cabinet, clock: Clock, base: Path) -> Platform:
    """The bot account of a config section. No I/O. Raises `CannotStart` where it cannot work."""
    check(section)
    return Discord(section, cabinet, clock, base)


__all__ = ["NAME", "SECTION", "TEXTS", "DiscordSection", "connect", "invitation"]
