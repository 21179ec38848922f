"""Answers of `/sync`, taken by the bot's real path and by stock matrix-nio, without any network.

The bot: bytes, parsing, the sync loop's own way through the rooms, the engine with every feature.
matrix-nio: bytes, JSON, its response with the validation of every event, `receive_response`, and the
one callback of a trivial bot.
"""

import json
from pathlib import Path

from nio import AsyncClient, MatrixRoom, RoomMessageText
from nio.responses import SyncResponse

from adapters.matrix.lowwater import HandingIn
from adapters.matrix.parsing import parse
from adapters.matrix.platform import Matrix
from bench.ciphers import Clients
from bench.group import agreed, keep
from bench.here import engine_over, matrix
from bot.boundary.ports import Store
from bot.engine import Engine


class Bot:
    """The bot, which has looked at its rooms already."""

    def __init__(self, engine: Engine, platform: Matrix) -> None:
        self.engine, self._platform = engine, platform
        self._hand = HandingIn(self.engine)
        _, self._loop = platform._loop(self._hand)

    @classmethod
    async def over(cls, url: str, folder: Path, store: Store) -> "Bot":
        """Put together as the program does it."""
        platform = matrix(url, folder, store)
        return cls(await engine_over(store, platform), platform)

    async def look(self, first: bytes, rooms: int) -> None:
        """Take a first answer, and have every room in the cache."""
        await self._platform._connect()
        for wait in await self._loop._take(parse(first), "s1", True):
            await wait
        assert sum(1 for _ in self._platform._world.all_guarded()) == rooms
        assert not self.engine.deliver.waiting, "nothing is new at this first look"

    async def take(self, answer: bytes) -> None:
        """Take one answer; everything that follows from it is durable."""
        for wait in await self._loop._take(parse(answer), "s2", False):
            await wait

    async def hear(self, rooms: list[str], clients: Clients) -> None:
        """Hear commands in these rooms, with the keys that these clients have shared."""
        for room in rooms:
            await self._platform._encryption.hear(room, True)
        clients.tell_bot(self._platform._encryption._machine)

    async def close(self) -> None:
        """Let go of everything."""
        await self._hand.close()
        await self.engine.stop()


class Stock:
    """A trivial bot's client, which has looked at its rooms already."""

    def __init__(self, client: AsyncClient) -> None:
        self._client = client
        self.heard = 0
        client.add_event_callback(self._hear, RoomMessageText)

    async def take(self, answer: bytes) -> None:
        """Take one answer."""
        response = SyncResponse.from_dict(json.loads(answer))
        assert isinstance(response, SyncResponse)
        await self._client.receive_response(response)

    async def _hear(self, room: MatrixRoom, event: RoomMessageText) -> None:
        self.heard += "bad word" not in event.body


async def groups(store: Store, rooms: list[str], members: int, *, encrypted: bool = False) -> None:
    """These rooms are groups under `mute` in which everybody has agreed."""
    await keep(store, await agreed(members), rooms, encrypted=encrypted)
