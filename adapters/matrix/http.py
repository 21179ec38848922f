"""Requests to the homeserver: matrix-nio carries them, nothing of its room model is used."""

import asyncio
import json
import logging
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

import aiohttp
from nio import AsyncClient, AsyncClientConfig

from adapters.matrix.backoff import jitter
from adapters.matrix.errors import Refusal, refusal, unanswered
from adapters.matrix.parsing import parse

log = logging.getLogger(__name__)

V3 = "/_matrix/client/v3"
USUAL = 20.0
"""Seconds that a request may take, its answer's body included."""
LONG_ANSWER = 1 << 18
"""Bytes from which an answer is parsed beside: the first one of a thousand rooms has ten million."""
GAP_WHILE_FAILING = 0.25
"""Seconds between two requests to a homeserver that fails: four a second, the promise is five."""
LATELY = 300.0
"""Seconds after a 429 in which the operator is told of it."""
REFUSALS_IN_A_ROW = 3
"""So many 429 one after another count as failing: a single one concerns one kind of request."""


def path(*parts: str) -> str:
    """A path below the client API, each part escaped: `path("rooms", id, "leave")`."""
    return V3 + "".join("/" + quote(part, safe="") for part in parts)


class Server:
    """One account's connection. Raises `Refusal` for everything that is not a good answer.

    While the homeserver fails, at most one request goes out in `GAP_WHILE_FAILING` seconds:
    `patient` ones wait for their turn, others fail at once and are tried again by the engine.
    """

    def __init__(self, homeserver: str, user_id: str) -> None:
        self._client = AsyncClient(homeserver.rstrip("/"), user_id, config=AsyncClientConfig())
        self.token = ""
        self.silent = False
        """The last answer was none, or none that can be understood."""
        self._limited = 0
        self._limited_at: float | None = None
        self._next = 0.0

    async def ask(
        self,
        method: str,
        where: str,
        body: Mapping[str, Any] | bytes | None = None,
        *,
        query: Mapping[str, str] | None = None,
        seconds: float = USUAL,
        patient: bool = False,
        media_type: str = "application/json",
    ) -> dict[str, Any]:
        """Send a request and give back the JSON object that came. Raises `Refusal`."""
        await self._turn(patient)
        if query:
            where = f"{where}?{urlencode(query)}"
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        data: str | bytes | None = None
        if body is not None:
            headers["Content-Type"] = media_type
            data = body if isinstance(body, bytes) else json.dumps(body)
        try:
            answer = await self._client.send(
                method,
                where,
                data=data,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=seconds),
            )
            async with answer:
                content = await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
            self._judge(failed=True)
            raise unanswered() from None
        try:
            long = len(content) > LONG_ANSWER
            found = await asyncio.to_thread(parse, content) if long else parse(content)
        except (ValueError, RecursionError):
            found = None
        if 200 <= answer.status < 300 and isinstance(found, dict):
            self._judge(failed=False)
            return found
        if 200 <= answer.status < 300:
            self._judge(failed=True)
            raise unanswered()
        no = refusal(answer.status, found, answer.headers)
        self._judge(failed=no.reason == "unreachable" and answer.status != 401, limited=answer.status == 429)
        raise no

    async def state(self, room: str, kind: str, key: str = "") -> dict[str, Any] | None:
        """The content of one state event as it is now, None where there is none."""
        try:
            return await self.ask("GET", path("rooms", room, "state", kind, key))
        except Refusal as no:
            if no.errcode == "M_NOT_FOUND":
                return None
            raise

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    @property
    def failing(self) -> bool:
        """The last answer was none, or the homeserver keeps saying that it is too much."""
        return self.silent or self._limited >= REFUSALS_IN_A_ROW

    @property
    def slowed(self) -> bool:
        """The homeserver has lately asked the bot to send less."""
        return self._limited_at is not None and time.monotonic() - self._limited_at < LATELY

    async def _turn(self, patient: bool) -> None:
        while self.failing:
            now = time.monotonic()
            if now >= self._next:
                self._next = now + GAP_WHILE_FAILING
                return
            if not patient:
                reason = "unreachable" if self.silent else "rate_limited"
                raise Refusal(reason, self._next - now + jitter(0.5, 1.5))
            await asyncio.sleep(self._next - now + jitter(0, 0.05))

    def _judge(self, *, failed: bool, limited: bool = False) -> None:
        self.silent = failed
        self._limited = self._limited + 1 if limited else 0
        if limited:
            if not self.slowed:
                log.warning("the homeserver limits the bot's requests: exempt it (docs/matrix.md)")
            self._limited_at = time.monotonic()
        if self.failing:
            self._next = max(self._next, time.monotonic() + GAP_WHILE_FAILING)
