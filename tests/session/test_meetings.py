"""A meeting begins with the pledge, ends with a reminder, and is never forgotten open."""

import asyncio

import msgspec

from adapters.memory.platform import EVERYTHING, who
from bot.boundary.effects import Announce, say
from bot.boundary.events import CommandGiven, EffectFailed
from bot.engine import TEXTS, Texts
from bot.session import FEATURE
from bot.session.policy import LONGEST_PLEDGE
from tests.laws.stories import FAY
from tests.session.circle import gathered
from tests.support.here import here
from tests.support.house import House


def pledge() -> str:
    world = here()
    assert FEATURE.texts is not None
    voice = Texts([TEXTS, FEATURE.texts]).voice("en", world.room.can, world.room, world.policy.zone)
    return voice.text("session-pledge")


def test_the_pledge_has_at_most_sixty_words() -> None:
    """PRACTICE.md, "The agreement"."""
    assert len(pledge().split()) <= LONGEST_PLEDGE


async def test_a_meeting_opens_with_the_pledge_no_recording_who_can_see_and_the_crisis_contact() -> None:
    """All of it in one message, from the room as it is: one bot, a bridge, two who have not agreed."""
    async with House() as house:
        circle = await gathered(house, agreed=(FAY, "ann", "bob"), crisis_contact='"Robin, 555 0199"')
        place = circle.platform.rooms[circle.room]
        await circle.platform.join(circle.room, "botty", kind="bot")
        place.bridges = ("Telegram",)
        before = len(circle.in_room())
        told = await circle.says(FAY, "!session start 60 Missing them")
        assert any("The meeting is open" in words for words in told)
        (said,) = circle.in_room()[before:]
        assert "It lasts 1 hour. Today: Missing them" in said
        assert pledge() in said
        assert "Nobody may record" in said
        assert "5 people are here. 2 of them have not agreed yet" in said
        assert "A bot is here too: Botty" in said
        assert "Telegram" in said
        assert "Robin, 555 0199" in said


async def test_where_nobody_wrote_a_crisis_contact_the_meeting_says_what_to_type() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session start")
        said = circle.in_room()[-1]
        assert "It lasts 90 minutes" in said
        assert "`!urgent`" in said
        assert "All of them have agreed" in said


async def test_only_a_facilitator_opens_a_meeting() -> None:
    async with House() as house:
        circle = await gathered(house)
        (refused,) = await circle.says("ann", "!session start")
        assert "Only facilitators" in refused
        assert circle.in_room() == []


async def test_two_facilitators_who_start_at_once_open_one_meeting() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!facilitator add @ann")
        await circle.says("ann", "!facilitator accept")
        before = len(circle.in_room())
        starts = [circle.platform.write(name, "!session start") for name in (FAY, "ann")]
        await asyncio.gather(*starts)
        await circle.settle()
        assert len(circle.in_room()) == before + 1
        assert "A meeting is on already" in circle.platform.said_to("ann")[-1]


async def test_the_same_command_again_opens_no_second_meeting() -> None:
    """A platform hands in again what it does not know to be done."""
    async with House() as house:
        circle = await gathered(house)
        given = CommandGiven(id="once", room=circle.room, by=who(FAY), name="session", sub="start")
        for _ in range(2):
            taken = house.engine.submit(given)
            if taken is not None:
                await taken
        await circle.settle()
        assert len(circle.in_room()) == 1


async def test_closing_says_a_reminder_and_the_next_date() -> None:
    async with House() as house:
        circle = await gathered(house, timezone="Europe/Berlin")
        await circle.says(FAY, "!session plan 2026-03-04 19:00 weekly confirm")
        await circle.says(FAY, "!session start")
        told = await circle.says(FAY, "!session end")
        assert any("The meeting is closed" in words for words in told)
        said = circle.in_room()[-1]
        assert "Our meeting is over" in said
        assert "`!report`" in said, "how to report is said always, and to everyone"
        assert "March 4, 2026, 19:00 (CET)" in said
        assert "every week" in said
        assert "No meeting is on" in (await circle.says(FAY, "!session end"))[0]


async def test_a_meeting_in_the_hour_before_its_planned_time_is_the_planned_one() -> None:
    """So the closing words name the meeting after it, and nobody is told to open it."""
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session plan 12:30 weekly 45 confirm")
        await house.later(minutes=10)
        await circle.says(FAY, "!session start")
        assert "It lasts 45 minutes" in circle.in_room()[-1]
        await circle.says(FAY, "!session end")
        assert "March 9, 2026, 12:30" in circle.in_room()[-1]
        heard = len(circle.platform.said_to(FAY))
        await house.later(minutes=25)
        assert circle.platform.said_to(FAY)[heard:] == []


async def test_who_comes_late_hears_the_pledge_in_private_and_the_room_one_line_in_five_minutes() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session start")
        before = len(circle.in_room())
        for name in ("xenia", "flo", "gus"):
            await circle.comes(name)
            assert any("Our pledge" in words for words in circle.platform.said_to(name))
        lines = circle.in_room()[before:]
        assert len(lines) == 1
        assert "Nobody may record" in lines[0]
        assert not any(name in lines[0].casefold() for name in ("xenia", "flo", "gus"))
        await house.later(minutes=5)
        assert len(circle.in_room()) == before + 2, "who came after the line is owed one"
        await house.later(minutes=10)
        assert len(circle.in_room()) == before + 2


