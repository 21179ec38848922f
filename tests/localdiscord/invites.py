"""Invites: made and taken back, told to bots that may manage the channel."""

import secrets

from tests.localdiscord.model import Channel, Json, User
from tests.localdiscord.permissions import P
from tests.localdiscord.refused import unknown
from tests.localdiscord.world import I, World


def create(world: World, actor: User, channel: Channel, data: Json) -> Json:
    """An invite; `max_age` 0 never ends. Without words in `data`, a day."""
    world.need(channel, actor, P.CREATE_INSTANT_INVITE)
    guild = world.guilds[channel.guild_id or 0]
    age = data.get("max_age")
    invite: Json = {
        "code": secrets.token_urlsafe(6), "type": 0, "inviter": actor.json(), "uses": 0,
        "channel": {"id": str(channel.id), "name": channel.name, "type": channel.kind},
        "guild": {"id": str(guild.id), "name": guild.name, "features": guild.features, "icon": None,
        "splash": None,
                  "banner": None, "description": None, "verification_level": 0, "vanity_url_code": None},
        "guild_id": str(guild.id), "channel_id": str(channel.id), "max_age": 86400 if age is None else age,
        "max_uses": data.get("max_uses") or 0, "temporary": bool(data.get("temporary")),
        "created_at": world.clock.stamp(), "expires_at": None,
    }  # fmt: skip
    guild.invites[invite["code"]] = invite
    if world.can(channel, world.bot, P.MANAGE_CHANNELS):
        world.tell("INVITE_CREATE", invite, I.INVITES, guild.id)
    return invite


def delete(world: World, actor: User, code: str) -> Json:
    for guild in world.guilds.values():
        if code in guild.invites:
            invite = guild.invites[code]
            channel = guild.channels[int(invite["channel_id"])]
            if not world.guild_held(guild, actor) & P.MANAGE_GUILD:
                world.need(channel, actor, P.MANAGE_CHANNELS)
            del guild.invites[code]
            gone = {key: invite[key] for key in ("code", "channel_id", "guild_id")}
            if world.can(channel, world.bot, P.MANAGE_CHANNELS):
                world.tell("INVITE_DELETE", gone, I.INVITES, guild.id)
            return invite
    raise unknown("Invite", 10006)
