"""What the channels' own settings say about anybody: closed for a gate, and put back exactly.

What was there is kept before it is changed, so that it can be put back whenever the program ends
in between.
"""

from typing import Any

import discord
import msgspec

from adapters.discord.errors import TROUBLE, undeliverable
from adapters.discord.groups import Before
from adapters.discord.messages import Raw
from adapters.discord.permissions import (
    DOOR_TEXT,
    DOOR_VOICE,
    MUTE_TEXT,
    MUTE_VOICE,
    MY_OWN,
    SEND,
    VIEW,
    Channel,
    Overwrite,
    lacking,
)
from adapters.discord.world import Circle, World
from bot.boundary.capabilities import Gate
from bot.boundary.errors import Undeliverable

REASON = "Circlekeeper: the group's gate"
"""For the server's audit log. The same for everybody and everything: it says nobody's answer."""


class ChannelSettings:
    """Changes a group's channels, one request at a time. Raises `Undeliverable` and `StorageTrouble`."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def shut(self, circle: Circle, channel: Channel, gate: Gate, role: int) -> None:
        """The settings of one channel, so that only the role takes part. The bot's own place first."""
        guild = channel.guild
        bits = _bits(channel, gate) & ~lacking(guild, channel, _bits(channel, gate))
        if not bits & (SEND if gate == "mute" else VIEW):
            raise Undeliverable("forbidden")
        now = await self._now(channel)
        kept = {b.target: b for b in circle.group.before if b.channel == channel.id}
        base = {target: _base(b) for target, b in kept.items()}
        targets = dict.fromkeys((self._world.me, role, *now, *base, guild.id))
        targets.pop(guild.id)
        wanted: list[Overwrite] = []
        for target in (*targets, guild.id):  # everybody last
            is_role = target != self._world.me
            old = base.get(target) or now.get(target) or Overwrite(target, is_role, 0, 0)
            if new := _changed(old, bits, me=self._world.me, role=role, everyone=guild.id):
                # What the bot takes from everybody it must keep itself: else it could not give it back.
                mine = (MY_OWN | bits) & ~lacking(guild, channel, MY_OWN)
                new = new if target != self._world.me else new._replace(allow=old.allow | mine)
                wanted.append(new)
                if target not in kept:
                    kept[target] = _before(channel.id, target, is_role, now.get(target))
            elif target in kept:
                wanted.append(old)
        others = tuple(b for b in circle.group.before if b.channel != channel.id)
        await self._keep(circle, (*others, *kept.values()))
        for overwrite in wanted:
            if now.get(overwrite.target) != overwrite:
                await self._write(channel.id, overwrite)

    async def put_back(self, circle: Circle, but: set[int] = frozenset()) -> None:  # type: ignore[assignment]
        """What the gate changed, as it was; everybody first. Channels that are gone need nothing."""
        todo = [b for b in circle.group.before if b.channel not in but]
        for before in sorted(todo, key=lambda b: self._turn(circle, b.target)):
            if before.there:
                await self._write(before.channel, _base(before))
            else:
                path = f"/channels/{before.channel}/permissions/{before.target}"
                await self.ask("DELETE", path, gone=True)
        if todo:
            await self._keep(circle, tuple(b for b in circle.group.before if b.channel in but))

    async def exactly(self, circle: Circle, channel: Channel, wanted: list[Overwrite]) -> None:
        """The channel with these overwrites and no others."""
        now, goal = await self._now(channel), {o.target: o for o in wanted}
        for target in sorted(now.keys() | goal.keys(), key=lambda t: self._turn(circle, t)):
            if target not in goal:
                await self.ask("DELETE", f"/channels/{channel.id}/permissions/{target}", gone=True)
            elif now.get(target) != goal[target]:
                await self._write(channel.id, goal[target])

    def all(self, circle: Circle) -> list[Channel]:
        """The group's channels that are there."""
        found: list[Channel | None] = [self._world.text(circle), self._world.voice(circle)]
        return [channel for channel in found if channel is not None]

    async def ask(self, method: str, path: str, *, gone: bool = False, **more: Any) -> Raw:
        """A request. `gone`: what is not there any more needs nothing."""
        try:
            return await self._world.client.ask(method, path, reason=REASON, **more) or {}
        except TROUBLE as error:
            trouble = undeliverable(error)
            if gone and trouble.reason == "gone":
                return {}
            raise trouble from None

    async def _now(self, channel: Channel) -> dict[int, Overwrite]:
        """A channel's overwrites, asked for: the gateway's news of our own change may still be on its way."""
        found = await self.ask("GET", f"/channels/{channel.id}")
        return {
            int(o["id"]): Overwrite(int(o["id"]), int(o["type"]) == 0, int(o["allow"]), int(o["deny"]))
            for o in found.get("permission_overwrites") or ()
        }

    async def _keep(self, circle: Circle, before: tuple[Before, ...]) -> None:
        await self._world.keep(circle, msgspec.structs.replace(circle.group, before=before))

    def _turn(self, circle: Circle, target: int) -> int:
        """Opening begins with everybody, and ends with the bot's own place, without which it could not."""
        return 0 if target == circle.group.server else 2 if target == self._world.me else 1

    async def _write(self, channel: int, new: Overwrite) -> None:
        body = {"type": 0 if new.role else 1, "allow": str(new.allow), "deny": str(new.deny)}
        await self.ask("PUT", f"/channels/{channel}/permissions/{new.target}", json=body, gone=True)


def _bits(channel: Channel, gate: Gate) -> int:
    if isinstance(channel, discord.TextChannel):
        return MUTE_TEXT if gate == "mute" else DOOR_TEXT
    return MUTE_VOICE if gate == "mute" else DOOR_VOICE


def _changed(old: Overwrite, bits: int, *, me: int, role: int, everyone: int) -> Overwrite | None:
    """An overwrite as the gate wants it; None where it may stay as it is."""
    if old.target == everyone:
        return old._replace(allow=old.allow & ~bits, deny=old.deny | bits)
    if old.target == role:
        return old._replace(allow=old.allow | bits, deny=old.deny & ~bits)
    if old.target == me:
        return old
    if old.role and old.allow & bits:
        return old._replace(allow=old.allow & ~bits)  # another role must not be a way past the gate
    return None


def _base(before: Before) -> Overwrite:
    return Overwrite(before.target, before.role, before.allow, before.deny)


def _before(channel: int, target: int, role: bool, now: Overwrite | None) -> Before:
    if now is None:
        return Before(channel, target, role, there=False)
    return Before(channel, target, now.role, there=True, allow=now.allow, deny=now.deny)
