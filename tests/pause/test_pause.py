"""Anybody can stop the room for a moment, and nobody learns who it was."""

import pytest

from tests.laws.stories import FAY
from tests.session.circle import Circle, gathered
from tests.support.house import House

PAUSE = "Let us pause for a moment"


def pauses(circle: Circle) -> int:
    return sum(PAUSE in words for words in circle.in_room())


async def heard_by_others(by: str) -> list[tuple[str, str]]:
    """All that everybody but the one who asked hears."""
    async with House() as house:
        circle = await gathered(house)
        before = len(circle.platform.heard)
        await circle.says(by, "!pause")
        told = [(t.to.native, t.text) for t in circle.platform.heard[before:] if t.to.native != f"@{by}"]
        return told + [("room", words) for words in circle.in_room()]


async def test_the_room_is_reminded_and_facilitators_are_asked_to_look() -> None:
    async with House() as house:
        circle = await gathered(house)
        (told,) = await circle.says("ann", "!pause")
        assert "Nobody was told that it was you" in told
        assert pauses(circle) == 1
        assert "Please look at the room" in circle.platform.said_to(FAY)[-1]
        assert "ann" not in (circle.in_room()[-1] + circle.platform.said_to(FAY)[-1]).casefold().split()


async def test_what_others_hear_is_the_same_whoever_asked() -> None:
    """But for the code, which is random."""

    def same(told: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(to, words.split("The code of this pause")[0]) for to, words in told]

    assert same(await heard_by_others("ann")) == same(await heard_by_others("bob"))


async def test_a_facilitator_who_asks_hears_what_all_facilitators_hear() -> None:
    """Otherwise the one who was not asked to look would be known."""
    async with House() as house:
        circle = await gathered(house)
        told = await circle.says(FAY, "!pause")
        assert any("Please look at the room" in words for words in told)


async def test_one_person_can_ask_once_in_ten_minutes() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says("ann", "!pause")
        await house.later(minutes=9)
        assert "a short while ago" in (await circle.says("ann", "!pause"))[0]
        await house.restart()
        assert "a short while ago" in (await circle.says("ann", "!pause"))[0]
        assert pauses(circle) == 1
        await house.later(minutes=1)
        await circle.says("ann", "!pause")
        assert pauses(circle) == 2


async def test_two_who_ask_together_have_asked_for_the_same_pause() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says("ann", "!pause")
        assert "a moment ago" in (await circle.says("bob", "!pause"))[0]
        assert pauses(circle) == 1
        await house.later(minutes=2)
        await circle.says("bob", "!pause")
        assert pauses(circle) == 2


async def test_misuse_is_ended_without_showing_who_it_is() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says("ann", "!pause")
        code = circle.platform.said_to(FAY)[-1].split("The code of this pause: ")[1].split()[0]
        (done,) = await circle.says(FAY, f"!pause mute {code}")
        assert "cannot ask for another one" in done
        assert "ann" not in done.casefold().split()
        await house.later(minutes=30)
        heard = len(circle.platform.said_to(FAY))
        assert "You cannot ask for a pause until" in (await circle.says("ann", "!pause"))[0]
        assert pauses(circle) == 1
        assert circle.platform.said_to(FAY)[heard:] == [], "a try that was refused is not told of"
        await circle.says("bob", "!pause")
        assert pauses(circle) == 2, "others are not touched by it"
        await house.later(hours=24)
        await circle.says("ann", "!pause")
        assert pauses(circle) == 3


async def test_no_code_tells_that_two_pauses_were_asked_for_by_the_same_person() -> None:
    """Each code of the day works, whoever asked again since: a facilitator who tries them learns nothing."""
    async with House() as house:
        circle = await gathered(house)
        codes = []
        for name in ("ann", "bob", "ann"):
            await circle.says(name, "!pause")
            codes.append(circle.platform.said_to(FAY)[-1].split("The code of this pause: ")[1].split()[0])
            await house.later(minutes=11)
        said = {(await circle.says(FAY, f"!pause mute {code}"))[0].split(" until ")[0] for code in codes}
        assert len(said) == 1
        assert "I know no pause" not in said.pop()
        for name in ("ann", "bob"):
            assert "You cannot ask for a pause until" in (await circle.says(name, "!pause"))[0]
        await house.later(hours=24)
        assert "I know no pause" in (await circle.says(FAY, f"!pause mute {codes[0]}"))[0]


async def test_the_button_under_the_message_does_it_too() -> None:
    import msgspec

    from adapters.memory.platform import EVERYTHING

    async with House() as house:
        circle = await gathered(house)
        circle.platform.rooms[circle.room].can = msgspec.structs.replace(EVERYTHING, buttons=True)
        await circle.says("ann", "!pause")
        told = next(t for t in reversed(circle.platform.heard) if t.to.native == f"@{FAY}")
        await circle.platform.press(told, 0)
        await circle.settle()
        assert "cannot ask for another one" in circle.platform.said_to(FAY)[-1]


async def test_a_pause_typed_in_the_room_does_not_stay_there() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.platform.post(circle.room, "ann", "!pause")
        await circle.settle()
        assert "!pause" not in circle.in_room()
        assert pauses(circle) == 1


@pytest.mark.parametrize("words", ["!pause mute 00000000", "!pause mute `zzz`"])
async def test_a_code_that_is_none_is_answered_calmly(words: str) -> None:
    async with House() as house:
        circle = await gathered(house)
        assert "I know no pause with that code" in (await circle.says(FAY, words))[0]


async def test_it_is_for_people_who_are_inside() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.platform.knock(circle.room, "kim")
        await circle.settle()
        assert "in the room" in (await circle.says("kim", "!pause"))[0]
        assert pauses(circle) == 0


async def test_nothing_is_kept_of_it_after_a_day() -> None:
    from bot.contract.feature import all_of

    async with House() as house:
        circle = await gathered(house)
        await circle.says("ann", "!pause")
        await house.later(hours=25)
        assert await house.store.load([all_of("pause", circle.room)]) == []
