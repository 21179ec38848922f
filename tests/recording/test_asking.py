"""Nobody records unless every single person agreed; a no is nobody's business."""

from datetime import timedelta

import msgspec
import pytest

from adapters.memory.platform import EVERYTHING, who
from bot.boundary.events import CommandGiven
from bot.recording.records import Agreed, Asked, Kept
from tests.laws.stories import AGREEING, FAY
from tests.recording.stage import ASK, allowed, answers, asked, kept, lines, meeting, state
from tests.session.circle import Circle, gathered
from tests.support.house import House

NO = "Nobody may record right now"
NOT_AGREED = "Not everyone agreed to recording"
AGREED = "**Everyone agreed.**"


async def test_nobody_may_record_by_default_and_everybody_can_see_why() -> None:
    async with House() as house:
        circle = await gathered(house)
        (told,) = await circle.says("ann", "!recording")
        assert NO in told
        assert "every single person" in told
        await circle.platform.post(circle.room, "ann", "!recording")
        await circle.settle()
        assert NO in circle.in_room()[-1]


async def test_recording_and_privacy_say_in_the_same_words_what_cannot_be_seen() -> None:
    for sees in (True, False):
        async with House() as house:
            circle = await gathered(house)
            can = msgspec.structs.replace(EVERYTHING, calls_seen=sees)
            circle.platform.rooms[circle.room].can = can
            (shown,) = await circle.says("ann", "!recording")
            told = await circle.says("ann", "!privacy")
            words = shown[shown.index("**What I can see of recorders") :]
            assert "Clips" in words
            assert "phone" in words
            assert ("not shown who is in a call" in words) is not sees
            assert any(words in text for text in told)


async def test_everyone_present_is_asked_in_private_with_all_that_matters() -> None:
    async with House() as house:
        circle = await meeting(house)
        (told,) = await circle.says("ann", ASK)
        assert "I have asked everyone" in told
        for name in (FAY, "bob", "cal", "dee"):
            question = circle.platform.said_to(name)[-1]
            for part in (
                "Ann (@ann)",
                "to practise",
                "only the five of us",
                "30 days",
                "written in this room",
            ):
                assert part in question
            assert "`!recording agree`" in question
            assert "`!recording decline`" in question
        assert "Until then nobody may record" in circle.in_room()[-1]


async def test_when_everyone_agrees_it_is_said_at_the_end_of_the_window_and_not_earlier() -> None:
    async with House() as house:
        circle = await asked(house)
        await answers(circle, FAY, "bob", "cal", "dee")
        before = circle.in_room()
        await house.later(minutes=9, seconds=59)
        assert circle.in_room() == before
        assert (await state(circle)).phase == "asking"  # type: ignore[union-attr]
        await house.later(seconds=1)
        assert AGREED in circle.in_room()[-1]
        assert "Ann (@ann)" in circle.in_room()[-1]
        assert "Recording is allowed right now" in (await circle.says("bob", "!recording"))[0]
        assert circle.platform.rooms[circle.room].status == "Recording: everyone agreed"


@pytest.mark.parametrize("words", ["!recording decline", "!recording stop", "!rules"])
async def test_one_no_or_one_silence_is_enough(words: str) -> None:
    async with House() as house:
        circle = await asked(house)
        await answers(circle, FAY, "bob", "cal")
        await answers(circle, "dee", words=words)
        before = circle.in_room()
        await house.later(minutes=9)
        assert circle.in_room() == before
        await house.later(minutes=1)
        assert [NOT_AGREED in line for line in circle.in_room()[len(before) :]] == [True]
        assert (await kept(circle)) == [], "nobody can ever look up who said no"


async def test_the_last_word_within_the_window_counts() -> None:
    async with House() as house:
        circle = await asked(house)
        await answers(circle, FAY, "bob", "cal", "dee", words="!recording decline")
        await answers(circle, FAY, "bob", "cal", "dee")
        await house.later(minutes=10)
        assert AGREED in circle.in_room()[-1]


async def test_who_asked_can_take_it_back() -> None:
    async with House() as house:
        circle = await asked(house)
        await answers(circle, FAY, "bob", "cal", "dee")
        assert "noted your no" in (await circle.says("ann", "!recording decline"))[0]
        await house.later(minutes=10)
        assert NOT_AGREED in circle.in_room()[-1]


