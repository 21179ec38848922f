"""Overwrites: who may write which bits into a channel. docs, Edit Channel Permissions."""

from tests.localdiscord.model import Channel, Guild, Json, Overwrite, User
from tests.localdiscord.permissions import ALL, P, parsed
from tests.localdiscord.refused import Refused, missing_permissions, unknown
from tests.localdiscord.world import World


def bound_of(world: World, actor: User, guild: Guild, channel: Channel) -> P:
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


def checked(
    world: World, actor: User, guild: Guild, before: dict[int, Overwrite], raw: list[Json], bound: P
) -> dict[int, Overwrite]:
    made: dict[int, Overwrite] = {}
    admin = bool(world.guild_held(guild, actor) & P.ADMINISTRATOR)
    for one in raw:
        target = int(one["id"])
        kind = one.get("type")
        kind = int(kind) if kind is not None else (0 if target in guild.roles else 1)
        _known_target(world, guild, target, kind)
        made[target] = Overwrite(target, kind, parsed(one.get("allow")), parsed(one.get("deny")))
    for target, new in made.items():
        _bounded(bound, admin, before.get(target), new.allow, new.deny)
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
    _bounded(bound_of(world, actor, guild, channel), admin, channel.overwrites.get(target), allow, deny)
    channel.overwrites[target] = Overwrite(target, kind, allow, deny)
    world.channel_changed(guild, channel)


def delete_overwrite(world: World, actor: User, channel: Channel, target: int) -> None:
    """Takes one away. Which bits it holds does not matter: docs, Delete Channel Permission."""
    guild = world.guilds[channel.guild_id or 0]
    world.need(channel, actor, P.MANAGE_ROLES)
    if target not in channel.overwrites:
        raise Refused(404, 10009, "Unknown Overwrite")
    del channel.overwrites[target]
    world.channel_changed(guild, channel)
