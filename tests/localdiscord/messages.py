"""Messages: made, changed, taken down; and who is told what of them."""

import re

from tests.localdiscord.content import LARGEST_FILE, check_message
from tests.localdiscord.model import (
    CATEGORY,
    COMPONENTS_V2,
    DM,
    EPHEMERAL,
    FORUM,
    LOADING,
    SUPPRESS_EMBEDS,
    Attachment,
    Channel,
    Json,
    Message,
    User,
)
from tests.localdiscord.permissions import P
from tests.localdiscord.refused import Refused, invalid, missing_permissions, unknown
from tests.localdiscord.world import I, World

# For how long a nonce is known: docs, Create Message, `enforce_nonce` ("the past few minutes").
NONCE_SECONDS = 300.0
SENDABLE_FLAGS = SUPPRESS_EMBEDS | 1 << 12 | COMPONENTS_V2
# A file as it came: name, bytes, content type.
File = tuple[str, bytes, str]


def attach(world: World, data: Json, files: dict[int, File], channel: Channel) -> list[Attachment]:
    """The files of a request, described by its `attachments`, whose ids are the numbers of `files[n]`."""
    described = {int(one["id"]): one for one in data.get("attachments") or []}
    made = []
    for number, (name, content, kind) in files.items():
        if len(content) > LARGEST_FILE:
            raise Refused(413, 40005, "Request entity too large")
        name = (described.get(number) or {}).get("filename") or name
        new = world.clock.snowflake()
        url = f"{world.base_url}/attachments/{channel.id}/{new}/{name}"
        made.append(Attachment(new, name, content, kind, url))
    for number in described:
        if number not in files and number < 10:
            raise invalid(
                "attachments", f"Attachment data for {number} was not found.", "ATTACHMENT_NOT_FOUND"
            )
    return made


def words_for(world: World, message: Message, intents: int) -> bool:
    """Does the bot get this message's words? docs, Gateway, "Message Content Intent"."""
    return bool(
        intents & I.CONTENT
        or message.channel.kind == DM
        or message.author is world.bot
        or message.application_id == world.bot.id
        or world.bot in message.mentions
    )


def told(world: World, name: str, message: Message) -> None:
    """MESSAGE_CREATE and MESSAGE_UPDATE, to a bot that sees the channel. Ephemeral ones go to no gateway but
    the own application's, and Discord sends bots none of them."""
    channel = message.channel
    if message.ephemeral or not world.sees(channel, world.bot):
        world.change()
        return

    def shape(intents: int) -> Json:
        body = message.json(world.bot, words_for(world, message, intents))
        if channel.guild_id is not None:
            body["guild_id"] = str(channel.guild_id)
            member = world.guilds[channel.guild_id].members.get(message.author.id)
            if member is not None:
                body["member"] = member.json(user=False)
        body["channel_type"] = channel.kind
        return body

    world.tell(name, shape, I.DMS if channel.kind == DM else I.MESSAGES, channel.guild_id)


def mention(world: World, message: Message, data: Json) -> None:
    """Who is mentioned, and of those who is pinged: `allowed_mentions` narrows, permissions too."""
    found = {int(one) for one in re.findall(r"<@!?(\d+)>", message.content)}
    roles = {int(one) for one in re.findall(r"<@&(\d+)>", message.content)}
    everyone = bool(re.search(r"@(everyone|here)", message.content))
    allowed = data.get("allowed_mentions")
    if allowed is not None:
        parse = set(allowed.get("parse") or [])
        for key in ("users", "roles"):
            if allowed.get(key) and key in parse:
                raise invalid(
                    f"allowed_mentions.{key}",
                    "parse:[...] and ids are mutually exclusive.",
                    "MENTIONS_MUTUALLY_EXCLUSIVE",
                )
        if "users" not in parse:
            found_pinged = found & {int(one) for one in allowed.get("users") or []}
        else:
            found_pinged = set(found)
        if "roles" not in parse:
            roles &= {int(one) for one in allowed.get("roles") or []}
        everyone = everyone and "everyone" in parse
    else:
        found_pinged = set(found)
    guild = world.guilds.get(message.channel.guild_id or 0)
    all_pings = guild is None or bool(world.held(message.channel, message.author) & P.MENTION_EVERYONE)
    message.mentions = [world.users[one] for one in sorted(found) if one in world.users]
    message.mention_everyone = everyone and all_pings and guild is not None
    message.mention_roles = sorted(one for one in roles if guild and one in guild.roles)
    message.pinged = found_pinged
    if guild is not None:
        pinging = {r for r in message.mention_roles if all_pings or guild.roles[r].mentionable}
        message.pinged |= {one.user.id for one in guild.members.values() if one.roles & pinging}
        if message.mention_everyone:
            message.pinged |= set(guild.members)