async def test_an_answer_after_the_window_comes_too_late() -> None:
    """Also when the outcome is late, because the bot was down."""
    async with House() as house:
        circle = await asked(house)
        await answers(circle, FAY, "bob", "cal")
        house.clock._now += timedelta(minutes=11)  # nobody is woken: the timer has not rung yet
        assert "The time to answer is over" in (await circle.says("dee", "!recording agree"))[0]
        await house.restart()
        assert NOT_AGREED in circle.in_room()[-1]
        assert "Nothing is being asked" in (await circle.says("dee", "!recording agree"))[0]


async def test_the_outcome_comes_after_a_restart_too() -> None:
    async with House() as house:
        circle = await asked(house)
        await answers(circle, FAY, "bob", "cal", "dee")
        await house.away(minutes=12)
        assert AGREED in circle.in_room()[-1]


async def test_it_is_asked_once_a_meeting() -> None:
    async with House() as house:
        circle = await asked(house)
        assert "being asked already" in (await circle.says("bob", ASK))[0]
        await house.later(minutes=10)
        assert "asked once in this meeting" in (await circle.says("bob", ASK))[0]
        await circle.says(FAY, "!session end")
        await circle.says(FAY, "!session start")
        assert "I have asked everyone" in (await circle.says("bob", ASK))[0]


async def test_a_refusal_gives_the_reason_and_does_not_use_up_the_question() -> None:
    async with House() as house:
        circle = await gathered(house, members=("ann", "bob"), agreed=(FAY, "ann", "bob"))
        assert "only while a meeting is on" in (await circle.says("ann", ASK))[0]
        await circle.says(FAY, "!session start")
        assert "at least 4 people" in (await circle.says("ann", ASK))[0]
        await circle.comes("zoe")
        assert "agree to keep what is said here private yourself" in (await circle.says("zoe", ASK))[0]
        assert "Not everyone here has agreed" in (await circle.says("ann", ASK))[0]
        place = circle.platform.rooms[circle.room]
        for words in AGREEING:
            await circle.says("zoe", words)
        place.bridges = ("Telegram",)
        assert "I cannot ask everyone" in (await circle.says("ann", ASK))[0]
        place.bridges = ()
        await circle.platform.join(circle.room, "ghosty", kind="ghost")
        assert "I cannot ask everyone" in (await circle.says("ann", ASK))[0]
        await circle.platform.leave(circle.room, "ghosty")
        assert "1 to 365 days" in (await circle.says("ann", "!recording ask a | b | 366"))[0]
        assert "200 characters" in (await circle.says("ann", f"!recording ask {'a' * 201} | b | 3"))[0]
        assert "recording ask PURPOSE | VIEWERS DAYS" in (await circle.says("ann", "!recording ask a"))[0]
        assert lines(circle, "asks whether") == 0
        assert "I have asked everyone" in (await circle.says("ann", ASK))[0]


async def test_during_a_call_the_people_in_it_are_asked() -> None:
    """INTERFACE.md, "Present": for a call, the people in it."""
    async with House() as house:
        circle = await meeting(house, members=("ann", "bob", "cal", "dee", "eli"))
        for name in ("ann", "bob", "cal", "dee"):
            await circle.platform.call(circle.room, name)
        await circle.settle()
        assert "Please join it first" in (await circle.says("eli", ASK))[0]
        await circle.says("ann", ASK)
        assert "said in the call" in circle.platform.said_to("bob")[-1]
        assert not any("may this meeting be recorded" in words for words in circle.platform.said_to("eli"))
        assert "nothing for you to answer" in (await circle.says("eli", "!recording agree"))[0]
        await answers(circle, "bob", "cal", "dee")
        await house.later(minutes=10)
        assert AGREED in circle.in_room()[-1]
        await circle.comes("zoe")
        assert (await state(circle)).phase == "allowed"  # type: ignore[union-attr]  # she is not in the call
        await circle.platform.call(circle.room, "eli")
        await circle.settle()
        assert "Recording ends now" in "".join(circle.in_room()[-2:])


async def test_who_comes_in_the_window_was_not_asked_so_it_is_not_allowed() -> None:
    async with House() as house:
        circle = await asked(house)
        await answers(circle, FAY, "bob", "cal", "dee")
        await circle.comes("zoe")
        assert "nothing for you to answer" in (await circle.says("zoe", "!recording agree"))[0]
        await house.later(minutes=10)
        assert NOT_AGREED in circle.in_room()[-1]


