"""A guarded channel as the engine sees it: people, abilities, what is missing, what to know."""

from collections.abc import Mapping

import discord
import msgspec

from adapters.discord import calls
from adapters.discord.groups import member_id, room_id
from adapters.discord.permissions import (
    DOOR_TEXT,
    DOOR_VOICE,
    MUTE_TEXT,
    MUTE_VOICE,
    READ_HISTORY,
    SEND,
    VIEW,
    Channel,
    lacking,
    overwrites,
)
from adapters.discord.recorders import blocks, recorders
from adapters.discord.world import Circle, World
from bot.boundary.capabilities import Capabilities, Gate, Missing, Muting, RoomView
from bot.boundary.effects import Words, say

MAX_UPLOAD = 10_000_000
"""Bytes of one file that any bot may send."""
PUBLIC = frozenset({"DISCOVERABLE", "VANITY_URL"})
"""Features of a server that anybody can find, or come into by a public address."""


class Snapshot(msgspec.Struct, frozen=True):
    """What a gate changes: of each channel all that is said about anybody, sorted."""

    channels: dict[str, list[tuple[int, bool, int, int]]]


def role_of(world: World, circle: Circle) -> discord.Role | None:
    """The group's role, where it has one that is still there."""
    guild = world.server(circle.group.server)
    return guild.get_role(circle.group.role) if guild is not None and circle.group.role else None


def able(world: World, circle: Circle, channel: discord.TextChannel, gate: Gate) -> bool:
    """Whether a gate can be held by the role: with the power, the list of people, and a doorbell."""
    guild = channel.guild
    role = role_of(world, circle)
    bits = SEND if gate == "mute" else VIEW
    return (
        world.members_intent
        and guild.me.guild_permissions.manage_roles
        and (role is None or role < guild.me.top_role)
        and not lacking(guild, channel, bits)
        and (gate == "mute" or _entrance_stands(world, circle))
    )


def build(world: World, circle: Circle) -> RoomView | None:
    """The room now; None where the bot is not in it."""
    channel = world.text(circle)
    if channel is None:
        return None
    guild = channel.guild
    may = channel.permissions_for(guild.me)
    muting: Muting = "levels" if able(world, circle, channel, "mute") else "no"
    if muting == "no" and may.manage_messages:
        muting = "takedown"
    return RoomView(
        id=room_id(channel.id),
        name=channel.name,
        people=dict(circle.people),
        can=Capabilities(
            private=True,
            ephemeral=True,
            buttons=True,
            forms=True,
            rich_forms=True,
            files=True,
            door=able(world, circle, channel, "door"),
            mute=muting,
            take_down=may.manage_messages,
            doorbell=True,
            calls_seen=calls.seen(world, circle),
            blocks_recorders=blocks(world, circle),
            status=calls.has_status(world, circle),
            hears_words=world.hears_words,
            command_prefix="/",
            native_commands=True,
            named_options=True,
        ),
        me=member_id(world.me),
        missing=tuple(missing(world, circle, channel)),
        recorders=recorders(world, circle),
        public=bool(PUBLIC & set(guild.features)),
        past_visible=bool(_everyone(channel) & READ_HISTORY),
        max_upload=MAX_UPLOAD,
        snapshot=snapshot(world, circle),
        repair="discord-repair",
        notes=tuple(notes(world, circle, channel)),
        changes=changes(world, circle, channel),
    )


def snapshot(world: World, circle: Circle) -> bytes:
    """The settings that a gate changes, exactly as they are now."""
    found: dict[str, list[tuple[int, bool, int, int]]] = {}
    for channel in (world.text(circle), world.voice(circle)):
        if channel is not None:
            found[str(channel.id)] = sorted(tuple(o) for o in overwrites(channel).values())  # type: ignore[misc]
    return msgspec.json.encode(Snapshot(found))


def missing(world: World, circle: Circle, channel: discord.TextChannel) -> list[Missing]:
    """The powers that the bot lacks, each with where to click; and what was changed by hand."""
    guild, found = channel.guild, list[Missing]()
    may = channel.permissions_for(guild.me)
    if not (may.view_channel and may.send_messages):
        found.append(Missing(ability="speak", words="discord-missing-speak"))
    if not guild.me.guild_permissions.manage_roles:
        found.append(Missing(ability="levels", words="discord-missing-roles-mute"))
        found.append(Missing(ability="join_rules", words="discord-missing-roles-door"))
    else:
        voice = world.voice(circle)
        if lacking(guild, channel, MUTE_TEXT) or (voice and lacking(guild, voice, MUTE_VOICE)):
            found.append(Missing(ability="levels", words="discord-missing-bits"))
        elif lacking(guild, channel, DOOR_TEXT) or (voice and lacking(guild, voice, DOOR_VOICE)):
            found.append(Missing(ability="join_rules", words="discord-missing-bits"))
    role = role_of(world, circle)
    if role is not None and role >= guild.me.top_role:
        found.append(Missing(ability="order", words="discord-missing-order"))
    if not may.manage_messages:
        found.append(Missing(ability="take_down", words="discord-missing-take-down"))
    if not _entrance_stands(world, circle):
        found.append(Missing(ability="invite", words="discord-missing-entrance"))
    if not world.members_intent:
        found.append(Missing(ability="remove", words="discord-missing-members"))
    if circle.group.held == "role" and not circle.settling:
        if role is None:
            found.append(Missing(ability="gate", words="discord-missing-role"))
        elif _damaged(world, circle, role.id):
            found.append(Missing(ability="gate", words="discord-missing-overwrites"))
    return found


