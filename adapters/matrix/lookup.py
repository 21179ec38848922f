"""What an answer of `/sync` leaves out, asked for beside: gaps, present state, members."""

import asyncio
from collections.abc import Mapping
from typing import Any

from adapters.matrix.direct import Directs
from adapters.matrix.errors import Refusal
from adapters.matrix.http import Server, path
from adapters.matrix.levels import LEVELS
from adapters.matrix.parsing import events, objects, table
from adapters.matrix.rooms import Members, Room, is_state, members_in
from adapters.matrix.world import World

PAGE = 100
"""Events a page: the homeserver's own cap."""
MOST_PAGES = 500
"""Pages that a gap is filled with: 50,000 events of one room. What is older is only looked at."""

MOST_STATE_KEYS = 8
"""State events that are asked for one by one. More than that are members, who come in one list."""

Events = list[dict[str, Any]]
Joined = Mapping[str, dict[str, Any]]
"""Room id -> that room's part of an answer."""


class Lookup:
    """Asks the homeserver for the rest. Each raises `Refusal` where trying again can help."""

    def __init__(self, server: Server, world: World, directs: Directs) -> None:
        self._server, self._world, self._directs = server, world, directs
        self._parallel = asyncio.Semaphore(4)

    async def gaps(self, joined: Joined, position: str | None, first: bool) -> dict[str, Events]:
        """What happened between the last position and these timelines, in order, of each room."""
        if position is None:
            return {}
        with_gap = [
            native
            for native, part in joined.items()
            if table(part.get("timeline")).get("limited") is True and (first or native in self._world.rooms)
        ]
        found = await asyncio.gather(*(self._gap(n, joined[n], position) for n in with_gap))
        return dict(zip(with_gap, found, strict=True))

    async def _gap(self, native: str, part: Mapping[str, Any], since: str) -> Events:
        start = table(part.get("timeline")).get("prev_batch")
        events: Events = []
        async with self._parallel:
            for _ in range(MOST_PAGES):
                if not isinstance(start, str):
                    break
                query = {"dir": "b", "from": start, "to": since, "limit": str(PAGE)}
                try:
                    page = await self._server.ask(
                        "GET", path("rooms", native, "messages"), query=query, patient=True
                    )
                except Refusal as no:
                    if no.retry_after is not None:
                        raise
                    break  # not allowed any more: the look at the room must do
                chunk = objects(page.get("chunk"))
                events.extend(chunk)
                start = page.get("end") if chunk or page.get("end") != start else None
        events.reverse()
        return events

    async def present(self, joined: Joined) -> dict[str, Events]:
        """The present state of what an answer names beside the timeline, in rooms that are known.

        That state is from before the timeline, and where events crossed on their way it is older than
        what the last answer said (the fault that MSC4222 mends): believed, it takes back a power that
        the bot has just been given. So it is asked for, and the levels whenever they change: of two
        changes that crossed, the homeserver may have chosen the one that came first.
        """

        async def fetch(native: str, keys: set[tuple[str, str]]) -> Events:
            async with self._parallel:
                if len(keys) <= MOST_STATE_KEYS:
                    return [e for kind, key in sorted(keys) for e in await self._state(native, kind, key)]
                members = await self._state(native, "", "")
                rest = sorted(k for k in keys if k[0] != "m.room.member")
                return members + [e for kind, key in rest for e in await self._state(native, kind, key)]

        beside = {
            native: {(e["type"], e["state_key"]) for e in events(part, "state") if is_state(e)}
            | {(LEVELS, "") for e in events(part, "timeline") if e.get("type") == LEVELS}
            for native, part in joined.items()
            if native in self._world.rooms and not self._world.rooms[native].expected
        }
        named = {native: keys for native, keys in beside.items() if keys}
        found = await asyncio.gather(*(fetch(native, keys) for native, keys in named.items()))
        return dict(zip(named, found, strict=True))

    async def _state(self, native: str, kind: str, key: str) -> Events:
        """A state event as it is now, or (kind "") all of the members. Empty where it is refused."""
        try:
            if kind:
                where, query = path("rooms", native, "state", kind, key), {"format": "event"}
                return [await self._server.ask("GET", where, query=query, patient=True)]
            found = await self._server.ask("GET", path("rooms", native, "members"), patient=True)
        except Refusal as no:
            if no.retry_after is not None:
                raise
            return []
        return objects(found.get("chunk"))

    async def members(self, joined: Joined, answer: Mapping[str, Any], first: bool) -> dict[str, Members]:
        """The complete list of members of every room, where lazy loading left some out.

        At a first look, and with it whether the rooms are in the directory: a few rooms at a time.
        """
        if not first:
            return {}

        async def fetch(native: str) -> Members | None:
            async with self._parallel:
                found = await self._members(native, str(answer["next_batch"]))
                await self.directory(self._world.rooms[native])
            return found

        guarded = []
        for native, part in joined.items():
            room = self._world.rooms.setdefault(native, Room(native))
            room.apply_all(events(part, "state"))
            # A room that was just made comes whole in its timeline: what it is must be known first.
            room.apply_all(e for e in events(part, "timeline") if e.get("type") == "m.room.create")
            if not self._directs.is_direct(native) and native not in self._world.moved:
                guarded.append(native)
        found = await asyncio.gather(*(fetch(n) for n in guarded))
        return {n: list_ for n, list_ in zip(guarded, found, strict=True) if list_ is not None}

    async def _members(self, native: str, at: str) -> Members | None:
        query = {"not_membership": "leave", "at": at}
        where = path("rooms", native, "members")
        try:
            found = await self._server.ask("GET", where, query=query, seconds=60.0, patient=True)
        except Refusal as no:
            if no.retry_after is not None:
                raise
            return None
        # The events themselves of a thousand rooms would be hundreds of megabytes.
        return members_in(objects(found.get("chunk")))

    async def directory(self, room: Room) -> None:
        """Whether the homeserver's public directory lists the room. Not told: it is taken for no."""
        try:
            found = await self._server.ask("GET", path("directory", "list", "room", room.id))
        except Refusal:
            return
        room.listed = found.get("visibility") == "public"
        room.changed += 1
