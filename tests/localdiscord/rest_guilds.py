"""REST: servers, members, roles, and what hangs on a server."""

from tests.localdiscord import channels, members, roles, voice
from tests.localdiscord.call import NOTHING, Answer, Call
from tests.localdiscord.model import Json
from tests.localdiscord.permissions import P
from tests.localdiscord.refused import Refused, missing_access, unknown
from tests.localdiscord.world import I


async def get_guild(call: Call) -> Answer:
    guild = call.guild()
    body = guild.json()
    if call.query.get("with_counts") == "true":
        body |= {
            "approximate_member_count": len(guild.members),
            "approximate_presence_count": len(guild.members),
        }
    return 200, body


async def leave_guild(call: Call) -> Answer:
    members.leave(call.world, call.guild(), call.bot)
    return NOTHING


async def list_channels(call: Call) -> Answer:
    return 200, [one.json() for one in call.guild().channels.values() if not one.is_thread]


async def create_channel(call: Call) -> Answer:
    return 201, channels.create_channel(call.world, call.bot, call.guild(), call.body).json()


async def move_channels(call: Call) -> Answer:
    guild = call.guild()
    call.world.need_in_guild(guild, call.bot, P.MANAGE_CHANNELS)
    for move in call.raw:
        channel = call.world.channel(int(move["id"]), call.bot)
        if move.get("position") is not None:
            channel.position = move["position"]
        if "parent_id" in move:
            channel.parent_id = int(move["parent_id"]) if move["parent_id"] else None
        call.world.channel_changed(guild, channel)
    return NOTHING


async def active_threads(call: Call) -> Answer:
    guild = call.guild()
    threads = [
        one for one in call.world.threads_in(guild) if call.world.sees(one, call.bot) and not one.archived
    ]
    return 200, {"threads": [one.json() for one in threads], "members": [], "has_more": False}


async def list_members(call: Call) -> Answer:
    """Needs the members intent switched on for the application: docs, List Guild Members."""
    if "members" not in call.world.privileged:
        raise missing_access()
    after = int(call.query.get("after", 0))
    ids = sorted(one for one in call.guild().members if one > after)[: call.limit(1, 1000)]
    return 200, [call.guild().members[one].json() for one in ids]


async def search_members(call: Call) -> Answer:
    query = call.query.get("query", "").lower()
    found = [
        one
        for one in call.guild().members.values()
        if any(
            name.lower().startswith(query)
            for name in (one.nick or "", one.user.name, one.user.global_name or "")
        )
    ]
    return 200, [one.json() for one in found[: call.limit(1, 1000)]]


async def get_member(call: Call) -> Answer:
    return 200, call.world.member(call.guild(), call.number("user_id")).json()


async def edit_member(call: Call) -> Answer:
    guild = call.guild()
    member = call.world.member(guild, call.number("user_id"))
    return 200, members.edit_member(call.world, call.bot, guild, member, call.body).json()


async def edit_me(call: Call) -> Answer:
    guild = call.guild()
    return 200, members.edit_member(call.world, call.bot, guild, guild.members[call.bot.id], call.body).json()


async def kick(call: Call) -> Answer:
    guild = call.guild()
    members.kick(call.world, call.bot, guild, call.world.member(guild, call.number("user_id")))
    return NOTHING


async def ban(call: Call) -> Answer:
    members.ban(call.world, call.bot, call.guild(), call.world.user(call.number("user_id")))
    return NOTHING


async def unban(call: Call) -> Answer:
    guild, user = call.guild(), call.world.user(call.number("user_id"))
    call.world.need_in_guild(guild, call.bot, P.BAN_MEMBERS)
    if user.id not in guild.bans:
        raise unknown("Ban", 10026)
    guild.bans.discard(user.id)
    gone = {"guild_id": str(guild.id), "user": user.json()}
    call.world.tell("GUILD_BAN_REMOVE", gone, I.MODERATION, guild.id)
    return NOTHING


async def give_role(call: Call) -> Answer:
    return _role(call, given=True)


async def take_role(call: Call) -> Answer:
    return _role(call, given=False)


def _role(call: Call, given: bool) -> Answer:
    guild = call.guild()
    member = call.world.member(guild, call.number("user_id"))
    role = call.world.role(guild, call.number("role_id"))
    members.give_role(call.world, call.bot, guild, member, role, given)
    return NOTHING


async def list_roles(call: Call) -> Answer:
    return 200, [one.json() for one in call.guild().roles.values()]


async def get_role(call: Call) -> Answer:
    return 200, call.world.role(call.guild(), call.number("role_id")).json()


async def create_role(call: Call) -> Answer:
    return 200, roles.create_role(call.world, call.bot, call.guild(), call.body).json()


async def edit_role(call: Call) -> Answer:
    guild = call.guild()
    role = call.world.role(guild, call.number("role_id"))
    return 200, roles.edit_role(call.world, call.bot, guild, role, call.body).json()


async def delete_role(call: Call) -> Answer:
    guild = call.guild()
    roles.delete_role(call.world, call.bot, guild, call.world.role(guild, call.number("role_id")))
    return NOTHING


async def move_roles(call: Call) -> Answer:
    return 200, [one.json() for one in roles.move_roles(call.world, call.bot, call.guild(), call.raw)]


async def list_invites(call: Call) -> Answer:
    guild = call.guild()
    call.world.need_in_guild(guild, call.bot, P.MANAGE_GUILD)
    return 200, list(guild.invites.values())


async def list_webhooks(call: Call) -> Answer:
    guild = call.guild()
    call.world.need_in_guild(guild, call.bot, P.MANAGE_WEBHOOKS)
    return 200, list(guild.webhooks.values())


