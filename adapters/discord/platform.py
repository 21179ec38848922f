"""The Discord bot as the engine sees it: the `Platform` port."""

import asyncio
import logging
import random
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import discord

from adapters.discord import commands
from adapters.discord.beginning import Beginning
from adapters.discord.choices import Drawer
from adapters.discord.client import Client, closed
from adapters.discord.completing import Completing
from adapters.discord.doorbell import Doorbell
from adapters.discord.errors import TROUBLE, must_stop, undeliverable
from adapters.discord.examining import examine
from adapters.discord.gatekeeper import Gatekeeper
from adapters.discord.groups import PLATFORM, member_id, number
from adapters.discord.handing import Handing
from adapters.discord.inbound import Inbound
from adapters.discord.interactions import Interactions
from adapters.discord.looking import Looker, fresh
from adapters.discord.outbound import Performer
from adapters.discord.recorders import Blocker
from adapters.discord.replies import Replies
from adapters.discord.section import DiscordSection, token
from adapters.discord.view import build
from adapters.discord.which import Which
from adapters.discord.world import Circle, World
from bot.boundary.capabilities import RoomView
from bot.boundary.commands import Command
from bot.boundary.errors import StorageTrouble, Undeliverable
from bot.boundary.events import MemberLeft
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import Cabinet, Clock, Finding, Health, Sink
from bot.boundary.steps import Step

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
"""Seconds between two tries to connect, with back-off and jitter."""
LOOKS_AT_ONCE = 20
"""Groups that are looked at side by side after a start."""
_MENTION = re.compile(r"<@!?(\d{1,20})>")

log = logging.getLogger(__name__)


