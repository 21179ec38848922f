"""What the bot sees of Discord now: servers, guarded channels, and who is in them."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Literal

import discord

from adapters.discord.calls import in_call
from adapters.discord.client import Client
from adapters.discord.deafened import Deafened
from adapters.discord.errors import TROUBLE
from adapters.discord.groups import Group, Groups, member_id
from adapters.discord.holders import Holders
from bot.boundary.capabilities import Person, Recorder, RoomView
from bot.boundary.errors import StorageTrouble
from bot.boundary.ids import MemberId
from bot.boundary.ports import Cabinet

LIST_WITHIN = 30.0
"""Seconds that the list of a server's people may take."""
SETTLES_WITHIN = 2.5
"""Seconds after a change of the bot's own in which Discord's news of it may still be on its way."""


class Circle:
    """One group: what is kept about it, and who is in it now."""

    def __init__(self, group: Group, cabinet: Cabinet) -> None:
        self.group = group
        self.holders = Holders(cabinet, group.channel)
        self.deafened = Deafened(cabinet, group.channel)
        self.people: dict[MemberId, Person] = {}
        self.knocking: set[int] = set()
        """Who asked to come in, at the doorbell or with a command."""
        self.waiting: set[int] = set()
        """Who agreed and has to finish the server's own screening first."""
        self.lock = asyncio.Lock()
        """Only one change of the channel's settings at a time."""
        self.changing = 0
        self.changed_at = float("-inf")
        self.looked = False
        self.recorders: tuple[Recorder, ...] = ()
        """What showed itself in the call when the engine was last told."""
        self.shown: tuple[object, ...] = ()
        """How the room stood when the engine was last told."""
        self.view: RoomView | None = None
        self.away = False
        """The server is in an outage of Discord's: the group is as it was, but cannot be reached."""
        self.last_view: RoomView | None = None

    @property
    def settling(self) -> bool:
        """The bot changes the channel's settings, or has just done so: what is seen is half of it."""
        return self.changing > 0 or asyncio.get_running_loop().time() - self.changed_at < SETTLES_WITHIN


