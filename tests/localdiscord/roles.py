"""Roles: made, changed, ordered, deleted."""

from tests.localdiscord.model import Guild, Json, Role, User
from tests.localdiscord.permissions import P, parsed
from tests.localdiscord.refused import Refused, missing_permissions
from tests.localdiscord.world import I, World


def create_role(world: World, actor: User, guild: Guild, data: Json) -> Role:
    """A new role at the bottom. Gives only what the actor holds."""
    world.need_in_guild(guild, actor, P.MANAGE_ROLES)
    if len(guild.roles) >= 250:
        raise Refused(400, 30005, "Maximum number of guild roles reached (250)")
    wanted = (
        parsed(data["permissions"]) if data.get("permissions") is not None else guild.everyone.permissions
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
        wanted = parsed(data["permissions"])
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
            world.channel_changed(guild, channel)


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
