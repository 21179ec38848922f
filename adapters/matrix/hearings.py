"""The encrypted rooms in which the group lets the bot hear commands: kept, so that a restart knows them."""

from bot.boundary.ports import Cabinet

DRAWER = "matrix-hearing"


class Hearings:
    """Rooms where hearing is on, in memory and in the cabinet. Off is the default."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._on: set[str] = set()

    async def load(self) -> None:
        """Read what is kept."""
        self._on = set(await self._cabinet.drawer(DRAWER))

    def on(self, room: str) -> bool:
        """Whether the bot hears commands in this room."""
        return room in self._on

    async def put(self, room: str, on: bool) -> None:
        """Keep a choice. On is kept before it holds, off after it does: in doubt the bot is deaf."""
        if not on:
            self._on.discard(room)
        await self._cabinet.change_drawer(DRAWER, {room: b"" if on else None})
        if on:
            self._on.add(room)
