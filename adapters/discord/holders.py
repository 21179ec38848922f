"""Who has a group's role, as the bot last knew it: so that what people do by hand is told apart.

Kept, so that hands that were busy while the bot was away are seen after a restart too.
"""

import asyncio
import logging

import msgspec

from adapters.discord.groups import BUCKETS
from bot.boundary.errors import StorageTrouble
from bot.boundary.ports import Cabinet

ECHO_WITHIN = 3.0
"""Seconds in which Discord's news of the bot's own change may still come, or be overtaken by older news."""

log = logging.getLogger(__name__)


class Kept(msgspec.Struct):
    """One part of the list."""

    has: set[int] = msgspec.field(default_factory=set)
    changing: set[int] = msgspec.field(default_factory=set)
    """Whom the bot was about to give or take the role: what they have then is nobody else's doing."""


class Holders:
    """The holders of one group's role."""

    def __init__(self, cabinet: Cabinet, channel: int) -> None:
        self._cabinet, self._channel = cabinet, channel
        self._parts: dict[int, Kept] = {}
        self._echoes: dict[int, tuple[bool, float]] = {}
        """What the bot has just brought about, and until when Discord's news of it may be on its way."""
        self._early: dict[int, bool] = {}
        """News of somebody that came while the bot's own change was under way."""
        self._writing: set[asyncio.Task[None]] = set()

    async def load(self) -> None:
        """Read back. Raises `StorageTrouble`."""
        for bucket in range(BUCKETS):
            if found := await self._cabinet.get(self._name(bucket)):
                self._parts[bucket] = msgspec.json.decode(found, type=Kept)

    def has(self, user: int) -> bool:
        """Whether somebody had the role when that was last known."""
        return user in self._part(user).has

    def all(self) -> set[int]:
        """Everybody who had it."""
        return {user for part in self._parts.values() for user in part.has}

    async def begin(self, user: int) -> None:
        """The bot is about to give or take the role. Raises `StorageTrouble`."""
        self._part(user).changing.add(user)
        await self._write(user % BUCKETS)

    async def end(self, user: int, has: bool | None) -> None:
        """It has done so; None: it could not, and nothing changed. Raises `StorageTrouble`."""
        part = self._part(user)
        part.changing.discard(user)
        early = self._early.pop(user, None)
        if has is not None:
            if has != (user in part.has) and early != has:
                self._echoes[user] = (has, _now() + ECHO_WITHIN)
            (part.has.add if has else part.has.discard)(user)
        await self._write(user % BUCKETS)

    def seen(self, user: int, has: bool) -> bool:
        """Somebody is seen with the role, or without it. True: by somebody else's hand.

        News that is older than the bot's own last change is not believed.
        """
        part = self._part(user)
        if user in part.changing:
            self._early[user] = has
            return False
        expected, until = self._echoes.get(user, (has, 0.0))
        if _now() < until:
            if has == expected:
                del self._echoes[user]
            return False
        self._echoes.pop(user, None)
        if has == (user in part.has):
            return False
        self._saw(user, has)
        return True

    def _saw(self, user: int, has: bool) -> None:
        part = self._part(user)
        (part.has.add if has else part.has.discard)(user)
        task = asyncio.ensure_future(self._patiently(user % BUCKETS))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    async def clear(self) -> None:
        """The role is gone. Raises `StorageTrouble`."""
        buckets, self._parts = list(self._parts), {}
        for bucket in buckets:
            await self._cabinet.drop(self._name(bucket))

    def _part(self, user: int) -> Kept:
        return self._parts.setdefault(user % BUCKETS, Kept())

    async def _write(self, bucket: int) -> None:
        await self._cabinet.put(self._name(bucket), msgspec.json.encode(self._parts.get(bucket, Kept())))

    async def _patiently(self, bucket: int) -> None:
        try:
            await self._write(bucket)
        except StorageTrouble:
            log.warning("who has the role could not be kept")

    def _name(self, bucket: int) -> str:
        return f"holders {self._channel} {bucket}"


def _now() -> float:
    return asyncio.get_running_loop().time()
