"""Who has a group's role, as the bot last knew it: so that what people do by hand is told apart.

Kept, so that hands that were busy while the bot was away are seen after a restart too.
"""

import asyncio
import logging

from adapters.discord.groups import number
from bot.boundary.errors import StorageTrouble
from bot.boundary.ports import Cabinet

ECHO_WITHIN = 3.0
"""Seconds in which Discord's news of the bot's own change may still come, or be overtaken by older news."""
HAS, CHANGING, CHANGING_FROM = b"has", b"changing", b"changing from"
"""What is kept of somebody: has the role; the bot was about to give it; was about to take it."""

log = logging.getLogger(__name__)


class Holders:
    """The holders of one group's role."""

    def __init__(self, cabinet: Cabinet, channel: int) -> None:
        self._cabinet, self._drawer = cabinet, f"holders {channel}"
        self._has: set[int] = set()
        self._changing: set[int] = set()
        """Whom the bot is about to give or take the role: what they have then is nobody else's doing."""
        self._echoes: dict[int, tuple[bool, float]] = {}
        """What the bot has just brought about, and until when Discord's news of it may be on its way."""
        self._early: dict[int, bool] = {}
        """News of somebody that came while the bot's own change was under way."""
        self._writing: set[asyncio.Task[None]] = set()

    async def load(self) -> None:
        """Read back. Raises `StorageTrouble`."""
        kept = await self._cabinet.drawer(self._drawer)
        self._has = {number(name) for name, what in kept.items() if what != CHANGING}
        self._changing = {number(name) for name, what in kept.items() if what != HAS}

    def has(self, user: int) -> bool:
        """Whether somebody had the role when that was last known."""
        return user in self._has

    def all(self) -> set[int]:
        """Everybody who had it."""
        return set(self._has)

    async def begin(self, user: int) -> None:
        """The bot is about to give or take the role. Raises `StorageTrouble`."""
        self._changing.add(user)
        await self._write(user)

    async def end(self, user: int, has: bool | None) -> None:
        """It has done so; None: it could not, and nothing changed. Raises `StorageTrouble`."""
        self._changing.discard(user)
        early = self._early.pop(user, None)
        if has is not None:
            if has != (user in self._has) and early != has:
                self._echoes[user] = (has, _now() + ECHO_WITHIN)
            (self._has.add if has else self._has.discard)(user)
        await self._write(user)

    def seen(self, user: int, has: bool) -> bool:
        """Somebody is seen with the role, or without it. True: by somebody else's hand.

        News that is older than the bot's own last change is not believed.
        """
        if user in self._changing:
            self._early[user] = has
            return False
        expected, until = self._echoes.get(user, (has, 0.0))
        if _now() < until:
            if has == expected:
                del self._echoes[user]
            return False
        self._echoes.pop(user, None)
        if has == (user in self._has):
            return False
        (self._has.add if has else self._has.discard)(user)
        task = asyncio.ensure_future(self._patiently(user))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)
        return True

    def accept(self, holders: set[int]) -> None:
        """After a start: what the bot was in the middle of is taken as it is, whoever did it."""
        for user in tuple(self._changing):
            (self._has.add if user in holders else self._has.discard)(user)
        self._changing.clear()

    async def clear(self) -> None:
        """The role is gone. Raises `StorageTrouble`."""
        gone = self._has | self._changing
        self._has, self._changing = set(), set()
        await self._cabinet.change_drawer(self._drawer, dict.fromkeys(map(str, gone)))

    async def _write(self, user: int) -> None:
        has = user in self._has
        what = (CHANGING_FROM if has else CHANGING) if user in self._changing else HAS if has else None
        await self._cabinet.change_drawer(self._drawer, {str(user): what})

    async def _patiently(self, user: int) -> None:
        try:
            await self._write(user)
        except StorageTrouble:
            log.warning("who has the role could not be kept")


def _now() -> float:
    return asyncio.get_running_loop().time()
