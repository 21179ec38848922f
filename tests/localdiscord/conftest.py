"""What the tests of the local Discord share."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Self

import pytest

from tests.localdiscord import Human, LocalDiscord, P
from tests.localdiscord.fixture import discord_server
from tests.localdiscord.model import Channel, Guild, Role
from tests.localdiscord.raw import Raw

__all__ = ["discord_server"]

HANDS = (
    P.MANAGE_ROLES | P.MANAGE_CHANNELS | P.MANAGE_MESSAGES | P.KICK_MEMBERS | P.MOVE_MEMBERS
    | P.DEAFEN_MEMBERS | P.MANAGE_WEBHOOKS | P.PIN_MESSAGES | P.MANAGE_THREADS | P.MODERATE_MEMBERS
    | P.SET_VOICE_CHANNEL_STATUS
)  # fmt: skip


@dataclass
class Scene:
    """A server with its owner, a member, a room, and a bot that sends raw requests."""

    server: LocalDiscord
    raw: Raw
    ann: Human
    bob: Human
    guild: Guild
    room: Channel

    @property
    def lounge(self) -> Channel:
        return self.server.channel(self.guild, "Lounge")

    @property
    def role(self) -> Role:
        """The bot's own."""
        return self.server.bot_role(self.guild)

    async def with_commands(self, *specs: dict[str, object]) -> Self:
        got = await self.raw.ask("PUT", f"/applications/{self.server.bot.id}/commands", list(specs))
        assert got.status == 200, got
        return self


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    """Held against this server's own rules alone: each test then shows the rule, not the description."""
    async with LocalDiscord(describe=False) as server, Raw(server) as raw:
        ann, bob = server.person("ann"), server.person("bob")
        guild = server.guild("Circle", ann, HANDS)
        await bob.join_guild(guild)
        yield Scene(server, raw, ann, bob, guild, server.channel(guild, "general"))
        assert not server.crashes
