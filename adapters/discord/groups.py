"""The guarded channels: what is kept about each, over restarts."""

from typing import Literal

import msgspec

from bot.boundary.capabilities import Gate
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import Cabinet

PLATFORM = "discord"
INDEX = "groups"


def room_id(channel: int) -> RoomId:
    """The room of a text channel."""
    return RoomId(PLATFORM, str(channel))


def member_id(user: int) -> MemberId:
    """Somebody's id for the core."""
    return MemberId(PLATFORM, str(user))


def number(native: str) -> int:
    """The number in an id of Discord's; 0 where it is none. Unicode has digits that are no numbers."""
    return int(native) if native.isascii() and native.isdigit() and len(native) <= 20 else 0


class Before(msgspec.Struct, frozen=True):
    """How one overwrite was before the gate changed it; `there` False: there was none."""

    channel: int
    target: int
    role: bool
    there: bool
    allow: int = 0
    deny: int = 0


class BellButton(msgspec.Struct, frozen=True):
    """A button of the doorbell."""

    label: str
    custom_id: str


class BellMessage(msgspec.Struct, frozen=True):
    """The doorbell: its words, and where it hangs (0: nowhere yet)."""

    text: str
    buttons: tuple[BellButton, ...]
    channel: int = 0
    message: int = 0
    nonce: str = ""
    """Of the attempt to put it up: the same again within Discord's window makes no second one."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """One guarded channel."""

    channel: int
    server: int
    voice: int = 0
    """The voice channel that belongs to it; 0: none."""
    entrance: int = 0
    """The channel that newcomers see, where the doorbell hangs under `door`; 0: none was chosen."""
    gate: Gate = "notice"
    held: Literal["open", "role", "takedown"] = "open"
    since: float = 0.0
    """When the gate went up, in seconds since 1970."""
    owner: int = 0
    """Who owned the server when that was last told."""
    lost_at: float = 0.0
    """When the bot was removed from the server, in seconds since 1970; 0: it is there. Added again, it
    goes on as before."""
    role: int = 0
    """The role of who may take part; 0: there is none."""
    making: bool = False
    """The role is being made: after a crash it may be there without being known."""
    before: tuple[Before, ...] = ()
    bell: BellMessage | None = None


class Groups:
    """All guarded channels, in memory and in the cabinet."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._groups: dict[int, Group] = {}

    async def load(self) -> None:
        """Read back what is kept. Raises `StorageTrouble`."""
        kept = await self._cabinet.get(INDEX)
        for channel in msgspec.json.decode(kept, type=list[int]) if kept else ():
            found = await self._cabinet.get(_name(channel))
            if found is not None:
                self._groups[channel] = msgspec.json.decode(found, type=Group)

    def get(self, channel: int) -> Group | None:
        """The group of a text channel; None where there is none."""
        return self._groups.get(channel)

    def all(self) -> tuple[Group, ...]:
        """Every group."""
        return tuple(self._groups.values())

    async def put(self, group: Group) -> None:
        """Keep a group, before what it says is done on Discord. Raises `StorageTrouble`."""
        await self._cabinet.put(_name(group.channel), msgspec.json.encode(group))
        new = group.channel not in self._groups
        self._groups[group.channel] = group
        if new:
            await self._write_index()

    async def drop(self, channel: int) -> None:
        """Forget a group. Raises `StorageTrouble`."""
        if self._groups.pop(channel, None) is not None:
            await self._write_index()
        await self._cabinet.drop(_name(channel))

    async def _write_index(self) -> None:
        await self._cabinet.put(INDEX, msgspec.json.encode(sorted(self._groups)))


def _name(channel: int) -> str:
    return f"group {channel}"
