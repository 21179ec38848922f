"""What is done to roles, members, channels and overwrites, with the rules that hold for whoever does it."""

from typing import Any

from tests.localdiscord.model import (
    ANNOUNCEMENT,
    CATEGORY,
    KINDS,
    Channel,
    Guild,
    Json,
    Member,
    Overwrite,
    Role,
    User,
)
from tests.localdiscord.permissions import ALL, P
from tests.localdiscord.refused import Refused, invalid, missing_access, missing_permissions, unknown
from tests.localdiscord.world import I, World

LONGEST_TIMEOUT = 28 * 86400


def as_permissions(value: Any) -> P:
    """From the string of digits that Discord uses."""
    return P(int(value or 0)) & ALL


# --- roles ---------------------------------------------------------------------------------------------------


def create_role(world: World, actor: User, guild: Guild, data: Json) -> Role:
    """A new role at the bottom. Gives only what the actor holds."""
    world.need_in_guild(guild, actor, P.MANAGE_ROLES)
    if len(guild.roles) >= 250:
        raise Refused(400, 30005, "Maximum number of guild roles reached (250)")
    wanted = (
        as_permissions(data["permissions"])
        if data.get("permissions") is not None
        else guild.everyone.permissions
    )
    if wanted & ~world.guild_held(guild, actor):
        raise missing_permissions()
    for other in guild.roles.values():
        if other.position >= 1:
            other.position += 1
    role = Role(world.clock.snowflake(), data.get("name") or "new role", wanted, 1)
    role.color, role.hoist = data.get("color") or 0, bool(data.get("hoist"))
    role.mentionable = bool(data.get("mentionable"))
    guild.roles[role.id] = role
    world.tell("GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": role.json()}, I.GUILDS, guild.id)
    return role


def edit_role(world: World, actor: User, guild: Guild, role: Role, data: Json) -> Role:
    world.need_in_guild(guild, actor, P.MANAGE_ROLES)
    world.above_role(guild, actor, role)
    if data.get("permissions") is not None:
        wanted = as_permissions(data["permissions"])
        if (wanted ^ role.permissions) & ~world.guild_held(guild, actor):
            raise missing_permissions()
        role.permissions = wanted
    for key in ("name", "hoist", "mentionable", "color"):
        if data.get(key) is not None:
            setattr(role, key, data[key])
    _role_changed(world, guild, role)
    return role


def _role_changed(world: World, guild: Guild, role: Role) -> None:
    world.tell("GUILD_ROLE_UPDATE", {"guild_id": str(guild.id), "role": role.json()}, I.GUILDS, guild.id)


def delete_role(world: World, actor: User, guild: Guild, role: Role) -> None:
    world.need_in_guild(guild, actor, P.MANAGE_ROLES)
    world.above_role(guild, actor, role)
    if role.id == guild.id or role.managed:
        raise Refused(400, 50028, "Invalid Role")
    del guild.roles[role.id]
    for other in guild.roles.values():
        if other.position > role.position:
            other.position -= 1
    holders = [member for member in guild.members.values() if role.id in member.roles]
    for member in holders:
        member.roles.discard(role.id)
    world.tell("GUILD_ROLE_DELETE", {"guild_id": str(guild.id), "role_id": str(role.id)}, I.GUILDS, guild.id)
    for channel in guild.channels.values():
        if channel.overwrites.pop(role.id, None):
            channel_changed(world, guild, channel)


def move_roles(world: World, actor: User, guild: Guild, moves: list[Json]) -> list[Role]:
    """Reorders. Nothing at or above the actor's own highest role may move, nor go there."""
    world.need_in_guild(guild, actor, P.MANAGE_ROLES)
    own = guild.top(guild.members[actor.id])
    order = sorted((r for r in guild.roles.values() if r.id != guild.id), key=lambda r: (r.position, -r.id))
    for move in moves:
        role = world.role(guild, int(move["id"]))
        place = move.get("position")
        if place is None:
            continue
        if guild.owner_id != actor.id and (role.position >= own or place >= own):
            raise missing_permissions()
        order.remove(role)
        order.insert(max(0, int(place) - 1), role)
    for place, role in enumerate(order, 1):
        if role.position != place:
            role.position = place
            _role_changed(world, guild, role)
    return list(guild.roles.values())


# --- members -------------------------------------------------------------------------------------------------


def member_changed(world: World, guild: Guild, member: Member) -> None:
    """Told to who has the members intent; about the bot itself to all: docs, Guild Member Update."""
    body = {"guild_id": str(guild.id), **member.json()}
    world.tell("GUILD_MEMBER_UPDATE", body, 0 if member.user is world.bot else I.MEMBERS, guild.id)


