"""Threads: made, joined, left."""

from tests.localdiscord.model import ANNOUNCEMENT, CATEGORY, Channel, Json, User
from tests.localdiscord.permissions import P
from tests.localdiscord.refused import Refused, missing_access, unknown
from tests.localdiscord.world import I, World


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
