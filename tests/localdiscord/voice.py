"""Who is in which call, and what is done to them there."""

import secrets

from tests.localdiscord.model import STAGE, Channel, Guild, Json, Member, User, VoiceState
from tests.localdiscord.permissions import P
from tests.localdiscord.refused import Refused, missing_permissions, unknown
from tests.localdiscord.world import I, World


def _told(world: World, guild: Guild, state: VoiceState) -> None:
    body = state.json(guild)
    if state.user_id in guild.members:
        body["member"] = guild.members[state.user_id].json()
    world.tell("VOICE_STATE_UPDATE", body, I.VOICE, guild.id)


def join(world: World, guild: Guild, user: User, channel: Channel, **more: bool) -> VoiceState:
    """Connects, or moves, by the person's own hand. Raises 50013 without Connect, 50001 unseen."""
    if not channel.is_voice:
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    world.need(channel, user, P.CONNECT)
    inside = [one for one in guild.voice.values() if one.channel_id == channel.id and one.user_id != user.id]
    if (
        channel.user_limit
        and len(inside) >= channel.user_limit
        and not world.can(channel, user, P.MOVE_MEMBERS)
    ):
        raise missing_permissions()
    member = guild.members[user.id]
    state = guild.voice.get(user.id) or VoiceState(user.id, channel.id, secrets.token_hex(16))
    state.channel_id, state.mute, state.deaf = channel.id, member.mute, member.deaf
    state.suppress = channel.kind == STAGE or not world.can(channel, user, P.SPEAK)
    change(world, guild, state, **more)
    return state


def change(world: World, guild: Guild, state: VoiceState, **more: bool) -> None:
    """Changes what a voice state shows: self_mute, self_deaf, self_stream, self_video."""
    for key, value in more.items():
        setattr(state, key, value)
    guild.voice[state.user_id] = state
    _told(world, guild, state)


def leave(world: World, guild: Guild, user_id: int) -> None:
    """Out of the call; nothing where they are in none."""
    state = guild.voice.pop(user_id, None)
    if state is not None:
        state.channel_id = 0
        _told(world, guild, state)


def by_gateway(world: World, data: Json) -> None:
    """Op 4: the bot's own voice. Discord ignores what it may not do."""
    guild = world.guilds.get(int(data.get("guild_id") or 0))
    if guild is None or world.bot.id not in guild.members:
        return
    if data.get("channel_id") is None:
        leave(world, guild, world.bot.id)
        return
    channel = guild.channels.get(int(data["channel_id"]))
    if channel is not None and channel.is_voice and world.can(channel, world.bot, P.CONNECT):
        mute, deaf = bool(data.get("self_mute")), bool(data.get("self_deaf"))
        join(world, guild, world.bot, channel, self_mute=mute, self_deaf=deaf)


def check_edit(world: World, actor: User, guild: Guild, member: Member, data: Json) -> None:
    """Raises for the voice fields of a member edit: permissions, and 40032 for who is in no call."""
    state = guild.voice.get(member.user.id)
    touched = data.get("mute") is not None or data.get("deaf") is not None or "channel_id" in data
    if touched and state is None:
        raise Refused(400, 40032, "Target user is not connected to voice.")
    if data.get("mute") is not None:
        world.need_in_guild(guild, actor, P.MUTE_MEMBERS)
    if data.get("deaf") is not None:
        world.need_in_guild(guild, actor, P.DEAFEN_MEMBERS)
    if "channel_id" in data:
        assert state is not None
        world.need(guild.channels[state.channel_id], actor, P.MOVE_MEMBERS)
        if data["channel_id"] is not None:
            target = guild.channels.get(int(data["channel_id"]))
            if target is None or not target.is_voice:
                raise unknown("Channel", 10003)
            world.need(target, actor, P.CONNECT, P.MOVE_MEMBERS)


def apply_edit(world: World, guild: Guild, member: Member, data: Json) -> None:
    """What check_edit allowed."""
    state = guild.voice.get(member.user.id)
    if state is None:
        return
    if "channel_id" in data:
        if data["channel_id"] is None:
            leave(world, guild, member.user.id)
            return
        state.channel_id = int(data["channel_id"])
    if data.keys() & {"channel_id", "mute", "deaf"}:
        state.mute, state.deaf = member.mute, member.deaf
        _told(world, guild, state)


def set_status(world: World, actor: User, channel: Channel, status: str | None) -> None:
    """The line below a voice channel's name."""
    world.need(channel, actor, P.SET_VOICE_CHANNEL_STATUS)
    if not channel.is_voice:
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    guild = world.guilds[channel.guild_id or 0]
    inside = guild.voice.get(actor.id)
    if (inside is None or inside.channel_id != channel.id) and not world.can(
        channel, actor, P.MANAGE_CHANNELS
    ):
        raise missing_permissions()
    channel.status = status or None
    body = {"id": str(channel.id), "guild_id": str(guild.id), "status": channel.status}
    world.tell("VOICE_CHANNEL_STATUS_UPDATE", body, I.GUILDS, guild.id)
