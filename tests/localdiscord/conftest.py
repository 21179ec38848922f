"""What the tests of the local Discord share."""

from tests.localdiscord.fixture import discord_server

__all__ = ["discord_server"]
