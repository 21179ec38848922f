"""The group feature in the whole house: real engine, all features, restarts between any two words."""

import pytest

from bot.boundary.ids import RoomId
from tests.support.house import House

GUIDE = (
    "!setup start",
    "!setup facilitators me, bob",
    "!setup gate mute",
    "!setup skip",
    '!setup contact "Ann, 555 0100"',
    "!setup crisis_contact Lifeline, 116 123",
    "!setup skip",
    "!setup apply",
)


async def adopted(house: House) -> RoomId:
    """A room with people in it, to which Ann has added the keeper."""
    room = house.platform.room("evening", "bob", "cleo", administrators=("ann",))
    await house.platform.adopt(room, "ann")
    await house.settle()
    return room


async def told(house: House, name: str, words: str) -> str:
    """What somebody reads after these words."""
    before = len(house.platform.said_to(name))
    await house.platform.write(name, words)
    await house.settle()
    return "\n\n".join(house.platform.said_to(name)[before:])


@pytest.mark.parametrize("restart_after", range(len(GUIDE)))
async def test_a_restart_anywhere_in_the_guided_set_up_loses_nothing(restart_after: int) -> None:
    """Whatever was chosen before the restart is what is applied after it."""
    async with House() as house:
        room = await adopted(house)
        for position, words in enumerate(GUIDE):
            assert house.platform.rooms[room].gate == "notice", "nothing changes before it is applied"
            await told(house, "ann", words)
            if position == restart_after:
                await house.restart()
        assert house.platform.rooms[room].gate == "mute"
        settings = (await told(house, "ann", "!group")).splitlines()
        assert {"gate: mute", "contact: Ann, 555 0100", "crisis_contact: Lifeline, 116 123"} <= set(settings)
        assert "Bob" in await told(house, "ann", "!facilitator")


async def test_confirm_after_the_preview_applies_it() -> None:
    """The word alone is enough in the direct chat."""
    async with House() as house:
        room = await adopted(house)
        for words in GUIDE[:-1]:
            await told(house, "ann", words)
        assert "set up" in await told(house, "ann", "confirm")
        assert house.platform.rooms[room].gate == "mute"


async def test_the_long_form_and_undo_bring_back_what_was_there() -> None:
    """In one line there, and back; who was inside can speak before, during and after."""
    async with House() as house:
        room = await adopted(house)
        await told(house, "ann", '!setup gate mute contact "Ann, 555 0100" facilitators bob,cleo confirm')
        assert house.platform.rooms[room].gate == "mute"
        assert await house.platform.post(room, "cleo") is not None
        assert "facilitator" in await told(house, "bob", "!facilitator accept")
        assert "confirm" in await told(house, "ann", "!setup undo")
        assert house.platform.rooms[room].gate == "mute"
        await told(house, "ann", "confirm")
        assert house.platform.rooms[room].gate == "notice"
        assert "not set up" in await told(house, "ann", "!setup")
        assert house.platform.rooms[room].keeper_inside


async def test_undo_and_leave_restores_before_it_leaves() -> None:
    """The room is as it was, the keeper is out, and what it kept goes after thirty days."""
    async with House() as house:
        room = await adopted(house)
        await told(house, "ann", "!setup gate mute confirm")
        await told(house, "ann", "!setup undo leave confirm")
        assert house.platform.rooms[room].gate == "notice"
        assert not house.platform.rooms[room].keeper_inside
        assert room in await house.store.rooms()
        await house.later(days=31)
        assert room not in await house.store.rooms()


async def test_a_member_cannot_set_up_and_learns_who_can() -> None:
    """Refused in plain words by the engine, whatever the form."""
    async with House() as house:
        room = await adopted(house)
        for words in ("setup gate mute confirm", "setup start", "group set gate mute confirm", "setup undo"):
            assert "facilitator" in await told(house, "cleo", f"!{words}")
        assert house.platform.rooms[room].gate == "notice"


async def test_a_room_that_was_lost_is_named_and_erased() -> None:
    """The facilitator reads which room it was; thirty days later nothing is kept."""
    async with House() as house:
        room = await adopted(house)
        await told(house, "ann", "!setup gate notice confirm")
        await house.platform.expel(room)
        await house.settle()
        assert 'the room "evening"' in house.platform.said_to("ann")[-1]
        await house.later(days=31)
        assert room not in await house.store.rooms()
