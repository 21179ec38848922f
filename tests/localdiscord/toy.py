"""A small bot on the real discord.py, for the tests of the server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import discord
from discord import app_commands

from tests.localdiscord import LocalDiscord


class Toy(discord.Client):
    """Answers a few commands, and notes what it is told."""

    def __init__(self, intents: discord.Intents) -> None:
        super().__init__(intents=intents, max_messages=None, allowed_mentions=discord.AllowedMentions.none())
        self.tree = app_commands.CommandTree(self)
        self.events: list[tuple[str, Any]] = []
        # Never wait for servers that do not come.
        self._connection.guild_ready_timeout = 0.1

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """discord.py waits 5 s here, before every IDENTIFY but the first."""

    def noted(self, name: str) -> list[Any]:
        return [what for event, what in self.events if event == name]

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.events.append((event, args[0] if args else None))
        super().dispatch(event, *args, **kwargs)


def intents(members: bool = True, content: bool = False) -> discord.Intents:
    wanted = discord.Intents.default()
    wanted.members, wanted.message_content = members, content
    return wanted


@contextlib.asynccontextmanager
async def running(server: LocalDiscord, client: Toy) -> AsyncIterator[Toy]:
    """The client, connected and ready, until the block ends."""
    with server.for_discord_py():
        task = asyncio.create_task(client.start(server.token))
        ready = asyncio.create_task(client.wait_until_ready())
        try:
            await asyncio.wait([task, ready], timeout=10, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                await task
            yield client
        finally:
            ready.cancel()
            await client.close()
            await asyncio.wait([task])
