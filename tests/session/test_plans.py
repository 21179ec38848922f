"""Plans: shown before they are kept, reminders in time, and nothing said when it helps no more."""

from datetime import timedelta

import pytest

from tests.laws.stories import FAY
from tests.session.circle import gathered
from tests.support.house import House


async def test_a_plan_is_shown_with_its_dates_and_kept_when_confirmed() -> None:
    async with House() as house:
        circle = await gathered(house, timezone="Europe/Berlin")
        (shown,) = await circle.says(FAY, "!session plan Thursday 19:00 weekly 60")
        for date in ("March 5, 2026, 19:00 (CET)", "March 12, 2026, 19:00", "March 19, 2026, 19:00"):
            assert date in shown
        assert "Europe/Berlin" in shown
        assert circle.in_room() == []
        assert "No next meeting" in (await circle.says("ann", "!session next"))[0]
        (done,) = await circle.says(FAY, "confirm")
        assert "Planned" in done
        assert "March 5, 2026, 19:00 (CET)" in circle.in_room()[-1]
        assert "every week" in (await circle.says("ann", "!session next"))[0]


async def test_session_next_in_the_room_is_answered_in_the_room() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session plan tomorrow 19:00 confirm")
        await circle.platform.post(circle.room, "ann", "!session next")
        await circle.settle()
        assert circle.in_room()[-2] == "!session next"
        assert "March 3, 2026, 19:00" in circle.in_room()[-1]
        await circle.says(FAY, "!session start")
        assert "A meeting is on now" in (await circle.says("bob", "!session"))[0]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("someday", "I do not know when you mean"),
        ("2020-01-01 19:00", "over already"),
        ("2036-01-01 19:00", "more than two years ahead"),
        ("tomorrow 19:00 weekly 3", "from 5 to 600 minutes"),
    ],
)
async def test_a_slip_is_answered_with_the_way_to_do_it(words: str, answer: str) -> None:
    async with House() as house:
        circle = await gathered(house)
        (told,) = await circle.says(FAY, f"!session plan {words} confirm")
        assert answer in told
        assert circle.in_room() == []


async def test_a_new_plan_takes_the_place_of_the_old_one() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session plan tomorrow 19:00 weekly confirm")
        (shown,) = await circle.says(FAY, "!session plan tomorrow 20:00 weekly")
        assert "take the place" in shown
        await circle.says(FAY, "confirm")
        assert "20:00" in (await circle.says("ann", "!session next"))[0]
        before = len(circle.in_room())
        await house.later(hours=30.75)  # 18:45 tomorrow: the old one would be due
        assert [words for words in circle.in_room()[before:] if "19:00" in words] == []


async def test_the_room_is_reminded_a_day_and_half_an_hour_before_and_facilitators_in_time() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session plan 2026-03-05 19:00 confirm")
        before = len(circle.in_room())
        await house.later(hours=54)  # 18:00, the day before
        assert circle.in_room()[before:] == []
        await house.later(hours=1)
        assert "A reminder" in circle.in_room()[-1]
        await house.later(hours=23.5)
        assert "We meet soon" in circle.in_room()[-1]
        await house.later(minutes=30)
        assert len(circle.in_room()) == before + 2
        assert "time to open the meeting" in circle.platform.said_to(FAY)[-1]
        await circle.says(FAY, "!session start")
        assert "Our meeting begins" in circle.in_room()[-1]


async def test_a_weekly_plan_goes_on_week_after_week_also_when_nobody_opens_a_meeting() -> None:
    async with House() as house:
        circle = await gathered(house, timezone="Europe/Berlin")
        await circle.says(FAY, "!session plan 2026-03-22 19:00 weekly confirm")
        before = len(circle.in_room())
        for _ in range(36):
            for hours in (4, 0.5, 0.5, 0.5, 0.5, 0.5, 17.5):  # often where something may be due
                await house.later(hours=hours)
        said = circle.in_room()[before:]
        assert [w for w in said if "We meet soon" in w and "19:00 (CE" not in w] == []
        assert sum("We meet soon" in w for w in said) == 3
        assert "(CET)" in said[0]
        assert any("March 29, 2026, 19:00 (CEST)" in w for w in said)


