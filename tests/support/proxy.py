"""A proxy before the homeserver that can do what real ones do on a bad day."""

import asyncio
import time
from collections.abc import Callable
from enum import Enum
from typing import Self

import aiohttp
from aiohttp import web

from tests.support.synapse import free_port


class Fault(Enum):
    """What the proxy does with a request."""

    NONE = "pass it on"
    RATE_LIMIT = "429 with the wait in the body and in Retry-After"
    ERROR_500 = "500 with Matrix's own error"
    HTML_502 = "502 with a web page"
    TRUNCATED = "200 with JSON that ends in the middle"
    CUT = "a connection that is cut in the middle of the body"
    LOST = "done by the homeserver, but the answer never comes"
    HANG = "no answer at all"


_HOP_BY_HOP = {"transfer-encoding", "content-length", "connection", "content-encoding", "keep-alive"}
_RETRY_MS = 300


class Proxy:
    """Use as `async with Proxy(url) as proxy`; give `proxy.url` to the bot."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.port = free_port()
        self.fault = Fault.NONE
        self.strikes: Callable[[web.Request], bool] = lambda request: True
        """Which requests the fault hits."""
        self.dice: Callable[[web.Request], Fault] | None = None
        """Chooses the fault of each request, where it is not the same for all."""
        self.rewrite: Callable[[str, bytes], bytes] = lambda path, body: body
        """What becomes of the homeserver's answers (path and body) on their way back."""
        self.times: list[float] = []
        """When a request was hit by a fault (monotonic seconds)."""
        self._runner: web.AppRunner | None = None
        self._session: aiohttp.ClientSession | None = None

    @property
    def url(self) -> str:
        """The base address for the bot."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=120), auto_decompress=False)
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_route("*", "/{path:.*}", self._handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        assert self._session is not None
        await self._runner.cleanup()
        await self._session.close()

    def break_with(self, fault: Fault) -> None:
        """From now on answer with this fault, and count anew."""
        self.fault = fault
        self.times = []

    def mend(self) -> None:
        """From now on pass everything on."""
        self.fault = Fault.NONE
        self.dice = None

    def busiest_second(self) -> int:
        """The most requests that came within any one second while the fault lasted."""
        return max((sum(1 for t in self.times if start <= t < start + 1) for start in self.times), default=0)

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        fault = self.fault if self.dice is None else self.dice(request)
        if fault is Fault.NONE or not self.strikes(request):
            return await self._pass(request)
        self.times.append(time.monotonic())
        match fault:
            case Fault.RATE_LIMIT:
                return web.json_response(
                    {"errcode": "M_LIMIT_EXCEEDED", "error": "Too many", "retry_after_ms": _RETRY_MS},
                    status=429,
                    headers={"Retry-After": "1"},
                )
            case Fault.ERROR_500:
                return web.json_response({"errcode": "M_UNKNOWN", "error": "Internal"}, status=500)
            case Fault.HTML_502:
                page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
                return web.Response(text=page, status=502, content_type="text/html")
            case Fault.TRUNCATED:
                return web.Response(text='{"next_batch": "s1_', content_type="application/json")
            case Fault.CUT:
                return await self._cut(request)
            case Fault.LOST:
                await self._pass(request)
                return await self._cut(request)
            case _:
                await asyncio.sleep(600)
                return web.Response(status=504)

    async def _cut(self, request: web.Request) -> web.StreamResponse:
        answer = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "5000"})
        await answer.prepare(request)
        await answer.write(b'{"next_batch": "s1", "rooms": {')
        if request.transport is not None:
            request.transport.abort()
        return answer

    async def _pass(self, request: web.Request) -> web.StreamResponse:
        assert self._session is not None
        headers = {k: v for k, v in request.headers.items() if k.lower() not in _HOP_BY_HOP | {"host"}}
        try:
            async with self._session.request(
                request.method,
                f"{self.target}{request.raw_path}",
                data=await request.read(),
                headers=headers,
                allow_redirects=False,
            ) as answer:
                kept = {k: v for k, v in answer.headers.items() if k.lower() not in _HOP_BY_HOP}
                body = self.rewrite(request.path, await answer.read())
                return web.Response(status=answer.status, body=body, headers=kept)
        except (aiohttp.ClientError, TimeoutError):
            return web.Response(status=502, text="no homeserver")
