"""The gates on Discord: a role, and what the channels' settings say about it.

Who may take part has the role. `mute` takes writing and speaking from everybody else, `door` the
sight of the channels. What was there before is kept before anything is changed, so that it can be
put back exactly, whenever the program ends in between.
"""

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import discord
import msgspec

from adapters.discord.doorbell import Doorbell
from adapters.discord.errors import TROUBLE, undeliverable
from adapters.discord.groups import Before, Group
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
from adapters.discord.view import Snapshot, able, role_of
from adapters.discord.world import Circle, World
from bot.boundary.capabilities import Gate
from bot.boundary.errors import Undeliverable
from bot.boundary.ids import MemberId

AT_A_TIME = 5
"""People who are given the role side by side. More would only wait for Discord's own limit."""
LONGEST_NAME = 100
REASON = "Circlekeeper: the group's gate"
"""For the server's audit log. The same for everybody and everything: it says nobody's answer."""


class Gatekeeper:
    """Does what concerns a gate. Raises `Undeliverable`."""

    def __init__(self, world: World, doorbell: Doorbell) -> None:
        self._world, self._doorbell = world, doorbell

    async def set_gate(self, circle: Circle, gate: Gate, inside: Iterable[MemberId]) -> None:
        """Put a gate up, or take down what is up."""
        async with circle.lock:
            circle.changing += 1
            try:
                if gate == "notice":
                    await self._open(circle)
                else:
                    await self._close(circle, gate, {int(m.native) for m in inside})
            finally:
                self._settled(circle)
        await self._doorbell.hang(circle)

    async def admit(self, circle: Circle, user: int) -> None:
        """Let somebody take part. Who has to finish the server's own screening waits for that."""
        if circle.group.held != "role":
            return
        member = self._world.member(circle.group.server, user)
        if member is None:
            raise Undeliverable("gone")
        if member.pending:
            circle.waiting.add(user)
            return
        circle.waiting.discard(user)
        await self._give(circle, member)

    async def hold(self, circle: Circle, user: int) -> None:
        """Take back what `admit` gave."""
        circle.waiting.discard(user)
        if circle.group.held == "role":
            await self._take(circle, user)

    async def remove(self, circle: Circle, user: int) -> None:
        """Show somebody out. Who has power over the whole server sees every channel all the same."""
        circle.waiting.discard(user)
        circle.knocking.discard(user)
        if circle.group.held == "role":
            await self._take(circle, user)

    async def restore(self, circle: Circle, snapshot: bytes) -> None:
        """Put the channels' settings back exactly, and take away what the bot made."""
        before = msgspec.json.decode(snapshot, type=Snapshot)
        async with circle.lock:
            circle.changing += 1
            try:
                await self._put_back(circle, but={int(number) for number in before.channels})
                for number, wanted in before.channels.items():
                    if (channel := self._channel(circle, number)) is not None:
                        await self._exactly(circle, channel, [Overwrite(*each) for each in wanted])
                await self._clear(circle)
            finally:
                self._settled(circle)
        await self._doorbell.take_down(circle)

    # --- putting up and taking down

    async def _close(self, circle: Circle, gate: Gate, inside: set[int]) -> None:
        channel = self._world.text(circle)
        if channel is None:
            raise Undeliverable("gone")
        if not able(self._world, circle, channel, gate):
            await self._by_taking_down(circle, channel, gate)
            return
        now = circle.group.since or time.time()
        role = await self._role(circle, channel)
        await self._keep(circle, gate=gate, held="role", since=now, role=role.id)
        await self._hand_out(circle, inside)
        await self._put_back(circle, but={c.id for c in self._channels(circle)})
        # Nobody is shut out before everybody who may stay has the role, and the bot its own place.
        for place in self._channels(circle):
            await self._shut(circle, place, gate, role.id)

    async def _by_taking_down(self, circle: Circle, channel: Channel, gate: Gate) -> None:
        """Without power over roles `mute` is held by taking down, which the engine asks for."""
        if gate != "mute" or not channel.permissions_for(channel.guild.me).manage_messages:
            raise Undeliverable("forbidden")
        if circle.group.held == "role":
            await self._open(circle)
        await self._keep(circle, gate="mute", held="takedown", since=time.time())

    async def _open(self, circle: Circle) -> None:
        await self._put_back(circle)
        await self._clear(circle)

    async def _clear(self, circle: Circle) -> None:
        """The role goes: without a gate there is nothing that names who had agreed."""
        if circle.group.role:
            await self._ask("DELETE", f"/guilds/{circle.group.server}/roles/{circle.group.role}", gone=True)
        await self._keep(circle, gate="notice", held="open", since=0.0, role=0, before=())
        await circle.holders.clear()

    async def _role(self, circle: Circle, channel: discord.TextChannel) -> discord.Role | discord.Object:
        found = role_of(self._world, circle)
        if found is not None:
            return found
        name = f"In {channel.name}"[:LONGEST_NAME]
        body = {"name": name, "permissions": "0", "mentionable": False, "hoist": False}
        made = await self._ask("POST", f"/guilds/{circle.group.server}/roles", json=body)
        await circle.holders.clear()
        await self._keep(circle, role=int(made["id"]))
        return discord.Object(int(made["id"]))

    async def _hand_out(self, circle: Circle, inside: set[int]) -> None:
        """The role for exactly these people."""
        members = {m.id: m for m in self._world.members(circle.group.server)}
        have = {i for i, m in members.items() if self._world.has_role(circle, m)} | circle.holders.all()
        gate = asyncio.Semaphore(AT_A_TIME)

        async def give(user: int) -> None:
            async with gate:
                await self._give(circle, members[user])

        async def take(user: int) -> None:
            async with gate:
                await self._take(circle, user)

        missing = sorted(i for i in inside - have if i in members and i != self._world.me)
        await _all([*(give(i) for i in missing), *(take(i) for i in sorted(have - inside))])

    async def _shut(self, circle: Circle, channel: Channel, gate: Gate, role: int) -> None:
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
        await self._keep(circle, before=(*others, *kept.values()))
        for overwrite in wanted:
            if now.get(overwrite.target) != overwrite:
                await self._write(channel.id, overwrite)

    async def _put_back(self, circle: Circle, but: set[int] = frozenset()) -> None:  # type: ignore[assignment]
        """What the gate changed, as it was; everybody first. Channels that are gone need nothing."""
        todo = [b for b in circle.group.before if b.channel not in but]
        for before in sorted(todo, key=lambda b: self._turn(circle, b.target)):
            if before.there:
                await self._write(before.channel, _base(before))
            else:
                path = f"/channels/{before.channel}/permissions/{before.target}"
                await self._ask("DELETE", path, gone=True)
        if todo:
            await self._keep(circle, before=tuple(b for b in circle.group.before if b.channel in but))

    async def _exactly(self, circle: Circle, channel: Channel, wanted: list[Overwrite]) -> None:
        now, goal = await self._now(channel), {o.target: o for o in wanted}
        for target in sorted(now.keys() | goal.keys(), key=lambda t: self._turn(circle, t)):
            if target not in goal:
                await self._ask("DELETE", f"/channels/{channel.id}/permissions/{target}", gone=True)
            elif now.get(target) != goal[target]:
                await self._write(channel.id, goal[target])

    # --- people

    async def _give(self, circle: Circle, member: discord.Member) -> None:
        if self._world.has_role(circle, member) and circle.holders.has(member.id):
            return
        if role_of(self._world, circle) is None and not circle.changing:
            raise Undeliverable("forbidden")  # somebody deleted it: facilitators hear how to mend that
        await self._change(circle, member.id, "PUT", has=True)

    async def _take(self, circle: Circle, user: int) -> None:
        member = self._world.member(circle.group.server, user)
        if member is not None and not self._world.has_role(circle, member) and not circle.holders.has(user):
            return  # nobody who comes to the door waits behind a crowd from whom there is nothing to take
        if circle.group.role:
            await self._change(circle, user, "DELETE", has=False)

    async def _change(self, circle: Circle, user: int, method: str, *, has: bool) -> None:
        await circle.holders.begin(user)
        path = f"/guilds/{circle.group.server}/members/{user}/roles/{circle.group.role}"
        try:
            await self._ask(method, path, gone=not has)
        except Undeliverable:
            await circle.holders.end(user, None)
            raise
        await circle.holders.end(user, has)

    # --- small things

    def _channels(self, circle: Circle) -> list[Channel]:
        found: list[Channel | None] = [self._world.text(circle), self._world.voice(circle)]
        return [channel for channel in found if channel is not None]

    def _channel(self, circle: Circle, number: str | int) -> Channel | None:
        guild = self._world.server(circle.group.server)
        return guild.get_channel(int(number)) if guild is not None else None

    async def _now(self, channel: Channel) -> dict[int, Overwrite]:
        """A channel's overwrites, asked for: the gateway's news of our own change may still be on its way."""
        found = await self._ask("GET", f"/channels/{channel.id}")
        return {
            int(o["id"]): Overwrite(int(o["id"]), int(o["type"]) == 0, int(o["allow"]), int(o["deny"]))
            for o in found.get("permission_overwrites") or ()
        }

    def _turn(self, circle: Circle, target: int) -> int:
        """Opening begins with everybody, and ends with the bot's own place, without which it could not."""
        return 0 if target == circle.group.server else 2 if target == self._world.me else 1

    async def _write(self, channel: int, new: Overwrite) -> None:
        body = {"type": 0 if new.role else 1, "allow": str(new.allow), "deny": str(new.deny)}
        await self._ask("PUT", f"/channels/{channel}/permissions/{new.target}", json=body, gone=True)

    async def _keep(self, circle: Circle, **changes: object) -> None:
        await self._world.keep(circle, msgspec.structs.replace(circle.group, **changes))

    async def _ask(self, method: str, path: str, *, gone: bool = False, **more: Any) -> Raw:
        """A request. `gone`: what is not there any more needs nothing."""
        try:
            return await self._world.client.ask(method, path, reason=REASON, **more) or {}
        except TROUBLE as error:
            trouble = undeliverable(error)
            if gone and trouble.reason == "gone":
                return {}
            raise trouble from None

    def _settled(self, circle: Circle) -> None:
        circle.changing -= 1
        circle.changed_at = asyncio.get_running_loop().time()
        circle.view = None


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


async def _all(work: list["asyncio.Future[None] | object"]) -> None:
    """Everything, also where some of it fails; then the first trouble."""
    outcomes = await asyncio.gather(*work, return_exceptions=True)  # type: ignore[arg-type]
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome


__all__ = ["Gatekeeper", "Group"]
