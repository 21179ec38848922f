"""The gates on Discord: a role, and what the channels' settings say about it.

Who may take part has the role. `mute` takes writing and speaking from everybody else, `door` the
sight of the channels. What was there before is kept before anything is changed, so that it can be
put back exactly, whenever the program ends in between.
"""

import asyncio
import time
from collections.abc import Coroutine, Iterable
from typing import Any

import discord
import msgspec

from adapters.discord.doorbell import Doorbell
from adapters.discord.permissions import (
    Channel,
    Overwrite,
)
from adapters.discord.settings import ChannelSettings
from adapters.discord.view import Snapshot, able, role_of
from adapters.discord.world import Circle, World
from bot.boundary.capabilities import Gate
from bot.boundary.errors import Undeliverable
from bot.boundary.ids import MemberId

AT_A_TIME = 5
"""People who are given the role side by side. More would only wait for Discord's own limit."""
LONGEST_NAME = 100


class Gatekeeper:
    """Does what concerns a gate. Raises `Undeliverable`."""

    def __init__(self, world: World, doorbell: Doorbell) -> None:
        self._world, self._doorbell = world, doorbell
        self._channels = ChannelSettings(world)

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
                await self._channels.put_back(circle, but={int(number) for number in before.channels})
                for number, wanted in before.channels.items():
                    if (channel := self._channel(circle, number)) is not None:
                        await self._channels.exactly(circle, channel, [Overwrite(*each) for each in wanted])
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
        role = await self._role(circle, channel)
        await self._keep(
            circle, gate=gate, held="role", since=circle.group.since or time.time(), role=role.id
        )
        await self._hand_out(circle, inside)
        await self._channels.put_back(circle, but={c.id for c in self._channels.all(circle)})
        # Nobody is shut out before everybody who may stay has the role, and the bot its own place.
        for place in self._channels.all(circle):
            await self._channels.shut(circle, place, gate, role.id)

    async def _by_taking_down(self, circle: Circle, channel: Channel, gate: Gate) -> None:
        """Without power over roles `mute` is held by taking down, which the engine asks for."""
        if gate != "mute" or not channel.permissions_for(channel.guild.me).manage_messages:
            raise Undeliverable("forbidden")
        if circle.group.held == "role":
            await self._open(circle)
        await self._keep(circle, gate="mute", held="takedown", since=time.time())

    async def _open(self, circle: Circle) -> None:
        await self._channels.put_back(circle)
        await self._clear(circle)

    async def _clear(self, circle: Circle) -> None:
        """The role goes: without a gate there is nothing that names who had agreed."""
        if circle.group.role:
            await self._channels.ask(
                "DELETE", f"/guilds/{circle.group.server}/roles/{circle.group.role}", gone=True
            )
        await self._keep(circle, gate="notice", held="open", since=0.0, role=0, before=())
        await circle.holders.clear()

    async def _role(self, circle: Circle, channel: discord.TextChannel) -> discord.Role | discord.Object:
        found = role_of(self._world, circle)
        if found is not None:
            return found
        name = f"In {channel.name}"[:LONGEST_NAME]
        if circle.group.making:  # a crash came between making it and keeping which one it is
            ours = {c.group.role for c in self._world.of_server(circle.group.server)}
            left = [r for r in channel.guild.roles if r.name == name and not r.permissions.value]
            if left and left[-1].id not in ours:
                await self._keep(circle, role=left[-1].id, making=False)
                return left[-1]
        await self._keep(circle, making=True)
        body = {"name": name, "permissions": "0", "mentionable": False, "hoist": False}
        made = await self._channels.ask("POST", f"/guilds/{circle.group.server}/roles", json=body)
        await circle.holders.clear()
        await self._keep(circle, role=int(made["id"]), making=False)
        return discord.Object(int(made["id"]))

    async def _hand_out(self, circle: Circle, inside: set[int]) -> None:
        """The role for exactly these people."""
        members = {m.id: m for m in self._world.members(circle.group.server)}
        have = {i for i, m in members.items() if self._world.has_role(circle, m)} | circle.holders.all()
        gate = asyncio.Semaphore(AT_A_TIME)

        async def give(user: int) -> None:
            async with gate:
                try:
                    await self._give(circle, members[user])
                except Undeliverable as trouble:
                    if trouble.reason != "gone":  # who left meanwhile must not hold up everybody
                        raise

        async def take(user: int) -> None:
            async with gate:
                await self._take(circle, user)

        missing = sorted(i for i in inside - have if i in members and i != self._world.me)
        await _all([*(give(i) for i in missing), *(take(i) for i in sorted(have - inside))])

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
            await self._channels.ask(method, path, gone=not has)
        except Undeliverable:
            await circle.holders.end(user, None)
            raise
        await circle.holders.end(user, has)

    # --- small things

    def _channel(self, circle: Circle, number: str | int) -> Channel | None:
        guild = self._world.server(circle.group.server)
        return guild.get_channel(int(number)) if guild is not None else None

    async def _keep(self, circle: Circle, **changes: object) -> None:
        await self._world.keep(circle, msgspec.structs.replace(circle.group, **changes))

    def _settled(self, circle: Circle) -> None:
        circle.changing -= 1
        circle.changed_at = asyncio.get_running_loop().time()
        circle.view = None


async def _all(work: list[Coroutine[Any, Any, None]]) -> None:
    """Everything, also where some of it fails; then the first trouble."""
    outcomes = await asyncio.gather(*work, return_exceptions=True)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
