"""Reporting, step by step: what is asked, what is kept, what is gone."""

from datetime import timedelta

import msgspec
import pytest

from adapters.memory.platform import EVERYTHING, who
from bot.boundary.ports import Read
from tests.breach.story import CODE, GUS, LONG, cases, group, heard, label, report, say
from tests.laws.stories import FAY
from tests.support.house import House


async def test_before_anything_is_written_it_is_said_who_will_see_it_and_who_could_know() -> None:
    """Names of the readers, anonymity's limits, no crisis service, whom one can leave out."""
    async with House() as house:
        await group(house, "ann")
        await say(house, FAY, "!group set crisis_contact Call Dora, 1234")
        shown = await say(house, "ann", "!report")
        for words in ("Fay (@fay)", "Gus (@gus)", "leave out", "platform", "Somebody who runs me",
                      "not a crisis service", "Call Dora, 1234", "What happened"):  # fmt: skip
            assert words in shown, words
        assert "fewer than two" not in shown


async def test_an_anonymous_report_becomes_a_case_that_names_nobody() -> None:
    """The draft is gone in the same commit, and no row has the reporter in its place or its body."""
    async with House() as house:
        room = await group(house, "ann", "bob")
        await report(house, "ann")
        (case,) = await cases(house, room)
        assert (case.told.kind, case.told.harmed, case.told.wish) == ("screenshot", "me", "stop")
        assert (case.told.when, case.told.words) == ("last week", "my post was shown around")
        assert case.reporter is None
        assert await house.store.load([Read(feature="breach", room=room, member=who("ann"))]) == []
        rows = await house.store.load([Read(feature="breach", room=room, member=None)])
        assert all(b"@ann" not in row.body for row in rows)


async def test_a_named_report_names_its_reporter_to_facilitators() -> None:
    """It is a choice, without a default."""
    async with House() as house:
        room = await group(house, "ann")
        assert "did not understand" in await say(
            house, "ann", "!report", "other", "skip", "skip", "skip", "skip", "nobody", "skip"
        )
        assert "Your report is sent" in await say(house, "ann", "named", "send")
        (case,) = await cases(house, room)
        assert case.reporter == who("ann")
        await house.later(hours=1)
        assert "Ann (@ann)" in await say(house, FAY, f"!cases show {await label(house)}")


async def test_everything_can_be_skipped_but_the_kind() -> None:
    """And one can go back, and change an answer."""
    async with House() as house:
        await group(house, "ann")
        assert "did not understand" in await say(house, "ann", "!report", "skip")
        assert "When was it" in await say(house, "ann", "3")
        assert "What happened" in await say(house, "ann", "back")
        shown = await say(house, "ann", "gossip", "skip", "skip", "skip", "skip", "nobody", "anonymous")
        assert "talked about behind" in shown
        assert "Send it" in shown


async def test_a_draft_outlives_a_restart_and_is_gone_after_a_day() -> None:
    """It is taken up where it was; past its time it counts as gone, swept or not."""
    async with House() as house:
        await group(house, "ann")
        await say(house, "ann", "!report", "recording", "on Monday")
        await house.restart()
        shown = await say(house, "ann", "!report")
        assert "You began a report" in shown
        assert "Who is harmed" in shown
        await say(house, "ann", "another")
        house.clock.move(timedelta(hours=24))
        assert "What happened" in await say(house, "ann", "!report")


async def test_cancelling_leaves_nothing_and_takes_the_chat_down() -> None:
    """No draft, no case, nothing in the direct chat but that it was done."""
    async with House() as house:
        room = await group(house, "ann")
        before = len(house.platform.chat_with("ann"))
        await say(house, "ann", "!report", "sharing", "cancel")
        assert await cases(house, room) == []
        assert await house.store.load([Read(feature="breach", room=room, member=who("ann"))]) == []
        left = house.platform.chat_with("ann")[before:]
        assert len(left) == 1
        assert "deleted your report" in left[0]


async def test_once_sent_the_words_are_taken_down_on_both_sides() -> None:
    """What stays is the code, until the person has written it down."""
    async with House() as house:
        await group(house, "ann")
        before = len(house.platform.chat_with("ann"))
        code = await report(house, "ann")
        left = house.platform.chat_with("ann")[before:]
        assert len(left) == 1
        assert code in left[0]
        await say(house, "ann", "!report clear")
        assert not any(code in words for words in house.platform.chat_with("ann"))