def notes(world: World, circle: Circle, channel: discord.TextChannel) -> list[Words]:
    """What facilitators have to know before they rely on a gate here."""
    guild, found = channel.guild, list[Words]()
    found.append(say("discord-note-administrators"))
    if channel.category is not None and channel.permissions_synced:
        found.append(say("discord-note-synced"))
    if "MEMBER_VERIFICATION_GATE_ENABLED" in guild.features:
        found.append(say("discord-note-screening"))
    if "GUILD_ONBOARDING" in guild.features:
        found.append(say("discord-note-onboarding"))
    if channel.threads:
        found.append(say("discord-note-threads"))
    if channel.is_news():
        found.append(say("discord-note-announcements"))
    found += _call_notes(world, circle)
    if not world.members_intent:
        found.append(say("discord-note-members"))
    return found


def _call_notes(world: World, circle: Circle) -> list[Words]:
    """What is to know of the voice channel, where there is one."""
    voice, found = world.voice(circle), list[Words]()
    if voice is None:
        return found
    if isinstance(voice, discord.StageChannel):
        found.append(say("discord-note-stage"))
    if not calls.seen(world, circle):
        found.append(say("discord-note-call-unseen", channel=voice.name))
    if not blocks(world, circle):
        found.append(say("discord-note-recorders", channel=voice.name))
    if not calls.has_status(world, circle):
        found.append(say("discord-note-status", channel=voice.name))
    return found


def changes(world: World, circle: Circle, channel: discord.TextChannel) -> Mapping[Gate, tuple[Words, ...]]:
    """What each gate would change, for the preview."""
    voice, entrance = world.voice(circle), world.entrance(circle)
    here = say("discord-change-bell", channel=channel.name)
    role = say("discord-change-role", role=f"In {channel.name}")
    mute = [role, say("discord-change-mute", channel=channel.name)]
    door = [role, say("discord-change-door", channel=channel.name)]
    if voice is not None:
        mute.append(say("discord-change-mute-voice", channel=voice.name))
        door.append(say("discord-change-door-voice", channel=voice.name))
    else:
        mute.append(say("discord-change-no-voice"))
        door.append(say("discord-change-no-voice"))
    if not able(world, circle, channel, "mute"):
        mute = [say("discord-change-take-down")]
    if entrance is not None:
        door.append(say("discord-change-bell", channel=entrance.name))
    return {"notice": (here,), "mute": (*mute, here), "door": tuple(door)}


def _entrance_stands(world: World, circle: Circle) -> bool:
    """Newcomers can see the channel that was chosen for the doorbell, and the bot can write there."""
    entrance = world.entrance(circle)
    if entrance is None or not _everyone(entrance) & VIEW:
        return False
    may = entrance.permissions_for(entrance.guild.me)
    return may.view_channel and may.send_messages


def _everyone(channel: Channel) -> int:
    """What somebody without any role may do in a channel."""
    guild = channel.guild
    base = guild.default_role.permissions.value
    overwrite = overwrites(channel).get(guild.id)
    if overwrite is not None:
        base = (base & ~overwrite.deny) | overwrite.allow
    return base


def _damaged(world: World, circle: Circle, role: int) -> bool:
    """Whether the channels' settings do not hold the gate any more, since somebody changed them."""
    gate = circle.group.gate
    for channel in (world.text(circle), world.voice(circle)):
        if channel is None:
            continue
        text = isinstance(channel, discord.TextChannel)
        if gate == "mute":
            key = SEND if text else MUTE_VOICE & ~lacking(channel.guild, channel, MUTE_VOICE)
        else:
            key = VIEW
        found = overwrites(channel)
        everyone, mine = found.get(channel.guild.id), found.get(role)
        if everyone is None or everyone.deny & key != key or mine is None or mine.allow & key != key:
            return True
        if any(o.role and o.target != role and o.allow & key for o in found.values()):
            return True
    return False
