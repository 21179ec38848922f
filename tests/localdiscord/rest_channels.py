"""REST: channels, messages, threads, invites, direct chats."""

from urllib.parse import unquote

from tests.localdiscord import channels, messages, overwrites, threads, voice
from tests.localdiscord.call import NOTHING, Answer, Call
from tests.localdiscord.interactions import number
from tests.localdiscord.model import DM, Channel, Json, Message
from tests.localdiscord.permissions import P, parsed
from tests.localdiscord.refused import Refused, unknown
from tests.localdiscord.world import I


def _json(call: Call, message: Message) -> Json:
    """A message over REST keeps the same words back as the gateway does."""
    words = messages.words_for(
        call.world, message, I.CONTENT if "message_content" in call.world.privileged else 0
    )
    return message.json(call.bot, words)


def _message(call: Call) -> Message:
    return call.world.message(call.channel(), call.number("message_id"), call.bot)


async def get_channel(call: Call) -> Answer:
    return 200, call.channel().json()


async def edit_channel(call: Call) -> Answer:
    return 200, channels.edit_channel(call.world, call.bot, call.channel(), call.body).json()


async def delete_channel(call: Call) -> Answer:
    channel = call.channel()
    if channel.kind != DM:
        channels.delete_channel(call.world, call.bot, channel)
    return 200, channel.json()


async def put_overwrite(call: Call) -> Answer:
    allow, deny = (parsed(call.body.get(key)) for key in ("allow", "deny"))
    target = call.number("overwrite_id")
    overwrites.set_overwrite(
        call.world, call.bot, call.channel(), target, int(call.body["type"]), allow, deny
    )
    return NOTHING


async def delete_overwrite(call: Call) -> Answer:
    overwrites.delete_overwrite(call.world, call.bot, call.channel(), call.number("overwrite_id"))
    return NOTHING


