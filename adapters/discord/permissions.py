"""Discord's permissions: what the bot asks for and why, and what its gates change."""

from typing import NamedTuple

import discord

MANAGE_CHANNELS = 1 << 4
VIEW = 1 << 10
SEND = 1 << 11
REACT = 1 << 6
MANAGE_MESSAGES = 1 << 13
READ_HISTORY = 1 << 16
CONNECT = 1 << 20
SPEAK = 1 << 21
DEAFEN = 1 << 23
MOVE = 1 << 24
MANAGE_ROLES = 1 << 28
PUBLIC_THREADS = 1 << 35
PRIVATE_THREADS = 1 << 36
SEND_IN_THREADS = 1 << 38
SET_STATUS = 1 << 48


class Asked(NamedTuple):
    """One permission that the bot asks for when it is added."""

    bit: int
    name: str
    """As Discord's own English settings call it."""
    reason: str


ASKED = (
    Asked(VIEW, "View Channels", "to be in the group's channel, and to keep it for those who agreed (door)"),
    Asked(SEND, "Send Messages", "to put up the doorbell, and to keep writing for those who agreed (mute)"),
    Asked(READ_HISTORY, "Read Message History", "to find its own doorbell again after a restart"),
    Asked(MANAGE_ROLES, "Manage Roles", "to make the group's role, give and take it, and set the channel up"),
    Asked(MANAGE_MESSAGES, "Manage Messages", "to take down words of people who have not agreed (mute)"),
    Asked(REACT, "Add Reactions", "to keep reactions for those who agreed (mute)"),
    Asked(PUBLIC_THREADS, "Create Public Threads", "to keep threads for those who agreed (mute)"),
    Asked(PRIVATE_THREADS, "Create Private Threads", "to keep threads for those who agreed (mute)"),
    Asked(SEND_IN_THREADS, "Send Messages in Threads", "to keep threads for those who agreed (mute)"),
    Asked(CONNECT, "Connect", "to keep the voice channel for those who agreed"),
    Asked(SPEAK, "Speak", "to keep the voice channel for those who agreed"),
    Asked(DEAFEN, "Deafen Members", "to let a recorder bot hear nothing, until it is let (recorder_policy)"),
    Asked(MOVE, "Move Members", "to show a recorder bot out of a call, where it cannot be deafened"),
    Asked(SET_STATUS, "Set Voice Channel Status", "to say above a call that nobody may record"),
)
"""The least that gates and calls need. Discord lets a bot hand on only what it has itself."""

INVITED_WITH = sum(asked.bit for asked in ASKED)

MUTE_TEXT = SEND | SEND_IN_THREADS | PUBLIC_THREADS | PRIVATE_THREADS | REACT
MUTE_VOICE = CONNECT | SPEAK | SEND | REACT
DOOR_TEXT = VIEW
DOOR_VOICE = VIEW | CONNECT
MY_OWN = VIEW | SEND | SEND_IN_THREADS | READ_HISTORY | MANAGE_MESSAGES
"""What the bot keeps for itself in a channel that it closes for everybody else."""


class Overwrite(NamedTuple):
    """What one channel's settings say about one role or person."""

    target: int
    role: bool
    allow: int
    deny: int


Channel = discord.abc.GuildChannel


def overwrites(channel: Channel) -> dict[int, Overwrite]:
    """All overwrites of a channel, by whom they are about."""
    found = {}
    for target, overwrite in channel.overwrites.items():
        allow, deny = overwrite.pair()
        role = isinstance(target, discord.Role) or getattr(target, "type", None) is discord.Role
        found[target.id] = Overwrite(target.id, role, allow.value, deny.value)
    return found


def lacking(guild: discord.Guild, channel: Channel, bits: int) -> int:
    """Those of these permissions that the bot has neither on the server nor in the channel."""
    me = guild.me
    if me.guild_permissions.administrator:
        return 0
    return bits & ~(me.guild_permissions.value | channel.permissions_for(me).value)