async def test_the_code_is_shown_twice_and_kept_nowhere() -> None:
    """Before sending and after; what is stored opens nothing."""
    async with House() as house:
        room = await group(house, "ann")
        code = await report(house, "ann")
        assert sum(code in words for words in heard(house, "ann")) == 2
        rows = await house.store.load([Read(feature="breach", room=room)])
        assert not any(code.split()[0].encode() in row.body for row in rows)
        assert await house.store.outbox() == []


async def test_a_code_works_from_any_account_and_in_any_spelling() -> None:
    """Also from one that is in no group."""
    async with House() as house:
        await group(house, "ann", "bob")
        house.platform.room("other", "cal")
        code = await report(house, "ann")
        for name in ("ann", "bob", "cal", "stranger"):
            assert "waiting for somebody" in await say(house, name, f"!case show {code.upper()}"), name
        assert "find no report" in await say(house, "bob", f"!case show {' '.join(['abacus'] * 6)}")


async def test_the_reporter_adds_answers_and_takes_back() -> None:
    """With the code alone; the words go at the next full hour when it is taken back."""
    async with House() as house:
        room = await group(house, "ann")
        code = await report(house, "ann")
        await house.later(hours=1)
        name = await label(house)
        await say(house, FAY, f"!cases acknowledge {name}", f"!cases ask {name} Are you safe?")
        shown = await say(house, "ann", f"!case show {code}")
        assert "Are you safe?" in shown
        assert "looks after it" in shown
        await say(house, "ann", f"!case add {code} Yes, thank you")
        assert "Yes, thank you" not in await say(house, FAY, f"!cases show {name}")
        await house.later(hours=1)
        assert "Yes, thank you" in await say(house, FAY, f"!cases show {name}")
        await say(house, "ann", f"!case add {code} more of it")
        before = await say(house, FAY, f"!cases show {name}")
        assert "At the next full hour" in await say(house, "ann", f"!case withdraw {code}")
        assert "It was taken back" in await say(house, "ann", f"!case show {code}")
        assert await say(house, FAY, f"!cases show {name}") == before, "the minute tells nothing"
        await say(house, "ann", f"!case add {code} that was a mistake")
        await house.later(hours=1)
        (case,) = await cases(house, room)
        assert case.state == "withdrawn"
        assert [entry.words for entry in case.entries if entry.kind == "added"] == ["that was a mistake"]
        assert "my post" not in await say(house, FAY, f"!cases show {name}")


async def test_before_anybody_could_see_it_the_words_go_at_once() -> None:
    """And where the report has a name, there is nobody to guess."""
    for named, hours in ((False, 0), (True, 1)):
        async with House() as house:
            room = await group(house, "ann")
            code = await report(house, "ann", named=named)
            await house.later(hours=hours)
            assert "its words are deleted. Facilitators" in await say(house, "ann", f"!case withdraw {code}")
            (case,) = await cases(house, room)
            assert (case.state, case.told.words) == ("withdrawn", "")


async def test_if_nobody_is_left_it_says_so_before_sending_and_points_outside() -> None:
    """Nothing is sent into the void."""
    async with House() as house:
        room = await group(house, "ann")
        await say(house, FAY, "!group set outside_contact Ms Lee, lee@example.org")
        shown = await say(
            house, "ann", *("!report", "other", "skip", "skip", "skip", "skip", "1 2", "anonymous")
        )
        assert "cannot send it" in shown
        assert "Ms Lee" in shown
        assert "sent" not in (await say(house, "ann", "send")).split("**")[1]
        assert await cases(house, room) == []


async def test_nothing_is_sent_to_somebody_who_was_not_shown_before() -> None:
    """A facilitator who came after the review may be whom it is about: it is shown once more."""
    async with House() as house:
        room = await group(house, "ann", "eve")
        await say(house, "ann", *LONG[:-1], "nobody", "anonymous")
        await say(house, FAY, "!facilitator add eve")
        await say(house, "eve", "!facilitator accept")
        again = await say(house, "ann", "send")
        assert "Nothing is sent yet" in again
        assert "Eve (@eve)" in again
        assert await cases(house, room) == []
        await say(house, "ann", "back", "back", "eve", "anonymous", "send")
        (case,) = await cases(house, room)
        assert [who.native for who in case.told.without] == ["@eve"]


async def test_it_is_said_that_later_facilitators_can_read_it_too() -> None:
    """And whoever was left out cannot, also when they become one."""
    async with House() as house:
        await group(house, "ann", "bob", "eve")
        assert "becomes a facilitator here later" in await say(house, "ann", "!report")
        await say(house, "ann", *LONG[1:-1], "eve", "anonymous", "send")
        for name in ("bob", "eve"):
            await say(house, FAY, f"!facilitator add {name}")
            await say(house, name, "!facilitator accept")
        await house.later(hours=1)
        assert "1 case is open" in await say(house, "bob", "!cases")
        assert "No case is open" in await say(house, "eve", "!cases")


