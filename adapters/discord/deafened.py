"""Whom the bot has deafened in a group's call: so that it takes back what it did itself, and no more.

Discord keeps somebody deafened after they left the call, and lets nobody be undeafened who is in none.
"""

from adapters.discord.groups import number
from bot.boundary.ports import Cabinet

HELD, OWED = b"held", b"owed"
"""Deafened by the bot; to be let hear again, when they are back in a call."""


class Deafened:
    """Those of one group. Every change is kept before anything is asked of Discord."""

    def __init__(self, cabinet: Cabinet, channel: int) -> None:
        self._cabinet, self._drawer = cabinet, f"deafened {channel}"
        self._kept: dict[int, bytes] = {}

    async def load(self) -> None:
        """Read back. Raises `StorageTrouble`."""
        kept = await self._cabinet.drawer(self._drawer)
        self._kept = {number(name): what for name, what in kept.items()}

    def by_us(self, user: int) -> bool:
        """Whether the bot has deafened them."""
        return user in self._kept

    def all(self) -> tuple[int, ...]:
        """Everybody whom the bot has deafened."""
        return tuple(self._kept)

    def owed(self, user: int) -> bool:
        """Whether they are to hear again, and could not be let."""
        return self._kept.get(user) == OWED

    async def put(self, user: int, what: bytes | None) -> None:
        """`HELD`, `OWED`, or None: nothing any more. Raises `StorageTrouble`."""
        if self._kept.get(user) == what:
            return
        await self._cabinet.change_drawer(self._drawer, {str(user): what})
        if what is None:
            self._kept.pop(user, None)
        else:
            self._kept[user] = what

    async def clear(self) -> None:
        """Nothing is known any more. Raises `StorageTrouble`."""
        gone, self._kept = dict.fromkeys(map(str, self._kept)), {}
        await self._cabinet.change_drawer(self._drawer, gone)
