"""The server itself: HTTP and WebSocket on loopback, and what a test sets up, breaks and looks at."""

import asyncio
import contextlib
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import BodyPartReader, web

from tests.localdiscord import openapi, rest_application, rest_channels, rest_guilds
from tests.localdiscord.call import Answer, Body, Call
from tests.localdiscord.clock import Clock
from tests.localdiscord.gateway import Gateway
from tests.localdiscord.limits import Limits
from tests.localdiscord.messages import File
from tests.localdiscord.model import TEXT, VOICE, Channel, Guild, Member, Role, User
from tests.localdiscord.people import Human
from tests.localdiscord.permissions import EVERYONE, NONE, P
from tests.localdiscord.refused import Refused
from tests.localdiscord.world import I, World

Handler = Callable[[Call], Awaitable[Answer]]
API = "/api/v10"
TOKEN = "local-discord-token"
# Discord serves requests far larger; a fault of ours would show long before.
LARGEST_REQUEST = 30 * 1024 * 1024


@dataclass
class Request:
    """One request of the bot, for a test to look at."""

    method: str
    path: str
    body: Any
    status: int
    at: float


@dataclass
class Fault:
    """What a test told the server to do instead of answering."""

    method: str
    path: re.Pattern[str]
    status: int
    code: int
    left: int


