"""Putting a call widget away, and back: what it was is kept until then."""

import msgspec

from adapters.matrix.calls import call_widget, widget_of
from adapters.matrix.http import Server, path
from adapters.matrix.rooms import Room
from bot.boundary.errors import Unsupported
from bot.boundary.ports import Cabinet


class Widgets:
    """Does `BlockRecorder`. Everything may be repeated."""

    def __init__(self, server: Server, cabinet: Cabinet) -> None:
        self._server, self._cabinet = server, cabinet

    async def block(self, room: Room, recorder: str, on: bool) -> None:
        """Put it away (an empty content, as apps do it), or back. Raises `Undeliverable`."""
        found = widget_of(recorder)
        if found is None:
            raise Unsupported  # somebody's own membership of a call: nobody else can end it
        kind, key = found
        name = f"matrix-widget {room.id} {kind} {key}"
        where = path("rooms", room.id, "state", kind, key)
        now = await self._server.state(room.id, kind, key) or {}
        if on and call_widget(now) is not None:
            # Kept before it is put away: after a crash it can still be put back.
            await self._cabinet.put(name, msgspec.json.encode(now))
            await self._server.ask("PUT", where, {})
        elif not on and (kept := await self._cabinet.get(name)) is not None:
            if not now:
                await self._server.ask("PUT", where, msgspec.json.decode(kept))
            await self._cabinet.drop(name)
