"""Recorders in a group's call that show themselves, and how one is stopped so that it can go on again.

What does not show itself (Discord's own Clips, programs on somebody's computer, phones) is not here.
"""

import re

import discord

from adapters.discord.calls import in_call
from adapters.discord.deafened import HELD, OWED
from adapters.discord.errors import TROUBLE, undeliverable
from adapters.discord.groups import member_id, number
from adapters.discord.permissions import DEAFEN, MOVE
from adapters.discord.world import Circle, World
from bot.boundary.capabilities import Recorder, RecorderKind
from bot.boundary.errors import Undeliverable, Unsupported

KNOWN = frozenset({272937604339466240})
"""Bots whose purpose is to record: Craig (craig.chat, "Invite")."""
NOT_IN_A_CALL = 40032
"""Discord's code: "Target user is not connected to voice"."""
_MARK = re.compile(r"\[\s*rec(ording)?\s*\]", re.IGNORECASE)
"""What recorders put into their name, as Craig does: `![RECORDING] Craig`."""
_BOT = "bot"


def marked(member: discord.Member) -> bool:
    """Whether one of somebody's names says that they record."""
    names = (member.nick, member.global_name, member.name)
    return any(name is not None and _MARK.search(name) for name in names)


def recorders(world: World, circle: Circle) -> tuple[Recorder, ...]:
    """All that records in the call, or could, and shows itself."""
    found: list[Recorder] = []
    can = blocks(world, circle)
    for user, state in sorted(in_call(world, circle).items()):
        member = world.member(circle.group.server, user)
        if member is None or user == world.me:
            continue
        found += [
            Recorder(
                # The same bot stays the same, whatever it is called meanwhile.
                id=f"{_BOT if member.bot else kind}:{user}",
                kind=kind,
                name=member.display_name,
                who=member_id(user),
                blockable=member.bot and can,
            )
            for kind in _kinds(member, state)
        ]
    return tuple(found)


def _kinds(member: discord.Member, state: discord.VoiceState) -> list[RecorderKind]:
    """What of somebody in the call is seen. A bot that was deafened by others gets no sound at all."""
    if member.bot:
        if state.deaf:
            return []
        if marked(member):
            return ["recorder" if member.id in KNOWN else "marked"]
        if state.self_deaf:
            return []
        return ["recorder" if member.id in KNOWN else "listening"]
    found: list[RecorderKind] = ["marked"] if marked(member) else []
    return [*found, "screen"] if state.self_stream or state.self_video else found


def blocks(world: World, circle: Circle) -> bool:
    """Whether the bot may stop a recorder here: by deafening it, or by showing it out of the call."""
    return bool(_may(world, circle) & (DEAFEN | MOVE))


def _may(world: World, circle: Circle) -> int:
    voice = world.voice(circle)
    return voice.permissions_for(voice.guild.me).value if voice is not None else 0


class Blocker:
    """Does `BlockRecorder`. Everything may be repeated. Raises `Undeliverable`, `StorageTrouble`."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def block(self, circle: Circle, recorder: str, on: bool) -> None:
        """Deafen a bot (or, without the power, show it out of the call); or let it hear again."""
        kind, _, native = recorder.partition(":")
        user = number(native)
        if kind != _BOT or not user or self._world.voice(circle) is None:
            raise Unsupported
        if on:
            await self._stop(circle, user)
        elif circle.deafened.by_us(user):
            await self.let_hear(circle, user)

    async def let_all_hear(self, circle: Circle) -> None:
        """The bot goes: nothing of its own doing stays behind, as far as Discord lets it."""
        for user in circle.deafened.all():
            await self.let_hear(circle, user)

    async def let_hear(self, circle: Circle, user: int) -> None:
        """Undeafen, now or when they are back in a call."""
        await circle.deafened.put(user, OWED)
        state = in_call(self._world, circle).get(user)
        if state is None or (state.deaf and not await self._edit(circle, user, {"deaf": False})):
            return
        await circle.deafened.put(user, None)

    async def _stop(self, circle: Circle, user: int) -> None:
        state, may = in_call(self._world, circle).get(user), _may(self._world, circle)
        if state is None or state.deaf:
            return
        if may & DEAFEN:
            await circle.deafened.put(user, HELD)
            try:
                await self._edit(circle, user, {"deaf": True})
            except Undeliverable as trouble:
                if trouble.reason != "forbidden" or not may & MOVE:
                    raise
            else:
                return
        if not may & MOVE:
            raise Undeliverable("forbidden")
        await circle.deafened.put(user, None)
        await self._edit(circle, user, {"channel_id": None})

    async def _edit(self, circle: Circle, user: int, change: dict[str, object]) -> bool:
        """Change somebody's place in the call. False: they are in none any more."""
        try:
            path = f"/guilds/{circle.group.server}/members/{user}"
            await self._world.client.ask("PATCH", path, json=change)
        except TROUBLE as error:
            if getattr(error, "code", None) == NOT_IN_A_CALL:
                return False
            raise undeliverable(error) from None
        return True
