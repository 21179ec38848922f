"""What the bot itself put up in a room: kept, so that a restart knows what is the gate's."""

from typing import Any, Literal

import msgspec

from bot.boundary.ports import Cabinet

Raw = dict[str, Any]


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """The gate of one room, with the raw settings that were there before it."""

    gate: Literal["mute", "door"]
    level: int | None = None
    """Under `mute`: the level that it takes to speak. None where words are taken down instead."""
    levels: Raw = {}
    """m.room.power_levels before."""
    join_rules: Raw | None = None
    """Under `door`: m.room.join_rules before, None where it was left alone."""
    invite: int | None = None
    """Under `door`: the level to invite that the gate set, None where it was left alone."""


class Gates:
    """All gates that stand, in memory and in the cabinet."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._standing: dict[str, Standing] = {}

    async def load(self, room: str) -> None:
        """Read what is kept of a room."""
        kept = await self._cabinet.get(f"matrix-gate {room}")
        if kept is not None:
            self._standing[room] = msgspec.json.decode(kept, type=Standing)

    def get(self, room: str) -> Standing | None:
        """The gate that stands, None where there is none."""
        return self._standing.get(room)

    async def put(self, room: str, standing: Standing) -> None:
        """Keep a gate, before it is put up: after a crash it is known what may stand."""
        await self._cabinet.put(f"matrix-gate {room}", msgspec.json.encode(standing))
        self._standing[room] = standing

    async def drop(self, room: str) -> None:
        """Forget a gate, after it was taken away."""
        self._standing.pop(room, None)
        await self._cabinet.drop(f"matrix-gate {room}")
