"""The one writer of power levels: collects what waits, writes it at once, and reads it back.

The homeserver has no compare-and-swap for state: two writers, or a person with a client at the same
moment, would lose a grant. So every write starts from what stands there now, and counts only when
it is still there afterwards.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from adapters.matrix.backoff import jitter
from adapters.matrix.errors import Refusal
from adapters.matrix.http import Server, path
from adapters.matrix.levels import LEVELS
from adapters.matrix.world import World

Levels = dict[str, Any]
Edit = Callable[[Levels], Levels]
"""Gives back the levels as they should be. The same again changes nothing more."""
COLLECT = 0.05
"""Seconds in which grants for one room are collected into one write."""
TRIES = 6
"""Writes before giving up for now; the engine tries again."""


class LevelsWriter:
    """Changes power levels, one write at a time in each room."""

    def __init__(self, server: Server, world: World) -> None:
        self._server, self._world = server, world
        self._waiting: dict[str, list[tuple[Edit, asyncio.Future[None]]]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def change(self, room: str, edit: Edit) -> None:
        """Done when the homeserver shows the levels with the edit in them. Raises `Undeliverable`."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(room, []).append((edit, done))
        if room not in self._tasks:
            self._tasks[room] = asyncio.create_task(self._write(room))
        await done

    async def read(self, room: str) -> Levels:
        """The raw levels as they are now; where there were none, what the room's version implies."""
        found = await self._server.state(room, LEVELS)
        if found is not None:
            return found
        known = self._world.rooms.get(room)
        return {"users": {known.creator: 100}} if known and not known.power.above_all else {}

    async def close(self) -> None:
        """Stop writing."""
        for task in tuple(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _write(self, room: str) -> None:
        try:
            await asyncio.sleep(COLLECT)
            while taken := self._waiting.pop(room, []):
                trouble: Exception | None = None
                try:
                    await self._apply(room, [edit for edit, _ in taken])
                except Exception as failed:  # noqa: BLE001 - every waiting step must hear of it, whatever it was
                    trouble = failed
                for _, done in taken:
                    if done.done():
                        continue
                    if trouble is None:
                        done.set_result(None)
                    else:
                        done.set_exception(trouble)
        finally:
            del self._tasks[room]
            for _, done in self._waiting.pop(room, []):
                done.cancel()

    async def _apply(self, room: str, edits: list[Edit]) -> None:
        for attempt in range(TRIES):
            now = await self.read(room)
            wanted = now
            for edit in edits:
                wanted = edit(wanted)
            wanted = self._without_creators(room, wanted)
            if wanted == now:
                return
            if attempt:
                await asyncio.sleep(jitter(0, 0.1 * attempt))
            await self._server.ask("PUT", path("rooms", room, "state", LEVELS, ""), wanted)
        raise Refusal("unreachable", 2.0)

    def _without_creators(self, room: str, wanted: Levels) -> Levels:
        """Room version 12 refuses levels that name a creator."""
        known = self._world.rooms.get(room)
        above = known.power.above_all if known else frozenset[str]()
        users = wanted.get("users")
        if not above or not isinstance(users, dict) or not above & users.keys():
            return wanted
        return {**wanted, "users": {u: v for u, v in users.items() if u not in above}}
