"""Which group is meant: by where a command is given, by its option, or by asking."""

from collections.abc import Sequence
from typing import Any

import discord

from adapters.discord.choices import Drawer, custom_id
from adapters.discord.groups import PLATFORM, room_id
from adapters.discord.messages import NOBODY, Page, Raw, rows
from adapters.discord.words import say
from adapters.discord.world import Circle, World
from bot.boundary.effects import Choice
from bot.boundary.ids import RoomId

MOST_BUTTONS = 20
"""Groups that are offered as buttons; of more, one is typed."""
MOST_NAMED = 1000
"""Characters of the names of all groups together."""
PICKED = "g"
"""Begins the id of a button that only says which group is meant: `g:123:` and a choice's own id."""


class Which:
    """Finds the group that somebody means."""

    def __init__(self, world: World, drawer: Drawer) -> None:
        self._world, self._drawer = world, drawer

    def candidates(self, interaction: discord.Interaction[Any]) -> Sequence[Circle]:
        """The groups that a command can mean: the one whose channel it is, else all of the person's."""
        near = list(self._world.near(interaction.user.id))
        if interaction.guild_id is None:
            return near
        here = self.here(interaction)
        if here is not None:
            return [here]
        on_server = [c for c in near if c.group.server == interaction.guild_id]
        at_entrance = [c for c in on_server if c.group.entrance == interaction.channel_id]
        return at_entrance or on_server or near

    def here(self, interaction: discord.Interaction[Any]) -> Circle | None:
        """The group whose channel, voice channel or thread this is."""
        channel = interaction.channel
        parent = channel.parent_id if isinstance(channel, discord.Thread) else None
        return self._world.at(interaction.guild_id or 0, interaction.channel_id or 0, parent)

    def called(self, user: int, words: str) -> list[Circle]:
        """The groups of a person with this name or number."""
        wanted = " ".join(words.split()).casefold().lstrip("#")
        found = []
        for circle in self._world.near(user):
            if str(circle.group.channel) == wanted:
                return [circle]
            channel = self._world.text(circle)
            if channel is not None and channel.name.casefold() == wanted:
                found.append(circle)
        return found

    async def question(self, found: Sequence[Circle], choice: Choice, locale: str) -> Page:
        """Asks which one: a button for each group, which carries the whole command.

        Raises `StorageTrouble`.
        """
        names = [self.name(circle, found) for circle in found]
        if len(found) > MOST_BUTTONS:
            words = say("discord-which-group-typed", locale, groups=", ".join(names)[:MOST_NAMED])
            return Page({"content": words, "allowed_mentions": NOBODY})
        ids = [custom_id(room_id(circle.group.channel), choice) or "" for circle in found]
        if not all(ids):
            kept = await self._drawer.put(RoomId(PLATFORM, ""), choice)
            ids = [f"{PICKED}:{circle.group.channel}:{kept}" for circle in found]
        body: Raw = {
            "content": say("discord-which-group", locale),
            "components": rows(list(zip(names, ids, strict=True))),
            "allowed_mentions": NOBODY,
        }
        return Page(body)

    def name(self, circle: Circle, among: Sequence[Circle]) -> str:
        """What a group is called, with its server where there are several."""
        channel = self._world.text(circle)
        if channel is None:
            return str(circle.group.channel)
        servers = {c.group.server for c in among}
        return f"{channel.name} ({channel.guild.name})" if len(servers) > 1 else channel.name

    def completions(self, user: int) -> list[tuple[str, str]]:
        """The groups of a person for completion: (name, what is sent)."""
        near = list(self._world.near(user))
        return [(self.name(circle, near), str(circle.group.channel)) for circle in near]
