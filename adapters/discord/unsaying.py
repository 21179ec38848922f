"""Takes down what the bot wrote to somebody in the direct chat: a report's words, once it is sent.

In a direct chat a bot may delete its own messages alone (Discord's documentation, "Delete Message").
"""

from collections.abc import AsyncIterator
from datetime import datetime

from adapters.discord.errors import TROUBLE, undeliverable
from adapters.discord.groups import number
from adapters.discord.messages import Raw
from adapters.discord.world import World
from bot.boundary.effects import Unsay
from bot.boundary.errors import Undeliverable
from bot.boundary.ids import MessageId

EPOCH = 1_420_070_400_000
"""Milliseconds from 1970 to Discord's own beginning of time (documentation, "Snowflakes")."""
A_PAGE = 100
MOST_PAGES = 10


class Unsayer:
    """Doing it again does no harm. Raises `Undeliverable`."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def unsay(self, chat: int, action: Unsay) -> None:
        """From one end to the other. The person's own words stay: said after all the rest is done."""
        mine = theirs = 0
        async for message in self._between(chat, action):
            if number(str(message["author"]["id"])) == self._world.me:
                await self._delete(chat, str(message["id"]))
                mine += 1
            else:
                theirs += 1
        if theirs:
            raise Undeliverable("forbidden" if mine else "unsupported")

    async def _between(self, chat: int, action: Unsay) -> AsyncIterator[Raw]:
        """What the two wrote to each other between the two ends, the oldest first."""
        at, last = _end(action.first, action.since) - 1, _end(action.last, action.until)
        for _ in range(MOST_PAGES):
            path = f"/channels/{chat}/messages"
            try:
                found = await self._world.client.ask("GET", path, params={"after": at, "limit": A_PAGE})
            except TROUBLE as error:
                raise undeliverable(error) from None
            page = sorted(found or (), key=lambda m: int(m["id"]))
            for message in page:
                at = int(message["id"])
                if at > last:
                    return
                yield message
            if len(page) < A_PAGE:
                return

    async def _delete(self, chat: int, message: str) -> None:
        try:
            await self._world.client.ask("DELETE", f"/channels/{chat}/messages/{message}")
        except TROUBLE as error:
            trouble = undeliverable(error)
            if trouble.reason != "gone":
                raise trouble from None


def _end(message: MessageId | None, at: datetime) -> int:
    """The message's own number; without one, the number that a message of that moment would have."""
    own = number(message.native.rpartition("/")[2]) if message is not None else 0
    return own or max(int(at.timestamp() * 1000) - EPOCH, 0) << 22