def check_may_send(world: World, actor: User, channel: Channel, data: Json, files: int) -> None:
    """Raises for who may not write there: permissions, closed direct chats, threads that are locked."""
    if channel.kind == DM:
        other = channel.recipient
        assert other is not None
        # Who closed direct messages, or shares no server with the bot: 50007.
        if actor is world.bot and not (other.dms_open and world.shares_guild(other)):
            raise Refused(403, 50007, "Cannot send messages to this user")
        return
    if channel.kind in (CATEGORY, FORUM):
        raise Refused(400, 50008, "Cannot send messages in a non-text channel")
    world.need(channel, actor, P.SEND_MESSAGES)
    if files:
        world.need(channel, actor, P.ATTACH_FILES)
    if data.get("message_reference"):
        world.need(channel, actor, P.READ_MESSAGE_HISTORY)
    if data.get("poll"):
        world.need(channel, actor, P.SEND_POLLS)
    if channel.is_thread and channel.locked and not world.can(channel, actor, P.MANAGE_THREADS):
        raise Refused(400, 50083, "Thread is archived")
    if channel.slowmode and not world.held(channel, actor) & (
        P.MANAGE_MESSAGES | P.MANAGE_CHANNELS | P.BYPASS_SLOWMODE
    ):
        last = max((one.created_at for one in channel.messages.values() if one.author is actor), default=0.0)
        if world.clock.now() - last < channel.slowmode and not actor.bot:
            raise Refused(429, 20016, "This action cannot be performed due to slowmode rate limit")


def send(
    world: World, actor: User, channel: Channel, data: Json, files: dict[int, File] | None = None
) -> Message:
    """A message of a user or of the bot. With `enforce_nonce` the one that is there already comes back."""
    files = files or {}
    check_may_send(world, actor, channel, data, len(files))
    flags = (data.get("flags") or 0) & SENDABLE_FLAGS
    check_message(data, len(files), flags)
    nonce = data.get("nonce")
    if nonce is not None and len(str(nonce)) > 25:
        raise invalid("nonce", "Must be 25 or fewer in length.", "BASE_TYPE_MAX_LENGTH")
    if data.get("enforce_nonce") and nonce is not None:
        since = world.clock.now() - NONCE_SECONDS
        for old in channel.messages.values():
            if str(old.nonce) == str(nonce) and old.author is actor and old.created_at >= since:
                return old
    message = build(world, actor, channel, data, files, flags)
    message.nonce = nonce
    reference = data.get("message_reference")
    if reference:
        _refer(world, actor, message, reference)
    if channel.is_thread:
        channel.archived = False
        channel.thread_members.setdefault(actor.id, world.clock.now())
    post(world, message)
    return message


def _refer(world: World, actor: User, message: Message, reference: Json) -> None:
    forward = reference.get("type") == 1
    origin = world.find_channel(int(reference.get("channel_id") or message.channel.id))
    target = origin.messages.get(int(reference["message_id"])) if origin else None
    if origin is None or target is None or not world.sees(origin, actor):
        if reference.get("fail_if_not_exists", True) is False:
            return
        raise invalid("message_reference", "Unknown message", "REPLIES_UNKNOWN_MESSAGE")
    message.reference = {
        "type": 1 if forward else 0,
        "message_id": str(target.id),
        "channel_id": str(origin.id),
    }
    if origin.guild_id is not None:
        message.reference["guild_id"] = str(origin.guild_id)
    if forward:
        keys = (
            "content",
            "embeds",
            "attachments",
            "timestamp",
            "edited_timestamp",
            "flags",
            "type",
            "components",
            "mentions",
        )
        whole = target.json()
        message.snapshots = [{"message": {key: whole[key] for key in (*keys, "mention_roles")}}]
    else:
        message.kind = 19


def build(
    world: World, author: User, channel: Channel, data: Json, files: dict[int, File], flags: int
) -> Message:
    """A message that nobody has seen yet."""
    message = Message(
        world.clock.snowflake(), channel, author, data.get("content") or "", list(data.get("embeds") or []),
        attach(world, data, files, channel), list(data.get("components") or []), flags,
        created_at=world.clock.now(),
    )  # fmt: skip
    if author is world.bot:
        message.application_id = world.bot.id
    mention(world, message, data)
    return message


def post(world: World, message: Message) -> None:
    """Into the channel, and to the gateway."""
    message.channel.messages[message.id] = message
    told(world, "MESSAGE_CREATE", message)


def edit(
    world: World, actor: User, message: Message, data: Json, files: dict[int, File] | None = None
) -> Message:
    """Changes one's own message."""
    if message.author is not actor:
        if data.keys() - {"flags"}:
            raise Refused(403, 50005, "Cannot edit a message authored by another user")
        world.need(message.channel, actor, P.MANAGE_MESSAGES)
    change(world, message, data, files or {})
    return message


