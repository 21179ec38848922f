"""Answering interactions: within 3 seconds, for 15 minutes, and once the process was another one.

Discord shows "the application did not respond" after 3 seconds, so what takes longer is promised
first. What was promised is kept, so that nobody waits for ever after a crash.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from adapters.discord.client import Client
from adapters.discord.errors import ACKNOWLEDGED, TROUBLE, undeliverable
from adapters.discord.messages import EPHEMERAL, NOBODY, Page, Raw, request
from adapters.discord.words import say
from bot.boundary.errors import StorageTrouble, Undeliverable
from bot.boundary.ids import ReplyHandle
from bot.boundary.ports import Cabinet, Clock

PROMISE_AFTER = 1.5
"""Seconds until an answer is promised, of the 3 that there are."""
LASTS = 15 * 60.0
SPARE = 30.0
"""Seconds before the end of the 15 minutes in which an answer is not begun any more."""
SILENT_AFTER = 12.0
"""Seconds after which a promise that nothing followed is closed with a plain word."""
PROMISES = "promises"

MESSAGE, PROMISE, MODAL, COMPLETION = 4, 5, 9, 8
"""The kinds of answers: a message, a message to come, a form, completions."""

log = logging.getLogger(__name__)


class Promise(msgspec.Struct, frozen=True):
    """An answer that was promised and has not been given."""

    id: str
    token: str
    until: float
    locale: str = "en"


class Reply:
    """One interaction that waits for its answer."""

    def __init__(self, id_: str, token: str, locale: str, form_may_follow: bool, at: float) -> None:
        self.id, self.token, self.locale, self.at = id_, token, locale, at
        self.form_may_follow = form_may_follow
        """A form can be the answer: it was no form itself, and nothing was answered or promised."""
        self.state = "fresh"
        self.lock = asyncio.Lock()
        self.timer: asyncio.Task[None] | None = None

    @property
    def handle(self) -> ReplyHandle:
        """What the engine carries."""
        return ReplyHandle(f"{self.id}:{self.token}", self.at + LASTS - SPARE)


class Replies:
    """All interactions that wait, and how each is answered. Raises `Undeliverable`."""

    def __init__(self, client: Callable[[], Client], cabinet: Cabinet, clock: Clock) -> None:
        self._client, self._cabinet, self._clock = client, cabinet, clock
        self._open: dict[str, Reply] = {}
        self._promised: dict[str, Promise] = {}

    def begin(self, id_: str, token: str, locale: str, *, form_may_follow: bool) -> Reply:
        """An interaction came in. Its answer is promised in time, if it takes long."""
        now = self._now()
        if len(self._open) > 500:
            self._open = {i: r for i, r in self._open.items() if r.at > now - LASTS}
        reply = Reply(id_, token, locale, form_may_follow, now)
        self._open[id_] = reply
        reply.timer = asyncio.create_task(self._promise_in_time(reply))
        return reply

    async def load(self) -> None:
        """Close what an earlier process promised and did not live to say. Raises `StorageTrouble`.

        After the outbox has had its time: what is in there is still said, and closes its promise.
        """
        kept = await self._cabinet.get(PROMISES)
        for promise in msgspec.json.decode(kept, type=list[Promise]) if kept else ():
            self._promised[promise.id] = promise
            reply = Reply(promise.id, promise.token, promise.locale, False, promise.until - LASTS)
            reply.state = "promised"
            if promise.until > self._now():
                self._open[promise.id] = reply
                reply.timer = asyncio.create_task(self._close_silence(reply, "discord-interrupted"))
            else:
                await self._kept(reply)

    async def close(self) -> None:
        """Wait for nothing more."""
        timers = [r.timer for r in self._open.values() if r.timer is not None]
        for timer in timers:
            timer.cancel()
        await asyncio.gather(*timers, return_exceptions=True)

    def known(self, handle: ReplyHandle) -> Reply | None:
        """The waiting interaction of a handle; None: it was another process that took it."""
        return self._open.get(handle.token.partition(":")[0])

    async def tell(self, handle: ReplyHandle, pages: list[Page]) -> None:
        """Answer so that one person alone sees it: the first page as the answer, more behind it."""
        reply = self.known(handle)
        if reply is None:
            await self._after_restart(handle, pages)
            return
        async with reply.lock:
            for page in pages:
                await self._one(reply, page)

    async def form(self, reply: Reply, modal: Raw) -> None:
        """Answer with a form. The caller has looked at `form_may_follow`."""
        async with reply.lock:
            if reply.state != "fresh":
                raise Undeliverable("refused")
            await self._callback(reply, {"type": MODAL, "data": modal})
            reply.state = "answered"
            self._done(reply)

    async def complete(self, id_: str, token: str, choices: list[Raw]) -> None:
        """Offer completions. What comes too late is dropped."""
        body = {"type": COMPLETION, "data": {"choices": choices}}
        await self._ask("POST", f"/interactions/{id_}/{token}/callback", json=body)

    # --- inside

    def _now(self) -> float:
        """Seconds since 1970 by the engine's clock: it decides by it whether a handle still serves."""
        return self._clock.now().timestamp()

    async def _one(self, reply: Reply, page: Page) -> None:
        hidden = {**page.body, "flags": EPHEMERAL}
        if reply.state == "fresh":
            made = request({"type": MESSAGE, "data": hidden}, page.files, wrap="data")
            if await self._callback(reply, made):
                reply.state = "answered"
                self._done(reply)
                return
            reply.state = "promised"
        if reply.state == "promised":
            await self._ask("PATCH", self._hook(reply, "/messages/@original"), **page.request())
            reply.state = "answered"
            self._done(reply)
            await self._kept(reply)
            return
        await self._ask("POST", self._hook(reply), **request(hidden, page.files))

    async def _callback(self, reply: Reply, made: Raw) -> bool:
        """The first answer. False: it was answered already, by this process or one before."""
        more = made if "json" in made or "form" in made else {"json": made}
        try:
            await self._client().ask("POST", f"/interactions/{reply.id}/{reply.token}/callback", **more)
        except TROUBLE as error:
            if getattr(error, "code", None) == ACKNOWLEDGED:
                return False
            raise undeliverable(error) from None
        return True

    async def _after_restart(self, handle: ReplyHandle, pages: list[Page]) -> None:
        """The interaction came to another process: look before saying anything twice.

        Nothing was answered: only a direct message is left. Raises `Undeliverable("gone")`.
        """
        id_, _, token = handle.token.partition(":")
        reply = Reply(id_, token, "en", False, handle.expires_at - LASTS + SPARE)
        there = await self._ask("GET", self._hook(reply, "/messages/@original"))
        loading = bool(int(there.get("flags", 0)) & (1 << 7))
        reply.state = "promised" if loading else "answered"
        first = pages[0].body["content"]
        todo = pages[1:] if not loading and there.get("content") == first else pages
        for page in todo:
            await self._one(reply, page)

    async def _promise_in_time(self, reply: Reply) -> None:
        await asyncio.sleep(PROMISE_AFTER)
        async with reply.lock:
            if reply.state != "fresh":
                return
            try:
                await self._callback(reply, {"type": PROMISE, "data": {"flags": EPHEMERAL}})
            except Undeliverable:
                log.warning("an answer could not be promised")
                return
            reply.state, reply.form_may_follow = "promised", False
            self._promised[reply.id] = Promise(reply.id, reply.token, reply.at + LASTS, reply.locale)
            await self._write()
        await self._close_silence(reply, "discord-nothing-more")

    async def _close_silence(self, reply: Reply, key: str) -> None:
        """Nothing came after a promise: say so, rather than let somebody wait."""
        await asyncio.sleep(SILENT_AFTER)
        reply.timer = None
        async with reply.lock:
            if reply.state != "promised":
                return
            words = Page({"content": say(key, reply.locale), "allowed_mentions": NOBODY})
            try:
                await self._one(reply, words)
            except Undeliverable:
                log.warning("a promised answer could not be closed")

    def _done(self, reply: Reply) -> None:
        if reply.timer is not None and reply.timer is not asyncio.current_task():
            reply.timer.cancel()
            reply.timer = None

    async def _kept(self, reply: Reply) -> None:
        if self._promised.pop(reply.id, None) is not None:
            await self._write()

    async def _write(self) -> None:
        now = self._now()
        self._promised = {i: p for i, p in self._promised.items() if p.until > now}
        try:
            await self._cabinet.put(PROMISES, msgspec.json.encode(list(self._promised.values())))
        except StorageTrouble:
            log.warning("what was promised could not be kept")

    def _hook(self, reply: Reply, more: str = "") -> str:
        return f"/webhooks/{self._client().application_id}/{reply.token}{more}"

    async def _ask(self, method: str, path: str, **more: Any) -> Raw:
        try:
            return await self._client().ask(method, path, **more) or {}
        except TROUBLE as error:
            raise undeliverable(error) from None


Teller = Callable[[ReplyHandle, list[Page]], Awaitable[None]]
