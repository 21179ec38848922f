"""discord.py's client, bent to our needs: nothing of anybody's words is kept, events come in order."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

MAJOR = {
    "channels": "channel_id",
    "guilds": "guild_id",
    "interactions": "webhook_id",
    "webhooks": "webhook_id",
}
"""What discord.py calls the first part of a path, where Discord limits requests by it."""
GUILDS_WITHIN = 0.25
"""Seconds of silence after which the first look begins. A server that comes later is looked at then."""
LONGEST_LIMIT = 60.0
"""Seconds that a request may wait for a rate limit, before its lane is told to come back."""


class Client(discord.Client):
    """One connection. `on` is called for each event at once, in order, with its name and arguments."""

    def __init__(
        self,
        on: Callable[[str, tuple[Any, ...]], None],
        *,
        members: bool,
        message_content: bool,
        api_base: str | None,
        gateway: str | None,
    ) -> None:
        intents = discord.Intents.none()
        intents.guilds = True
        intents.voice_states = True
        intents.guild_messages = intents.dm_messages = True
        intents.members = members
        intents.message_content = message_content
        super().__init__(
            intents=intents,
            max_messages=None,
            chunk_guilds_at_startup=False,
            guild_ready_timeout=GUILDS_WITHIN,
            max_ratelimit_timeout=LONGEST_LIMIT,
            allowed_mentions=discord.AllowedMentions.none(),
        )
        self._on = on
        self._failing, self._one_at_a_time = False, asyncio.Lock()
        self._renames_in_calls()
        if api_base is not None:
            self._ask_there(api_base.rstrip("/"))
        if gateway is not None:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)

    def dispatch(self, event_name: str, /, *args: Any, **_: Any) -> None:
        """discord.py's way of telling what happened. Its own tasks would not keep the order."""
        self._on(event_name, args)

    async def ask(self, method: str, path: str, /, **more: Any) -> Any:
        """One request within the rate limits. Raises whatever `errors.TROUBLE` names.

        `path` names its parts as Discord's limits do: the channel, the server, the webhook.
        """
        if not self._failing:
            return await self._watched(method, path, more)
        # While Discord fails, one request at a time: never more than a few a second.
        async with self._one_at_a_time:
            return await self._watched(method, path, more)

    async def _watched(self, method: str, path: str, more: dict[str, Any]) -> Any:
        try:
            found = await self.http.request(_route(method, path), **more)
        except discord.DiscordServerError:
            self._failing = True
            raise
        except discord.HTTPException:
            self._failing = False
            raise
        except (OSError, aiohttp.ClientError, TimeoutError):
            self._failing = True
            raise
        self._failing = False
        return found

    def _ask_there(self, base: str) -> None:
        """Send this client's requests to another server. Of this one alone, not of the whole class."""
        usual = self.http.request

        async def request(route: Route, **kwargs: Any) -> Any:
            route.url = base + route.url.removeprefix(Route.BASE)
            return await usual(route, **kwargs)

        self.http.request = request  # type: ignore[method-assign]

    def _renames_in_calls(self) -> None:
        """Take the name that comes with each change in a call: without the list of members Discord tells
        of no new name in another way, and discord.py keeps the old one."""
        parsers = self._connection.parsers
        usual = parsers["VOICE_STATE_UPDATE"]

        def heard(data: dict[str, Any]) -> None:
            guild = self.get_guild(int(data.get("guild_id") or 0))
            member = guild.get_member(int(data["user_id"])) if guild is not None else None
            if member is not None and (sent := data.get("member")):
                member._update(sent)
                member._update_inner_user(sent["user"])
            usual(data)

        parsers["VOICE_STATE_UPDATE"] = heard

    @property
    def connected(self) -> bool:
        """Whether the gateway's connection is open."""
        return bool(self.ws) and self.ws.open and not self.is_closed()

    def last_heard(self) -> float | None:
        """Seconds since the gateway was last heard (heartbeats included); None: not connected."""
        keeper = self.ws._keep_alive if self.connected else None
        if keeper is None:
            return None
        return time.perf_counter() - max(keeper._last_ack, keeper._last_recv)


def _route(method: str, path: str) -> Route:
    """The route of a path. discord.py counts its limits by the template and three major parameters."""
    parts = path.strip("/").split("/")
    major: dict[str, Any] = {}
    made = []
    for n, part in enumerate(parts):
        above = parts[n - 1] if n else ""
        name = MAJOR.get(above) if n == 1 else None
        if n == 2 and MAJOR.get(parts[0]) == "webhook_id":
            name = "webhook_token"
        if name is None and (part.isdigit() or part.startswith("@original")):
            name = f"id_{n}"
        if name is None:
            made.append(part)
        else:
            major[name] = int(part) if part.isdigit() else part
            made.append(f"{{{name}}}")
    return Route(method, "/" + "/".join(made), **major)


async def closed(client: Client | None) -> None:
    """Let go of a client, whatever state it is in."""
    if client is not None and not client.is_closed():
        with contextlib.suppress(TimeoutError, RuntimeError, AttributeError, OSError):
            await asyncio.wait_for(client.close(), 2.0)
