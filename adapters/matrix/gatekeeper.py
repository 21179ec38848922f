"""Gates as a homeserver holds them: levels (`mute`), join rule and invitations (`door`)."""

from collections.abc import Sequence
from typing import Any

import msgspec

from adapters.matrix.errors import Refusal
from adapters.matrix.gates import Gates, Standing
from adapters.matrix.http import Server, path
from adapters.matrix.levels import LEVELS, gated, invite_put_back, lowered, opened, raised, restored, whole
from adapters.matrix.power import LevelsWriter
from adapters.matrix.rooms import Room
from adapters.matrix.view import JOINING, Snapshot, muting
from adapters.matrix.world import World
from bot.boundary.capabilities import Gate
from bot.boundary.errors import Undeliverable

KNOCK_SINCE = 7
"""Room version 7 brought knocking (MSC2403)."""
INVITERS = 50
"""Under `door`, who may invite past it: moderators, by Matrix's own defaults."""
HISTORY = "m.room.history_visibility"


class Gatekeeper:
    """Puts gates up and takes them away, lets people in and out. Everything may be repeated."""

    def __init__(self, server: Server, world: World, gates: Gates, writer: LevelsWriter) -> None:
        self._server, self._world, self._gates, self._writer = server, world, gates, writer

    async def set_gate(self, room: Room, gate: Gate, inside: Sequence[str]) -> None:
        """Have exactly this gate. Raises `Undeliverable`."""
        standing = self._gates.get(room.id)
        if standing is not None and standing.gate != gate:
            await self._take_away(room, standing)
        if gate == "mute":
            await self._mute(room, inside)
        elif gate == "door":
            await self._door(room)

    async def admit(self, room: Room, gate: Gate, user: str) -> None:
        """Let somebody speak, or come in. Done already: nothing happens."""
        if gate == "mute":
            level = self._level(room)
            if level is not None:
                above = room.power.above_all
                await self._writer.change(room.id, lambda now: raised(now, user, level, above))
        elif gate == "door":
            membership = await self._membership(room, user)
            if membership == "ban":
                raise Undeliverable("forbidden")
            if membership not in ("join", "invite"):
                await self._server.ask("POST", path("rooms", room.id, "invite"), {"user_id": user})

    async def hold(self, room: Room, gate: Gate, user: str) -> None:
        """Take back what the gate by mute gave; other power stays."""
        standing = self._gates.get(room.id)
        if gate != "mute" or standing is None or standing.level is None:
            return
        level, before = standing.level, standing.levels
        await self._writer.change(room.id, lambda now: lowered(now, user, level, before))

    async def remove(self, room: Room, user: str) -> None:
        """Show somebody out, or refuse their knock or invitation, without a reason."""
        if await self._membership(room, user) in ("join", "invite", "knock"):
            await self._server.ask("POST", path("rooms", room.id, "kick"), {"user_id": user})

    async def restore(self, room: Room, raw: bytes) -> None:
        """Put the settings of a snapshot back, the levels last: the bot may lose its own with them."""
        try:
            before = msgspec.json.decode(raw, type=Snapshot)
        except msgspec.DecodeError:
            raise Undeliverable("refused") from None
        await self._put(room, JOINING, before.join_rules)
        await self._put(room, HISTORY, before.history)
        levels = before.levels
        if levels is not None:
            try:
                me = self._world.me
                await self._writer.change(room.id, lambda now: restored(now, levels, me))
            except Undeliverable as no:
                if no.reason != "forbidden" or not await self._stands(room, levels):
                    raise
        await self._gates.drop(room.id)

    async def _mute(self, room: Room, inside: Sequence[str]) -> None:
        level = self._level(room)
        standing = self._gates.get(room.id)
        if level is None:
            await self._gates.put(room.id, Standing(gate="mute"))
            return
        if standing is None or standing.level is None:
            before = await self._writer.read(room.id)
            await self._gates.put(room.id, Standing(gate="mute", level=level, levels=before))
        above = room.power.above_all

        def edit(now: dict[str, Any]) -> dict[str, Any]:
            for user in inside:
                now = raised(now, user, level, above)
            return gated(now, level)

        await self._writer.change(room.id, edit)

    async def _door(self, room: Room) -> None:
        standing = self._gates.get(room.id)
        own = room.power.of(self._world.me)
        if standing is None:
            invite = None
            if room.power.may_send(self._world.me, LEVELS, state=True) and own >= INVITERS > room.power.to(
                "invite"
            ):
                invite = INVITERS
            standing = Standing(
                gate="door",
                levels=await self._writer.read(room.id),
                join_rules=await self._server.state(room.id, JOINING) or {"join_rule": "invite"},
                invite=invite,
            )
            await self._gates.put(room.id, standing)
        await self._put(room, JOINING, self._closed(room))
        if standing.invite is not None:
            least = standing.invite
            await self._writer.change(
                room.id, lambda now: {**now, "invite": max(least, whole(now.get("invite"), 0))}
            )

    async def _take_away(self, room: Room, standing: Standing) -> None:
        before = standing.levels
        if standing.level is not None:
            level = standing.level
            await self._writer.change(room.id, lambda now: opened(now, level, before))
        if standing.join_rules is not None and await self._server.state(room.id, JOINING) == self._closed(
            room
        ):
            await self._put(room, JOINING, standing.join_rules)
        if standing.invite is not None:
            invite = standing.invite
            await self._writer.change(room.id, lambda now: invite_put_back(now, invite, before))
        await self._gates.drop(room.id)

    def _closed(self, room: Room) -> dict[str, Any]:
        return {"join_rule": "invite" if 0 < room.version < KNOCK_SINCE else "knock"}

    def _level(self, room: Room) -> int | None:
        standing = self._gates.get(room.id)
        if standing is not None and standing.level is not None:
            return standing.level
        return room.power.gate_level() if muting(room.power, self._world.me) == "levels" else None

    async def _membership(self, room: Room, user: str) -> str:
        content = await self._server.state(room.id, "m.room.member", user)
        found = (content or {}).get("membership")
        return found if isinstance(found, str) else "leave"

    async def _stands(self, room: Room, levels: dict[str, Any]) -> bool:
        return await self._server.state(room.id, LEVELS) == levels

    async def _put(self, room: Room, kind: str, content: dict[str, Any] | None) -> None:
        """Write a state event where it is not so already, and read it back."""
        if content is None or await self._server.state(room.id, kind) == content:
            return
        await self._server.ask("PUT", path("rooms", room.id, "state", kind, ""), content)
        if await self._server.state(room.id, kind) != content:
            raise Refusal("unreachable", 1.0)
