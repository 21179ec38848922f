"""How a group begins: `/setup` in a text channel, and the choice of its other channels."""

from typing import Any

import discord

from adapters.discord import places
from adapters.discord.doorbell import Doorbell
from adapters.discord.groups import Group, member_id, room_id
from adapters.discord.looking import Looker
from adapters.discord.messages import NOBODY, Page
from adapters.discord.replies import Replies, Reply
from adapters.discord.which import Which
from adapters.discord.words import say
from adapters.discord.world import Circle, World
from bot.boundary.commands import Command
from bot.boundary.events import RoomAdopted
from bot.boundary.ports import Sink

ADOPTING = frozenset({"start", ""})
"""The sub-words of `setup` with which a group can begin."""


class Beginning:
    """Adopts channels. Raises `Undeliverable` and `StorageTrouble`."""

    def __init__(
        self, world: World, looker: Looker, replies: Replies, doorbell: Doorbell, which: Which, sink: Sink
    ) -> None:
        self._world, self._looker, self._replies = world, looker, replies
        self._doorbell, self._which, self._sink = doorbell, which, sink

    async def begins(self, interaction: discord.Interaction[Any], command: Command, reply: Reply) -> bool:
        """A set-up that is given in a channel. True: it was dealt with, the engine need not see it."""
        if command.name != "setup" or command.sub not in ADOPTING or interaction.guild_id is None:
            return False
        circle = self._which.here(interaction)
        if circle is None:
            guild = self._world.server(interaction.guild_id)
            channel = guild.get_channel_or_thread(interaction.channel_id or 0) if guild else None
            refusal = _refused(interaction, channel)
            if refusal is not None:
                key, args = refusal
                page = Page({"content": say(key, reply.locale, **args), "allowed_mentions": NOBODY})
                await self._replies.tell(reply.handle, [page])
                return True
            assert isinstance(channel, discord.TextChannel), "anything else was refused"
            circle = await self._adopt(interaction, channel, reply)
        return command.sub == "start" and await self.first_step(interaction, circle, reply)

    async def first_step(self, interaction: discord.Interaction[Any], circle: Circle, reply: Reply) -> bool:
        """The page with the channels, for who has power here. Others go on to the engine's own steps,
        if they may: False."""
        if not self._manages(interaction, circle):
            return False
        await self._replies.tell(reply.handle, [places.page(self._world, circle, reply.locale)])
        return True

    async def chosen(
        self,
        interaction: discord.Interaction[Any],
        circle: Circle,
        part: str,
        values: list[str],
        reply: Reply,
    ) -> None:
        """A channel was chosen on the page, or why it cannot be."""
        if not self._manages(interaction, circle):
            words = say("discord-for-stewards", reply.locale)
            await self._replies.tell(reply.handle, [Page({"content": words, "allowed_mentions": NOBODY})])
            return
        found = places.chosen(self._world, circle, part, values)
        said = ""
        if isinstance(found, str):
            said = say(found, reply.locale)
        else:
            await self._world.keep(circle, found)
            self._looker.everybody(circle)  # somebody may be in that call
        await self._replies.tell(reply.handle, [places.page(self._world, circle, reply.locale, said)])

    async def went_on(self, interaction: discord.Interaction[Any], circle: Circle) -> None:
        """The page is left. A doorbell that hangs already moves to the channel that was chosen."""
        if self._manages(interaction, circle):
            await self._doorbell.hang(circle)

    async def _adopt(
        self, interaction: discord.Interaction[Any], channel: discord.TextChannel, reply: Reply
    ) -> Circle:
        owner = channel.guild.owner_id or 0
        circle = await self._world.add(Group(channel=channel.id, server=channel.guild.id, owner=owner))
        if circle.looked:
            return circle  # somebody else was quicker
        await self._world.people_known(channel.guild)
        circle.looked = True
        for member in self._world.members(channel.guild.id):
            self._looker.one(circle, member.id, member, quiet=True)
        self._looker.room(circle)
        event = RoomAdopted(
            id=f"i{interaction.id}:adopted",
            room=room_id(channel.id),
            by=member_id(interaction.user.id),
            reply=reply.handle,
        )
        if (taken := self._sink.submit(event)) is not None:
            await taken
        return circle

    def _manages(self, interaction: discord.Interaction[Any], circle: Circle) -> bool:
        """Whether somebody has power in the group's channel, as it is now."""
        person = circle.people.get(member_id(interaction.user.id))
        return person is not None and person.administrator


def _refused(interaction: discord.Interaction[Any], channel: object) -> tuple[str, dict[str, str]] | None:
    """Why no group can begin here, or not by this person; None: it can."""
    if (why := places.unfit(channel or interaction.channel)) is not None:
        return why
    may = interaction.permissions
    if not (may.manage_guild or may.manage_channels or may.administrator):
        return "discord-for-stewards", {}
    if isinstance(channel, discord.TextChannel) and channel.permissions_for(channel.guild.me).view_channel:
        return None
    return "discord-cannot-see", {}
