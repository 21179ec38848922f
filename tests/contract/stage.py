"""A stage: one adapter with a room on it, so that one suite can play the same scenes on each.

An adapter's author writes a `Stage` and adds it to `STAGES` in `test_platform_contract.py`.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol, TypeVar

from adapters.memory import MemoryPlatform
from adapters.memory.platform import KEEPER, who
from bot.boundary.commands import Command
from bot.boundary.events import CannotRead, Event, Inbound, WordsGiven
from bot.boundary.ids import MemberId, MessageId, RoomId
from bot.boundary.ports import Platform

T = TypeVar("T")
PATIENCE = 15.0
"""Seconds until a scene that does not come is a failure."""


class Recorder:
    """A sink that only remembers: what an adapter handed in, in order."""

    def __init__(self) -> None:
        self.events: list[Inbound] = []

    def submit(self, event: Inbound) -> Awaitable[None] | None:
        """See `Sink.submit`."""
        self.events.append(event)
        return None

    def commands(self) -> Sequence[Command]:
        """See `Sink.commands`."""
        return (Command(name="consent"), Command(name="help"))

    def complete(self, option: str, given: Mapping[str, str]) -> Sequence[str]:
        """See `Sink.complete`."""
        return ()

    def of(self, kind: type[T]) -> list[T]:
        """The events of one kind."""
        return [e for e in self.events if isinstance(e, kind)]

    def about(self, room: RoomId) -> list[Event]:
        """The events of one room."""
        return [e for e in self.events if isinstance(e, Event) and e.room == room]


async def until(found: Callable[[], T | None], what: str = "the scene") -> T:
    """Wait until `found` gives something, and give it back."""
    for _ in range(int(PATIENCE / 0.02)):
        if (result := found()) is not None and result is not False:
            return result
        await asyncio.sleep(0.02)
    raise AssertionError(f"{what} did not come")


class Stage(Protocol):
    """A platform with one room that the bot can be added to, and people who act there."""

    platform: Platform
    sink: Recorder
    room: RoomId
    me: MemberId

    def someone(self, name: str) -> MemberId:
        """The id of ann, bob (inside from the beginning, Ann manages the room) or zoe (outside)."""

    async def adopt(self) -> None:
        """Ann adds the bot to the room, with every power."""

    async def comes(self, name: str) -> None:
        """Somebody comes in, invited by Ann where that is needed."""

    async def goes(self, name: str) -> None:
        """Somebody leaves."""

    async def says(self, name: str, words: str) -> MessageId | None:
        """Somebody says something in the room. None: the room's settings forbid it."""

    async def writes(self, name: str, words: str) -> None:
        """Somebody writes to the bot in private."""

    async def calls(self, name: str, on: bool) -> None:
        """Somebody joins the room's call, or leaves it."""

    async def read_in_room(self, name: str) -> list[str]:
        """What somebody can read in the room now, the bot's words included."""

    async def read_in_private(self, name: str) -> list[str]:
        """What the bot said to somebody in private."""

    async def reconnect(self) -> None:
        """The bot's process ends and starts again on the same cabinet."""


class MemoryStage:
    """The reference platform."""

    def __init__(self) -> None:
        self.platform: MemoryPlatform = MemoryPlatform()
        self.sink = Recorder()
        self.me = KEEPER
        self.room = self.platform.room("evening", "bob", administrators=("ann",))
        self.platform.rooms[self.room].keeper_inside = False
        self._task = asyncio.ensure_future(self.platform.run(self.sink))

    def someone(self, name: str) -> MemberId:
        return who(name)

    async def adopt(self) -> None:
        await self.platform.adopt(self.room, "ann")

    async def comes(self, name: str) -> None:
        await self.platform.join(self.room, name, let_in_by="ann")

    async def goes(self, name: str) -> None:
        await self.platform.leave(self.room, name)

    async def calls(self, name: str, on: bool) -> None:
        await (self.platform.call if on else self.platform.hang_up)(self.room, name)

    async def says(self, name: str, words: str) -> MessageId | None:
        return await self.platform.post(self.room, name, words)

    async def writes(self, name: str, words: str) -> None:
        await self.platform.write(name, words)

    async def read_in_room(self, name: str) -> list[str]:
        return self.platform.seen_in(self.room)

    async def read_in_private(self, name: str) -> list[str]:
        return self.platform.said_to(name)

    async def reconnect(self) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._task = asyncio.ensure_future(self.platform.run(self.sink))

    async def close(self) -> None:
        """End the scene."""
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task


def words_of(inbound: Sequence[Inbound]) -> list[WordsGiven]:
    """The words that reached the engine's door."""
    return [e for e in inbound if isinstance(e, WordsGiven)]


__all__ = ["CannotRead", "MemoryStage", "Recorder", "Stage", "until", "words_of"]
