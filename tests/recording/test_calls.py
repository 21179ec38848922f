"""In a call nobody may record either: said when it starts, and to those who come later."""

from datetime import timedelta

from tests.laws.stories import FAY
from tests.recording.stage import ASK as QUESTION
from tests.recording.stage import allowed, answers, lines, meeting
from tests.session.circle import Circle, gathered
from tests.support.house import House

STARTED, LATER = "A call has started", "Some came into the call a little later"


async def calls(circle: Circle, *names: str) -> None:
    for name in names:
        await circle.platform.call(circle.room, name)
        await circle.settle()


async def test_when_a_call_starts_everybody_is_told_once() -> None:
    async with House() as house:
        circle = await gathered(house)
        await calls(circle, "ann", "bob")
        assert lines(circle, STARTED) == 1
        assert circle.platform.rooms[circle.room].status == "Nobody may record"
        for name in ("ann", "bob"):
            await circle.platform.hang_up(circle.room, name)
        await circle.settle()
        assert circle.platform.rooms[circle.room].status == ""
        await calls(circle, "cal")
        assert lines(circle, STARTED) == 1, "one that comes and goes is not told of again and again"
        await circle.platform.hang_up(circle.room, "cal")
        await house.later(minutes=5)
        await calls(circle, "cal")
        assert lines(circle, STARTED) == 2


async def test_who_comes_later_is_told_in_private_and_the_room_now_and_then() -> None:
    async with House() as house:
        circle = await gathered(house)
        await calls(circle, "ann")
        await house.later(minutes=1)
        await calls(circle, "bob", "cal")
        for name in ("bob", "cal"):
            assert "You have joined the call" in circle.platform.said_to(name)[-1]
        assert lines(circle, LATER) == 0
        await house.later(minutes=4)
        assert lines(circle, LATER) == 1
        await house.later(minutes=10)
        assert lines(circle, LATER) == 1


async def test_who_drops_out_and_in_is_not_told_again() -> None:
    async with House() as house:
        circle = await gathered(house)
        await calls(circle, "ann", "bob")
        for _ in range(4):
            await circle.platform.hang_up(circle.room, "bob")
            await house.later(minutes=6)
            await calls(circle, "bob")
        assert sum("You have joined the call" in w for w in circle.platform.said_to("bob")) == 1
        assert lines(circle, LATER) == 1


async def test_a_call_right_after_the_opening_words_needs_no_second_line() -> None:
    async with House() as house:
        circle = await meeting(house)
        await house.later(minutes=1)
        await calls(circle, "ann", "bob")
        assert lines(circle, STARTED) == 0
        assert "Nobody may record" in circle.platform.rooms[circle.room].status


async def test_before_the_set_up_nothing_is_said_about_calls() -> None:
    async with House() as house:
        room = house.platform.room("evening", "ann", "bob", administrators=(FAY,))
        await house.platform.adopt(room, FAY)
        await house.platform.call(room, "ann")
        await house.settle()
        assert not any(STARTED in words for words in house.platform.seen_in(room))


async def test_a_call_that_began_while_the_bot_was_down_is_told_of_when_it_is_back() -> None:
    async with House() as house:
        circle = await gathered(house)
        await house.stop()
        await circle.platform.call(circle.room, "ann")
        house.engine = house._engine()
        await house.start()
        assert lines(circle, STARTED) == 1
        await house.restart()
        assert lines(circle, STARTED) == 1


async def test_while_a_call_may_be_recorded_nobody_is_told_the_contrary() -> None:
    async with House() as house:
        circle = await meeting(house)
        await house.later(minutes=6)
        everybody = (FAY, "ann", "bob", "cal", "dee")
        await calls(circle, *everybody)
        await circle.says("ann", QUESTION)
        await answers(circle, FAY, "bob", "cal", "dee")
        await house.later(minutes=10)
        assert "Recording is allowed right now" in (await circle.says("ann", "!recording"))[0]
        before = len(circle.in_room())
        await circle.platform.hang_up(circle.room, "dee")
        await calls(circle, "dee")
        assert circle.in_room()[before:] == []


async def test_a_permission_for_what_is_written_is_none_for_a_call() -> None:
    async with House() as house:
        circle = await allowed(house)
        await house.later(minutes=1)
        assert "written in this room" in (await circle.says("ann", "!recording"))[0]
        await calls(circle, "ann")
        await house.later(minutes=1)
        assert house.clock.now() - timedelta(minutes=1) < house.clock.now()
        assert lines(circle, "**Recording ends now.**") == 0
