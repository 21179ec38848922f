"""The world in the sealed storage: the next start finds the room as it was."""

import asyncio
from collections.abc import Iterable

import msgspec

from adapters.playground.state import Item, State
from bot.boundary.ports import Cabinet

A_CHUNK = 100
"""Messages that are kept together: small enough to write again with each of them."""
CHUNKS = 20
"""How many chunks are kept: a playground is for trying, not for looking years back."""

_WORLD = "playground/world"


def _talk(chunk: int) -> str:
    return f"playground/talk/{chunk}"


class Keep:
    """Writes down what changed. Changes that wait at the same time are written together."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._lock = asyncio.Lock()
        self._changes = 0
        self._kept = 0
        self._chunks: set[int] = set()

    async def load(self) -> tuple[State, list[Item]] | None:
        """The world as it was left, None where there is none."""
        body = await self._cabinet.get(_WORLD)
        if body is None:
            return None
        state = msgspec.msgpack.decode(body, type=State)
        items: list[Item] = []
        for chunk in range(state.first // A_CHUNK, state.next // A_CHUNK + 1):
            if part := await self._cabinet.get(_talk(chunk)):
                items += msgspec.msgpack.decode(part, type=list[Item])
        # The talk is written before the world: after a crash what was said last may be newer than
        # the count, and than the lists of what was done already.
        for item in items:
            if item.n >= state.next:
                state.next = item.n + 1
                state.steps.append(item.cause)
                state.given.append(item.cause)
        return state, items

    def changed(self, *numbers: int) -> None:
        """Something changed: the state, and the messages with these numbers."""
        self._changes += 1
        self._chunks.update(n // A_CHUNK for n in numbers)

    async def saved(self, state: State, items: Iterable[Item]) -> None:
        """Return when everything that has changed so far is kept. Raises `StorageTrouble`."""
        want = self._changes
        async with self._lock:
            if self._kept >= want:
                return
            now, chunks = self._changes, self._chunks
            self._chunks = set()
            try:
                await self._write(state, items, chunks)
            except BaseException:
                self._chunks |= chunks
                raise
            self._kept = now

    async def _write(self, state: State, items: Iterable[Item], chunks: set[int]) -> None:
        parts: dict[int, list[Item]] = {c: [] for c in sorted(chunks)}
        for item in items:
            if (chunk := item.n // A_CHUNK) in parts:
                parts[chunk].append(item)
        bodies = {c: msgspec.msgpack.encode(part) for c, part in parts.items()}
        oldest, newest = state.first // A_CHUNK, state.next // A_CHUNK
        too_old = range(oldest, newest - CHUNKS + 1)
        if too_old:
            state.first = (newest - CHUNKS + 1) * A_CHUNK
        world = msgspec.msgpack.encode(state)
        for chunk, body in bodies.items():
            await self._cabinet.put(_talk(chunk), body)
        await self._cabinet.put(_WORLD, world)
        for chunk in too_old:
            await self._cabinet.drop(_talk(chunk))
