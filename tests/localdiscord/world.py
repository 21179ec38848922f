"""All that there is on this Discord, who may do what, and whom it is told to."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from tests.localdiscord import permissions
from tests.localdiscord.clock import Clock
from tests.localdiscord.model import CATEGORY, DM, Channel, Guild, Json, Member, Message, Role, User
from tests.localdiscord.permissions import P
from tests.localdiscord.refused import Refused, missing_access, missing_permissions, unknown

if TYPE_CHECKING:
    from tests.localdiscord.interactions import Interaction


class I:  # noqa: E742 - short, because it stands in every event
    """Gateway intents: docs, Gateway, "List of Intents"."""

    GUILDS, MEMBERS, MODERATION = 1 << 0, 1 << 1, 1 << 2
    INTEGRATIONS, WEBHOOKS, INVITES, VOICE, PRESENCES = 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8
    MESSAGES, REACTIONS, DMS, DM_REACTIONS, CONTENT = 1 << 9, 1 << 10, 1 << 12, 1 << 13, 1 << 15
    KNOWN = sum(1 << bit for bit in (*range(17), 20, 21, 24, 25))
    PRIVILEGED: ClassVar = {"members": MEMBERS, "presences": PRESENCES, "message_content": CONTENT}


# What goes to the gateway: (event, data or what makes it from a session's intents, intents, server).
Shape = Callable[[int], Json | None]
Publish = Callable[[str, "Json | Shape", int, "int | None"], None]


class World:
    """State, look-ups and checks. What changes it are the functions of the modules beside this one."""

    def __init__(self, clock: Clock, privileged: set[str]) -> None:
        self.clock = clock
        self.privileged = privileged
        self.users: dict[int, User] = {}
        self.guilds: dict[int, Guild] = {}
        self.dms: dict[int, Channel] = {}
        self.interactions: dict[str, Interaction] = {}
        self.commands: dict[int | None, list[Json]] = {None: []}
        self.base_url = ""
        self.gateway_url = ""
        self.bot = User(clock.snowflake(), "Keeper", bot=True)
        self.users[self.bot.id] = self.bot
        self.publish: Publish = lambda name, data, intents, guild: None
        self._changed = asyncio.Event()

    # --- waiting ----------------------------------------------------------------------------------------

    def change(self) -> None:
        """Wakes whoever waits for something to change."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, true: Callable[[], object], seconds: float, what: str) -> None:
        """Returns when `true()` holds. Raises TimeoutError that names `what` after real `seconds`."""
        end = asyncio.get_running_loop().time() + seconds
        while not true():
            left = end - asyncio.get_running_loop().time()
            if left <= 0:
                raise TimeoutError(f"Not within {seconds} s: {what}")
            # What time alone changes (an expired token) is looked at too.
            try:
                await asyncio.wait_for(self._changed.wait(), min(left, 0.25))
            except TimeoutError:
                continue

    # --- telling ----------------------------------------------------------------------------------------

    def tell(self, name: str, data: "Json | Shape", intents: int = 0, guild: int | None = None) -> None:
        """Sends an event to the bot, if its intents ask for it, and wakes who waits."""
        self.publish(name, data, intents, guild)
        self.change()

    def channel_changed(self, guild: Guild, channel: Channel, name: str = "CHANNEL_UPDATE") -> None:
        """Bots are told of every channel, seen or not; of a thread only when they see it."""
        if channel.is_thread:
            if not self.sees(channel, self.bot):
                return
            name = name.replace("CHANNEL", "THREAD")
        self.tell(name, channel.json(), I.GUILDS, guild.id)

    # --- looking up -------------------------------------------------------------------------------------

    def guild(self, guild_id: int, actor: User) -> Guild:
        guild = self.guilds.get(guild_id)
        if guild is None or actor.id not in guild.members:
            raise unknown("Guild", 10004)
        return guild

    def member(self, guild: Guild, user_id: int) -> Member:
        if user_id not in guild.members:
            raise unknown("Member", 10007)
        return guild.members[user_id]

    def role(self, guild: Guild, role_id: int) -> Role:
        if role_id not in guild.roles:
            raise unknown("Role", 10011)
        return guild.roles[role_id]

    def user(self, user_id: int) -> User:
        if user_id not in self.users:
            raise unknown("User", 10013)
        return self.users[user_id]

    def find_channel(self, channel_id: int) -> Channel | None:
        for guild in self.guilds.values():
            if channel_id in guild.channels:
                return guild.channels[channel_id]
        return next((dm for dm in self.dms.values() if dm.id == channel_id), None)

    def channel(self, channel_id: int, actor: User, *need: P) -> Channel:
        """The channel, if `actor` sees it and holds `need` there. Raises Refused."""
        channel = self.find_channel(channel_id)
        if channel is None:
            raise unknown("Channel", 10003)
        self.need(channel, actor, *need)
        return channel

    def message(self, channel: Channel, message_id: int, actor: User) -> Message:
        """A message there that `actor` can see. Ephemeral ones are for interactions' tokens alone."""
        message = channel.messages.get(message_id)
        if message is None or message.ephemeral or not self.can(channel, actor, P.READ_MESSAGE_HISTORY):
            raise unknown("Message", 10008)
        return message

    # --- permissions ------------------------------------------------------------------------------------

    def held(self, channel: Channel, actor: User) -> P:
        """What `actor` may do in the channel; nothing, where they are not."""
        if channel.kind == DM:
            inside = actor in (channel.recipient, self.bot)
            return permissions.ALL & ~P.MANAGE_MESSAGES if inside else P(0)
        guild = self.guilds.get(channel.guild_id or 0)
        member = guild.members.get(actor.id) if guild else None
        if guild is None or member is None:
            return P(0)
        return permissions.in_channel(guild, member, channel, self.clock.now())

    def can(self, channel: Channel, actor: User, need: P) -> bool:
        return self.held(channel, actor) & need == need

    def sees(self, channel: Channel, actor: User) -> bool:
        return self.can(channel, actor, P.VIEW_CHANNEL)

    def need(self, channel: Channel, actor: User, *need: P) -> None:
        """Raises 50001 where the actor does not see the channel, 50013 where a permission lacks."""
        held = self.held(channel, actor)
        if not held & P.VIEW_CHANNEL:
            raise missing_access()
        if (
            channel.is_voice
            and not held & P.CONNECT
            and any(one & (P.MANAGE_CHANNELS | P.MANAGE_ROLES) for one in need)
        ):
            raise missing_access()
        for one in need:
            if held & one != one:
                raise missing_permissions()

    def guild_held(self, guild: Guild, actor: User) -> P:
        return permissions.in_guild(guild, guild.members[actor.id])

    def need_in_guild(self, guild: Guild, actor: User, need: P) -> None:
        """Raises 50013 where the actor's roles do not give `need`."""
        if self.guild_held(guild, actor) & need != need:
            raise missing_permissions()

    def above_role(self, guild: Guild, actor: User, role: Role) -> None:
        """Raises 50013 unless the actor's highest role stands above `role`."""
        if guild.owner_id != actor.id and guild.top(guild.members[actor.id]) <= role.position:
            raise missing_permissions()

    def above(self, guild: Guild, actor: User, target: Member) -> None:
        """Raises 50013 unless the actor stands above the target; nobody stands above the owner."""
        if actor.id == target.user.id:
            return
        if guild.owner_id == target.user.id:
            raise missing_permissions()
        if guild.owner_id != actor.id and guild.top(guild.members[actor.id]) <= guild.top(target):
            raise missing_permissions()

    # --- direct chats -----------------------------------------------------------------------------------

    def open_dm(self, user: User) -> Channel:
        """The direct chat of the bot with a user; the same one each time."""
        if user.id == self.bot.id:
            raise Refused(400, 50007, "Cannot send messages to this user")
        if user.id not in self.dms:
            self.dms[user.id] = Channel(self.clock.snowflake(), DM, "", recipient=user)
        return self.dms[user.id]

    def shares_guild(self, user: User) -> bool:
        return any(
            user.id in guild.members and self.bot.id in guild.members for guild in self.guilds.values()
        )

    def threads_in(self, guild: Guild, category_or_parent: Channel | None = None) -> list[Channel]:
        return [
            one
            for one in guild.channels.values()
            if one.is_thread and (category_or_parent is None or one.parent_id == category_or_parent.id)
        ]

    def parent_held(self, guild: Guild, actor: User, parent_id: int | None) -> P:
        """What bounds the overwrites that `actor` may write in a new channel: server or category."""
        parent = guild.channels.get(parent_id or 0)
        if parent is not None and parent.kind == CATEGORY:
            return self.held(parent, actor)
        return self.guild_held(guild, actor)
