"""The page's server: three static files and one WebSocket, on this machine alone."""

import asyncio
import contextlib
import errno
import logging
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web

from adapters.playground import words
from adapters.playground.asked import LONGEST_NAME, LONGEST_WORDS, Asked, Refused
from adapters.playground.clock import MovableClock
from adapters.playground.guard import Pace, guard
from adapters.playground.platform import Playground
from adapters.playground.story import STORY
from adapters.playground.visitor import Visitor
from bot.boundary.errors import CannotStart, StorageTrouble

log = logging.getLogger(__name__)

USUAL_PORT = 8788
LONGEST_FRAME = 256 * 1024
"""Bytes of one message of a page: room for all fields of a form, each of full length."""
UNDER_WAY = 50
"""Messages of one tab that may wait for the storage at the same time."""

WEB = Path(__file__).parent / "web"
FILES = {
    "": ("index.html", "text/html"),
    "style.css": ("style.css", "text/css"),
    "app.js": ("app.js", "text/javascript"),
    "icon.svg": ("icon.svg", "image/svg+xml"),
}


class Page:
    """Serves one playground to any number of tabs."""

    def __init__(self, platform: Playground) -> None:
        self._platform = platform
        self._visitor = Visitor(platform)
        self._start = secrets.token_hex(8)
        self._tabs: set[web.WebSocketResponse] = set()

    def app(self) -> web.Application:
        """The routes, each behind the guard."""
        app = web.Application(middlewares=[guard(self._platform.world.state.token)])
        app.router.add_get("/{token}/talk", self._talk)
        app.router.add_get("/{token}/{file:[a-z.]*}", self._file)
        app.router.add_get("/{rest:.*}", self._file)
        app.on_shutdown.append(self._say_goodbye)
        return app

    async def _file(self, request: web.Request) -> web.StreamResponse:
        found = FILES.get(request.match_info.get("file", "-"))
        if found is None:
            return web.Response(status=404, text="There is no such file here.\n")
        name, media_type = found
        body = await asyncio.to_thread((WEB / name).read_bytes)
        return web.Response(body=body, content_type=media_type, charset="utf-8")

    async def _say_goodbye(self, _app: web.Application) -> None:
        goodbyes = (tab.close(code=WSCloseCode.GOING_AWAY) for tab in tuple(self._tabs))
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*goodbyes, return_exceptions=True), 1)

    # One tab ----------------------------------------------------------------------------------

    async def _talk(self, request: web.Request) -> web.StreamResponse:
        tab = web.WebSocketResponse(max_msg_size=LONGEST_FRAME, heartbeat=20, compress=False)
        await tab.prepare(request)
        self._tabs.add(tab)
        telling: asyncio.Task[None] | None = None
        pace, under_way, going = Pace(), asyncio.Semaphore(UNDER_WAY), set[asyncio.Task[None]]()
        try:
            async for message in tab:
                asked = _read(message.data) if message.type is WSMsgType.TEXT else None
                if asked is None:
                    await _refuse(tab, "", words.STRANGE)
                elif asked.do == "hello":
                    if telling:
                        telling.cancel()
                    telling = asyncio.create_task(self._tell(tab, asked))
                elif wait := pace.wait():
                    await _refuse(tab, asked.c, words.TOO_FAST, wait=wait)
                else:
                    await under_way.acquire()
                    await self._do(tab, asked, under_way, going)
        finally:
            self._tabs.discard(tab)
            if telling:
                telling.cancel()
        return tab

    async def _do(
        self,
        tab: web.WebSocketResponse,
        asked: Asked,
        under_way: asyncio.Semaphore,
        going: set[asyncio.Task[None]],
    ) -> None:
        """Do it in the order of asking; say that it is done as soon as it is kept."""
        try:
            await self._visitor.do(asked)
        except Refused as refused:
            under_way.release()
            await _refuse(tab, asked.c, refused.text)
            return
        task = asyncio.create_task(self._confirm(tab, asked.c))
        going.add(task)
        task.add_done_callback(going.discard)
        task.add_done_callback(lambda _: under_way.release())

    async def _confirm(self, tab: web.WebSocketResponse, c: str) -> None:
        try:
            await self._platform.world.saved()
        except StorageTrouble:
            await _refuse(tab, c, words.TROUBLE, wait=1.0)
        else:
            await _send(tab, {"kind": "done", "c": c})

    async def _tell(self, tab: web.WebSocketResponse, hello: Asked) -> None:
        """Everything, or what the page has missed; then whatever happens."""
        feed = self._platform.world.feed
        news = feed.listen()
        try:
            missed = feed.since(hello.since) if hello.tab == self._start else None
            if missed is None:
                await _send(tab, self.everything())
            else:
                for body in missed:
                    await tab.send_str(body.decode())
            await _send(tab, {"kind": "ready"})
            while (new := await news.get()) is not None:
                await tab.send_str(new.decode())
            await tab.close(code=WSCloseCode.TRY_AGAIN_LATER)
        except ConnectionError:
            log.debug("tab_gone")
        finally:
            feed.leave(news)

    def everything(self) -> dict[str, Any]:
        """All that a page shows."""
        platform, world = self._platform, self._platform.world
        return {
            "kind": "all",
            "n": world.feed.last,
            "start": self._start,
            "room": world.shown_room(),
            "people": world.shown_people(),
            "items": list(world.items.values()),
            "commands": platform.sink.commands(),
            "now": platform.clock.now().isoformat(),
            "ahead": world.state.ahead,
            "movable": isinstance(platform.clock, MovableClock),
            "story": STORY,
            "at": world.state.story,
            "turn": platform.overview.last if platform.overview else None,
            "longest": {"words": LONGEST_WORDS, "name": LONGEST_NAME},
        }


def _read(data: str) -> Asked | None:
    try:
        return msgspec.json.decode(data, type=Asked)
    except (msgspec.DecodeError, UnicodeEncodeError):
        return None


async def _send(tab: web.WebSocketResponse, what: dict[str, Any]) -> None:
    with contextlib.suppress(ConnectionError):
        await tab.send_str(msgspec.json.encode(what).decode())


async def _refuse(tab: web.WebSocketResponse, c: str, text: str, wait: float = 0.0) -> None:
    await _send(tab, {"kind": "refused", "c": c, "text": text, "wait": wait})


async def serve_page(platform: Playground, port: int | None, opened: Callable[[str], None]) -> None:
    """Serve until cancelled. Raises `CannotStart` where `port` is taken."""
    runner = web.AppRunner(Page(platform).app(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        try:
            await _listen(runner, USUAL_PORT if port is None else port)
        except CannotStart:
            if port is not None:
                raise
            await _listen(runner, 0)
        address = f"http://127.0.0.1:{runner.addresses[0][1]}/{platform.world.state.token}/"
        opened(address)
        async with asyncio.TaskGroup() as group:
            if platform.overview:
                group.create_task(platform.overview.run())
            group.create_task(asyncio.Event().wait())
    finally:
        await runner.cleanup()


async def _listen(runner: web.AppRunner, port: int) -> None:
    try:
        await web.TCPSite(runner, "127.0.0.1", port, reuse_address=True).start()
    except OSError as trouble:
        if trouble.errno not in (errno.EADDRINUSE, errno.EACCES):
            raise
        raise CannotStart(
            f"Port {port} cannot be used: another program has it, or only an administrator may.",
            "Choose another one with --port, or leave --port out.",
        ) from None
