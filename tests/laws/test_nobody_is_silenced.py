"""Laws 8 and 9: who agreed is never silenced, and asking again takes nothing away."""

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.memory.platform import EVERYTHING, who
from bot.boundary.errors import Undeliverable
from tests.laws.stories import (
    AGREEING,
    FAY,
    MEMBERS,
    Deed,
    agreed,
    deeds_of_members,
    deeds_of_time,
    do,
    gather,
    play,
)
from tests.support.house import House

asking_again = st.tuples(
    st.just(FAY),
    st.sampled_from(
        [
            "!group set agreement We also keep photos private. confirm",
            "!group set limits harm_self confirm",
            "!group set facilitator_duty mandated confirm",
            "!group set renew 30d confirm",
        ]
    ),
)
quiet_members = deeds_of_members.filter(
    lambda d: d[1] not in ("leave", "!consent withdraw", "!forget confirm")
)


def _heard(house: House, room: object, name: str) -> bool:
    place = house.platform.rooms[room]  # type: ignore[index]
    return place.gate != "mute" or place.can.mute != "levels" or who(name) in place.speakers


@settings(max_examples=20, deadline=None)
@given(st.lists(quiet_members | deeds_of_time | asking_again, max_size=12))
@example([("time", "25000"), ("time", "25000")])
def test_nothing_takes_speech_from_somebody_who_is_inside_but_their_own_withdrawal(
    history: list[Deed],
) -> None:
    """No clock, no new text, no renewal, no decline mutes or removes anybody who was inside."""

    async def story() -> None:
        async with House() as house:
            room = await gather(house)
            for deed in history:
                await do(house, room, deed)
                for name in MEMBERS:
                    assert who(name) in house.platform.rooms[room].people
                    assert _heard(house, room, name), f"{name} was silenced by {deed}"

    play(story())


@settings(max_examples=20, deadline=None)
@given(st.lists(deeds_of_members | deeds_of_time | asking_again | st.just(("power", "")), max_size=14))
@example([("ann", "leave"), ("ann", "join"), ("ann", "agreeing"), ("power", ""), ("power", "")])
def test_who_has_agreed_can_speak(history: list[Deed]) -> None:
    """Through outages, lost powers, restarts and everything else."""

    async def story() -> None:
        async with House() as house:
            room = await gather(house)
            place = house.platform.rooms[room]
            for number, deed in enumerate(history):
                if deed[0] == "power":
                    able = place.can.mute == "levels"
                    can = msgspec.structs.replace(EVERYTHING, mute="takedown" if able else "levels")
                    await house.platform.change(room, "powers", can)
                    await house.settle()
                else:
                    await do(house, room, deed)
                if number % 5 == 4:
                    await house.restart()
                for name in await agreed(house, room):
                    if who(name) in place.people:
                        assert _heard(house, room, name)
                        message = await house.platform.post(room, name, "my words")
                        await house.settle()
                        assert message is not None
                        assert any(m == message for m, _, _ in place.posts), f"{name} was taken down"

    play(story())


def test_an_outage_of_the_platform_leaves_people_talking() -> None:
    """While nothing can be delivered, nobody is muted or taken down."""

    async def story() -> None:
        async with House() as house:
            room = await gather(house)
            house.platform.trouble = Undeliverable("unreachable", 0.01)
            await house.platform.post(room, "ann", "still here")
            assert "still here" in house.platform.seen_in(room)
            house.platform.trouble = None

    play(story())


def test_withdrawing_takes_no_more_steps_than_agreeing() -> None:
    """Law 9: one message ends what three gave; one more takes it back within ten minutes."""

    async def story() -> None:
        async with House() as house:
            room = await gather(house)
            for words in AGREEING:
                await do(house, room, ("ann", words))
            assert "ann" in await agreed(house, room)
            await do(house, room, ("ann", "!consent withdraw"))
            assert "ann" not in await agreed(house, room)
            assert not _heard(house, room, "ann")
            await do(house, room, ("ann", "!consent undo"))
            assert "ann" in await agreed(house, room)
            assert _heard(house, room, "ann")

    play(story())
