"""The gate in the whole house: real engine, all features, the reference platform."""

from adapters.memory.platform import who
from bot.boundary.ids import RoomId
from tests.support.house import House

AGREEING = ("!consent", "understood", "agree")


async def says(house: House, name: str, *words: str) -> None:
    for line in words:
        await house.platform.write(name, line)
        await house.settle()


async def guarded(house: House, gate: str, *members: str) -> RoomId:
    """A group that is set up; Fay is its facilitator and has agreed."""
    room = house.platform.room("evening", *members, administrators=("fay",))
    await house.platform.adopt(room, "fay")
    await house.settle()
    await says(house, "fay", f"!setup gate {gate} confirm", *AGREEING)
    return room


def may_speak(house: House, room: RoomId, name: str) -> bool:
    place = house.platform.rooms[room]
    return who(name) in place.people and (place.gate != "mute" or who(name) in place.speakers)


async def test_after_open_the_same_gate_can_be_put_up_again() -> None:
    """`group open` makes the setting `notice`, so that `group set gate mute` is a change again."""
    async with House() as house:
        room = await guarded(house, "mute", "ann")
        await says(house, "fay", "!group open")
        assert house.platform.rooms[room].gate == "notice"
        await says(house, "fay", "!group")
        assert "gate: notice" in house.platform.said_to("fay")[-1]
        await says(house, "fay", "!group set gate mute confirm")
        assert house.platform.rooms[room].gate == "mute"
        assert may_speak(house, room, "ann"), "who is inside keeps what they had"


async def test_a_newcomer_speaks_as_soon_as_they_agreed_and_not_before() -> None:
    """Asked at once, let speak at once."""
    async with House() as house:
        room = await guarded(house, "mute")
        await house.platform.join(room, "ann")
        await house.settle()
        assert not may_speak(house, room, "ann")
        await says(house, "ann", *AGREEING)
        assert may_speak(house, room, "ann")


async def test_coming_back_while_the_agreement_holds_needs_no_new_answer() -> None:
    """Consent says so in the turn of the joining itself."""
    async with House() as house:
        room = await guarded(house, "mute", "ann")
        await says(house, "ann", *AGREEING)
        await house.platform.leave(room, "ann")
        await house.settle()
        await house.platform.join(room, "ann")
        await house.settle()
        assert may_speak(house, room, "ann")


async def test_withdrawing_behind_a_door_lets_out_after_ten_minutes() -> None:
    """Through a restart, as the timer is a row."""
    async with House() as house:
        room = await guarded(house, "door", "ann")
        await says(house, "ann", *AGREEING, "!consent withdraw")
        await house.later(minutes=9)
        assert may_speak(house, room, "ann")
        await house.restart()
        await house.later(minutes=2)
        assert not may_speak(house, room, "ann")


async def test_when_grace_is_over_facilitators_see_a_number_and_nobody_falls_silent() -> None:
    """Through all of consent's timers."""
    async with House() as house:
        room = await guarded(house, "mute", "ann", "bob")
        await house.later(days=20)
        assert any("2 people here have not agreed" in words for words in house.platform.said_to("fay"))
        assert may_speak(house, room, "ann")
        await says(house, "fay", "!group enforce", "confirm")
        assert not may_speak(house, room, "ann")


async def test_forgetting_leaves_nothing_and_silences_under_mute() -> None:
    """No row of the person stays in the storage."""
    async with House() as house:
        room = await guarded(house, "mute", "ann")
        await says(house, "ann", *AGREEING, "!forget", "confirm")
        assert not may_speak(house, room, "ann")
        assert await house.store.known([f.name for f in house.features], who("ann")) == ()


async def test_privacy_tells_what_the_gate_shows_as_well() -> None:
    """Several words for one question: what is seen and kept comes first, then what the gate itself shows."""
    async with House() as house:
        await guarded(house, "mute", "ann")
        before = len(house.platform.said_to("ann"))
        await says(house, "ann", "!privacy")
        first, *more = house.platform.said_to("ann")[before:]
        assert "What I can see" in first
        assert any("also 1 person who has not agreed" in words for words in more)


async def test_a_plain_no_is_neither_a_no_nor_a_yes_and_says_so() -> None:
    """Nobody may believe that they declined, or agreed, when they did not."""
    async with House() as house:
        await guarded(house, "notice", "ann")
        for words in ("no", "Yes!"):
            await says(house, "ann", words)
            said = house.platform.said_to("ann")[-1]
            assert "nothing has changed" in said
            assert "consent decline" in said