def give_role(
    world: World, actor: User, guild: Guild, member: Member, role: Role, given: bool = True
) -> None:
    """Gives or takes a role. It must stand below the actor's highest."""
    world.need_in_guild(guild, actor, P.MANAGE_ROLES)
    world.above_role(guild, actor, role)
    if role.managed or role.id == guild.id:
        raise Refused(400, 50028, "Invalid Role") if role.id == guild.id else missing_permissions()
    if (role.id in member.roles) is given:
        return
    if given:
        member.roles.add(role.id)
    else:
        member.roles.discard(role.id)
    member_changed(world, guild, member)


def edit_member(world: World, actor: User, guild: Guild, member: Member, data: Json) -> Member:
    """Nick, roles, voice and timeout: each field has its own permission."""
    from tests.localdiscord import voice

    own = member.user.id == actor.id
    if "nick" in data:
        world.need_in_guild(guild, actor, P.CHANGE_NICKNAME if own else P.MANAGE_NICKNAMES)
        world.above(guild, actor, member)
    if data.get("roles") is not None:
        world.need_in_guild(guild, actor, P.MANAGE_ROLES)
        wanted = {int(one) for one in data["roles"] if one is not None}
        for role_id in wanted ^ member.roles:
            role = world.role(guild, role_id)
            world.above_role(guild, actor, role)
            if role.managed:
                raise missing_permissions()
    if "communication_disabled_until" in data:
        world.need_in_guild(guild, actor, P.MODERATE_MEMBERS)
        world.above(guild, actor, member)
        if world.guild_held(guild, member.user) & P.ADMINISTRATOR:
            raise missing_permissions()
    voice.check_edit(world, actor, guild, member, data)

    if "nick" in data:
        member.nick = data["nick"] or None
    if data.get("roles") is not None:
        member.roles = wanted
    if "communication_disabled_until" in data:
        member.timed_out_until = _until(world, data["communication_disabled_until"])
    if data.keys() & {"nick", "roles", "communication_disabled_until", "mute", "deaf"}:
        member.mute = bool(data.get("mute", member.mute))
        member.deaf = bool(data.get("deaf", member.deaf))
        member_changed(world, guild, member)
    voice.apply_edit(world, guild, member, data)
    return member


def _until(world: World, stamp: str | None) -> float:
    from datetime import datetime

    if stamp is None:
        return 0.0
    end = datetime.fromisoformat(stamp).timestamp()
    if end - world.clock.now() > LONGEST_TIMEOUT + 5:
        raise invalid("communication_disabled_until", "Cannot time a member out for longer than 28 days.")
    return end


def join(world: World, guild: Guild, user: User, pending: bool = False) -> Member:
    """A user comes in. Raises 40007 for who is banned."""
    if user.id in guild.bans:
        raise Refused(403, 40007, "The user is banned from this guild.")
    if user.id in guild.members:
        return guild.members[user.id]
    member = Member(user, world.clock.now(), pending=pending)
    guild.members[user.id] = member
    world.tell("GUILD_MEMBER_ADD", {"guild_id": str(guild.id), **member.json()}, I.MEMBERS, guild.id)
    return member


def leave(world: World, guild: Guild, user: User) -> None:
    """A user goes, or is made to. The bot itself gets GUILD_DELETE."""
    from tests.localdiscord import voice

    voice.leave(world, guild, user.id)
    for channel in guild.channels.values():
        channel.thread_members.pop(user.id, None)
    bot_role = next((role for role in guild.roles.values() if role.bot_id == user.id), None)
    del guild.members[user.id]
    if user is world.bot:
        world.tell("GUILD_DELETE", {"id": str(guild.id)}, I.GUILDS, guild.id)
    else:
        gone = {"guild_id": str(guild.id), "user": user.json()}
        world.tell("GUILD_MEMBER_REMOVE", gone, I.MEMBERS, guild.id)
    if bot_role:
        del guild.roles[bot_role.id]


def kick(world: World, actor: User, guild: Guild, member: Member) -> None:
    world.need_in_guild(guild, actor, P.KICK_MEMBERS)
    if member.user.id == actor.id:
        raise missing_permissions()
    world.above(guild, actor, member)
    leave(world, guild, member.user)


def ban(world: World, actor: User, guild: Guild, user: User) -> None:
    world.need_in_guild(guild, actor, P.BAN_MEMBERS)
    if user.id in guild.members:
        world.above(guild, actor, guild.members[user.id])
    guild.bans.add(user.id)
    if user.id in guild.members:
        leave(world, guild, user)
    world.tell("GUILD_BAN_ADD", {"guild_id": str(guild.id), "user": user.json()}, I.MODERATION, guild.id)