class World:
    """All that the parts of the adapter share."""

    def __init__(self, cabinet: Cabinet) -> None:
        self.groups = Groups(cabinet)
        self.circles: dict[int, Circle] = {}
        self._on: dict[int, list[Circle]] = {}
        """The groups of each server: a message on any server is looked up here."""
        self.members_intent = False
        self.hears_words = False
        self._cabinet = cabinet
        self._client: Client | None = None
        self._known: dict[int, dict[int, discord.Member]] = {}

    @property
    def client(self) -> Client:
        """The connection that is open now."""
        assert self._client is not None, "nothing is asked of Discord before there is a connection"
        return self._client

    @client.setter
    def client(self, client: Client) -> None:
        self._client = client

    @property
    def me(self) -> int:
        """The bot's own id; 0 before it is known."""
        user = self._client.user if self._client is not None else None
        return user.id if user is not None else 0

    async def load(self) -> None:
        """Read back the groups. Raises `StorageTrouble`."""
        await self.groups.load()
        for group in self.groups.all():
            if group.channel not in self.circles:
                self._place(Circle(group, self._cabinet))
            circle = self.circles[group.channel]
            circle.group = group
            await circle.holders.load()
            await circle.deafened.load()

    async def keep(self, circle: Circle, group: Group) -> None:
        """Keep what is new about a group. Raises `StorageTrouble`."""
        await self.groups.put(group)
        circle.group = group
        circle.view = None

    async def add(self, group: Group) -> Circle:
        """A new group; the one that there is, where somebody else was quicker. Raises `StorageTrouble`."""
        if group.channel in self.circles:
            return self.circles[group.channel]
        circle = Circle(group, self._cabinet)
        self._place(circle)
        try:
            await self.groups.put(group)
        except StorageTrouble:
            self._unplace(circle)
            raise
        return circle

    def _unplace(self, circle: Circle) -> None:
        self.circles.pop(circle.group.channel, None)
        self._on[circle.group.server] = [c for c in self.of_server(circle.group.server) if c is not circle]

    def _place(self, circle: Circle) -> None:
        self.circles[circle.group.channel] = circle
        self._on.setdefault(circle.group.server, []).append(circle)

    async def forget(self, circle: Circle) -> None:
        """Nothing is kept about this group any more. Raises `StorageTrouble`."""
        self._unplace(circle)
        await circle.holders.clear()
        await circle.deafened.clear()
        await self.groups.drop(circle.group.channel)

    # --- places

    def server(self, number: int) -> discord.Guild | None:
        """A server that the bot is on and that Discord shows now."""
        guild = self._client.get_guild(number) if self._client is not None else None
        return guild if guild is not None and not guild.unavailable and guild.me is not None else None

    def text(self, circle: Circle) -> discord.TextChannel | None:
        """The group's own channel."""
        guild = self.server(circle.group.server)
        found = guild.get_channel(circle.group.channel) if guild is not None else None
        return found if isinstance(found, discord.TextChannel) else None

    def voice(self, circle: Circle) -> discord.VoiceChannel | discord.StageChannel | None:
        """The group's voice channel, where it has one that is still there."""
        guild = self.server(circle.group.server)
        found = guild.get_channel(circle.group.voice) if guild is not None else None
        return found if isinstance(found, discord.VoiceChannel | discord.StageChannel) else None

    def entrance(self, circle: Circle) -> discord.TextChannel | None:
        """The channel that newcomers see, where one was chosen and is still there."""
        guild = self.server(circle.group.server)
        found = guild.get_channel(circle.group.entrance) if guild is not None else None
        return found if isinstance(found, discord.TextChannel) else None

    def at(self, server: int, channel: int, parent: int | None = None) -> Circle | None:
        """The group to which a channel of a server (or the channel above a thread) belongs."""
        places = {channel, parent} - {0, None}
        for circle in self._on.get(server, ()):
            if circle.group.channel in places or circle.group.voice in places:
                return circle
        return None

    def of_server(self, number: int) -> list[Circle]:
        """The groups on a server."""
        return list(self._on.get(number, ()))

    # --- people

    async def people_known(self, guild: discord.Guild) -> bool:
        """Ask for the list of a server's people, where the bot may have it. False: it does not come."""
        if self.members_intent and not guild.chunked:
            try:
                await asyncio.wait_for(guild.chunk(), LIST_WITHIN)
            except TROUBLE:
                return False
        return True

    def meet(self, member: discord.Member) -> bool:
        """Remember somebody who was seen, where Discord gives no list. True: for the first time."""
        if self.members_intent:
            return False
        known = self._known.setdefault(member.guild.id, {})
        new = member.id not in known
        known[member.id] = member
        return new

    def part(self, server: int, user: int) -> None:
        """Somebody is not on a server any more."""
        self._known.get(server, {}).pop(user, None)

    def member(self, server: int, user: int) -> discord.Member | None:
        """Somebody on a server, as far as the bot knows them."""
        guild = self.server(server)
        if guild is None:
            return None
        return guild.get_member(user) or self._known.get(server, {}).get(user)

    def members(self, server: int) -> Iterable[discord.Member]:
        """Everybody on a server whom the bot knows."""
        guild = self.server(server)
        if guild is None:
            return ()
        if self.members_intent:
            return guild.members
        return {m.id: m for m in (*guild.members, *self._known.get(server, {}).values())}.values()

    def person(self, circle: Circle, member: discord.Member | None) -> Person | None:
        """Somebody as the room shows them; None: they are outside, and have not asked to come in.

        Who is in the call counts as invited at least, for they hear what is said there; so does a bot
        that was stopped there and can come back.
        """
        channel = self.text(circle)
        if member is None or channel is None or member.id == self.me:
            return None
        may = channel.permissions_for(member)
        inside = may.view_channel and not member.pending
        calling = member.id in in_call(self, circle)
        stopped = member.bot and circle.deafened.by_us(member.id)
        if not (inside or calling or stopped or member.id in circle.knocking):
            return None
        outside: Literal["knocking", "invited"] = "knocking" if member.id in circle.knocking else "invited"
        return Person(
            id=member_id(member.id),
            name=member.display_name,
            kind="bot" if member.bot else "human",
            presence="inside" if inside else outside,
            administrator=may.manage_guild or may.manage_channels,
            may_speak=may.send_messages,
            in_call=calling,
        )

    def has_role(self, circle: Circle, member: discord.Member) -> bool:
        """Whether somebody has the group's role."""
        return circle.group.role != 0 and member.get_role(circle.group.role) is not None

    def near(self, user: int) -> Iterator[Circle]:
        """The groups that somebody's words can be about: those they are in, and those whose doorbell
        they can see."""
        who = member_id(user)
        for circle in self.circles.values():
            if who in circle.people:
                yield circle
            elif circle.group.gate == "door":
                entrance, member = self.entrance(circle), self.member(circle.group.server, user)
                if entrance and member and entrance.permissions_for(member).view_channel:
                    yield circle
