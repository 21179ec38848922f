"""A group as it really is after everybody has agreed, and any number of copies of it.

One group is played through with the real engine and features; its records are then kept again under
other rooms' and people's ids. So the records are always those of the present code.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from adapters.matrix.view import member, room_id
from bench.answers import FACILITATOR, SERVER, inside
from bot.boundary.capabilities import Capabilities
from bot.boundary.ids import RoomId
from bot.boundary.ports import Batch, Row, Store
from bot.contract.feature import all_of
from bot.features import FEATURES
from bot.group.records import Watch
from tests.support.house import START, House

TAKING_DOWN = Capabilities(mute="takedown", take_down=True, files=True, command_prefix="!")
"""What the bot can do where it may remove messages and not change power levels."""
CODECS = {feature.name: feature.codec for feature in FEATURES}
ROWS_AT_ONCE = 2000


async def agreed(members: int, *asked: str) -> list[Row]:
    """The records of one group under `mute`, in which all of these members have agreed.

    `asked` are people who came later, were asked, and have not answered.
    """
    names = [who[1:].partition(":")[0] for who in inside(members)[1:]]
    house = House()
    house.clock.move(datetime.now(UTC) - START)
    async with house:
        room = house.platform.room("Evening", *names, administrators=(names[0],))
        house.platform.rooms[room].can = TAKING_DOWN
        await house.platform.adopt(room, names[0])
        await house.settle()
        await house.platform.write(names[0], "!setup gate mute confirm")
        await house.settle()
        for name in names:
            for words in ("!consent", "understood", "agree"):
                await house.platform.write(name, words)
        for name in asked:
            await house.platform.join(room, name)
        await house.settle()
        return await house.store.load([all_of(feature.name, room) for feature in FEATURES])


def made_up(name: str) -> str:
    """The id of somebody on the homeserver that is made up."""
    return f"{name}:{SERVER}"


def copied(
    rows: Iterable[Row], to: RoomId, *, encrypted: bool = False, called: Callable[[str], str] = made_up
) -> list[Row]:
    """The same records, of another room, and of people who are `called` something else there."""
    return [
        msgspec.structs.replace(
            row,
            room=to,
            member=member(called(row.member.native)) if row.member else None,
            body=_in_room(row, to, encrypted),
        )
        for row in rows
    ]


def _in_room(row: Row, to: RoomId, encrypted: bool) -> bytes:
    codec = CODECS[row.feature]
    record = codec.decode(row.body)
    if isinstance(record, Watch):
        # Facilitators have been told what the bot may not do here: nothing is new at the first look.
        record = msgspec.structs.replace(record, room=to.native, missing=("levels",), encrypted=encrypted)
    elif getattr(record, "room", None) == row.room.native:
        record = msgspec.structs.replace(record, room=to.native)
    else:
        return row.body
    return codec.encode(record)


async def keep(
    store: Store,
    rows: Sequence[Row],
    rooms: Iterable[str],
    *,
    encrypted: bool = False,
    called: Callable[[str], str] = made_up,
) -> None:
    """Keep copies of a group's records for all of these rooms."""

    async def one(native: str) -> None:
        to = room_id(native)
        puts = tuple(copied(rows, to, encrypted=encrypted, called=called))
        await store.commit(Batch(event_id="", room=to, now=datetime.now(UTC), puts=puts))

    waiting: list[str] = []
    for native in rooms:
        waiting.append(native)
        if len(waiting) * len(rows) > ROWS_AT_ONCE:
            await asyncio.gather(*map(one, waiting))
            waiting.clear()
    await asyncio.gather(*map(one, waiting))


__all__ = ["FACILITATOR", "agreed", "copied", "keep"]