async def history(call: Call) -> Answer:
    channel = call.channel()
    limit = call.limit(50, 100)
    if not call.world.can(channel, call.bot, P.READ_MESSAGE_HISTORY):
        return 200, []
    found = [one for one in channel.messages.values() if not one.ephemeral]
    found.sort(key=lambda one: one.id)
    before, after, around = (call.query.get(key) for key in ("before", "after", "around"))
    if after is not None:
        found = [one for one in found if one.id > int(after)][:limit]
    elif before is not None:
        found = [one for one in found if one.id < int(before)][-limit:]
    elif around is not None:
        found = [one for one in found if abs(one.id - int(around)) >= 0]
        middle = sum(one.id < int(around) for one in found)
        found = found[max(0, middle - limit // 2) : middle + limit // 2 + 1]
    else:
        found = found[-limit:]
    return 200, [_json(call, one) for one in reversed(found)]


async def send(call: Call) -> Answer:
    number(call.body.get("components") or [])
    return 200, _json(call, messages.send(call.world, call.bot, call.channel(), call.body, call.files))


async def get_message(call: Call) -> Answer:
    return 200, _json(call, _message(call))


async def edit_message(call: Call) -> Answer:
    number(call.body.get("components") or [])
    return 200, _json(call, messages.edit(call.world, call.bot, _message(call), call.body, call.files))


async def delete_message(call: Call) -> Answer:
    channel = call.channel()
    message = channel.messages.get(call.number("message_id"))
    # Taking down needs no reading of the history.
    if message is None or message.ephemeral:
        raise unknown("Message", 10008)
    messages.delete(call.world, call.bot, message)
    return NOTHING


async def bulk_delete(call: Call) -> Answer:
    messages.delete_many(call.world, call.bot, call.channel(), [int(one) for one in call.body["messages"]])
    return NOTHING


async def pin(call: Call) -> Answer:
    messages.pin(call.world, call.bot, _message(call), True)
    return NOTHING


async def unpin(call: Call) -> Answer:
    messages.pin(call.world, call.bot, _message(call), False)
    return NOTHING


async def list_pins(call: Call) -> Answer:
    found = [one for one in call.channel().messages.values() if one.pinned]
    items = [{"pinned_at": call.world.clock.stamp(), "message": _json(call, one)} for one in reversed(found)]
    return 200, {"items": items, "has_more": False}


async def old_pins(call: Call) -> Answer:
    return 200, [_json(call, one) for one in call.channel().messages.values() if one.pinned]


async def react(call: Call) -> Answer:
    messages.react(call.world, call.bot, _message(call), unquote(call.ids["emoji_name"]), True)
    return NOTHING


async def unreact(call: Call) -> Answer:
    whose = call.bot if "user_id" not in call.ids else call.world.user(call.number("user_id"))
    messages.react(call.world, call.bot, _message(call), unquote(call.ids["emoji_name"]), False, whose)
    return NOTHING


async def clear_reactions(call: Call) -> Answer:
    message = _message(call)
    call.world.need(message.channel, call.bot, P.MANAGE_MESSAGES)
    message.reactions.clear()
    body = {
        "channel_id": str(message.channel.id),
        "message_id": str(message.id),
        "guild_id": str(message.channel.guild_id),
    }
    call.world.tell("MESSAGE_REACTION_REMOVE_ALL", body, I.REACTIONS, message.channel.guild_id)
    return NOTHING


async def typing(call: Call) -> Answer:
    channel = call.channel()
    call.world.need(channel, call.bot, P.SEND_MESSAGES)
    return NOTHING


async def thread_from_message(call: Call) -> Answer:
    message = _message(call)
    return 201, threads.create_thread(call.world, call.bot, message.channel, call.body, message.id).json()


async def create_thread(call: Call) -> Answer:
    parent = call.channel()
    thread = threads.create_thread(call.world, call.bot, parent, call.body)
    body = thread.json()
    if parent.kind == 15:
        body["message"] = _json(
            call, messages.send(call.world, call.bot, thread, call.body["message"], call.files)
        )
    return 201, body


def _thread(call: Call) -> Channel:
    channel = call.channel()
    if not channel.is_thread:
        raise Refused(400, 50024, "Cannot execute action on this channel type")
    return channel


async def thread_members(call: Call) -> Answer:
    if "members" not in call.world.privileged:
        raise Refused(403, 50001, "Missing Access")
    thread = _thread(call)
    return 200, [thread.thread_member(one) for one in thread.thread_members]


async def join_thread(call: Call) -> Answer:
    user = call.bot if "user_id" not in call.ids else call.world.user(call.number("user_id"))
    threads.join_thread(call.world, call.bot, _thread(call), user)
    return NOTHING


async def leave_thread(call: Call) -> Answer:
    user = call.bot if "user_id" not in call.ids else call.world.user(call.number("user_id"))
    threads.join_thread(call.world, call.bot, _thread(call), user, there=False)
    return NOTHING


async def archived_threads(call: Call) -> Answer:
    parent = call.channel()
    private = call.ids.get("which") == "private"
    call.world.need(parent, call.bot, P.READ_MESSAGE_HISTORY, *((P.MANAGE_THREADS,) if private else ()))
    guild = call.world.guilds[parent.guild_id or 0]
    found = [
        one for one in call.world.threads_in(guild, parent) if one.archived and (one.kind == 12) is private
    ]
    return 200, {"threads": [one.json() for one in found], "members": [], "has_more": False}


async def set_voice_status(call: Call) -> Answer:
    voice.set_status(call.world, call.bot, call.channel(), call.body.get("status"))
    return NOTHING


async def list_invites(call: Call) -> Answer:
    channel = call.channel()
    call.world.need(channel, call.bot, P.MANAGE_CHANNELS)
    invites = call.world.guilds[channel.guild_id or 0].invites.values()
    return 200, [one for one in invites if one["channel"]["id"] == str(channel.id)]


async def create_invite(call: Call) -> Answer:
    from tests.localdiscord.invites import create

    channel = call.channel()
    return 200, create(call.world, call.bot, channel, call.body)


async def delete_invite(call: Call) -> Answer:
    from tests.localdiscord.invites import delete

    return 200, delete(call.world, call.bot, call.ids["code"])


async def get_invite(call: Call) -> Answer:
    for guild in call.world.guilds.values():
        if call.ids["code"] in guild.invites:
            return 200, guild.invites[call.ids["code"]]
    raise unknown("Invite", 10006)


async def list_webhooks(call: Call) -> Answer:
    channel = call.channel()
    call.world.need(channel, call.bot, P.MANAGE_WEBHOOKS)
    hooks = call.world.guilds[channel.guild_id or 0].webhooks.values()
    return 200, [one for one in hooks if one["channel_id"] == str(channel.id)]


async def open_dm(call: Call) -> Answer:
    return 200, call.world.open_dm(call.world.user(int(call.body["recipient_id"]))).json()


ROUTES = (
    ("GET", "/channels/{channel_id}", get_channel),
    ("PATCH", "/channels/{channel_id}", edit_channel),
    ("DELETE", "/channels/{channel_id}", delete_channel),
    ("PUT", "/channels/{channel_id}/permissions/{overwrite_id}", put_overwrite),
    ("DELETE", "/channels/{channel_id}/permissions/{overwrite_id}", delete_overwrite),
    ("GET", "/channels/{channel_id}/messages", history),
    ("POST", "/channels/{channel_id}/messages", send),
    ("POST", "/channels/{channel_id}/messages/bulk-delete", bulk_delete),
    ("GET", "/channels/{channel_id}/messages/pins", list_pins),
    ("PUT", "/channels/{channel_id}/messages/pins/{message_id}", pin),
    ("DELETE", "/channels/{channel_id}/messages/pins/{message_id}", unpin),
    ("GET", "/channels/{channel_id}/pins", old_pins),
    ("PUT", "/channels/{channel_id}/pins/{message_id}", pin),
    ("DELETE", "/channels/{channel_id}/pins/{message_id}", unpin),
    ("GET", "/channels/{channel_id}/messages/{message_id}", get_message),
    ("PATCH", "/channels/{channel_id}/messages/{message_id}", edit_message),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}", delete_message),
    ("PUT", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me", react),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me", unreact),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/{user_id}", unreact),
    ("DELETE", "/channels/{channel_id}/messages/{message_id}/reactions", clear_reactions),
    ("POST", "/channels/{channel_id}/messages/{message_id}/threads", thread_from_message),
    ("POST", "/channels/{channel_id}/threads", create_thread),
    ("GET", "/channels/{channel_id}/threads/archived/{which}", archived_threads),
    ("GET", "/channels/{channel_id}/thread-members", thread_members),
    ("PUT", "/channels/{channel_id}/thread-members/@me", join_thread),
    ("DELETE", "/channels/{channel_id}/thread-members/@me", leave_thread),
    ("PUT", "/channels/{channel_id}/thread-members/{user_id}", join_thread),
    ("DELETE", "/channels/{channel_id}/thread-members/{user_id}", leave_thread),
    ("POST", "/channels/{channel_id}/typing", typing),
    ("PUT", "/channels/{channel_id}/voice-status", set_voice_status),
    ("GET", "/channels/{channel_id}/invites", list_invites),
    ("POST", "/channels/{channel_id}/invites", create_invite),
    ("GET", "/channels/{channel_id}/webhooks", list_webhooks),
    ("GET", "/invites/{code}", get_invite),
    ("DELETE", "/invites/{code}", delete_invite),
    ("POST", "/users/@me/channels", open_dm),
)