async def test_a_reminder_that_was_missed_is_said_late_only_while_it_helps() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session plan 2026-03-05 19:00 weekly confirm")
        before = len(circle.in_room())
        await house.away(hours=60)  # the day before was missed at 19:00; it is 0:00 now
        assert ["A reminder" in w for w in circle.in_room()[before:]] == [True]
        await house.away(hours=18, minutes=50)  # ten to seven: both others are near, one helps
        assert ["We meet soon" in w for w in circle.in_room()[before + 1 :]] == [True]
        heard = len(circle.platform.said_to(FAY))
        await house.away(hours=1)
        assert len(circle.in_room()) == before + 2, "nothing is said about a time that has passed"
        assert circle.platform.said_to(FAY)[heard:] == []
        assert "March 12" in (await circle.says("ann", "!session next"))[0]


async def test_after_a_long_absence_only_what_is_to_come_counts() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session plan 2026-03-05 19:00 daily confirm")
        before = len(circle.in_room())
        await house.away(days=40)
        assert len(circle.in_room()) <= before + 1
        assert "April 11, 2026, 19:00" in (await circle.says("ann", "!session next"))[0]


async def test_the_reminder_of_the_day_before_waits_for_the_end_of_the_quiet_hours() -> None:
    async with House() as house:
        circle = await gathered(house, quiet_hours="21:00-08:00")
        await circle.says(FAY, "!session plan 2026-03-04 21:30 confirm")
        before = len(circle.in_room())
        await house.later(hours=34)  # 22:00 on the day before
        assert circle.in_room()[before:] == []
        await house.later(hours=10, minutes=5)
        assert "A reminder" in circle.in_room()[-1]


async def test_cancelling_takes_the_next_meeting_alone_and_says_so() -> None:
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session plan 2026-03-05 19:00 weekly confirm")
        (shown,) = await circle.says(FAY, "!session cancel")
        assert "March 5" in shown
        assert "The meetings after it stay" in shown
        await circle.says(FAY, "confirm")
        said = circle.in_room()[-1]
        assert "The meeting on Thursday, March 5, 2026, 19:00 (UTC) is cancelled" in said
        assert "We meet next on Thursday, March 12" in said
        before = len(circle.in_room())
        await house.later(days=3, hours=8)
        assert circle.in_room()[before:] == [], "nobody is reminded of what was cancelled"


async def test_cancelling_the_only_one_or_all_ends_the_plan() -> None:
    async with House() as house:
        circle = await gathered(house)
        assert "No meeting is planned" in (await circle.says(FAY, "!session cancel"))[0]
        await circle.says(FAY, "!session plan 2026-03-05 19:00 confirm")
        assert "the only one" in (await circle.says(FAY, "!session cancel"))[0]
        await circle.says(FAY, "confirm")
        assert "No next meeting" in circle.in_room()[-1]
        await circle.says(FAY, "!session plan 2026-03-05 19:00 weekly confirm")
        await circle.says(FAY, "!session cancel all confirm")
        assert "are cancelled" in circle.in_room()[-1]
        assert "No next meeting" in (await circle.says("ann", "!session next"))[0]


async def test_a_button_for_another_date_cancels_nothing() -> None:
    """It was shown before that meeting began: what it meant is over."""
    from adapters.memory.platform import who
    from bot.boundary.events import CommandGiven

    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session plan 2026-03-05 19:00 weekly confirm")
        await house.later(days=4)
        before = len(circle.in_room())
        old = CommandGiven(
            id="old", room=circle.room, by=who(FAY), name="session", sub="cancel",
            values={"wall": "2026-03-05T19:00"}, confirmed=True,
        )  # fmt: skip
        taken = house.engine.submit(old)
        assert taken is not None
        await taken
        await circle.settle()
        assert circle.in_room()[before:] == []
        assert "March 12" in circle.platform.said_to(FAY)[-1]


async def test_a_new_time_zone_moves_the_meeting_and_its_reminders() -> None:
    """19:00 on the group's wall stays 19:00 on it."""
    async with House() as house:
        circle = await gathered(house)
        await circle.says(FAY, "!session plan 2026-03-05 19:00 weekly confirm")
        await circle.says(FAY, "!group set timezone America/New_York confirm")
        assert "19:00 (EST)" in (await circle.says("ann", "!session next"))[0]
        before = len(circle.in_room())
        await house.later(hours=59.5)  # 23:30 UTC on the day before: not yet there
        assert not any("A reminder" in w for w in circle.in_room()[before:])
        await house.later(hours=0.6)
        assert any("A reminder" in w for w in circle.in_room()[before:])


def test_the_times_are_in_their_order() -> None:
    """The reminders are given by number: each must come after the one before."""
    from bot.session.policy import DAY_BEFORE, HELPS_UNTIL, SOON, WAITING

    assert DAY_BEFORE > HELPS_UNTIL > SOON > timedelta(0) < WAITING
