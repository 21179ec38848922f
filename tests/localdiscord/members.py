"""Members: their roles and names, coming and going."""

from datetime import datetime

from tests.localdiscord import voice
from tests.localdiscord.model import (
    Guild,
    Json,
    Member,
    Role,
    User,
)
from tests.localdiscord.permissions import P
from tests.localdiscord.refused import Refused, invalid, missing_permissions
from tests.localdiscord.world import I, World

# docs, Modify Guild Member.
LONGEST_TIMEOUT = 28 * 86400


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
