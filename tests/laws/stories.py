"""Random histories of a whole group, played on the real engine and features."""

import asyncio
from collections.abc import Sequence

from hypothesis import strategies as st

from adapters.memory.platform import who
from bot.boundary.ids import RoomId
from tests.support.house import House

MEMBERS = ("ann", "bob", "cal", "dee")
FAY = "fay"
"""The facilitator, who set the group up."""

AGREEING = ("!consent", "understood", "agree")

Deed = tuple[str, str]
"""(who, what): words to the keeper in private, or one of the deeds of `do`."""

deeds_of_members = st.tuples(
    st.sampled_from(MEMBERS),
    st.sampled_from(
        [*AGREEING, "agreeing", "decline", "!consent withdraw", "!consent undo", "!consent receipt",
         "speak", "leave", "join", "!mydata", "!forget confirm", "!rules"]
    ),
)  # fmt: skip
deeds_of_time = st.tuples(st.just("time"), st.sampled_from(["5", "11", "600", "10000", "25000"]))
deeds_of_facilitators = st.tuples(
    st.just(FAY),
    st.sampled_from(
        ["!members", "!group set agreement We also keep photos private. confirm",
         "!group set limits harm_self confirm", "!group set grace 3d confirm",
         "!group set gate notice confirm", "!group set gate mute confirm"]
    ),
)  # fmt: skip
histories = st.lists(deeds_of_members | deeds_of_time | deeds_of_facilitators, max_size=14)


async def gather(house: House, gate: str = "mute", members: Sequence[str] = MEMBERS) -> RoomId:
    """A group that is set up: Fay is its facilitator and has agreed."""
    room = house.platform.room("evening", *members, administrators=(FAY,))
    await house.platform.adopt(room, FAY)
    await house.settle()
    await house.platform.write(FAY, f"!setup gate {gate} confirm")
    await house.settle()
    for words in AGREEING:
        await house.platform.write(FAY, words)
        await house.settle()
    return room


async def do(house: House, room: RoomId, deed: Deed) -> None:
    """Let somebody do something, and let it settle."""
    name, what = deed
    platform = house.platform
    if name == "time":
        await house.later(minutes=float(what))
        return
    match what:
        case "agreeing":
            for words in AGREEING:
                await platform.write(name, words)
                await house.settle()
        case "speak":
            if who(name) in platform.rooms[room].people:
                await platform.post(room, name, f"{name} speaks")
        case "leave":
            await platform.leave(room, name)
        case "join":
            if who(name) not in platform.rooms[room].people:
                await platform.join(room, name)
        case _:
            await platform.write(name, what)
    await house.settle()


def play(story: "asyncio.Future[None] | object") -> None:
    """Run one story to its end, in a loop of its own."""
    asyncio.run(story)  # type: ignore[arg-type]


async def agreed(house: House, room: RoomId) -> set[str]:
    """Who has an agreement in force, from the records."""
    from bot.consent.records import CODEC, STANDING, Standing
    from bot.contract.feature import all_of

    found = set()
    for row in await house.store.load([all_of("consent", room)]):
        if row.key == STANDING and row.member is not None:
            standing = CODEC.decode(row.body)
            assert isinstance(standing, Standing)
            if standing.consent is not None:
                found.add(row.member.native[1:])
    return found