async def list_integrations(call: Call) -> Answer:
    guild = call.guild()
    call.world.need_in_guild(guild, call.bot, P.MANAGE_GUILD)
    return 200, []


async def get_widget(call: Call) -> Answer:
    guild = call.guild()
    call.world.need_in_guild(guild, call.bot, P.MANAGE_GUILD)
    return 200, {"enabled": guild.widget, "channel_id": None}


async def get_onboarding(call: Call) -> Answer:
    guild = call.guild()
    body = {"prompts": [], "default_channel_ids": [], "mode": 0}
    return 200, {"guild_id": str(guild.id), "enabled": guild.onboarding, **body}


async def get_voice_state(call: Call) -> Answer:
    guild = call.guild()
    user = call.bot.id if call.ids.get("user_id", "@me") == "@me" else call.number("user_id")
    if user not in guild.voice:
        raise unknown("Voice State", 10065)
    call.world.need(guild.channels[guild.voice[user].channel_id], call.bot, P.CONNECT)
    return 200, guild.voice[user].json(guild)


async def edit_voice_state(call: Call) -> Answer:
    """Stage channels: who may speak."""
    guild = call.guild()
    user = call.bot.id if call.ids.get("user_id", "@me") == "@me" else call.number("user_id")
    state = guild.voice.get(user)
    if state is None:
        raise unknown("Voice State", 10065)
    channel = guild.channels[state.channel_id]
    if channel.kind != 13:
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    if "suppress" in call.body:
        call.world.need(channel, call.bot, P.MUTE_MEMBERS)
        voice.change(call.world, guild, state, suppress=bool(call.body["suppress"]))
    return NOTHING


def _stage(call: Call) -> Json:
    channel = call.channel()
    stage = call.world.guilds[channel.guild_id or 0].stages.get(channel.id)
    if stage is None:
        raise unknown("Stage Instance", 10067)
    return stage


async def get_stage(call: Call) -> Answer:
    return 200, _stage(call)


async def open_stage(call: Call) -> Answer:
    channel = call.world.channel(
        int(call.body["channel_id"]), call.bot, P.MANAGE_CHANNELS, P.MUTE_MEMBERS, P.MOVE_MEMBERS
    )
    guild = call.world.guilds[channel.guild_id or 0]
    if channel.kind != 13:
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    guild.stages[channel.id] = {
        "id": str(call.world.clock.snowflake()), "guild_id": str(guild.id), "channel_id": str(channel.id),
        "topic": call.body["topic"], "privacy_level": 2, "discoverable_disabled": True,
        "guild_scheduled_event_id": None,
    }  # fmt: skip
    call.world.tell("STAGE_INSTANCE_CREATE", guild.stages[channel.id], I.GUILDS, guild.id)
    return 200, guild.stages[channel.id]


async def close_stage(call: Call) -> Answer:
    stage = _stage(call)
    channel = call.world.channel(call.number("channel_id"), call.bot, P.MANAGE_CHANNELS)
    guild = call.world.guilds[channel.guild_id or 0]
    del guild.stages[channel.id]
    call.world.tell("STAGE_INSTANCE_DELETE", stage, I.GUILDS, guild.id)
    return NOTHING


ROUTES = (
    ("GET", "/guilds/{guild_id}", get_guild),
    ("DELETE", "/users/@me/guilds/{guild_id}", leave_guild),
    ("GET", "/guilds/{guild_id}/channels", list_channels),
    ("POST", "/guilds/{guild_id}/channels", create_channel),
    ("PATCH", "/guilds/{guild_id}/channels", move_channels),
    ("GET", "/guilds/{guild_id}/threads/active", active_threads),
    ("GET", "/guilds/{guild_id}/members", list_members),
    ("GET", "/guilds/{guild_id}/members/search", search_members),
    ("PATCH", "/guilds/{guild_id}/members/@me", edit_me),
    ("GET", "/guilds/{guild_id}/members/{user_id}", get_member),
    ("PATCH", "/guilds/{guild_id}/members/{user_id}", edit_member),
    ("DELETE", "/guilds/{guild_id}/members/{user_id}", kick),
    ("PUT", "/guilds/{guild_id}/bans/{user_id}", ban),
    ("DELETE", "/guilds/{guild_id}/bans/{user_id}", unban),
    ("PUT", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", give_role),
    ("DELETE", "/guilds/{guild_id}/members/{user_id}/roles/{role_id}", take_role),
    ("GET", "/guilds/{guild_id}/roles", list_roles),
    ("POST", "/guilds/{guild_id}/roles", create_role),
    ("PATCH", "/guilds/{guild_id}/roles", move_roles),
    ("GET", "/guilds/{guild_id}/roles/{role_id}", get_role),
    ("PATCH", "/guilds/{guild_id}/roles/{role_id}", edit_role),
    ("DELETE", "/guilds/{guild_id}/roles/{role_id}", delete_role),
    ("GET", "/guilds/{guild_id}/invites", list_invites),
    ("GET", "/guilds/{guild_id}/webhooks", list_webhooks),
    ("GET", "/guilds/{guild_id}/integrations", list_integrations),
    ("GET", "/guilds/{guild_id}/widget", get_widget),
    ("GET", "/guilds/{guild_id}/onboarding", get_onboarding),
    ("GET", "/guilds/{guild_id}/voice-states/@me", get_voice_state),
    ("PATCH", "/guilds/{guild_id}/voice-states/@me", edit_voice_state),
    ("GET", "/guilds/{guild_id}/voice-states/{user_id}", get_voice_state),
    ("PATCH", "/guilds/{guild_id}/voice-states/{user_id}", edit_voice_state),
    ("POST", "/stage-instances", open_stage),
    ("GET", "/stage-instances/{channel_id}", get_stage),
    ("DELETE", "/stage-instances/{channel_id}", close_stage),
)
