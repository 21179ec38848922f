"""The call of a group: who is in its voice channel now, and the line that stands there."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import discord

from adapters.discord.errors import TROUBLE, undeliverable
from adapters.discord.permissions import MANAGE_CHANNELS, SET_STATUS
from bot.boundary.errors import Unsupported

if TYPE_CHECKING:
    from adapters.discord.world import Circle, World

LONGEST_STATUS = 500
"""Characters of a voice channel's status (Discord's documentation, "Set Voice Channel Status")."""


def in_call(world: "World", circle: "Circle") -> Mapping[int, discord.VoiceState]:
    """Everybody in the group's voice channel, by their id. Empty: nobody, or it has none."""
    voice = world.voice(circle)
    return voice.voice_states if voice is not None else {}


def seen(world: "World", circle: "Circle") -> bool:
    """Whether the group has a voice channel that the bot can look into."""
    voice = world.voice(circle)
    return voice is not None and voice.permissions_for(voice.guild.me).view_channel


def has_status(world: "World", circle: "Circle") -> bool:
    """Whether the bot may write the line. As it is in no call itself, Discord asks for "Manage Channel"
    there besides the permission for the line."""
    voice = world.voice(circle)
    need = SET_STATUS | MANAGE_CHANNELS
    return voice is not None and voice.permissions_for(voice.guild.me).value & need == need


async def show_status(world: "World", circle: "Circle", text: str) -> None:
    """Write the line; "" for none. discord.py has no call for it. Raises `Undeliverable`."""
    voice = world.voice(circle)
    if voice is None:
        raise Unsupported
    body = {"status": text[:LONGEST_STATUS] or None}
    try:
        await world.client.ask("PUT", f"/channels/{voice.id}/voice-status", json=body)
    except TROUBLE as error:
        raise undeliverable(error) from None
