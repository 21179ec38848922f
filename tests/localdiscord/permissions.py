"""Permissions as Discord computes them: docs, Permissions."""

from enum import IntFlag
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.localdiscord.model import Channel, Guild, Member


class P(IntFlag):
    """The bits, by Discord's names."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_AUDIT_LOG = 1 << 7
    PRIORITY_SPEAKER = 1 << 8
    STREAM = 1 << 9
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    SEND_TTS_MESSAGES = 1 << 12
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CONNECT = 1 << 20
    SPEAK = 1 << 21
    MUTE_MEMBERS = 1 << 22
    DEAFEN_MEMBERS = 1 << 23
    MOVE_MEMBERS = 1 << 24
    USE_VAD = 1 << 25
    CHANGE_NICKNAME = 1 << 26
    MANAGE_NICKNAMES = 1 << 27
    MANAGE_ROLES = 1 << 28
    MANAGE_WEBHOOKS = 1 << 29
    MANAGE_GUILD_EXPRESSIONS = 1 << 30
    USE_APPLICATION_COMMANDS = 1 << 31
    REQUEST_TO_SPEAK = 1 << 32
    MANAGE_EVENTS = 1 << 33
    MANAGE_THREADS = 1 << 34
    CREATE_PUBLIC_THREADS = 1 << 35
    CREATE_PRIVATE_THREADS = 1 << 36
    USE_EXTERNAL_STICKERS = 1 << 37
    SEND_MESSAGES_IN_THREADS = 1 << 38
    USE_EMBEDDED_ACTIVITIES = 1 << 39
    MODERATE_MEMBERS = 1 << 40
    USE_SOUNDBOARD = 1 << 42
    SEND_VOICE_MESSAGES = 1 << 46
    SET_VOICE_CHANNEL_STATUS = 1 << 48
    SEND_POLLS = 1 << 49
    USE_EXTERNAL_APPS = 1 << 50
    PIN_MESSAGES = 1 << 51
    BYPASS_SLOWMODE = 1 << 52


NONE = P(0)
ALL = P(sum(P))
# What @everyone holds in a new server.
EVERYONE = (
    P.CREATE_INSTANT_INVITE | P.ADD_REACTIONS | P.STREAM | P.VIEW_CHANNEL | P.SEND_MESSAGES
    | P.EMBED_LINKS | P.ATTACH_FILES | P.READ_MESSAGE_HISTORY | P.MENTION_EVERYONE
    | P.USE_EXTERNAL_EMOJIS | P.CONNECT | P.SPEAK | P.USE_VAD | P.CHANGE_NICKNAME
    | P.USE_APPLICATION_COMMANDS | P.REQUEST_TO_SPEAK | P.CREATE_PUBLIC_THREADS
    | P.CREATE_PRIVATE_THREADS | P.USE_EXTERNAL_STICKERS | P.SEND_MESSAGES_IN_THREADS
    | P.USE_EMBEDDED_ACTIVITIES | P.USE_SOUNDBOARD | P.SEND_VOICE_MESSAGES | P.SEND_POLLS
    | P.USE_EXTERNAL_APPS
)  # fmt: skip
_NEED_SENDING = P.MENTION_EVERYONE | P.SEND_TTS_MESSAGES | P.ATTACH_FILES | P.EMBED_LINKS | P.SEND_POLLS
_NEED_CONNECTING = (
    P.SPEAK | P.STREAM | P.MUTE_MEMBERS | P.DEAFEN_MEMBERS | P.MOVE_MEMBERS | P.USE_VAD | P.PRIORITY_SPEAKER
    | P.USE_SOUNDBOARD | P.REQUEST_TO_SPEAK
)  # fmt: skip
VOICE_KINDS = (2, 13)
THREAD_KINDS = (10, 11, 12)


def parsed(value: Any) -> P:
    """From the string of digits that Discord uses."""
    return P(int(value or 0)) & ALL


def in_guild(guild: "Guild", member: "Member") -> P:
    """What the member's roles give in the whole server."""
    if guild.owner_id == member.user.id:
        return ALL
    held = guild.roles[guild.id].permissions
    for role in member.roles:
        held |= guild.roles[role].permissions
    return ALL if held & P.ADMINISTRATOR else held


def _with_overwrites(held: P, member: "Member", channel: "Channel", guild_id: int) -> P:
    everyone = channel.overwrites.get(guild_id)
    if everyone:
        held = (held & ~everyone.deny) | everyone.allow
    allow, deny = P(0), P(0)
    for role in member.roles:
        if role in channel.overwrites:
            allow |= channel.overwrites[role].allow
            deny |= channel.overwrites[role].deny
    held = (held & ~deny) | allow
    own = channel.overwrites.get(member.user.id)
    return (held & ~own.deny) | own.allow if own else held


def in_channel(guild: "Guild", member: "Member", channel: "Channel", now: float) -> P:
    """What the member may do there. A thread takes its parent's overwrites."""
    held = in_guild(guild, member)
    if held & P.ADMINISTRATOR:
        return ALL
    holder = channel
    if channel.kind in THREAD_KINDS:
        holder = guild.channels[channel.parent_id or 0]
    held = _with_overwrites(held, member, holder, guild.id)
    if member.timed_out_until > now:
        held &= P.VIEW_CHANNEL | P.READ_MESSAGE_HISTORY
    if not held & P.VIEW_CHANNEL:
        return P(0)
    if channel.kind in VOICE_KINDS and not held & P.CONNECT:
        # Who cannot connect cannot manage it either (docs, Implicit Permissions), nor read or write its
        # text (docs, Get Channel Messages).
        held &= ~(
            _NEED_CONNECTING | P.MANAGE_CHANNELS | P.MANAGE_ROLES | P.SEND_MESSAGES | P.READ_MESSAGE_HISTORY
        )
    if channel.kind in THREAD_KINDS:
        hidden = channel.kind == 12 and member.user.id not in channel.thread_members
        if hidden and not held & P.MANAGE_THREADS:
            return P(0)
        held = held | P.SEND_MESSAGES if held & P.SEND_MESSAGES_IN_THREADS else held & ~P.SEND_MESSAGES
    if not held & P.SEND_MESSAGES:
        held &= ~_NEED_SENDING
    return held