class Discord:
    """One bot account."""

    name = PLATFORM

    def __init__(self, section: DiscordSection, cabinet: Cabinet, clock: Clock, base: Path) -> None:
        self._section, self._cabinet, self._clock, self._base = section, cabinet, clock, base
        self._world = World(cabinet)
        self._world.hears_words = section.message_content
        self._drawer = Drawer(cabinet)
        self._replies = Replies(lambda: self._world.client, cabinet, clock)
        self._doorbell = Doorbell(self._world)
        self._gatekeeper = Gatekeeper(self._world, self._doorbell)
        self._blocker = Blocker(self._world)
        self._sink: Sink | None = None
        self._inbound: Inbound | None = None
        self._client: Client | None = None
        self._known: tuple[Command, ...] = ()
        self._ready = False
        self._members = True
        self._last_good: datetime | None = None
        self._performer = Performer(
            self._world,
            self._gatekeeper,
            self._doorbell,
            self._replies,
            self._drawer,
            self._blocker,
            self._commands,
            left=self._left,
            removed=self._removed,
        )

    async def run(self, sink: Sink) -> None:
        """See the port. Raises `CannotStart`."""
        words = token(self._section, self._base)
        self._sink = sink
        await self._world.load()
        handing = Handing(sink)
        looker = Looker(self._world, handing.give)
        self._looker, self._handing = looker, handing
        which = Which(self._world, self._drawer)
        beginning = Beginning(self._world, looker, self._replies, self._doorbell, which, sink)
        interactions = Interactions(
            self._world,
            looker,
            self._replies,
            self._drawer,
            which,
            beginning,
            Completing(self._replies, which, sink),
            sink,
            self._commands,
            lambda: self._ready,
        )
        self._inbound = Inbound(
            self._world,
            handing,
            looker,
            interactions,
            self._doorbell,
            self._gatekeeper,
            self._blocker,
            self._first_look,
        )
        try:
            await self._keep_connected(words)
        finally:
            self._ready = False
            await interactions.close()
            await self._inbound.close()
            await handing.close()
            await self._replies.close()
            await closed(self._client)

    async def perform(self, step: Step) -> None:
        """See the port."""
        if not self._ready:
            raise Undeliverable("unreachable", 0.5)
        try:
            await self._performer.perform(step)
        except TROUBLE as error:
            raise undeliverable(error) from None

    def view(self, room: RoomId) -> RoomView | None:
        """See the port."""
        circle = self._world.circles.get(number(room.native)) if room.platform == PLATFORM else None
        if circle is None:
            return None
        if not circle.looked:
            return circle.last_view if circle.away else None
        if circle.view is None or circle.settling:  # while it settles, what it shows depends on the moment
            circle.view = circle.last_view = build(self._world, circle)
        return circle.view

    def rooms_of(self, member: MemberId) -> tuple[RoomId, ...]:
        """See the port."""
        return tuple(
            RoomId(PLATFORM, str(c.group.channel))
            for c in self._world.circles.values()
            if member in c.people and self._world.text(c) is not None
        )

    def find_member(self, room: RoomId, words: str) -> MemberId | None:
        """See the port."""
        circle = self._world.circles.get(number(room.native))
        if circle is None:
            return None
        wanted = words.strip()
        if mention := _MENTION.fullmatch(wanted):
            wanted = mention[1]
        if MemberId(PLATFORM, wanted) in circle.people:
            return MemberId(PLATFORM, wanted)
        folded = " ".join(wanted.split()).casefold().removeprefix("@")
        found = [p.id for p in circle.people.values() if folded and p.name.casefold() == folded]
        return found[0] if len(found) == 1 else None

    def health(self) -> Health:
        """See the port."""
        heard = self._client.last_heard() if self._client is not None else None
        if heard is not None:
            self._last_good = datetime.now(UTC) - timedelta(seconds=heard)
        trouble = ""
        if not self._ready:
            trouble = "The bot is still connecting to Discord."
        elif heard is None:
            trouble = "The connection to Discord is lost. The bot keeps trying."
        return Health(ready=self._ready, last_good=self._last_good, trouble=trouble)

    async def examine(self) -> list[Finding]:
        """See the port."""
        return await examine(self._section, self._base, self._world)

    async def close(self) -> None:
        """See the port."""
        await closed(self._client)

    # --- the connection

    async def _keep_connected(self, words: str) -> None:
        """Connect, and again after whatever ended it. Raises `CannotStart`."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._connect(words)
                pause = FIRST_PAUSE
            except discord.PrivilegedIntentsRequired as refused:
                if not self._members:
                    raise must_stop(refused) or refused from None
                self._members = False  # the bot works without; it says what it cannot notice then
            except TROUBLE as error:
                if (stop := must_stop(error)) is not None:
                    raise stop from None
                log.warning("not connected to Discord", extra={"kind": type(error).__name__})
                await asyncio.sleep(pause * random.uniform(1.0, 1.25))  # noqa: S311
                pause = min(pause * 2, LONGEST_PAUSE)
            finally:
                await closed(self._client)

    async def _connect(self, words: str) -> None:
        client = self._client = self._made(self._members)
        await client.login(words)
        if self._members and not _has_members(client):
            self._members = False
            await closed(client)
            client = self._client = self._made(members=False)
            await client.login(words)
        self._world.client, self._world.members_intent = client, self._members
        await client.connect(reconnect=True)

    def _made(self, members: bool) -> Client:
        return Client(
            self._happened,
            members=members,
            message_content=self._section.message_content,
            api_base=self._section.api_base,
            gateway=self._section.gateway,
        )

    def _happened(self, name: str, args: tuple[Any, ...]) -> None:
        if self._inbound is not None:
            self._inbound.on(name, args)

    async def _first_look(self) -> None:
        """After IDENTIFY: commands, and a look at every group. What changed meanwhile is acted upon."""
        assert self._inbound is not None, "events come only while it runs"
        client = self._world.client
        first = not self._ready
        there = {guild.id for guild in client.guilds}
        some, inbound = asyncio.Semaphore(LOOKS_AT_ONCE), self._inbound

        async def look(circle: Circle) -> None:
            async with some:
                await (inbound.look if circle.group.server in there else inbound.removed)(circle)

        await asyncio.gather(*map(look, list(self._world.circles.values())))
        if first:
            await self._sync_commands(client)
        self._ready = True
        if first:
            try:
                await self._replies.load()
            except StorageTrouble:
                log.warning("the storage refuses what was promised")

    async def _sync_commands(self, client: Client) -> None:
        try:
            await commands.sync(client, self._cabinet, self._commands())
        except (*TROUBLE, StorageTrouble) as error:
            log.warning("the commands could not be sent", extra={"kind": type(error).__name__})

    # --- small things

    def _commands(self) -> Sequence[Command]:
        """Asked once: they are the same for as long as the program runs."""
        if not self._known and self._sink is not None:
            self._known = tuple(self._sink.commands())
        return self._known

    def _left(self, circle: Circle) -> None:
        if self._inbound is not None:
            self._inbound.left(circle)

    def _removed(self, circle: Circle, user: int) -> None:
        """Who only stood at the door is not there any more; the rest the gateway will tell."""
        person = circle.people.get(member_id(user))
        if person is not None and person.presence == "knocking":
            circle.people.pop(person.id)
            circle.view = None
            room = RoomId(PLATFORM, str(circle.group.channel))
            self._handing.give(MemberLeft(id=fresh("left"), room=room, who=person.id))


def _has_members(client: Client) -> bool:
    """Whether the operator switched the list of members on, as the application itself says."""
    flags = client.application_flags
    return flags.gateway_guild_members or flags.gateway_guild_members_limited