# --- channels ------------------------------------------------------------------------------------------------


def channel_changed(world: World, guild: Guild, channel: Channel, name: str = "CHANNEL_UPDATE") -> None:
    """Bots are told of every channel, seen or not; of a thread only when they see it."""
    if channel.is_thread:
        if name != "CHANNEL_DELETE" and not world.sees(channel, world.bot):
            return
        name = name.replace("CHANNEL", "THREAD")
    world.tell(name, channel.json(), I.GUILDS, guild.id)


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
        channel.overwrites = _overwrites(world, actor, guild, {}, data["permission_overwrites"], bound)
    elif parent_id is not None:
        channel.overwrites = {
            one.id: Overwrite(one.id, one.kind, one.allow, one.deny)
            for one in guild.channels[parent_id].overwrites.values()
        }
    guild.channels[channel.id] = channel
    channel_changed(world, guild, channel, "CHANNEL_CREATE")
    return channel


def edit_channel(world: World, actor: User, channel: Channel, data: Json) -> Channel:
    guild = world.guilds[channel.guild_id or 0]
    if channel.is_thread:
        return _edit_thread(world, actor, guild, channel, data)
    world.need(channel, actor, P.MANAGE_CHANNELS)
    if data.get("permission_overwrites") is not None:
        world.need(channel, actor, P.MANAGE_ROLES)
        bound = _overwrite_bound(world, actor, guild, channel)
        channel.overwrites = _overwrites(
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
    channel_changed(world, guild, channel)
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
    channel_changed(world, guild, thread)
    return thread


def delete_channel(world: World, actor: User, channel: Channel) -> None:
    guild = world.guilds[channel.guild_id or 0]
    world.need(channel, actor, P.MANAGE_THREADS if channel.is_thread else P.MANAGE_CHANNELS)
    from tests.localdiscord import voice

    for state in [one for one in guild.voice.values() if one.channel_id == channel.id]:
        voice.leave(world, guild, state.user_id)
    for thread in world.threads_in(guild, channel):
        del guild.channels[thread.id]
    for child in guild.channels.values():
        if child.parent_id == channel.id:
            child.parent_id = None
            channel_changed(world, guild, child)
    del guild.channels[channel.id]
    if channel.is_thread:
        gone = {key: channel.json()[key] for key in ("id", "guild_id", "parent_id", "type")}
        world.tell("THREAD_DELETE", gone, I.GUILDS, guild.id)
    else:
        channel_changed(world, guild, channel, "CHANNEL_DELETE")


def _overwrite_bound(world: World, actor: User, guild: Guild, channel: Channel) -> P:
    """Which bits the actor may set in the channel's overwrites: docs, Edit Channel Permissions."""
    own = channel.overwrites.get(actor.id)
    granted = own.allow if own else P(0)
    for role in guild.members[actor.id].roles:
        granted |= channel.overwrites[role].allow if role in channel.overwrites else P(0)
    if granted & P.MANAGE_ROLES:
        return ALL
    # The server's permissions or the category's count, so that a bot may lift its own lock.
    return world.guild_held(guild, actor) | world.parent_held(guild, actor, channel.parent_id)


def _bounded(bound: P, actor_is_admin: bool, before: Overwrite | None, allow: P, deny: P) -> None:
    changed = (allow ^ (before.allow if before else P(0))) | (deny ^ (before.deny if before else P(0)))
    if changed & P.MANAGE_ROLES and not actor_is_admin:
        raise missing_permissions()
    if changed & ~bound:
        raise missing_permissions()


def _overwrites(
    world: World, actor: User, guild: Guild, before: dict[int, Overwrite], raw: list[Json], bound: P
) -> dict[int, Overwrite]:
    made: dict[int, Overwrite] = {}
    admin = bool(world.guild_held(guild, actor) & P.ADMINISTRATOR)
    for one in raw:
        target = int(one["id"])
        kind = one.get("type")
        kind = int(kind) if kind is not None else (0 if target in guild.roles else 1)
        _known_target(world, guild, target, kind)
        made[target] = Overwrite(
            target, kind, as_permissions(one.get("allow")), as_permissions(one.get("deny"))
        )
    for target in {*made, *before}:
        new = made.get(target)
        _bounded(bound, admin, before.get(target), new.allow if new else P(0), new.deny if new else P(0))
    return made


def _known_target(world: World, guild: Guild, target: int, kind: int) -> None:
    if kind == 0 and target not in guild.roles:
        raise Refused(404, 10009, "Unknown Overwrite")
    if kind == 1 and target not in world.users:
        raise unknown("User", 10013)


def set_overwrite(
    world: World, actor: User, channel: Channel, target: int, kind: int, allow: P, deny: P
) -> None:
    """PUT of one overwrite."""
    if channel.is_thread or channel.guild_id is None:
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    guild = world.guilds[channel.guild_id]
    world.need(channel, actor, P.MANAGE_ROLES)
    _known_target(world, guild, target, kind)
    admin = bool(world.guild_held(guild, actor) & P.ADMINISTRATOR)
    _bounded(
        _overwrite_bound(world, actor, guild, channel), admin, channel.overwrites.get(target), allow, deny
    )
    channel.overwrites[target] = Overwrite(target, kind, allow, deny)
    channel_changed(world, guild, channel)


def delete_overwrite(world: World, actor: User, channel: Channel, target: int) -> None:
    guild = world.guilds[channel.guild_id or 0]
    world.need(channel, actor, P.MANAGE_ROLES)
    if target not in channel.overwrites:
        raise Refused(404, 10009, "Unknown Overwrite")
    admin = bool(world.guild_held(guild, actor) & P.ADMINISTRATOR)
    bound = _overwrite_bound(world, actor, guild, channel)
    _bounded(bound, admin, channel.overwrites[target], P(0), P(0))
    del channel.overwrites[target]
    channel_changed(world, guild, channel)


# --- threads -------------------------------------------------------------------------------------------------


def create_thread(
    world: World, actor: User, parent: Channel, data: Json, message_id: int | None = None
) -> Channel:
    """A thread below a text, announcement or forum channel; from a message it has the message's id."""
    guild = world.guilds[parent.guild_id or 0]
    kind = (
        10
        if parent.kind == ANNOUNCEMENT
        else (11 if message_id or parent.kind == 15 else data.get("type") or 12)
    )
    if parent.is_thread or parent.is_voice or parent.kind == CATEGORY:
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    if parent.kind == 15:
        world.need(parent, actor, P.SEND_MESSAGES)
    else:
        world.need(parent, actor, P.CREATE_PRIVATE_THREADS if kind == 12 else P.CREATE_PUBLIC_THREADS)
    if message_id is not None and message_id in guild.channels:
        raise Refused(400, 160004, "A thread has already been created for this message")
    now = world.clock.now()
    thread = Channel(message_id or world.clock.snowflake(), kind, data["name"], guild.id, parent_id=parent.id)
    thread.owner_id, thread.created_at = actor.id, now
    thread.thread_members = {actor.id: now}
    thread.invitable = data.get("invitable", True) is not False
    thread.auto_archive = data.get("auto_archive_duration") or 4320
    guild.channels[thread.id] = thread
    if world.sees(thread, world.bot):
        world.tell("THREAD_CREATE", {**thread.json(), "newly_created": True}, I.GUILDS, guild.id)
    return thread


def join_thread(world: World, actor: User, thread: Channel, user: User, there: bool = True) -> None:
    """Adds or removes a user of a thread, by themselves or by somebody who is in it."""
    guild = world.guilds[thread.guild_id or 0]
    if user.id not in guild.members:
        raise unknown("Member", 10007)
    if there:
        world.need(thread, actor, *(() if actor is user else (P.SEND_MESSAGES_IN_THREADS,)))
        parent = guild.channels[thread.parent_id or 0]
        if not world.sees(parent, user):
            raise missing_access()
        if user.id in thread.thread_members:
            return
        thread.thread_members[user.id] = world.clock.now()
    else:
        if actor is not user and not (thread.kind == 12 and thread.owner_id == actor.id):
            world.need(thread, actor, P.MANAGE_THREADS)
        if thread.thread_members.pop(user.id, None) is None:
            return
    body: Json = {
        "id": str(thread.id), "guild_id": str(guild.id), "member_count": len(thread.thread_members),
        "removed_member_ids": [] if there else [str(user.id)],
    }  # fmt: skip
    if there:
        body["added_members"] = [
            {**thread.thread_member(user.id), "member": guild.members[user.id].json(), "presence": None}
        ]
    # Without the members intent a bot is told of itself alone: docs, Thread Members Update.
    if user is world.bot and there:
        world.tell("THREAD_CREATE", thread.json(), I.GUILDS, guild.id)
    world.tell("THREAD_MEMBERS_UPDATE", body, I.GUILDS if user is world.bot else I.MEMBERS, guild.id)
