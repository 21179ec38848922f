"""The playground as a stage of the adapters' contract."""

import asyncio
import contextlib

from adapters.memory import MemoryStore
from adapters.playground.asked import Asked, Refused
from adapters.playground.clock import MovableClock
from adapters.playground.feed import Feed
from adapters.playground.names import ME
from adapters.playground.platform import Playground
from adapters.playground.state import KEEPER, PLATFORM
from adapters.playground.visitor import Visitor
from adapters.playground.world import World
from bot.boundary.ids import MemberId, MessageId, RoomId
from tests.contract.stage import Recorder, until

PEOPLE = (("Ann", True), ("Bob", False))


class PlaygroundStage:
    """Rooms without a page, over the reference storage as cabinet."""

    def __init__(self) -> None:
        self.cabinet = MemoryStore()
        self.clock = MovableClock()
        self.sink = Recorder()
        self.me = ME
        self.platform = self.made()
        self._task: asyncio.Task[None] | None = None

    def made(self) -> Playground:
        """The platform as a start of the program makes it."""
        async def no_page(_: Playground) -> None:
            await asyncio.Event().wait()

        async def world() -> World:
            return await World.open(self.cabinet, Feed(), self.clock, PEOPLE)

        return Playground(self.clock, world, no_page)

    async def start(self) -> "PlaygroundStage":
        """Ann and Bob are in the room, and the bot is not yet."""
        await self.platform.open()
        self.platform.world.room.keeper_inside = False
        await self.run()
        return self

    async def run(self) -> None:
        """Run it until it is ready."""
        self._task = asyncio.create_task(self.platform.run(self.sink))
        await until(lambda: self.platform.health().ready, "readiness")

    @property
    def room(self) -> RoomId:
        return self.platform.room_id

    @property
    def visitor(self) -> Visitor:
        return Visitor(self.platform)

    def someone(self, name: str) -> MemberId:
        return MemberId(PLATFORM, name)

    async def adopt(self) -> None:
        await self.visitor.do(Asked(do="invite", who="ann"))

    async def comes(self, name: str) -> None:
        if name in self.platform.world.state.people:
            await self.visitor.do(Asked(do="come", who=name))
        else:
            await self.visitor.do(Asked(do="add", text=name.title()))

    async def goes(self, name: str) -> None:
        await self.visitor.do(Asked(do="leave", who=name))

    async def calls(self, name: str, on: bool) -> None:
        await self.visitor.do(Asked(do="call", who=name, on=on))

    async def says(self, name: str, words: str) -> MessageId | None:
        try:
            await self.visitor.do(Asked(do="say", who=name, text=words))
        except Refused:
            return None
        return MessageId(PLATFORM, list(self.platform.world.items)[-1])

    async def writes(self, name: str, words: str) -> None:
        await self.visitor.do(Asked(do="say", who=name, to="keeper", text=words))

    async def read_in_room(self, name: str) -> list[str]:
        return [i.text for i in self.platform.world.items.values() if not i.to and not i.gone]

    async def read_in_private(self, name: str) -> list[str]:
        items = self.platform.world.items.values()
        return [i.text for i in items if i.to == name and i.by == KEEPER]

    async def reconnect(self) -> None:
        await self.close()
        self.platform = self.made()
        await self.run()

    async def close(self) -> None:
        """End the scene, with everything written down."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        await self.platform.close()