async def test_without_any_facilitator_it_says_so_at_once() -> None:
    """No question is asked whose answer nobody could read."""
    async with House() as house:
        house.platform.room("evening", "ann")
        shown = await say(house, "ann", "!report")
        assert "no facilitator" in shown
        assert "What happened" not in shown


async def test_a_group_that_does_not_look_after_reports_says_so() -> None:
    """Two people within 30 days (PRACTICE.md); they are asked, and one press confirms."""
    async with House() as house:
        await group(house, "ann", "bob")
        await house.later(days=31)
        assert "fewer than two people" in await say(house, "ann", "!report")
        assert any("Do you still look after reports" in words for words in heard(house, FAY))
        await say(house, FAY, "!cases ready")
        await say(house, GUS, "!cases ready")
        assert "fewer than two people" not in await say(house, "bob", "!report")


async def test_more_than_five_reports_in_an_hour_wait() -> None:
    """Counted in memory: nothing kept says whose they were."""
    async with House() as house:
        room = await group(house, "ann", "bob")
        for _ in range(5):
            await report(house, "ann")
        await say(house, "ann", *("!report", "other", "skip", "skip", "skip", "skip", "nobody", "anonymous"))
        assert "5 reports an hour" in await say(house, "ann", "send")
        await report(house, "bob")
        house.clock.move(timedelta(minutes=61))
        assert "Your report is sent" in await say(house, "ann", "!report send")
        assert len(await cases(house, room)) == 7


async def test_a_report_typed_in_the_room_goes_on_in_private_and_says_what_others_saw() -> None:
    """It is taken down at once; nothing about it is said in the room."""
    async with House() as house:
        room = await group(house, "ann")
        before = house.platform.seen_in(room)
        await house.platform.post(room, "ann", "!report")
        await house.settle()
        assert house.platform.seen_in(room) == before
        assert "people who were reading may have seen it" in house.platform.said_to("ann")[-1]


async def test_who_is_in_several_groups_is_asked_once_which_one() -> None:
    """The steps after it stay in that group."""
    async with House() as house:
        room = await group(house, "ann")
        other = house.platform.room("another", "ann", administrators=("olu",))
        await house.platform.adopt(other, "olu")
        await house.settle()
        assert "Which one" in await say(house, "ann", "!report")
        assert "When was it" in await say(house, "ann", "1", "!report sharing")
        await say(house, "ann", "skip", "skip", "skip", "skip", "nobody", "anonymous", "send")
        assert len(await cases(house, room)) == 1


async def test_words_to_a_question_are_an_answer_and_commands_stay_commands() -> None:
    """Somebody in a crisis gets the contact; withdrawing works; then the question is still there."""
    async with House() as house:
        await group(house, "ann")
        await say(house, "ann", "!report", "other")
        assert "emergency number" in await say(house, "ann", "urgent")
        assert "anything to withdraw" not in await say(house, "ann", "consent withdraw")
        assert "Who is harmed" in await say(house, "ann", "in the group call, consent was not asked")


async def test_a_button_of_an_earlier_question_corrects_that_answer_alone() -> None:
    """Old buttons stay in people's chats; they must not answer another question."""
    async with House() as house:
        room = await group(house, "ann")
        house.platform.rooms[room].can = msgspec.structs.replace(EVERYTHING, buttons=True)
        await say(house, "ann", "!report")
        first = house.platform.heard[-1]
        await house.platform.press(first, 1)
        await house.settle()
        await house.platform.press(first, 0)
        await house.settle()
        assert "When was it" in house.platform.heard[-1].text
        await say(house, "ann", "skip", "skip", "skip", "skip", "nobody", "anonymous", "send")
        (case,) = await cases(house, room)
        assert case.told.kind == "sharing"


@pytest.mark.parametrize(
    "words", ["@room @everyone", "https://evil.example/x.png", "**bold** `code`", "a\nb"]
)
async def test_what_people_write_stands_in_a_block(words: str) -> None:
    """No link is opened for a preview, nobody is pinged, nothing looks like the bot's own words."""
    async with House() as house:
        await group(house, "ann")
        await say(
            house, "ann", *("!report", "other", "skip", "skip", "skip", words, "nobody", "anonymous", "send")
        )
        await house.later(hours=1)
        shown = await say(house, FAY, f"!cases show {await label(house)}")
        assert f"```\n{words}\n```" in shown


async def test_a_code_can_be_found_in_what_was_shown() -> None:
    """The other tests read it from there."""
    assert CODE.search("**Your code:** `a-b c d e f g`")
