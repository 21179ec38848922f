"""To-device events: keys that may be kept, keys that are thrown away, steps of a verification."""

import logging
import time
from collections import deque
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from adapters.matrix.crypto.machine import Machine
from adapters.matrix.crypto.verifying import PREFIX
from adapters.matrix.parsing import events, table

HELD_FOR = 300.0
"""Seconds that a key waits in memory for the bot to come into its room: an invitation takes less."""
MOST_HELD, MOST_OF_ONE = 500, 10
LONGEST_HELD = 4000
"""Characters of a key that waits. Real ones have about 700."""
MOST_WITHHELD = 2000

log = logging.getLogger(__name__)


class Step(msgspec.Struct, frozen=True):
    """A step of a verification outside of any room."""

    by: str
    kind: str
    content: Mapping[str, Any]


class Coming:
    """Who comes into which rooms by one answer of `/sync`."""

    def __init__(self, answer: Mapping[str, Any]) -> None:
        self._joined = table(table(answer.get("rooms")).get("join"))

    def has(self, room: str, user: str) -> bool:
        """Whether this person has just come into the room, or was invited."""
        part = table(self._joined.get(room))
        return any(
            event.get("type") == "m.room.member"
            and event.get("state_key") == user
            and table(event.get("content")).get("membership") in ("join", "invite")
            for event in (*events(part, "state"), *events(part, "timeline"))
        )


class _Held(msgspec.Struct, frozen=True):
    at: float
    room: str
    by: str
    curve: str
    payload: Mapping[str, Any]


class Arrivals:
    """Sorts what comes. `knows(user)`: shares a room with the bot or may invite it; others are not read.

    `is_here(room)`: the bot is in this room, so it is settled whether its keys may be kept.
    """

    def __init__(
        self, machine: Machine, knows: Callable[[str], bool], is_here: Callable[[str], bool]
    ) -> None:
        self._machine, self._knows, self._is_here = machine, knows, is_here
        self._held: deque[_Held] = deque()
        self._withheld: dict[tuple[str, str], None] = {}

    def take(self, event: Mapping[str, Any]) -> Step | str | None:
        """Take one event in: a step to answer, the room whose key was kept, or None."""
        sender, kind, content = event.get("sender"), event.get("type"), event.get("content")
        if not isinstance(sender, str) or not isinstance(kind, str) or not isinstance(content, dict):
            return None
        if not self._knows(sender):
            return None
        if kind == "m.room.encrypted":
            payload = self._machine.open_to_device(sender, content)
            if payload is None:
                return None
            if payload["type"] == "m.room_key":
                return self._key(sender, str(content["sender_key"]), payload)
            kind, content = payload["type"], payload["content"]
        if kind.startswith(PREFIX):
            return Step(sender, kind.removeprefix(PREFIX), content)
        if kind == "m.room_key.withheld":
            self._note_withheld(content)
        return None  # forwarded keys among it: the bot asks for none

    def settle(self, room: str) -> bool:
        """The bot is in this room now: what was held for it is kept, if it may be, or gone."""
        mine = [held for held in self._held if held.room == room]
        self._held = deque(held for held in self._held if held.room != room)
        kept = [self._machine.take_room_key(h.by, h.curve, h.payload) for h in mine]
        return any(kept)

    def was_withheld(self, room: str, session_id: object) -> bool:
        """Whether somebody's app has said that it does not give the bot this key."""
        return isinstance(session_id, str) and (room, session_id) in self._withheld

    def _key(self, sender: str, curve: str, payload: Mapping[str, Any]) -> str | None:
        room = table(payload.get("content")).get("room_id")
        if not isinstance(room, str):
            return None
        if self._is_here(room):
            return self._machine.take_room_key(sender, curve, payload)
        self.expire()
        if len(repr(payload)) > LONGEST_HELD or sum(h.by == sender for h in self._held) >= MOST_OF_ONE:
            return None
        if len(self._held) >= MOST_HELD:
            self._held.popleft()
        self._held.append(_Held(time.monotonic(), room, sender, curve, payload))
        return None

    def expire(self) -> None:
        """Let go of keys to rooms that the bot did not come into."""
        oldest = time.monotonic() - HELD_FOR
        while self._held and self._held[0].at < oldest:
            self._held.popleft()

    def _note_withheld(self, content: Mapping[str, Any]) -> None:
        room, session_id = content.get("room_id"), content.get("session_id")
        if isinstance(room, str) and isinstance(session_id, str) and len(room + session_id) < LONGEST_HELD:
            self._withheld[room, session_id] = None
            while len(self._withheld) > MOST_WITHHELD:
                del self._withheld[next(iter(self._withheld))]
