"""What the gateway tells -> events. Called at once for each, in order; nothing is awaited here."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import msgspec

from adapters.discord.doorbell import Doorbell
from adapters.discord.errors import TROUBLE
from adapters.discord.gatekeeper import Gatekeeper
from adapters.discord.groups import PLATFORM, member_id, room_id
from adapters.discord.handing import Handing
from adapters.discord.interactions import Interactions
from adapters.discord.looking import Looker, fresh
from adapters.discord.recorders import Blocker
from adapters.discord.world import SETTLES_WITHIN, Circle, World
from bot.boundary.errors import StorageTrouble, Undeliverable
from bot.boundary.events import (
    CannotRead,
    MessagePosted,
    RoomChanged,
    RoomLost,
    WordsGiven,
)
from bot.boundary.ids import MessageId

SAID = frozenset(
    {
        discord.MessageType.default,
        discord.MessageType.reply,
        discord.MessageType.chat_input_command,
        discord.MessageType.context_menu_command,
        discord.MessageType.thread_created,
    }
)
"""Messages that somebody put there. The others tell what happened: somebody came, something was pinned."""
FORGOTTEN_AFTER = 30 * 86400.0
"""Seconds after which a group is forgotten from whose server the bot was removed: as the core does."""
LOOK_AGAIN = 3.0
"""Seconds until something that Discord refused for the moment is tried again."""

log = logging.getLogger(__name__)


class Inbound:
    """One method for each event of discord.py that matters; all others are ignored."""

    def __init__(
        self,
        world: World,
        handing: Handing,
        looker: Looker,
        interactions: Interactions,
        doorbell: Doorbell,
        gatekeeper: Gatekeeper,
        blocker: Blocker,
        first_look: Callable[[], Awaitable[None]],
    ) -> None:
        self._world, self._handing, self._looker = world, handing, looker
        self._interactions, self._doorbell, self._gatekeeper = interactions, doorbell, gatekeeper
        self._blocker, self._first_look = blocker, first_look
        self._tasks: set[asyncio.Task[None]] = set()

    def on(self, name: str, args: tuple[Any, ...]) -> None:
        """Something happened. A fault of ours in one event must not end the connection."""
        handler = getattr(self, f"_on_{name}", None)
        if handler is None:
            return
        try:
            handler(*args)
        except Exception as fault:
            log.error("an event could not be handled", extra={"kind": type(fault).__name__})
            log.debug("an event could not be handled", exc_info=True)

    async def close(self) -> None:
        """Wait for nothing more."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # --- the connection and servers

    def _on_ready(self) -> None:
        self._spawn(self._first_look())

    def _on_guild_available(self, guild: discord.Guild) -> None:
        """A server that came later than the others, or is back after an outage of Discord's."""
        for circle in self._world.of_server(guild.id):
            self._spawn(self.look(circle))

    def _on_guild_join(self, guild: discord.Guild) -> None:
        self._on_guild_available(guild)

    def _on_guild_unavailable(self, guild: discord.Guild) -> None:
        for circle in self._world.of_server(guild.id):
            circle.looked, circle.away = False, True

    def _on_guild_remove(self, guild: discord.Guild) -> None:
        for circle in self._world.of_server(guild.id):
            self._spawn(self.removed(circle))

    def _on_guild_update(self, _before: discord.Guild, after: discord.Guild) -> None:
        self._everybody(after)
        for circle in self._world.of_server(after.id):
            self._spawn(self._owner(circle, after))

    def _on_guild_role_update(self, before: discord.Role, after: discord.Role) -> None:
        if (before.permissions, before.position) != (after.permissions, after.position):
            self._everybody(after.guild)

    def _on_guild_role_delete(self, role: discord.Role) -> None:
        self._everybody(role.guild)

    def _on_guild_channel_update(
        self, _before: discord.abc.GuildChannel, after: discord.abc.GuildChannel
    ) -> None:
        for circle in self._world.of_server(after.guild.id):
            channel = self._world.text(circle)
            ours = {circle.group.channel, circle.group.voice, circle.group.entrance}
            if after.id in ours or (channel is not None and after.id == channel.category_id):
                self._circle(circle)

    def _on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        for circle in self._world.of_server(channel.guild.id):
            if circle.group.channel == channel.id:
                self._spawn(self.lost(circle))
        self._everybody(channel.guild)

    def _on_thread_create(self, thread: discord.Thread) -> None:
        if (circle := self._world.at(thread.guild.id, thread.parent_id)) is not None:
            self._looker.room(circle)

    # --- people

    def _on_member_join(self, member: discord.Member) -> None:
        self._one(member)

    def _on_member_update(self, _before: discord.Member, after: discord.Member) -> None:
        if after.id == self._world.me:
            self._everybody(after.guild)
            return
        for circle in self._world.of_server(after.guild.id):
            if not after.pending and after.id in circle.waiting:
                self._spawn(self._admit(circle, after.id))
        self._one(after)

    def _on_raw_member_remove(self, payload: discord.RawMemberRemoveEvent) -> None:
        self._world.part(payload.guild_id, payload.user.id)
        for circle in self._world.of_server(payload.guild_id):
            circle.waiting.discard(payload.user.id)
            self._looker.one(circle, payload.user.id, None)

    def _on_user_update(self, _before: discord.User, after: discord.User) -> None:
        for circle in self._world.circles.values():
            if member_id(after.id) in circle.people:
                self._looker.one(circle, after.id, self._world.member(circle.group.server, after.id))
                self._looker.call(circle)

    def _on_voice_state_update(
        self, member: discord.Member, _before: discord.VoiceState, after: discord.VoiceState
    ) -> None:
        self._world.meet(member)
        for circle in self._world.of_server(member.guild.id):
            self._looker.one(circle, member.id, member)
            self._looker.call(circle)
            here = after.channel is not None and after.channel.id == circle.group.voice
            if here and circle.deafened.owed(member.id):
                self._spawn(self._let_hear(circle, member.id))

    # --- messages

    def _on_message(self, message: discord.Message) -> None:
        if message.author.id == self._world.me:
            return
        if message.guild is None:
            self._direct(message)
            return
        parent = message.channel.parent_id if isinstance(message.channel, discord.Thread) else None
        circle = self._world.at(message.guild.id, message.channel.id, parent)
        if circle is None or message.type not in SAID:
            return
        author = message.author
        here = isinstance(author, discord.Member) and message.webhook_id is None
        if here and self._world.meet(author):  # type: ignore[arg-type]
            self._one(author)  # type: ignore[arg-type]
        if here and not self._world.members_intent and self._was_here(circle, author):  # type: ignore[arg-type]
            return
        room, by = room_id(circle.group.channel), member_id(author.id)
        native = MessageId(PLATFORM, f"{message.channel.id}/{message.id}")
        self._handing.give(MessagePosted(id=f"m{message.id}", room=room, by=by, message=native))
        if self._world.hears_words and message.content.startswith("/") and not author.bot:
            words = WordsGiven(id=f"w{message.id}", by=by, words=message.content, room=room, message=native)
            self._handing.give(words)

    def _on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        self._deleted({payload.message_id})

    def _on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        self._deleted(set(payload.message_ids))

    def _on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        self._interactions.on(interaction)

    # --- what follows

    async def look(self, circle: Circle) -> None:
        """A first look at one group: its people, and whether its doorbell still hangs."""
        guild = self._world.server(circle.group.server)
        if guild is None:
            return
        if self._world.text(circle) is None:
            await self.lost(circle)
            return
        if not await self._world.people_known(guild):
            log.warning("Discord does not give the list of a server's people yet")
            self._spawn(self._look_later(circle))
            return
        if circle.group.lost_at:
            back = msgspec.structs.replace(circle.group, lost_at=0.0)
            await self._patiently(lambda: self._world.keep(circle, back))
        circle.away = False
        self._looker.first(circle)
        await self._owner(circle, guild)
        await self._patiently(lambda: self._doorbell.look(circle))

    async def _look_later(self, circle: Circle) -> None:
        await asyncio.sleep(LOOK_AGAIN)
        await self.look(circle)

    async def removed(self, circle: Circle) -> None:
        """The bot is not on the server any more. Added again it goes on; after a while all is forgotten."""
        circle.looked = circle.away = False
        if not circle.group.lost_at:
            gone = msgspec.structs.replace(circle.group, lost_at=time.time())
            await self._patiently(lambda: self._world.keep(circle, gone))
            self.left(circle)
        elif time.time() - circle.group.lost_at > FORGOTTEN_AFTER:
            await self._patiently(lambda: self._world.forget(circle))

    async def _owner(self, circle: Circle, guild: discord.Guild) -> None:
        """The server was given to somebody else: told once, also where that was while the bot was away."""
        before, now = circle.group.owner, guild.owner_id or 0
        if now == before or not now:
            return
        new = msgspec.structs.replace(circle.group, owner=now)
        await self._patiently(lambda: self._world.keep(circle, new))
        if before:
            room = room_id(circle.group.channel)
            self._handing.give(RoomChanged(id=fresh("owner"), room=room, what="owner"))

    async def lost(self, circle: Circle) -> None:
        """The channel is not there any more."""
        await self._patiently(lambda: self._world.forget(circle))
        self.left(circle)

    def left(self, circle: Circle) -> None:
        """The bot is not in this group any more."""
        circle.people.clear()
        self._handing.give(RoomLost(id=fresh("lost"), room=room_id(circle.group.channel)))

    async def _admit(self, circle: Circle, user: int) -> None:
        await self._patiently(lambda: self._gatekeeper.admit(circle, user))

    async def _let_hear(self, circle: Circle, user: int) -> None:
        await self._patiently(lambda: self._blocker.let_hear(circle, user))

    def _direct(self, message: discord.Message) -> None:
        """A direct chat: everything there is addressed to the bot."""
        if message.author.bot or message.type not in SAID:
            return
        by = member_id(message.author.id)
        if message.content.strip():
            native = MessageId(PLATFORM, f"{message.channel.id}/{message.id}")
            self._handing.give(WordsGiven(id=f"m{message.id}", by=by, words=message.content, message=native))
        else:
            self._handing.give(CannotRead(id=f"m{message.id}", by=by, why="other_kind"))

    def _was_here(self, circle: Circle, member: discord.Member) -> bool:
        """Where Discord gives no list of people: who joined before the gate went up is let be."""
        joined = member.joined_at
        return joined is not None and bool(circle.group.since) and joined.timestamp() < circle.group.since

    def _deleted(self, messages: set[int]) -> None:
        for circle in self._world.circles.values():
            if circle.group.bell is not None and circle.group.bell.message in messages:
                self._spawn(self._patiently(lambda c=circle: self._doorbell.gone(c, messages)))  # type: ignore[misc]

    def _one(self, member: discord.Member) -> None:
        for circle in self._world.of_server(member.guild.id):
            self._looker.one(circle, member.id, member)
            self._looker.call(circle)

    def _everybody(self, guild: discord.Guild) -> None:
        for circle in self._world.of_server(guild.id):
            self._circle(circle)

    def _circle(self, circle: Circle) -> None:
        self._looker.everybody(circle)
        if circle.settling:  # what is seen now is half of the bot's own change
            loop = asyncio.get_running_loop()
            loop.call_later(SETTLES_WITHIN + 0.1, self._looker.everybody, circle)

    async def _patiently(self, work: Callable[[], Awaitable[None]]) -> None:
        """Again, for as long as trying again can help."""
        while True:
            try:
                await work()
            except StorageTrouble:
                await asyncio.sleep(LOOK_AGAIN)
            except Undeliverable as trouble:
                if trouble.retry_after is None:
                    log.warning("something could not be put right", extra={"reason": trouble.reason})
                    return
                await asyncio.sleep(max(trouble.retry_after, LOOK_AGAIN))
            else:
                return

    def _spawn(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(self._guarded(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _guarded(self, work: Awaitable[None]) -> None:
        try:
            await work
        except TROUBLE as error:
            log.warning("Discord did not answer as it should", extra={"kind": type(error).__name__})
