"""REST: the bot's own account, its commands, interactions and their follow-ups."""

from tests.localdiscord import commands, interactions
from tests.localdiscord.call import NOTHING, Answer, Call
from tests.localdiscord.model import Json
from tests.localdiscord.refused import Refused, missing_access, unknown

LOCALIZED = ("name_localizations", "description_localizations")


async def me(call: Call) -> Answer:
    return 200, {
        **call.bot.json(),
        "verified": True,
        "mfa_enabled": False,
        "email": None,
        "flags": 0,
        "locale": "en-US",
    }


async def edit_me(call: Call) -> Answer:
    call.bot.name = call.body.get("username") or call.bot.name
    return await me(call)


async def get_user(call: Call) -> Answer:
    return 200, call.world.user(call.number("user_id")).json()


async def my_guilds(call: Call) -> Answer:
    after = int(call.query.get("after", 0))
    mine = sorted(
        (g for g in call.world.guilds.values() if call.bot.id in g.members and g.id > after),
        key=lambda g: g.id,
    )
    return 200, [
        {
            "id": str(guild.id), "name": guild.name, "icon": None, "banner": None, "owner": False,
            "permissions": str(int(call.world.guild_held(guild, call.bot))), "features": guild.features,
        }
        for guild in mine[: call.limit(200, 200)]
    ]  # fmt: skip


async def application(call: Call) -> Answer:
    bits = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
    owner = {
        "id": "1",
        "username": "operator",
        "discriminator": "0",
        "avatar": None,
        "global_name": None,
        "public_flags": 0,
    }
    return 200, {
        "id": str(call.bot.id), "name": call.bot.name, "icon": None, "description": "", "summary": "",
        "type": None,
        "bot_public": True, "bot_require_code_grant": False, "verify_key": "0" * 64, "team": None,
        "owner": owner,
        "flags": sum(bits[one] for one in call.world.privileged) | 1 << 23, "bot": call.bot.json(),
        "hook": True,
        "approximate_guild_count": len(call.world.guilds), "redirect_uris": [],
        "interactions_endpoint_url": None,
        "install_params": None, "integration_types_config": {"0": {}}, "tags": [],
    }  # fmt: skip


async def gateway(call: Call) -> Answer:
    return 200, {"url": call.world.gateway_url}


async def gateway_bot(call: Call) -> Answer:
    start = {"total": 1000, "remaining": 999, "reset_after": 14400000, "max_concurrency": 1}
    return 200, {"url": call.world.gateway_url, "shards": 1, "session_start_limit": start}


# --- commands ---


def _scope(call: Call) -> int | None:
    if call.number("application_id") != call.bot.id:
        raise Refused(403, 20012, "You are not authorized to perform this action on this application")
    if "guild_id" not in call.ids:
        return None
    guild = call.world.guilds.get(call.number("guild_id"))
    if guild is None or call.bot.id not in guild.members:
        raise missing_access()
    return guild.id


def _shown(call: Call, command: Json) -> Json:
    """Without `with_localizations` the translations are left out, in lists."""
    if call.query.get("with_localizations") == "true":
        return command
    return {key: value for key, value in command.items() if key not in LOCALIZED}


def _command(call: Call) -> Json:
    wanted = call.ids["command_id"]
    found = next((one for one in call.world.commands.get(_scope(call), []) if one["id"] == wanted), None)
    if found is None:
        raise unknown("application command", 10063)
    return found


async def list_commands(call: Call) -> Answer:
    return 200, [_shown(call, one) for one in call.world.commands.get(_scope(call), [])]


async def overwrite_commands(call: Call) -> Answer:
    return 200, commands.overwrite(call.world, _scope(call), call.raw or [])


async def create_command(call: Call) -> Answer:
    made, new = commands.upsert(call.world, _scope(call), call.body)
    return 201 if new else 200, made


async def get_command(call: Call) -> Answer:
    return 200, _command(call)


async def edit_command(call: Call) -> Answer:
    command = _command(call)
    changed = {**command, **call.body}
    commands.check(changed)
    command.update(changed)
    return 200, command


async def delete_command(call: Call) -> Answer:
    call.world.commands[_scope(call)].remove(_command(call))
    return NOTHING


# --- interactions ---


async def callback(call: Call) -> Answer:
    made = interactions.callback(
        call.world, call.number("interaction_id"), call.ids["interaction_token"], call.body, call.files
    )
    if call.query.get("with_response", "").lower() not in ("true", "1"):
        return NOTHING
    kind = made.answered
    about: Json = {
        "id": str(made.id),
        "type": made.kind,
        "response_message_loading": bool(made.original and made.original.loading),
    }
    body: Json = {"interaction": about}
    if made.original is not None:
        about |= {
            "response_message_id": str(made.original.id),
            "response_message_ephemeral": made.original.ephemeral,
            "channel_id": str(made.channel.id), "guild_id": str(made.channel.guild_id or 0),
        }  # fmt: skip
    body["resource"] = {"type": kind}
    if kind in (4, 7) and made.original is not None:
        body["resource"]["message"] = made.original.json(call.bot)
    return 200, body


def _interaction(call: Call) -> interactions.Interaction:
    return interactions.by_token(call.world, call.number("webhook_id"), call.ids["webhook_token"])


async def follow_up(call: Call) -> Answer:
    return 200, interactions.follow_up(call.world, _interaction(call), call.body, call.files).json(call.bot)


async def get_answer(call: Call) -> Answer:
    return 200, interactions.find(_interaction(call), call.ids["message_id"]).json(call.bot)


async def edit_answer(call: Call) -> Answer:
    made = _interaction(call)
    return 200, interactions.edit(call.world, made, call.ids["message_id"], call.body, call.files).json(
        call.bot
    )


async def delete_answer(call: Call) -> Answer:
    interactions.delete(call.world, _interaction(call), call.ids["message_id"])
    return NOTHING


_GLOBAL = "/applications/{application_id}/commands"
_GUILD = "/applications/{application_id}/guilds/{guild_id}/commands"
ROUTES = (
    ("GET", "/users/@me", me),
    ("PATCH", "/users/@me", edit_me),
    ("GET", "/users/@me/guilds", my_guilds),
    ("GET", "/users/{user_id}", get_user),
    ("GET", "/applications/@me", application),
    ("GET", "/oauth2/applications/@me", application),
    ("GET", "/gateway", gateway),
    ("GET", "/gateway/bot", gateway_bot),
    *(
        route
        for path in (_GLOBAL, _GUILD)
        for route in (
            ("GET", path, list_commands),
            ("PUT", path, overwrite_commands),
            ("POST", path, create_command),
            ("GET", path + "/{command_id}", get_command),
            ("PATCH", path + "/{command_id}", edit_command),
            ("DELETE", path + "/{command_id}", delete_command),
        )
    ),
    ("POST", "/interactions/{interaction_id}/{interaction_token}/callback", callback),
    ("POST", "/webhooks/{webhook_id}/{webhook_token}", follow_up),
    ("GET", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", get_answer),
    ("PATCH", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", edit_answer),
    ("DELETE", "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", delete_answer),
)
# These carry their secret in the path and need no token of the bot.
UNSIGNED = ("/interactions/", "/webhooks/", "/gateway")