def change(world: World, message: Message, data: Json, files: dict[int, File]) -> None:
    """Puts new parts into a message; what `data` does not name stays. Raises 400 where the whole is wrong."""
    flags = message.flags
    if data.get("flags") is not None:
        if (
            flags & COMPONENTS_V2
            and not data["flags"] & COMPONENTS_V2
            and not data["flags"] & SUPPRESS_EMBEDS
        ):
            raise invalid(
                "flags", "IS_COMPONENTS_V2 cannot be taken away.", "MESSAGE_CANNOT_REMOVE_COMPONENTS_V2_FLAG"
            )
        flags = (flags & ~SUPPRESS_EMBEDS) | (data["flags"] & SENDABLE_FLAGS)
    kept = {int(one["id"]) for one in data["attachments"] or []} if "attachments" in data else None
    staying = [one for one in message.attachments if kept is None or one.id in kept]
    whole: Json = {
        key: data[key] if key in data else getattr(message, key)
        for key in ("content", "embeds", "components")
    }
    check_message(whole, len(files) + len(staying), flags)
    new = attach(world, data, files, message.channel)
    message.content = whole["content"] or ""
    message.embeds, message.components = list(whole["embeds"] or []), list(whole["components"] or [])
    message.attachments = [*staying, *new]
    message.flags = flags & ~LOADING
    message.edited_at = world.clock.now()
    if "content" in data:
        before = set(message.pinged)
        mention(world, message, data)
        message.pinged = before  # An edit pings nobody.
    told(world, "MESSAGE_UPDATE", message)


def delete(world: World, actor: User, message: Message) -> None:
    """Takes a message down: one's own, or with Manage Messages. In a direct chat one's own alone."""
    if message.author is not actor:
        if message.channel.kind == DM:
            raise Refused(403, 50003, "Cannot execute action on a DM channel")
        world.need(message.channel, actor, P.MANAGE_MESSAGES)
    remove(world, message)


def remove(world: World, message: Message) -> None:
    """Out of the channel."""
    channel = message.channel
    channel.messages.pop(message.id, None)
    if message.ephemeral:
        world.change()
        return
    body = {"id": str(message.id), "channel_id": str(channel.id)}
    if channel.guild_id is not None:
        body["guild_id"] = str(channel.guild_id)
    if world.sees(channel, world.bot):
        world.tell("MESSAGE_DELETE", body, I.DMS if channel.kind == DM else I.MESSAGES, channel.guild_id)


def delete_many(world: World, actor: User, channel: Channel, ids: list[int]) -> None:
    """Bulk delete: at most two weeks old."""
    world.need(channel, actor, P.MANAGE_MESSAGES)
    found = [channel.messages[one] for one in ids if one in channel.messages]
    if any(world.clock.now() - one.created_at > 14 * 86400 for one in found):
        raise Refused(400, 50034, "A message provided was too old to bulk delete")
    for one in found:
        del channel.messages[one.id]
    body = {
        "ids": [str(one.id) for one in found],
        "channel_id": str(channel.id),
        "guild_id": str(channel.guild_id),
    }
    world.tell("MESSAGE_DELETE_BULK", body, I.MESSAGES, channel.guild_id)


def pin(world: World, actor: User, message: Message, pinned: bool) -> None:
    """Pins or unpins: needs Pin Messages (split off Manage Messages in 2026-01)."""
    if message.channel.kind != DM:
        world.need(message.channel, actor, P.PIN_MESSAGES)
    if message.pinned is pinned:
        return
    if pinned and sum(one.pinned for one in message.channel.messages.values()) >= 250:
        raise Refused(400, 30003, "Maximum number of pins reached for the channel (250)")
    message.pinned = pinned
    channel = message.channel
    body: Json = {"channel_id": str(channel.id), "last_pin_timestamp": world.clock.stamp()}
    if channel.guild_id is not None:
        body["guild_id"] = str(channel.guild_id)
    world.tell("CHANNEL_PINS_UPDATE", body, I.GUILDS if channel.guild_id else I.DMS, channel.guild_id)


def react(
    world: World, actor: User, message: Message, emoji: str, there: bool, whose: User | None = None
) -> None:
    """Adds or takes away a reaction; somebody else's only with Manage Messages."""
    channel, user = message.channel, whose or actor
    users = message.reactions.get(emoji, [])
    if there:
        world.need(channel, actor, P.READ_MESSAGE_HISTORY)
        if not users:
            world.need(channel, actor, P.ADD_REACTIONS)
        if user.id in users:
            return
        message.reactions.setdefault(emoji, []).append(user.id)
    else:
        if user is not actor:
            if channel.kind == DM:
                raise missing_permissions()
            world.need(channel, actor, P.MANAGE_MESSAGES)
        if user.id not in users:
            raise unknown("Emoji", 10014)
        users.remove(user.id)
        if not users:
            del message.reactions[emoji]
    body: Json = {
        "user_id": str(user.id), "channel_id": str(channel.id), "message_id": str(message.id),
        "emoji": {"id": None, "name": emoji}, "burst": False, "type": 0,
    }  # fmt: skip
    if channel.guild_id is not None:
        body["guild_id"] = str(channel.guild_id)
        if there:
            body["member"] = world.guilds[channel.guild_id].members[user.id].json()
    if there:
        body["message_author_id"] = str(message.author.id)
    if world.sees(channel, world.bot):
        name = "MESSAGE_REACTION_ADD" if there else "MESSAGE_REACTION_REMOVE"
        world.tell(name, body, I.DM_REACTIONS if channel.kind == DM else I.REACTIONS, channel.guild_id)


def ephemeral(flags: int) -> bool:
    return bool(flags & EPHEMERAL)
