"""Takes down what the bot and one person wrote to each other: a report's words, once it is sent.

The bot may redact its own messages everywhere, and the person's where it has the power: in chats
that it made, and in most that people open. What was taken down is out of the homeserver's
timeline; other servers and apps that have seen it may keep a copy (Client-Server API, "Redactions").
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from adapters.matrix.direct import Directs
from adapters.matrix.errors import Refusal
from adapters.matrix.http import Server, path
from adapters.matrix.rooms import Room
from bot.boundary.effects import Unsay
from bot.boundary.errors import Undeliverable

SPOKEN = ("m.room.message", "m.room.encrypted", "m.sticker", "m.reaction")
MOST_PAGES = 10
"""Pages of a hundred events that are looked at: more than a day of anybody's answers."""
CLOCKS_DIFFER = timedelta(minutes=10)
"""How far the homeserver's clock may be from ours before a limit in time would miss something."""


class Unsayer:
    """Takes words down, both sides'. Doing it again does no harm. Raises `Undeliverable`."""

    def __init__(self, server: Server, directs: Directs, me: str) -> None:
        self._server, self._directs, self._me = server, directs, me

    async def unsay(self, step_id: str, action: Unsay) -> None:
        """From `action.first` to `action.last`; what is forbidden is said after all the rest is done."""
        forbidden = False
        for room in self._directs.chats_with(action.to.native):
            async for event in self._between(room, action):
                where = path(
                    "rooms", room.id, "redact", event["event_id"], f"{step_id}-{event['event_id'][1:]}"
                )
                try:
                    await self._server.ask("PUT", where, {}, patient=True)
                except Refusal as no:
                    if no.reason not in ("forbidden", "gone"):
                        raise
                    forbidden = forbidden or no.reason == "forbidden"
        if forbidden:
            raise Undeliverable("forbidden")

    async def _between(self, room: Room, action: Unsay) -> AsyncIterator[Mapping[str, Any]]:
        """What the two wrote in this chat between the two ends, the newest first."""
        wanted = (self._me, action.to.native)
        earliest, latest = _ends(action)
        begun = action.last is None
        async for event in self._backwards(room):
            begun = begun or event.get("event_id") == (action.last.native if action.last else None)
            at = event.get("origin_server_ts")
            if not isinstance(at, int) or at < earliest:
                return
            spoken = event.get("type") in SPOKEN and event.get("sender") in wanted and event.get("content")
            if begun and spoken and at <= latest:
                yield event
            if action.first is not None and event.get("event_id") == action.first.native:
                return

    async def _backwards(self, room: Room) -> AsyncIterator[Mapping[str, Any]]:
        start = ""
        for _ in range(MOST_PAGES):
            query = urlencode({"dir": "b", "limit": 100, **({"from": start} if start else {})})
            answer = await self._server.ask(
                "GET", path("rooms", room.id, "messages") + f"?{query}", patient=True
            )
            for event in _events(answer):
                yield event
            start = str(answer.get("end") or "")
            if not start:
                return


def _events(answer: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    chunk = answer.get("chunk")
    for event in chunk if isinstance(chunk, list) else ():
        if isinstance(event, dict) and isinstance(event.get("event_id"), str):
            yield event


def _ends(action: Unsay) -> tuple[float, float]:
    """Bounds by time, in milliseconds: exact where no message marks an end, else only a safety net."""

    def stamp(moment: datetime) -> float:
        return moment.timestamp() * 1000

    early = CLOCKS_DIFFER if action.first is not None else timedelta(0)
    late = CLOCKS_DIFFER if action.last is not None else timedelta(0)
    return stamp(action.since - early), stamp(action.until + late)
