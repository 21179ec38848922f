"""A bot without a library, that can send what no library would: for the tests of each refusal."""

import asyncio
import json
from dataclasses import dataclass
from typing import Any, Self

import aiohttp

from tests.localdiscord import LocalDiscord
from tests.localdiscord.model import Json
from tests.localdiscord.world import I

EVERYTHING = I.KNOWN & ~(I.CONTENT | I.PRESENCES)


@dataclass
class Got:
    """An answer: its status, Discord's code, and the JSON."""

    status: int
    code: int
    body: Any
    headers: dict[str, str]

    @property
    def refusal(self) -> tuple[int, int]:
        return self.status, self.code


class Raw:
    """Requests with the bot's token."""

    def __init__(self, server: LocalDiscord) -> None:
        self.server = server
        self._session = aiohttp.ClientSession()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        files: list[bytes] | None = None,
        token: str | None = None,
    ) -> Got:
        headers = {"Authorization": f"Bot {token or self.server.token}"}
        data: Any = None
        if files is not None:
            data = aiohttp.FormData(quote_fields=False)
            data.add_field("payload_json", json.dumps(body), content_type="application/json")
            for number, content in enumerate(files):
                data.add_field(
                    f"files[{number}]", content, filename=f"{number}.txt", content_type="text/plain"
                )
        elif body is not None:
            data, headers["Content-Type"] = json.dumps(body), "application/json"
        url = self.server.api_base + path
        async with self._session.request(method, url, data=data, headers=headers) as response:
            raw = await response.read()
            parsed = json.loads(raw) if response.content_type == "application/json" and raw else None
            code = parsed.get("code", 0) if isinstance(parsed, dict) and response.status >= 400 else 0
            return Got(response.status, code, parsed, dict(response.headers))

    async def connect(self, version: int = 10) -> "RawGateway":
        """A WebSocket that has said nothing yet."""
        url = f"{self.server.gateway_url}?v={version}&encoding=json"
        return RawGateway(await self._session.ws_connect(url))

    async def identified(self, intents: int = EVERYTHING, token: str | None = None) -> "RawGateway":
        """A WebSocket with a session: what happens from now on is told to it."""
        socket, before = await self.connect(), self.server.gateway.identified
        await socket.identify(token or self.server.token, intents)
        await self.server.until(lambda: self.server.gateway.identified > before, what="IDENTIFY is taken")
        return socket


class RawGateway:
    """One WebSocket of such a bot."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.seen: list[Json] = []

    async def send(self, op: int, data: Any) -> None:
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def identify(self, token: str, intents: int, **more: Any) -> None:
        await self.send(2, {"token": token, "intents": intents, "properties": {}, **more})

    async def next(self) -> Json:
        frame: Json = json.loads(await asyncio.wait_for(self.socket.receive_str(), 5))
        self.seen.append(frame)
        return frame

    async def event(self, name: str) -> Json:
        """The next event of that name; what comes before it is in `seen`."""
        while True:
            frame = await self.next()
            if frame["t"] == name:
                return dict(frame["d"])

    async def op(self, op: int) -> Json:
        while True:
            frame = await self.next()
            if frame["op"] == op:
                return frame

    async def closed(self) -> int:
        """The code with which the server closes."""
        while True:
            message = await asyncio.wait_for(self.socket.receive(), 5)
            if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING):
                return self.socket.close_code or 0

    async def names(self) -> list[str]:
        """The events up to now: a heartbeat's answer comes after all of them."""
        await self.send(1, None)
        await self.op(11)
        return [frame["t"] for frame in self.seen if frame["op"] == 0]