async def test_who_leaves_in_the_window_with_a_yes_does_not_count_against_it() -> None:
    async with House() as house:
        circle = await asked(house)
        await answers(circle, FAY, "bob", "cal", "dee")
        await circle.platform.leave(circle.room, "dee")
        await house.later(minutes=10)
        assert AGREED in circle.in_room()[-1]


async def test_who_leaves_or_forgets_in_the_window_without_a_yes_is_a_no() -> None:
    """The roster is fixed: nobody makes a no disappear."""
    for words in ("leave", "!forget confirm"):
        async with House() as house:
            circle = await asked(house)
            await answers(circle, FAY, "bob", "cal")
            if words != "leave":
                await circle.says("dee", words)
            await circle.platform.leave(circle.room, "dee")
            await house.later(minutes=10)
            assert NOT_AGREED in circle.in_room()[-1]


async def test_who_withdraws_from_the_agreement_in_the_window_has_not_agreed_to_recording() -> None:
    async with House() as house:
        circle = await asked(house)
        await answers(circle, FAY, "bob", "cal", "dee")
        await circle.says("dee", "!consent withdraw")
        await house.later(minutes=10)
        assert NOT_AGREED in circle.in_room()[-1]


async def test_where_nobody_can_be_written_to_one_neutral_button_is_for_all() -> None:
    async with House() as house:
        circle = await meeting(house)
        can = msgspec.structs.replace(EVERYTHING, private=False, buttons=True)
        circle.platform.rooms[circle.room].can = can
        heard = len(circle.platform.heard)
        given = CommandGiven(
            id="ask", room=circle.room, by=who("ann"), name="recording", sub="ask",
            values={"purpose": "to practise", "viewers": "us", "days": "3"},
        )  # fmt: skip
        taken = house.engine.submit(given)
        assert taken is not None
        await taken
        await circle.settle()
        assert circle.platform.heard[heard:] == []
        assert lines(circle, "asks whether this meeting may be recorded") == 1


async def test_each_consent_says_what_for_whose_eyes_and_until_when() -> None:
    async with House() as house:
        circle = await allowed(house)
        found = await kept(circle)
        consents = {who_: r for who_, r in found if isinstance(r, Agreed)}
        assert set(consents) == {f"@{name}" for name in (FAY, "ann", "bob", "cal", "dee")}
        for consent in consents.values():
            assert (consent.purpose, consent.viewers) == ("to practise", "only the five of us")
            assert consent.delete_on == circle.now + timedelta(days=30)
        assert [who_ for who_, r in found if isinstance(r, Kept)] == ["@ann"]
        assert not any(isinstance(r, Asked) for _, r in found)
        mine = circle.platform.heard
        await circle.says("bob", "!mydata")
        assert b"to practise" in mine[-1].files[0].content
        assert b"@ann" not in mine[-1].files[0].content


async def test_the_question_ends_with_the_meeting() -> None:
    async with House() as house:
        circle = await asked(house)
        await answers(circle, FAY, "bob", "cal", "dee")
        await circle.says(FAY, "!session end")
        assert "has ended with the meeting" in circle.in_room()[-1]
        before = circle.in_room()
        await house.later(minutes=15)
        assert circle.in_room() == before
        assert await state(circle) is None


async def test_nobody_is_left_out_by_being_listed_as_a_bot() -> None:
    """On Matrix whoever has power can put a member on the room's list of service accounts."""
    async with House() as house:
        circle = await meeting(house)
        _taken_for_bot(circle, "dee")
        assert "nobody may be left out" in (await circle.says("ann", ASK))[0]
        found = await state(circle)
        assert found is not None
        assert found.phase == "no"


async def test_being_listed_as_a_bot_in_the_window_gives_no_permission() -> None:
    async with House() as house:
        circle = await asked(house)
        await answers(circle, FAY, "bob", "cal", "dee")
        _taken_for_bot(circle, "dee")
        await house.later(minutes=10)
        assert "Not everyone agreed" in circle.in_room()[-1]


async def test_everybody_is_told_which_bots_are_not_asked() -> None:
    """So that a person whom it takes for one can be seen by all."""
    async with House() as house:
        circle = await meeting(house)
        await house.platform.join(circle.room, "eve", kind="bot")
        await circle.says("ann", ASK)
        assert "I take Eve (@eve) for a bot" in circle.in_room()[-1]


def _taken_for_bot(circle: Circle, name: str) -> None:
    people = circle.platform.rooms[circle.room].people
    people[who(name)] = msgspec.structs.replace(people[who(name)], kind="bot")
