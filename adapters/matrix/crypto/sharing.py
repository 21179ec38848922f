"""What the bot writes into encrypted rooms: a session for each room, shared with who may read it.

These sessions live in memory alone. After a start the bot begins new ones, so that no key to what it
wrote before lies on any disk.
"""

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from nio.crypto import OlmDevice

from adapters.matrix.crypto.machine import MEGOLM, Machine
from adapters.matrix.crypto.peers import Peers
from adapters.matrix.levels import whole
from adapters.matrix.rooms import Room
from bot.boundary.errors import Unsupported

LEAST_AGE, MOST_AGE = 3_600_000, 7 * 86_400_000
"""Milliseconds that a session may be used: what a room asks for, within these (an hour, 7 days)."""
MOST_MESSAGES = 100


class Sharing:
    """Encrypts for rooms. One message after another in each, any number of rooms at once."""

    def __init__(self, machine: Machine, peers: Peers) -> None:
        self._machine, self._peers = machine, peers
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def encrypt(
        self, room: Room, kind: str, content: Mapping[str, Any], to: str | None = None
    ) -> dict[str, Any]:
        """The content of the `m.room.encrypted` to send. Raises `Undeliverable`, `StorageTrouble`.

        `to`: in a direct chat, whose it is. A room that was just made may not show its guest yet.
        """
        rules = room.content("m.room.encryption") or {}
        if rules.get("algorithm") != MEGOLM:
            raise Unsupported
        async with self._locks[room.id]:
            # Whoever is invited may read what was said since, unless the room's history says otherwise.
            may_read = ("join",) if room.history == "joined" else ("join", "invite")
            there = room.with_membership(*may_read) | ({to} if to else set())
            users = sorted(there - {self._machine.user_id})
            await self._peers.refresh(users)
            readers = [device for user in users for device in self._peers.trusted(user)]
            self._rotate(room.id, rules, readers)
            await self._share(room.id, readers)
            return self._machine.seal_in_room(room.id, kind, content)

    def _rotate(self, room: str, rules: Mapping[str, Any], readers: list[OlmDevice]) -> None:
        """A new session where there is none, its time is over, or somebody may not read any more."""
        session = self._machine.outbound_group_sessions.get(room)
        may_read = {(d.user_id, d.device_id) for d in readers}
        if session is not None and not session.expired and session.users_shared_with <= may_read:
            return
        self._machine.create_outbound_group_session(room)
        session = self._machine.outbound_group_sessions[room]
        age = whole(rules.get("rotation_period_ms"), MOST_AGE)
        session.max_age = timedelta(milliseconds=min(max(age, LEAST_AGE), MOST_AGE))
        messages = whole(rules.get("rotation_period_msgs"), MOST_MESSAGES)
        session.max_messages = min(max(messages, 1), MOST_MESSAGES)

    async def _share(self, room: str, readers: list[OlmDevice]) -> None:
        """Give the session to whoever does not have it yet, from this message on."""
        session = self._machine.outbound_group_sessions[room]
        new = [d for d in readers if (d.user_id, d.device_id) not in session.users_shared_with]
        if new:
            await self._peers.connect(new)
            content = {
                "algorithm": MEGOLM,
                "room_id": room,
                "session_id": session.id,
                "session_key": session.session_key,
            }
            session.users_shared_with |= await self._peers.send(new, "m.room_key", content)
        session.mark_as_shared()