async def test_the_pledge_is_not_repeated_to_who_drops_out_and_in() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session start")
        for _ in range(3):
            await circle.comes("eve")
            await circle.platform.leave(circle.room, "eve")
            await house.settle()
        assert sum("Our pledge" in words for words in circle.platform.said_to("eve")) == 1


async def test_where_nobody_can_be_written_to_the_room_alone_is_told() -> None:
    async with House() as house:
        circle = await gathered(house)
        circle.platform.rooms[circle.room].can = msgspec.structs.replace(EVERYTHING, private=False)
        given = CommandGiven(id="start", room=circle.room, by=who(FAY), name="session", sub="start")
        taken = house.engine.submit(given)
        assert taken is not None
        await taken
        await circle.comes("eve")
        assert circle.platform.said_to("eve") == []
        assert any("those who came a little later" in words for words in circle.in_room())


async def test_nobody_is_told_the_pledge_while_no_meeting_is_on() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.comes("eve")
        assert not any("Our pledge" in words for words in circle.platform.said_to("eve"))


async def test_a_meeting_that_was_forgotten_ends_by_itself() -> None:
    """An hour after its time, with the closing words; facilitators hear that it was closed."""
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session start 30")
        await house.later(minutes=89)
        assert "Our meeting begins" in circle.in_room()[-1]
        await house.restart()
        await house.later(minutes=2)
        assert "Our meeting is over" in circle.in_room()[-1]
        assert "Nobody closed the last meeting" in circle.platform.said_to(FAY)[-1]
        assert "The meeting is open" in (await circle.says(FAY, "!session start"))[0]


async def test_a_meeting_that_ended_while_the_bot_was_down_for_long_is_closed_without_a_word() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session start 30")
        before = circle.in_room()
        await house.away(hours=3)
        assert circle.in_room() == before
        assert "No meeting is on" in (await circle.says(FAY, "!session end"))[0]


async def test_the_meeting_survives_a_restart_and_goes_with_the_room() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session start")
        await house.restart()
        assert "A meeting is on already" in (await circle.says(FAY, "!session start"))[0]
        await circle.platform.expel(circle.room)
        await house.settle()
        await circle.platform.adopt(circle.room, FAY)
        await house.settle()
        assert "No meeting is on" in (await circle.says(FAY, "!session end"))[0]


async def test_undoing_the_set_up_ends_the_meeting_and_the_plan() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session plan tomorrow 19:00 weekly confirm")
        await circle.says(FAY, "!session start")
        await circle.says(FAY, "!setup undo confirm")
        before = circle.in_room()
        await house.later(hours=30)
        assert circle.in_room() == before


async def test_a_group_that_is_not_set_up_has_no_meetings() -> None:
    async with House() as house:
        room = house.platform.room("evening", "ann", administrators=(FAY,))
        await house.platform.adopt(room, FAY)
        await house.settle()
        await house.platform.write(FAY, "!session start")
        await house.settle()
        assert "no facilitator yet" in house.platform.said_to(FAY)[-1]
        await house.platform.write(FAY, "!session next")
        await house.settle()
        assert "No next meeting" in house.platform.said_to(FAY)[-1]
        assert "Our meeting" not in "".join(house.platform.seen_in(room))


async def test_odd_lengths_and_topics_are_refused_with_the_way_to_do_it() -> None:
    async with House() as house:
        circle = await gathered(house)
        assert "from 5 to 600 minutes" in (await circle.says(FAY, "!session start 4"))[0]
        assert "from 5 to 600 minutes" in (await circle.says(FAY, "!session start 601"))[0]
        assert "200 characters" in (await circle.says(FAY, "!session start " + "x" * 201))[0]
        assert circle.in_room() == []


async def test_when_the_room_cannot_be_written_to_facilitators_hear_of_it() -> None:
    async with House() as house:
        circle = await gathered(house)
        failed = Announce(room=circle.room, body=(say("session-closed"),))
        event = EffectFailed(
            id="failed:x", room=circle.room, feature="session", effect=failed, reason="forbidden"
        )
        taken = house.engine.submit(event)
        assert taken is not None
        await taken
        await circle.settle()
        assert "could not write to the room" in circle.platform.said_to(FAY)[-1]


async def test_the_gate_is_not_enforced_in_the_middle_of_a_meeting() -> None:
    """INTERFACE.md, `group enforce`: not during a session."""
    async with House() as house:
        circle = await gathered(house, gate="mute", agreed=(FAY, "ann"))
        await circle.says(FAY, "!session start")
        (refused,) = await circle.says(FAY, "!group enforce confirm")
        assert "A meeting is on" in refused
        assert who("bob") in circle.platform.rooms[circle.room].speakers
        await circle.says(FAY, "!session end")
        await circle.says(FAY, "!group enforce confirm")
        assert who("bob") not in circle.platform.rooms[circle.room].speakers
