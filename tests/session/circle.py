"""A group that is set up in a whole house, for stories about its meetings."""

from collections.abc import Sequence
from datetime import datetime

from adapters.memory import MemoryPlatform
from bot.boundary.ids import RoomId
from tests.laws.stories import AGREEING, FAY
from tests.support.house import House

EVERYBODY = (FAY, "ann", "bob", "cal", "dee")


class Circle:
    """The house, its one room, and short words for what people do and hear there."""

    def __init__(self, house: House, room: RoomId) -> None:
        self.house, self.room = house, room
        self._before = len(house.platform.seen_in(room))

    @property
    def platform(self) -> MemoryPlatform:
        """Where it happens."""
        return self.house.platform

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.house.clock.now()

    async def says(self, name: str, words: str) -> list[str]:
        """Somebody writes to the bot in private; what they are told."""
        before = len(self.platform.said_to(name))
        await self.platform.write(name, words)
        await self.house.settle()
        return self.platform.said_to(name)[before:]

    async def comes(self, name: str) -> None:
        """Somebody comes into the room."""
        await self.platform.join(self.room, name)
        await self.house.settle()

    def in_room(self) -> list[str]:
        """All that was said in the room since the group was set up."""
        return self.platform.seen_in(self.room)[self._before :]

    async def settle(self) -> None:
        """Let what follows happen."""
        await self.house.settle()


async def gathered(
    house: House, members: Sequence[str] = EVERYBODY[1:], agreed: Sequence[str] = EVERYBODY, **settings: str
) -> Circle:
    """A group with Fay as its facilitator, where `agreed` have agreed."""
    platform = house.platform
    room = platform.room("evening", *members, administrators=(FAY,))
    await platform.adopt(room, FAY)
    await house.settle()
    pairs = " ".join(f"{k} {v}" for k, v in ({"gate": "notice", "quiet_hours": "none"} | settings).items())
    await platform.write(FAY, f"!setup {pairs} confirm")
    await house.settle()
    for name in agreed:
        for words in AGREEING:
            await platform.write(name, words)
            await house.settle()
    return Circle(house, room)
