"""The first step of a set-up on Discord: which channels belong to the group. Nothing is changed by it."""

import discord
import msgspec

from adapters.discord.groups import Group, number
from adapters.discord.messages import NOBODY, Page, Raw
from adapters.discord.permissions import SEND, VIEW
from adapters.discord.view import _everyone
from adapters.discord.words import say
from adapters.discord.world import Circle, World

VOICE, ENTRANCE, NEXT = "v", "e", "n"
MARK = "p"
"""Begins the ids of this page's parts: `p:v:123` is the voice channel's choice of channel 123's group."""
CHANNEL_SELECT = 8
TEXT_CHANNEL, VOICE_CHANNEL, STAGE = 0, 2, 13


def page(world: World, circle: Circle, locale: str, said: str = "") -> Page:
    """The page, with what is chosen now; `said` stands before it."""
    group, none = circle.group, say("discord-places-none", locale)
    voice, entrance = world.voice(circle), world.entrance(circle)
    text = say(
        "discord-places",
        locale,
        voice=f"<#{voice.id}>" if voice else none,
        entrance=f"<#{entrance.id}>" if entrance else none,
    )
    components = [
        _select(
            VOICE, group, "discord-places-voice", [VOICE_CHANNEL, STAGE], group.voice if voice else 0, locale
        ),
        _select(
            ENTRANCE, group, "discord-places-entrance", [TEXT_CHANNEL], entrance.id if entrance else 0, locale
        ),
        {
            "type": 1,
            "components": [
                {
                    "type": 2,
                    "style": 1,
                    "label": say("discord-places-next", locale),
                    "custom_id": f"{MARK}:{NEXT}:{group.channel}",
                }
            ],
        },
    ]
    body: Raw = {
        "content": f"{said}\n\n{text}" if said else text,
        "components": components,
        "allowed_mentions": NOBODY,
    }
    return Page(body)


def read(custom_id: str) -> tuple[str, int] | None:
    """Which part of the page this is, and of which group's; None where it is none of it."""
    parts = custom_id.split(":")
    if len(parts) != 3 or parts[0] != MARK or not number(parts[2]):
        return None
    return (parts[1], int(parts[2])) if parts[1] in (VOICE, ENTRANCE, NEXT) else None


def chosen(world: World, circle: Circle, part: str, values: list[str]) -> Group | str:
    """The group with what was chosen, or the key of why it cannot be."""
    picked = number(values[0]) if values else 0
    if part == VOICE:
        taken = world.at(circle.group.server, picked) if picked else None
        if taken is not None and taken is not circle:
            return "discord-places-taken"
        return msgspec.structs.replace(circle.group, voice=picked)
    if picked == circle.group.channel:
        return "discord-places-same"
    guild = world.server(circle.group.server)
    channel = guild.get_channel(picked) if guild is not None and picked else None
    if channel is not None:
        if not _everyone(channel) & VIEW:
            return "discord-places-hidden"
        may = channel.permissions_for(channel.guild.me)
        if not may.value & SEND or not may.view_channel:
            return "discord-places-silent"
    return msgspec.structs.replace(circle.group, entrance=picked)


def _select(part: str, group: Group, label: str, kinds: list[int], now: int, locale: str) -> Raw:
    made: Raw = {
        "type": CHANNEL_SELECT,
        "custom_id": f"{MARK}:{part}:{group.channel}",
        "placeholder": say(label, locale),
        "channel_types": kinds,
        "min_values": 0,
        "max_values": 1,
    }
    if now:
        made["default_values"] = [{"id": str(now), "type": "channel"}]
    return {"type": 1, "components": [made]}


def unfit(channel: object) -> tuple[str, dict[str, str]] | None:
    """Why no group can begin in this channel: a key and its arguments. None: it can."""
    match channel:
        case discord.Thread(parent=discord.ForumChannel()):
            return "discord-in-forum", {}
        case discord.Thread():
            parent = channel.parent
            return "discord-in-thread", {"channel": parent.name if parent else "?"}
        case discord.ForumChannel():
            return "discord-in-forum", {}
        case discord.VoiceChannel() | discord.StageChannel():
            return "discord-in-stage", {}
        case discord.TextChannel() if channel.is_news():
            return "discord-in-announcements", {}
        case discord.TextChannel():
            return None
        case _:
            return "discord-not-a-channel", {}
