"""A permission ends within seconds, whoever ends it; and a consent can be taken back afterwards."""

from collections.abc import Awaitable, Callable

import pytest

from tests.laws.stories import FAY
from tests.recording.stage import allowed, kept, lines, state
from tests.session.circle import Circle
from tests.support.house import House

ENDS = "**Recording ends now.**"

Cause = Callable[[Circle], Awaitable[object]]

CAUSES: dict[str, Cause] = {
    "somebody says stop": lambda c: c.says("bob", "!recording stop"),
    "who asked says stop": lambda c: c.says("ann", "!recording stop"),
    "somebody new comes": lambda c: c.comes("zoe"),
    "a stand-in from another network comes": lambda c: c.platform.join(c.room, "ghosty", kind="ghost"),
    "somebody withdraws from the agreement": lambda c: c.says("bob", "!consent withdraw"),
    "somebody has themselves forgotten": lambda c: c.says("bob", "!forget confirm"),
    "who keeps it has themselves forgotten": lambda c: c.says("ann", "!forget confirm"),
}


@pytest.mark.parametrize("cause", CAUSES)
async def test_it_ends_at_once_and_in_the_same_words(cause: str) -> None:
    """PRACTICE.md: within 5 s. No moment passes on the bot's clock, and nobody is named."""
    async with House() as house:
        circle = await allowed(house)
        before = len(circle.in_room())
        await CAUSES[cause](circle)
        await circle.settle()
        said = [words for words in circle.in_room()[before:] if ENDS in words]
        assert len(said) == 1
        assert "@" not in said[0]
        assert (await state(circle)).phase == "over"  # type: ignore[union-attr]
        assert "Nobody may record right now" in (await circle.says(FAY, "!recording"))[0]
        assert circle.platform.rooms[circle.room].status == "Nobody may record"


async def test_a_bridge_ends_it() -> None:
    async with House() as house:
        circle = await allowed(house)
        circle.platform.rooms[circle.room].bridges = ("Telegram",)
        await circle.platform.change(circle.room, "bridges")
        await circle.settle()
        assert lines(circle, ENDS) == 1


async def test_who_came_while_the_bot_was_down_ends_it_too() -> None:
    async with House() as house:
        circle = await allowed(house)
        await house.stop()
        await circle.platform.join(circle.room, "zoe")
        house.engine = house._engine()
        await house.start()
        assert lines(circle, ENDS) == 1


async def test_leaving_does_not_end_it_and_coming_back_does_not_either() -> None:
    async with House() as house:
        circle = await allowed(house)
        await circle.platform.leave(circle.room, "dee")
        await circle.settle()
        await circle.comes("dee")
        assert (await state(circle)).phase == "allowed"  # type: ignore[union-attr]
        assert lines(circle, ENDS) == 0


async def test_it_ends_with_the_meeting() -> None:
    async with House() as house:
        circle = await allowed(house)
        await circle.says(FAY, "!session end")
        assert "ended with the meeting" in circle.in_room()[-1]
        assert await state(circle) is None
        assert circle.platform.rooms[circle.room].status == ""


async def test_it_ends_with_a_meeting_that_nobody_closed() -> None:
    async with House() as house:
        circle = await allowed(house)
        await house.later(hours=5)
        assert "ended with the meeting" in circle.in_room()[-1]
        assert await state(circle) is None


async def test_stopping_twice_has_it_deleted_and_the_keeper_hears_no_name() -> None:
    async with House() as house:
        circle = await allowed(house)
        told = await circle.says("bob", "!recording stop")
        assert any("was not told that it was you" in words for words in told)
        before = len(circle.platform.said_to("ann"))
        assert "taken back" in (await circle.says("bob", "!recording stop"))[0]
        (word,) = circle.platform.said_to("ann")[before:]
        assert "Please delete it now" in word
        assert "to practise" in word
        assert "bob" not in word.casefold()
        assert "@bob" not in {name for name, _ in await kept(circle)}
        assert "nothing to stop" in (await circle.says("bob", "!recording stop"))[0]
        await circle.says("cal", "!recording stop")
        assert len(circle.platform.said_to("ann")) == before + 1, "the keeper is told once"


async def test_a_consent_can_be_taken_back_days_later() -> None:
    async with House() as house:
        circle = await allowed(house)
        await circle.says(FAY, "!session end")
        await house.later(days=5)
        assert "taken back" in (await circle.says("dee", "!recording stop"))[0]
        assert "Please delete it now" in circle.platform.said_to("ann")[-1]


async def test_being_forgotten_takes_it_back_too() -> None:
    async with House() as house:
        circle = await allowed(house)
        await circle.says(FAY, "!session end")
        await circle.says("dee", "!forget confirm")
        assert "Please delete it now" in circle.platform.said_to("ann")[-1]


async def test_on_its_day_the_keeper_is_told_to_delete_it_and_later_nothing_is_kept() -> None:
    async with House() as house:
        circle = await allowed(house)
        await circle.says(FAY, "!session end")
        await house.later(days=29)
        assert not any("Please delete" in words for words in circle.platform.said_to("ann"))
        await house.later(days=1)
        assert "Please delete it now" in circle.platform.said_to("ann")[-1]
        await house.later(days=31)
        await house.later(hours=1)
        assert await kept(circle) == []


async def test_with_nothing_to_stop_the_next_step_is_said() -> None:
    from tests.recording.stage import meeting

    async with House() as house:
        circle = await meeting(house)
        assert "nothing to stop" in (await circle.says("bob", "!recording stop"))[0]
