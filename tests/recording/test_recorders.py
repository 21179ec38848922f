"""A recorder that shows itself: facilitators are asked, the room is told, and it can be stopped."""

import msgspec
import pytest

from adapters.memory.platform import EVERYTHING, who
from bot.boundary.capabilities import Recorder
from tests.laws.stories import FAY
from tests.recording.stage import ASK, CRAIG, answers, lines, meeting
from tests.session.circle import Circle, gathered
from tests.support.house import House

CALM, STOPPED = "Something here may be recording", "may have been recording"
JITSI = Recorder(id="widget-1", kind="widget", name="Jitsi", blockable=True)
SCREEN = Recorder(id="screen-bob", kind="screen", name="Bob", who=who("bob"))


async def craig_comes(circle: Circle, recorder: Recorder = CRAIG) -> None:
    if who("craig") not in circle.platform.rooms[circle.room].people:
        await circle.platform.join(circle.room, "craig", kind="bot")
    await circle.platform.call(circle.room, "craig")
    await circle.platform.show_recorder(circle.room, recorder)
    await circle.settle()


def questions(circle: Circle, name: str = "Craig") -> int:
    """How often the facilitator was asked about it."""
    return sum(
        name in words and ("know about it" in words or "all right" in words or "want that" in words)
        for words in circle.platform.said_to(FAY)
    )


@pytest.mark.parametrize("kind", ["recorder", "marked", "listening"])
async def test_facilitators_are_asked_and_the_room_hears_a_calm_word(kind: str) -> None:
    async with House() as house:
        circle = await gathered(house)
        await craig_comes(circle, msgspec.structs.replace(CRAIG, kind=kind))
        assert questions(circle) == 1
        assert lines(circle, CALM) == 1
        assert "Craig" in circle.in_room()[-1]
        assert circle.platform.rooms[circle.room].blocked == set()
        assert not any("Craig" in words for words in circle.platform.said_to("ann"))


async def test_a_shared_screen_is_a_question_to_facilitators_and_never_stopped() -> None:
    async with House() as house:
        circle = await gathered(house, recorder_policy="block")
        await circle.platform.show_recorder(circle.room, SCREEN)
        await circle.settle()
        assert questions(circle, "Bob") == 1
        assert lines(circle, CALM) + lines(circle, STOPPED) == 0
        assert circle.platform.rooms[circle.room].blocked == set()


@pytest.mark.parametrize("recorder", [CRAIG, JITSI])
async def test_with_block_it_is_stopped_and_can_be_let_go_on(recorder: Recorder) -> None:
    async with House() as house:
        circle = await gathered(house, recorder_policy="block")
        await craig_comes(circle, recorder)
        place = circle.platform.rooms[circle.room]
        assert place.blocked == {recorder.id}
        assert who("craig") in place.people, "nobody is removed"
        assert lines(circle, STOPPED) == 1
        await circle.says(FAY, "!group set recorder_policy alert confirm")
        assert place.blocked == set()
        assert questions(circle, recorder.name) == 1, "it is known: nobody is asked twice"


async def test_switching_to_block_stops_what_is_there() -> None:
    async with House() as house:
        circle = await gathered(house)
        await craig_comes(circle)
        await circle.says(FAY, "!group set recorder_policy block confirm")
        assert circle.platform.rooms[circle.room].blocked == {"craig"}


async def test_what_was_let_go_on_by_hand_is_told_once_and_left_alone() -> None:
    """INTERFACE.md, "By hand"."""
    async with House() as house:
        circle = await gathered(house, recorder_policy="block")
        await craig_comes(circle)
        place = circle.platform.rooms[circle.room]
        place.blocked.clear()
        for _ in range(2):
            await circle.platform.show_recorder(circle.room, CRAIG)
            await circle.settle()
        assert place.blocked == set()
        assert sum("did that by hand" in words for words in circle.platform.said_to(FAY)) == 1


async def test_where_it_cannot_be_stopped_it_is_a_question() -> None:
    async with House() as house:
        circle = await gathered(house, recorder_policy="block")
        circle.platform.rooms[circle.room].can = msgspec.structs.replace(EVERYTHING, blocks_recorders=False)
        await craig_comes(circle)
        assert questions(circle) == 1
        assert lines(circle, CALM) == 1
        assert lines(circle, STOPPED) == 0


async def test_when_stopping_fails_a_person_is_asked_to_look() -> None:
    async with House() as house:
        circle = await gathered(house, recorder_policy="block")
        from bot.boundary.effects import BlockRecorder
        from bot.boundary.events import EffectFailed

        await craig_comes(circle)
        failed = EffectFailed(
            id="failed:1", room=circle.room, feature="recording", reason="forbidden",
            effect=BlockRecorder(room=circle.room, recorder="craig", who=who("craig")),
        )  # fmt: skip
        taken = house.engine.submit(failed)
        assert taken is not None
        await taken
        await circle.settle()
        assert "could not stop a recorder" in circle.platform.said_to(FAY)[-1]


async def test_with_permission_a_recorder_is_let_be_and_when_it_ends_it_is_stopped() -> None:
    async with House() as house:
        circle = await meeting(house, recorder_policy="block")
        for name in (FAY, "ann", "bob", "cal", "dee"):
            await circle.platform.call(circle.room, name)
        await circle.settle()
        await craig_comes(circle)
        place = circle.platform.rooms[circle.room]
        assert place.blocked == {"craig"}
        await circle.says("ann", ASK)
        await answers(circle, FAY, "bob", "cal", "dee")
        await house.later(minutes=10)
        assert place.blocked == set(), "everyone agreed"
        assert lines(circle, STOPPED) == 1
        await circle.says("bob", "!recording stop")
        assert place.blocked == {"craig"}
        assert lines(circle, "**Recording ends now.**") == 1


async def test_one_that_comes_and_goes_is_told_of_once_in_ten_minutes() -> None:
    async with House() as house:
        circle = await gathered(house, recorder_policy="block")
        await circle.platform.show_recorder(circle.room, SCREEN)
        for _ in range(5):
            await circle.platform.hide_recorder(circle.room, SCREEN.id)
            await circle.platform.show_recorder(circle.room, SCREEN)
            await circle.settle()
        assert questions(circle, "Bob") == 1
        await circle.platform.hide_recorder(circle.room, SCREEN.id)
        await house.later(minutes=26)
        await circle.platform.show_recorder(circle.room, SCREEN)
        await circle.settle()
        assert questions(circle, "Bob") == 2


async def test_a_recorder_is_told_of_after_a_restart_and_only_once() -> None:
    async with House() as house:
        circle = await gathered(house)
        await house.stop()
        await craig_comes(circle)
        house.engine = house._engine()
        await house.start()
        assert questions(circle) == 1
        await house.restart()
        assert questions(circle) == 1


async def test_undoing_the_set_up_lets_go_on_what_was_stopped() -> None:
    async with House() as house:
        circle = await gathered(house, recorder_policy="block")
        await craig_comes(circle)
        await circle.says(FAY, "!setup undo confirm")
        assert circle.platform.rooms[circle.room].blocked == set()
