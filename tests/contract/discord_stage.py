"""The Discord adapter on a stage: a local Discord, people with clients, and a cabinet in memory."""

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from pathlib import Path

from adapters.discord import DiscordSection, connect
from adapters.discord.permissions import INVITED_WITH
from adapters.memory import MemoryStore
from bot.boundary.commands import Command, Option
from bot.boundary.ids import MemberId, MessageId, RoomId
from bot.boundary.ports import Platform
from bot.engine import SystemClock
from tests.contract.stage import Recorder, until
from tests.discord.scene import page_of
from tests.localdiscord import LocalDiscord, P, Refused


class Listener(Recorder):
    """A recorder that knows the command with which a group begins."""

    def commands(self) -> Sequence[Command]:
        """See `Sink.commands`."""
        return (
            Command(name="consent", meaning="Consent."),
            Command(name="help", meaning="Help."),
            Command(name="setup", sub="start", meaning="Begin."),
            Command(name="setup", options=(Option(name="values", meaning="Values."),), meaning="Set."),
        )

    def complete(self, option: str, given: Mapping[str, str]) -> Sequence[str]:
        """See `Sink.complete`."""
        return ()


class DiscordStage:
    """See `Stage`."""

    platform: Platform
    room: RoomId
    me: MemberId

    def __init__(self, server: LocalDiscord, folder: Path) -> None:
        self._server, self._folder, self._cabinet = server, folder, MemoryStore()
        token = folder / "token"
        token.touch(0o600)
        token.write_text(server.token)
        self._section = DiscordSection(
            token_file="token", api_base=server.api_base, gateway=server.gateway_url
        )
        self.people = {name: server.person(name) for name in ("ann", "bob", "zoe")}
        self.sink = Listener()
        self.me = MemberId("discord", str(server.bot.id))

    async def set_up(self) -> "DiscordStage":
        """Ann has a server, Bob is on it, and the bot was added; its channel is no group yet."""
        self._guild = self._server.guild("Circle", owner=self.people["ann"], bot=P(INVITED_WITH))
        await self.people["bob"].join_guild(self._guild)
        self.channel = await self.people["ann"].create_channel(self._guild, "evening")
        self.room = RoomId("discord", str(self.channel.id))
        self._connect()
        await until(lambda: self.platform.health().ready, "readiness")
        return self

    def _connect(self) -> None:
        self.platform = connect(self._section, self._cabinet, SystemClock(), self._folder)
        self._task = asyncio.create_task(self.platform.run(self.sink))

    def someone(self, name: str) -> MemberId:
        return MemberId("discord", str(self.people[name].id))

    async def adopt(self) -> None:
        reply = await self.people["ann"].slash(self.channel, "setup", "start")
        lounge = self._server.channel(self._guild, "Lounge")
        await self.people["ann"].select(page_of(reply), f"p:v:{self.channel.id}", lounge)

    async def calls(self, name: str, on: bool) -> None:
        if on:
            await self.people[name].join_voice(self._server.channel(self._guild, "Lounge"))
        else:
            await self.people[name].leave_voice(self._guild)

    async def comes(self, name: str) -> None:
        await self.people[name].join_guild(self._guild)

    async def goes(self, name: str) -> None:
        await self.people[name].leave(self._guild)

    async def says(self, name: str, words: str) -> MessageId | None:
        try:
            message = await self.people[name].send(self.channel, words)
        except Refused:
            return None
        return MessageId("discord", f"{self.channel.id}/{message.id}")

    async def writes(self, name: str, words: str) -> None:
        await self.people[name].send(self.people[name].dm, words)

    async def read_in_room(self, name: str) -> list[str]:
        return [m.text for m in self.people[name].sees(self.channel)]

    async def read_in_private(self, name: str) -> list[str]:
        return [m.text for m in self.people[name].inbox]

    async def reconnect(self) -> None:
        await self.close()
        self._connect()

    async def close(self) -> None:
        """The bot's process ends."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        await self.platform.close()
