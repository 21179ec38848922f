"""Channels: made, changed, deleted."""

from tests.localdiscord import overwrites, voice
from tests.localdiscord.model import (
    ANNOUNCEMENT,
    CATEGORY,
    KINDS,
    Channel,
    Guild,
    Json,
    Overwrite,
    User,
)
from tests.localdiscord.permissions import P
from tests.localdiscord.refused import Refused, invalid
from tests.localdiscord.world import I, World


def create_channel(world: World, actor: User, guild: Guild, data: Json) -> Channel:
    """A channel, with overwrites that the actor may give. Without any it takes its category's."""
    world.need_in_guild(guild, actor, P.MANAGE_CHANNELS)
    kind = data.get("type") or 0
    if kind not in KINDS.values():
        raise invalid("type", "This is not a channel that can be made here.")
    if kind == ANNOUNCEMENT and "COMMUNITY" not in guild.features:
        raise invalid("type", "Announcement channels need a community server.")
    if len(guild.channels) >= 500:
        raise Refused(400, 30013, "Maximum number of guild channels reached (500)")
    parent_id = int(data["parent_id"]) if data.get("parent_id") else None
    if parent_id is not None:
        parent = guild.channels.get(parent_id)
        if parent is None or parent.kind != CATEGORY:
            raise invalid("parent_id", "Category does not exist", "CHANNEL_PARENT_INVALID")
        world.need(parent, actor, P.MANAGE_CHANNELS)
    name = str(data["name"])
    if kind in (0, 5, 15):
        name = name.strip().lower().replace(" ", "-")
    channel = Channel(world.clock.snowflake(), kind, name, guild.id, len(guild.channels), parent_id)
    channel.topic, channel.nsfw = data.get("topic"), bool(data.get("nsfw"))
    channel.slowmode = data.get("rate_limit_per_user") or 0
    channel.user_limit, channel.bitrate = data.get("user_limit") or 0, data.get("bitrate") or 64000
    if data.get("permission_overwrites") is not None:
        bound = world.parent_held(guild, actor, parent_id)
        channel.overwrites = overwrites.checked(world, actor, guild, {}, data["permission_overwrites"], bound)
    elif parent_id is not None:
        channel.overwrites = {
            one.id: Overwrite(one.id, one.kind, one.allow, one.deny)
            for one in guild.channels[parent_id].overwrites.values()
        }
    guild.channels[channel.id] = channel
    world.channel_changed(guild, channel, "CHANNEL_CREATE")
    return channel


def edit_channel(world: World, actor: User, channel: Channel, data: Json) -> Channel:
    guild = world.guilds[channel.guild_id or 0]
    if channel.is_thread:
        return _edit_thread(world, actor, guild, channel, data)
    world.need(channel, actor, P.MANAGE_CHANNELS)
    if data.get("permission_overwrites") is not None:
        world.need(channel, actor, P.MANAGE_ROLES)
        bound = overwrites.bound_of(world, actor, guild, channel)
        channel.overwrites = overwrites.checked(
            world, actor, guild, channel.overwrites, data["permission_overwrites"], bound
        )
    if "parent_id" in data:
        parent = guild.channels.get(int(data["parent_id"] or 0))
        if data["parent_id"] is not None and (parent is None or parent.kind != CATEGORY):
            raise invalid("parent_id", "Category does not exist", "CHANNEL_PARENT_INVALID")
        channel.parent_id = parent.id if parent else None
    names = {"rate_limit_per_user": "slowmode"}
    for key in ("name", "topic", "nsfw", "rate_limit_per_user", "user_limit", "bitrate", "position"):
        if key in data and (data[key] is not None or key == "topic"):
            setattr(channel, names.get(key, key), data[key])
    world.channel_changed(guild, channel)
    return channel


def _edit_thread(world: World, actor: User, guild: Guild, thread: Channel, data: Json) -> Channel:
    own = thread.owner_id == actor.id and not data.keys() - {"name", "archived", "auto_archive_duration"}
    if own or (data.keys() == {"archived"} and not data["archived"] and not thread.locked):
        world.need(thread, actor, P.SEND_MESSAGES_IN_THREADS)
    else:
        world.need(thread, actor, P.MANAGE_THREADS)
    if thread.archived and data.get("archived") is not False:
        raise Refused(400, 50083, "Thread is archived")
    names = {"rate_limit_per_user": "slowmode", "auto_archive_duration": "auto_archive"}
    for key in ("name", "archived", "locked", "invitable", "rate_limit_per_user", "auto_archive_duration"):
        if data.get(key) is not None:
            setattr(thread, names.get(key, key), data[key])
    world.channel_changed(guild, thread)
    return thread


def delete_channel(world: World, actor: User, channel: Channel) -> None:
    guild = world.guilds[channel.guild_id or 0]
    world.need(channel, actor, P.MANAGE_THREADS if channel.is_thread else P.MANAGE_CHANNELS)
    for state in [one for one in guild.voice.values() if one.channel_id == channel.id]:
        voice.leave(world, guild, state.user_id)
    for thread in world.threads_in(guild, channel):
        del guild.channels[thread.id]
    for child in guild.channels.values():
        if child.parent_id == channel.id:
            child.parent_id = None
            world.channel_changed(guild, child)
    del guild.channels[channel.id]
    if channel.is_thread:
        gone = {key: channel.json()[key] for key in ("id", "guild_id", "parent_id", "type")}
        world.tell("THREAD_DELETE", gone, I.GUILDS, guild.id)
    else:
        world.channel_changed(guild, channel, "CHANNEL_DELETE")
