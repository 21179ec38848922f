"""The gateway: docs, Gateway. One WebSocket a connection, one session an IDENTIFY, replay after RESUME."""

import asyncio
import contextlib
import json
import secrets
import zlib
from collections import deque
from typing import Any

from aiohttp import WSMsgType, web

from tests.localdiscord.model import Guild, Json, Member
from tests.localdiscord.permissions import in_channel
from tests.localdiscord.world import I, Shape, World

# How many events a session keeps for a RESUME. Discord's number is not public; enough for tests.
KEPT = 5000
# More requests than this in a minute close the connection with 4008: docs, Gateway, Rate Limiting.
SENDS_A_MINUTE = 120
CLOSES = {
    4001: "Unknown opcode.", 4002: "Error while decoding payload.", 4003: "Not authenticated.",
    4004: "Authentication failed.", 4005: "Already authenticated.", 4007: "Invalid seq.",
    4008: "Rate limited.",
    4009: "Session timed out.", 4010: "Invalid shard.", 4013: "Invalid intent(s).",
    4014: "Disallowed intent(s).",
}  # fmt: skip


class Closed(Exception):
    """Ends a connection with a close code."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Session:
    """What outlives a connection: the sequence, what to replay, the intents."""

    def __init__(self, intents: int, shard: tuple[int, int]) -> None:
        self.id = secrets.token_hex(16)
        self.intents = intents
        self.shard = shard
        self.sequence = 0
        self.sent: deque[Json] = deque(maxlen=KEPT)
        self.connection: Connection | None = None

    def dispatch(self, name: str, data: Json) -> None:
        self.sequence += 1
        frame = {"op": 0, "t": name, "s": self.sequence, "d": data}
        self.sent.append(frame)
        if self.connection is not None:
            self.connection.push(frame)


class Connection:
    """One WebSocket: frames go out in order through a queue."""

    def __init__(
        self, socket: web.WebSocketResponse, compress: str | None, transport: asyncio.Transport | None
    ) -> None:
        self.socket = socket
        self.transport = transport
        self.session: Session | None = None
        self.alive_at = asyncio.get_running_loop().time()
        self._queue: asyncio.Queue[Json | int] = asyncio.Queue()
        self._deflate = zlib.compressobj() if compress == "zlib-stream" else None

    def push(self, frame: Json | int) -> None:
        """A frame to send, or a close code."""
        self._queue.put_nowait(frame)

    async def write(self, delay: "asyncio.Event") -> None:
        while True:
            frame = await self._queue.get()
            await delay.wait()
            with contextlib.suppress(ConnectionError):
                if isinstance(frame, int):
                    await self.socket.close(code=frame, message=CLOSES.get(frame, "").encode())
                    return
                raw = json.dumps(frame, separators=(",", ":"))
                if self._deflate is None:
                    await self.socket.send_str(raw)
                else:
                    packed = self._deflate.compress(raw.encode())
                    await self.socket.send_bytes(packed + self._deflate.flush(zlib.Z_SYNC_FLUSH))


class Gateway:
    """All sessions of the bot, and what a test can do to them."""

    def __init__(self, world: World, token: str) -> None:
        self.world = world
        self.token = token
        self.url = ""
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.heartbeat_ms = 41_250
        # A connection that sent no heartbeat for this many intervals is dropped with 4009.
        self.patience = 2.0
        self.refuse_resume = False
        self.accepting = True
        self.identified = 0
        self.resumed = 0
        self.flowing = asyncio.Event()
        self.flowing.set()
        self.log: list[tuple[str, Json]] = []
        world.publish = self.publish

    # --- what a test does ---------------------------------------------------------------------------------

    @property
    def connected(self) -> bool:
        """Is there a connection with a session?"""
        return any(one.session for one in self.connections)

    def cut(self) -> None:
        """Cuts every connection as a bad network does: no close code. Sessions stay, RESUME works."""
        for one in list(self.connections):
            self._detach(one)
            if one.transport is not None:
                one.transport.close()

    def close(self, code: int) -> None:
        """Closes every connection with a code. After 1000/1001 sessions are gone, as at Discord."""
        for one in list(self.connections):
            if code in (1000, 1001) and one.session:
                self.sessions.pop(one.session.id, None)
            self._detach(one)
            one.push(code)

    def ask_to_reconnect(self) -> None:
        """Op 7: the client should connect again and resume."""
        for one in self.connections:
            one.push({"op": 7, "d": None, "s": None, "t": None})

    def invalidate(self, resumable: bool = False) -> None:
        """Op 9. Without `resumable` the sessions are gone."""
        for one in list(self.connections):
            if not resumable and one.session:
                self.sessions.pop(one.session.id, None)
                one.session.connection = None
                one.session = None
            one.push({"op": 9, "d": resumable, "s": None, "t": None})

    def forget_sessions(self) -> None:
        """Kills every session: the next RESUME gets op 9, false."""
        self.sessions.clear()

    def hold(self) -> None:
        """Nothing goes out until `release()`: a slow network."""
        self.flowing.clear()

    def release(self) -> None:
        self.flowing.set()

    # --- events -------------------------------------------------------------------------------------------

    def publish(self, name: str, data: "Json | Shape", intents: int, guild: int | None) -> None:
        """To every session whose intents hold one of `intents` (0: to all), on the server's shard."""
        there = self.world.guilds.get(guild or 0)
        outside = there is None or self.world.bot.id not in there.members
        if guild is not None and outside and name != "GUILD_DELETE":
            return
        for session in self.sessions.values():
            if intents and not session.intents & intents:
                continue
            index, count = session.shard
            if (guild >> 22) % count != index if guild else index != 0:
                continue
            body = data(session.intents) if callable(data) else data
            if body is not None:
                self.log.append((name, body))
                session.dispatch(name, body)

    # --- the protocol -------------------------------------------------------------------------------------

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        if not self.accepting:
            raise web.HTTPServiceUnavailable
        socket = web.WebSocketResponse(max_msg_size=4096, autoping=True)
        await socket.prepare(request)
        connection = Connection(socket, request.query.get("compress"), request.transport)
        if request.query.get("encoding") != "json" or request.query.get("v") != "10":
            await socket.close(code=4012)
            return socket
        self.connections.add(connection)
        writer = asyncio.create_task(connection.write(self.flowing))
        watcher = asyncio.create_task(self._watch(connection))
        connection.push(
            {"op": 10, "d": {"heartbeat_interval": self.heartbeat_ms, "_trace": []}, "s": None, "t": None}
        )
        try:
            await self._read(connection)
        except Closed as end:
            self._detach(connection)
            connection.push(end.code)
            await asyncio.wait([writer], timeout=1)
        finally:
            code = socket.close_code
            # A client that says goodbye with 1000 or 1001 ends its session: docs, Disconnecting.
            if code in (1000, 1001) and connection.session:
                self.sessions.pop(connection.session.id, None)
            self._detach(connection)
            watcher.cancel()
            writer.cancel()
            self.world.change()
        return socket

    def _detach(self, connection: Connection) -> None:
        self.connections.discard(connection)
        if connection.session and connection.session.connection is connection:
            connection.session.connection = None

    async def _watch(self, connection: Connection) -> None:
        while True:
            await asyncio.sleep(self.heartbeat_ms / 1000 / 4)
            quiet = asyncio.get_running_loop().time() - connection.alive_at
            if quiet > self.patience * self.heartbeat_ms / 1000:
                if connection.session:
                    self.sessions.pop(connection.session.id, None)
                self._detach(connection)
                connection.push(4009)
                return

    async def _read(self, connection: Connection) -> None:
        times: deque[float] = deque(maxlen=SENDS_A_MINUTE)
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                raise Closed(4002)
            now = asyncio.get_running_loop().time()
            if len(times) == SENDS_A_MINUTE and now - times[0] < 60:
                raise Closed(4008)
            times.append(now)
            try:
                frame = json.loads(message.data)
                op, data = frame["op"], frame.get("d")
            except (ValueError, KeyError, TypeError):
                raise Closed(4002) from None
            self._handle(connection, op, data)

    def _handle(self, connection: Connection, op: Any, data: Any) -> None:
        match op:
            case 1:
                connection.alive_at = asyncio.get_running_loop().time()
                connection.push({"op": 11, "d": None, "s": None, "t": None})
            case 2:
                self._identify(connection, data)
            case 6:
                self._resume(connection, data)
            case 3 | 4 | 8 if connection.session is None:
                raise Closed(4003)
            case 3:
                pass  # Presence: nobody here looks at it.
            case 4:
                from tests.localdiscord import voice

                voice.by_gateway(self.world, data)
            case 8:
                self._members(connection.session, data)  # type: ignore[arg-type]
            case _:
                raise Closed(4001)

    def _identify(self, connection: Connection, data: Json) -> None:
        if connection.session is not None:
            raise Closed(4005)
        if data.get("token") != self.token:
            raise Closed(4004)
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~I.KNOWN:
            raise Closed(4013)
        for name, bit in I.PRIVILEGED.items():
            if intents & bit and name not in self.world.privileged:
                raise Closed(4014)
        index, count = data.get("shard") or (0, 1)
        if not 0 <= index < count:
            raise Closed(4010)
        session = Session(intents, (index, count))
        self.sessions[session.id] = session
        session.connection, connection.session = connection, session
        self.identified += 1
        guilds = [
            one
            for one in self.world.guilds.values()
            if self.world.bot.id in one.members and (one.id >> 22) % count == index
        ]
        session.dispatch(
            "READY",
            {
                "v": 10, "user": {**self.world.bot.json(), "verified": True, "mfa_enabled": False,
                "email": None},
                "guilds": [{"id": str(guild.id), "unavailable": True} for guild in guilds],
                "private_channels": [],
                "session_id": session.id, "resume_gateway_url": self.url, "shard": [index, count],
                "application": {"id": str(self.world.bot.id), "flags": self.flags()}, "_trace": [],
            },
        )  # fmt: skip
        for guild in guilds:
            session.dispatch("GUILD_CREATE", self.guild_create(guild, session.intents))
        self.world.change()

    def flags(self) -> int:
        """The application's flags that say which privileged intents it has (the "limited" ones)."""
        bits = {"presences": 1 << 13, "members": 1 << 15, "message_content": 1 << 19}
        return sum(bits[name] for name in self.world.privileged) | 1 << 23

    def guild_create(self, guild: Guild, intents: int) -> Json:
        """A server as a session gets it: without presences only the bot and people in voice."""
        bot = guild.members[self.world.bot.id]
        now = self.world.clock.now()
        members = {bot.user.id: bot}
        members |= {user: guild.members[user] for user in guild.voice if intents & I.VOICE}
        if intents & I.MEMBERS and intents & I.PRESENCES:
            members = dict(guild.members)
        threads = [
            one
            for one in self.world.threads_in(guild)
            if in_channel(guild, bot, one, now) and not one.archived
        ]
        whole = guild.whole(list(members.values()), threads)
        if not intents & I.VOICE:
            whole["voice_states"] = []
        for channel, raw in zip(
            (c for c in guild.channels.values() if not c.is_thread), whole["channels"], strict=True
        ):
            if channel.status:
                raw["status"] = channel.status
        return whole

    def _resume(self, connection: Connection, data: Json) -> None:
        if data.get("token") != self.token:
            raise Closed(4004)
        session = self.sessions.get(data.get("session_id", ""))
        if session is None or self.refuse_resume:
            if session is not None:
                self.sessions.pop(session.id)
            connection.push({"op": 9, "d": False, "s": None, "t": None})
            return
        seq = data.get("seq")
        if not isinstance(seq, int) or seq > session.sequence:
            raise Closed(4007)
        missed = [frame for frame in session.sent if frame["s"] > seq]
        if len(missed) != session.sequence - seq:
            self.sessions.pop(session.id)
            connection.push({"op": 9, "d": False, "s": None, "t": None})
            return
        if session.connection is not None:
            self.connections.discard(session.connection)
            session.connection.push(4000)
        session.connection, connection.session = connection, session
        self.resumed += 1
        for frame in missed:
            connection.push(frame)
        session.dispatch("RESUMED", {"_trace": []})
        self.world.change()

    def _members(self, session: Session, data: Json) -> None:
        """Op 8: the whole list needs the members intent, names and ids do not."""
        raw = data.get("guild_id")
        guild = self.world.guilds.get(int(raw[0] if isinstance(raw, list) else raw or 0))
        if guild is None or self.world.bot.id not in guild.members:
            return
        query, ids, limit = data.get("query"), data.get("user_ids"), data.get("limit") or 0
        missing: list[str] = []
        found: list[Member]
        if ids is not None:
            wanted = [int(one) for one in (ids if isinstance(ids, list) else [ids])][:100]
            found = [guild.members[one] for one in wanted if one in guild.members]
            missing = [str(one) for one in wanted if one not in guild.members]
        else:
            if query is None or (query == "" and not session.intents & I.MEMBERS):
                raise Closed(4002 if query is None else 4014)
            found = [
                one
                for one in guild.members.values()
                if any(name.lower().startswith(query.lower()) for name in (one.nick or "", one.user.name))
                or query == ""
            ]
            found = found[: limit or None] if query == "" else found[: limit or 100]
        chunks = [found[at : at + 1000] for at in range(0, len(found), 1000)] or [[]]
        for index, chunk in enumerate(chunks):
            body: Json = {
                "guild_id": str(guild.id), "members": [one.json() for one in chunk], "chunk_index": index,
                "chunk_count": len(chunks), "not_found": missing, "presences": [],
            }  # fmt: skip
            if data.get("nonce") is not None:
                body["nonce"] = data["nonce"]
            session.dispatch("GUILD_MEMBERS_CHUNK", body)