class LocalDiscord:
    """A Discord for one bot. `async with LocalDiscord() as discord: ...`."""

    def __init__(self, token: str = TOKEN, privileged: set[str] | None = None, describe: bool = True) -> None:
        """`privileged`: which of members, message_content and presences the developer portal has on.

        Without `describe` requests are held against this server's own rules alone.
        """
        self.token = token
        self.clock = Clock()
        self.world = World(self.clock, {"members"} if privileged is None else privileged)
        self.gateway = Gateway(self.world, token)
        self.limits = Limits(self.clock)
        self.requests: list[Request] = []
        # What was wrong with requests by Discord's own description. A fixture asserts that it is empty.
        self.violations: list[str] = []
        # What broke in this server itself: a fault of the tests, never of the bot.
        self.crashes: list[str] = []
        self.latency = 0.0
        self._describe = describe
        self._busy = 0
        self._faults: list[Fault] = []
        self._runner: web.AppRunner | None = None

    # --- life ---------------------------------------------------------------------------------------------

    async def start(self, port: int = 0) -> Self:
        app = web.Application(client_max_size=LARGEST_REQUEST)
        app.router.add_get("/gateway", self.gateway.serve)
        app.router.add_get("/gateway/", self.gateway.serve)
        app.router.add_get("/attachments/{channel}/{id}/{name}", self._attachment)
        for routes in (rest_application.ROUTES, rest_guilds.ROUTES, rest_channels.ROUTES):
            for method, path, handler in routes:
                app.router.add_route(method, API + path, self._handling(handler))
        app.router.add_route("*", API + "/{rest:.*}", self._handling(None))
        self._runner = web.AppRunner(app, shutdown_timeout=0.5, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", port)
        await site.start()
        host, bound = self._runner.addresses[0][:2]
        self.world.base_url = f"http://{host}:{bound}"
        self.gateway.url = self.world.gateway_url = f"ws://{host}:{bound}/gateway"
        return self

    async def stop(self) -> None:
        self.gateway.release()
        self.gateway.cut()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def api_base(self) -> str:
        """For the bot's configuration: the REST address with its version."""
        return self.world.base_url + API

    @property
    def gateway_url(self) -> str:
        """For the bot's configuration: the WebSocket address."""
        return self.gateway.url

    @contextlib.contextmanager
    def for_discord_py(self) -> Iterator[None]:
        """Points discord.py in this process here. Both places are class-wide: one server at a time."""
        import discord.gateway
        import discord.http
        import yarl

        base, gateway = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
        discord.http.Route.BASE = self.api_base
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.gateway_url)
        try:
            yield
        finally:
            discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = base, gateway

    # --- setting up ---------------------------------------------------------------------------------------

    @property
    def bot(self) -> User:
        """The bot's account; its id is the application's too."""
        return self.world.bot

    def person(self, name: str, bot: bool = False, id: int | None = None, locale: str = "en-US") -> Human:
        """A new account with a client. `bot`: another bot, such as a recorder."""
        user = User(id or self.clock.snowflake(), name, None if bot else name.title(), bot, locale=locale)
        self.world.users[user.id] = user
        return Human(self.world, user)

    def guild(self, name: str, owner: Human, bot: P | None = None, community: bool = False) -> Guild:
        """A new server with `#general` and a voice channel. `bot`: the permissions with which it comes in."""
        now = self.clock.now()
        guild = Guild(self.clock.snowflake(), name, owner.user.id, now)
        guild.roles[guild.id] = Role(guild.id, "@everyone", EVERYONE, 0)
        guild.features = ["COMMUNITY", "NEWS"] if community else []
        guild.members[owner.user.id] = Member(owner.user, now)
        for place, (kind, title) in enumerate(((TEXT, "general"), (VOICE, "Lounge"))):
            channel = Channel(self.clock.snowflake(), kind, title, guild.id, place)
            guild.channels[channel.id] = channel
        self.world.guilds[guild.id] = guild
        if bot is not None:
            self.add_bot(guild, bot)
        return guild

    def add_bot(self, guild: Guild, permissions: P = NONE) -> None:
        """What an invite link does: the bot comes in with a role of its own, at the bottom."""
        member = Member(self.bot, self.clock.now())
        if permissions:
            for role in guild.roles.values():
                role.position += role.position >= 1
            own = Role(
                self.clock.snowflake(), self.bot.name, permissions, 1, managed=True, bot_id=self.bot.id
            )
            guild.roles[own.id] = own
            member.roles.add(own.id)
            self.world.tell(
                "GUILD_ROLE_CREATE", {"guild_id": str(guild.id), "role": own.json()}, I.GUILDS, guild.id
            )
        guild.members[self.bot.id] = member
        self.world.tell(
            "GUILD_CREATE", lambda intents: self.gateway.guild_create(guild, intents), I.GUILDS, guild.id
        )

    def bot_role(self, guild: Guild) -> Role:
        """The role that came with the bot."""
        return next(role for role in guild.roles.values() if role.bot_id == self.bot.id)

    def channel(self, guild: Guild, name: str) -> Channel:
        """A channel by its name."""
        return next(one for one in guild.channels.values() if one.name == name)

    # --- waiting and breaking -----------------------------------------------------------------------------

    async def until(
        self, true: Callable[[], object], seconds: float = 5.0, what: str = "the condition"
    ) -> None:
        """Returns when `true()` holds, looked at after every change here; TimeoutError otherwise."""
        await self.world.until(true, seconds, what)

    async def bot_ready(self, seconds: float = 10.0) -> None:
        """Returns when the bot has a session."""
        await self.until(lambda: self.gateway.connected, seconds, "the bot connects")

    async def quiet(self, still: float = 0.1, seconds: float = 5.0) -> None:
        """Returns when nothing was asked and nothing told for `still` seconds; TimeoutError otherwise."""
        clock = asyncio.get_running_loop().time
        end, seen, since = clock() + seconds, -1, clock()
        while self._busy or clock() - since < still:
            if clock() > end:
                raise TimeoutError(f"Not quiet within {seconds} s")
            now = len(self.requests) + len(self.gateway.log)
            if now != seen or self._busy:
                seen, since = now, clock()
            await asyncio.sleep(0.01)

    def fail(self, method: str, path: str, status: int = 500, code: int = 0, times: int = 1) -> None:
        """The next `times` requests whose path fits the pattern get this status instead."""
        self._faults.append(Fault(method, re.compile(path), status, code, times))

    def outage(self, guild: Guild, down: bool = True) -> None:
        """The server becomes unavailable, as in an outage of Discord, or comes back."""
        if down:
            self.world.tell("GUILD_DELETE", {"id": str(guild.id), "unavailable": True}, I.GUILDS, guild.id)
        else:
            self.world.tell(
                "GUILD_CREATE", lambda intents: self.gateway.guild_create(guild, intents), I.GUILDS, guild.id
            )

    def asked(self, method: str, path: str) -> list[Request]:
        """The bot's requests whose path fits the pattern as a whole."""
        return [one for one in self.requests if one.method == method and re.fullmatch(path, one.path)]

    # --- requests -----------------------------------------------------------------------------------------

    def _handling(self, handler: Handler | None) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            path = request.path.removeprefix(API)
            noted = Request(request.method, path, None, 0, self.clock.now())
            self.requests.append(noted)
            self._busy += 1
            try:
                if self.latency:
                    await asyncio.sleep(self.latency)
                response = await self._respond(handler, request, path, noted)
            finally:
                self._busy -= 1
            noted.status = response.status
            if response.status in (401, 403, 429):
                self.limits.invalid()
            self.world.change()
            return response

        return handle

    async def _respond(
        self, handler: Handler | None, request: web.Request, path: str, noted: Request
    ) -> web.Response:
        if self.limits.banned:
            # Cloudflare, not Discord: no Via, no JSON.
            return web.Response(status=429, text="<html>error 1015</html>", content_type="text/html")
        if (
            not path.startswith(rest_application.UNSIGNED)
            and request.headers.get("Authorization") != f"Bot {self.token}"
        ):
            return _json(401, {"message": "401: Unauthorized", "code": 0})
        verdict = self.limits.ask(request.method, path)
        if verdict.wait is not None:
            headers = {**verdict.headers, "Via": "1.1 google", "Retry-After": str(int(verdict.wait) + 1)}
            body = {
                "message": "You are being rate limited.",
                "retry_after": round(verdict.wait, 3),
                "global": verdict.everywhere,
            }
            return _json(429, body, headers)
        for fault in self._faults:
            if fault.left and fault.method == request.method and fault.path.search(path):
                fault.left -= 1
                return _json(
                    fault.status, {"message": "Told so by a test", "code": fault.code}, verdict.headers
                )
        try:
            body, files = await _read(request)
            noted.body = body
            self._judge(request, path, body, handler is None)
            assert handler is not None
            call = Call(self.world, dict(request.match_info), dict(request.query), body, files)
            status, answer = await handler(call)
        except Refused as refused:
            return _json(refused.status, refused.body(), verdict.headers)
        except Exception as crash:
            self.crashes.append(f"{request.method} {path}: {crash!r}")
            raise
        return _json(status, answer, verdict.headers)

    def _judge(self, request: web.Request, path: str, body: Any, unrouted: bool) -> None:
        """Against Discord's description, where it is there. Raises Refused and keeps the complaint."""
        description = openapi.description() if self._describe else None
        complaint = None
        if description is not None:
            complaint = description.complaint(request.method, path, dict(request.query), body)
        if complaint is None and unrouted:
            complaint = f"{request.method} {path}: this server does not have that"
            self.violations.append(complaint)
            raise Refused(404, 0, "404: Not Found")
        if complaint is not None:
            self.violations.append(complaint)
            raise Refused(
                400, 50035, "Invalid Form Body", {"_errors": [{"code": "OPENAPI", "message": complaint}]}
            )

    async def _attachment(self, request: web.Request) -> web.Response:
        wanted = int(request.match_info["id"])
        channel = self.world.find_channel(int(request.match_info["channel"]))
        for message in channel.messages.values() if channel else ():
            for one in message.attachments:
                if one.id == wanted:
                    return web.Response(body=one.data, content_type=one.content_type.split(";")[0])
        raise web.HTTPNotFound


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> web.Response:
    """Exactly `application/json`, without a charset: discord.py takes anything else for text."""
    if body is None:
        return web.Response(status=status, headers=headers)
    raw = json.dumps(body, separators=(",", ":")).encode()
    return web.Response(
        status=status, body=raw, headers={**(headers or {}), "Content-Type": "application/json"}
    )


async def _read(request: web.Request) -> tuple[Any, dict[int, File]]:
    """The JSON of a request and the files of a multipart one. Raises Refused for what is neither."""
    kind = request.content_type
    files: dict[int, File] = {}
    if kind == "multipart/form-data":
        body: Body | None = None
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            name = part.name or ""
            content = bytes(await part.read())
            found = re.fullmatch(r"files\[(\d+)\]", name)
            if name == "payload_json":
                body = json.loads(content, object_hook=Body)
            elif found:
                files[int(found[1])] = (
                    part.filename or "file",
                    content,
                    part.headers.get("Content-Type", "application/octet-stream"),
                )
            else:
                raise Refused(400, 50035, f"Unknown part {name}")
        return body or Body(), files
    raw = await request.read()
    if not raw:
        return None, files
    if kind != "application/json":
        raise Refused(400, 50035, "Expected \"Content-Type\" header to be one of {'application/json'}.")
    try:
        return json.loads(raw, object_hook=Body), files
    except ValueError:
        raise Refused(400, 50109, "The request body contains invalid JSON.") from None
