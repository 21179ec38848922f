"""Ways into rooms: invitations, direct chats that people open, and upgraded rooms.

What was decided is kept before anything is joined, so that after a crash it is still known who
asked for it and as what.
"""

import asyncio
from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from adapters.matrix.backoff import Backoff
from adapters.matrix.direct import Directs
from adapters.matrix.errors import Refusal
from adapters.matrix.http import Server, path
from adapters.matrix.rooms import Room
from adapters.matrix.section import MatrixSection, may_invite
from adapters.matrix.world import World
from bot.boundary.errors import StorageTrouble
from bot.boundary.ports import Cabinet

Why = Literal["group", "direct", "move"]
PENDING = "matrix-joins"
MOVED = "matrix-moved"
AT_ONCE = 4
"""Rooms that are joined or refused at the same time: invitations may come in masses."""
LONGEST_PAUSE = 300.0


class Joining(msgspec.Struct, frozen=True, kw_only=True):
    """A room that the bot is to be in, and why."""

    why: Why
    by: str
    old: str = ""
    """The room that an upgrade ended."""


class Joins:
    """Decides on invitations, and joins. Nothing is joined that was not asked for rightly."""

    def __init__(
        self, section: MatrixSection, server: Server, world: World, directs: Directs, cabinet: Cabinet
    ) -> None:
        self._section, self._server, self._world = section, server, world
        self._directs, self._cabinet = directs, cabinet
        self._pending: dict[str, Joining] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._joining: set[str] = set()
        self._few = asyncio.Semaphore(AT_ONCE)
        self._keeping = asyncio.Lock()

    async def load(self) -> None:
        """Read what was decided before the last end."""
        pending = await self._cabinet.get(PENDING)
        if pending is not None:
            self._pending = msgspec.json.decode(pending, type=dict[str, Joining])
        moved = await self._cabinet.get(MOVED)
        if moved is not None:
            self._world.moved |= msgspec.json.decode(moved, type=set[str])

    def resume(self) -> None:
        """Go on joining what is not joined yet."""
        for native in self._pending:
            if native not in self._world.rooms:
                self._start(native)

    async def invited(self, native: str, state: list[Any]) -> None:
        """Judge an invitation, and keep the decision or refuse. Returns when that is durable."""
        inviter, direct = self._inviter(state)
        # A room that somebody else made is no direct chat, whatever the invitation says: a group that
        # had lost the bot could otherwise never be guarded again.
        direct = direct and _maker(state) == inviter
        expected = self._pending.get(native)
        if inviter and expected is not None and expected.why == "move":
            self._start(native)
        elif inviter and direct and (self._world.shares_room(inviter) or may_invite(self._section, inviter)):
            await self._keep(native, Joining(why="direct", by=inviter))
            self._start(native)
        elif inviter and not direct and may_invite(self._section, inviter):
            await self._keep(native, Joining(why="group", by=inviter))
            self._start(native)
        else:
            await self._refuse(native)

    async def upgraded(self, old: Room) -> None:
        """Follow a tombstone: be in the room that replaces this one."""
        new = old.replacement
        if not new or new == old.id or new in self._world.rooms:
            return
        if new not in self._pending:
            await self._keep(new, Joining(why="move", by=old.ended_by, old=old.id))
        self._start(new)

    def arrived(self, native: str) -> Joining | None:
        """Why the bot is in this room, where that is not settled yet."""
        return self._pending.get(native)

    async def settled(self, native: str) -> None:
        """The room's arrival was handed in, and kept."""
        async with self._keeping:
            if self._pending.pop(native, None) is not None:
                await self._cabinet.put(PENDING, msgspec.json.encode(self._pending))

    async def moved(self, old: str) -> None:
        """An upgraded room is not guarded any more: its follower is."""
        self._world.moved.add(old)
        await self._cabinet.put(MOVED, msgspec.json.encode(self._world.moved))

    async def leave(self, native: str) -> None:
        """Leave a room; not being there is fine. Raises `Refusal` for outages."""
        try:
            await self._server.ask("POST", path("rooms", native, "leave"), {}, patient=True)
        except Refusal as no:
            if no.reason not in ("gone", "forbidden", "refused"):
                raise

    async def close(self) -> None:
        """Stop joining."""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _inviter(self, state: list[Any]) -> tuple[str, bool]:
        """Who invited the bot, and whether to a direct chat; "" where the invitation is malformed."""
        for event in state:
            if not isinstance(event, dict) or event.get("type") != "m.room.member":
                continue
            content, sender = event.get("content"), event.get("sender")
            if event.get("state_key") != self._world.me or not isinstance(content, dict):
                continue
            if content.get("membership") == "invite" and isinstance(sender, str):
                return sender, content.get("is_direct") is True
        return "", False

    async def _keep(self, native: str, joining: Joining) -> None:
        async with self._keeping:
            self._pending[native] = joining
            await self._cabinet.put(PENDING, msgspec.json.encode(self._pending))

    async def _refuse(self, native: str) -> None:
        async with self._few:
            pause = Backoff(1.0, LONGEST_PAUSE)
            while True:
                try:
                    await self.leave(native)
                    return
                except Refusal as no:
                    await pause.wait(no.retry_after or 0.0)

    def _start(self, native: str) -> None:
        if native not in self._joining:
            self._joining.add(native)
            task = asyncio.create_task(self._join(native))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _join(self, native: str) -> None:
        pause = Backoff(1.0, LONGEST_PAUSE)
        try:
            while (wanted := self._pending.get(native)) is not None:
                try:
                    async with self._few:
                        if wanted.why == "direct":
                            await self._directs.adopt(wanted.by, native)
                        await self._server.ask("POST", path("join", native), {}, query=self._via(wanted))
                    if wanted.why == "direct":
                        await self.settled(native)
                    return
                except StorageTrouble:
                    await pause.wait()
                except Refusal as no:
                    if no.retry_after is None:
                        if wanted.why != "move":
                            await self.settled(native)
                        return  # an upgraded room that is closed is joined when somebody invites
                    await pause.wait(no.retry_after)
        finally:
            self._joining.discard(native)

    def _via(self, wanted: Joining) -> Mapping[str, str] | None:
        """Ids of rooms of version 12 name no server: the one who asked knows one that is in it."""
        server = wanted.by.partition(":")[2]
        return {"via": server, "server_name": server} if server else None


def _maker(state: list[Any]) -> str:
    """Who made the room, "" where the invitation does not tell."""
    for event in state:
        if isinstance(event, dict) and event.get("type") == "m.room.create":
            sender = event.get("sender")
            return sender if isinstance(sender, str) else ""
    return ""
