"""The case desk: whole cases, clocks, and what two people do at once."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.boundary.ports import Read
from bot.breach.clocks import full_hour, slot, working_days_after
from bot.breach.records import CODEC, Tombstone
from bot.contract.quiet import quiet_at
from bot.contract.settings import Policy
from tests.breach.story import GUS, cases, group, heard, label, report, say
from tests.laws.stories import FAY
from tests.support.house import House


async def test_a_whole_case_from_report_to_deletion() -> None:
    """Acknowledged, guided, addressed, closed, read by the reporter, deleted; a tombstone stays."""
    async with House() as house:
        room = await group(house, "ann", "bob")
        code = await report(house, "ann")
        assert "No case is open" in await say(house, FAY, "!cases")
        await house.later(hours=1)
        assert "something new" in heard(house, GUS)[-1]
        name = await label(house)
        assert "take the case in hand first" in await say(house, FAY, f"!cases step {name}")
        assert "in your hands" in await say(house, FAY, f"!cases acknowledge {name}")
        assert "Step 1 of 7" in await say(house, FAY, f"!cases step {name}")
        for number in range(2, 8):
            assert f"Step {number} of 7" in await say(house, FAY, f"!cases step {name} done")
        assert "all steps" in await say(house, FAY, f"!cases step {name} skip")
        await say(house, GUS, f"!cases note {name} we talked on the phone")
        room_before = house.platform.seen_in(room)
        assert "will read" in await say(house, FAY, f"!cases address {name}")
        assert house.platform.seen_in(room) == room_before
        await say(house, FAY, f"!cases address {name} confirm")
        posted = house.platform.seen_in(room)[len(room_before) :]
        assert len(posted) == 1
        assert "told outside it" in posted[0]
        await say(house, FAY, f"!cases close {name} We talked with them and reminded everybody.")
        shown = await say(house, "bob", f"!case show {code}")
        assert "We talked with them" in shown
        assert "It is closed" in shown
        assert "we talked on the phone" not in shown
        await house.later(days=91)
        assert "deleted when their time was over" in await say(house, "ann", f"!case show {code}")
        rows = await house.store.load([Read(feature="breach", room=room, member=None)])
        assert [type(CODEC.decode(r.body)) for r in rows] == [Tombstone]
        assert name not in await say(house, FAY, "!cases")


async def test_clocks_remind_escalate_and_ask_for_an_outcome() -> None:
    """Three working days, seven days with the outside contact, ninety days: each once."""
    async with House() as house:
        await group(house, "ann")
        await say(house, FAY, "!group set outside_contact Ms Lee")
        code = await report(house, "ann")
        since = len(house.platform.heard)
        for _ in range(4 * 24):
            await house.later(hours=1)
        assert sum("three working days" in w for w in heard(house, GUS, since)) == 1
        await house.later(days=5)
        escalated = [w for w in heard(house, GUS, since) if "too long" in w]
        assert len(escalated) == 1
        assert "Ms Lee" in escalated[0]
        shown = await say(house, "ann", f"!case show {code}")
        assert "longer than it should" in shown
        assert "Ms Lee" in shown
        await house.later(days=85)
        assert sum("should have an outcome by now" in w for w in heard(house, GUS, since)) == 1
        assert not any("my post" in words for words in heard(house, GUS))


async def test_the_group_can_be_asked_to_renew_what_it_agreed_to() -> None:
    """Shown first; those who agreed are asked once more, in private, with no word why."""
    async with House() as house:
        await group(house, "ann", "bob")
        await say(house, "bob", "!consent", "understood", "agree")
        await report(house, "ann")
        await house.later(hours=1)
        name = await label(house)
        since = len(house.platform.heard)
        assert "Nothing has happened yet" in await say(house, FAY, f"!cases renew {name}")
        assert heard(house, "bob", since) == []
        await say(house, FAY, f"!cases renew {name} confirm")
        await house.later(minutes=1)
        (asked,) = heard(house, "bob", since)
        assert "renew what we promised" in asked
        assert heard(house, "ann", since) == [], "who had not agreed is not pressed"


async def test_two_facilitators_at_once_do_nothing_twice() -> None:
    """The second is told who was first, and the case has one holder."""
    async with House() as house:
        room = await group(house, "ann")
        await report(house, "ann")
        await house.later(hours=1)
        name = await label(house)
        since = len(house.platform.heard)
        first = house.platform.write(FAY, f"!cases acknowledge {name}")
        second = house.platform.write(GUS, f"!cases acknowledge {name}")
        await first
        await second
        await house.settle()
        assert "in your hands" in heard(house, FAY, since)[0]
        assert "Fay (@fay) has it in hand already" in heard(house, GUS, since)[0]
        (case,) = await cases(house, room)
        assert sum(e.kind == "acknowledged" for e in case.entries) == 1


async def test_handing_over_stepping_back_and_taking_nothing_more() -> None:
    """Who stepped back sees nothing; the others are told; a mute names nobody."""
    async with House() as house:
        await group(house, "ann", "bob")
        code = await report(house, "ann")
        await house.later(hours=1)
        name = await label(house)
        await say(house, FAY, f"!cases acknowledge {name}")
        assert "cannot hand" in await say(house, FAY, f"!cases handover {name} bob")
        assert "Handed to Gus" in await say(house, FAY, f"!cases handover {name} gus")
        await say(house, FAY, f"!cases mute {name} confirm")
        assert "nothing more" in await say(house, "ann", f"!case add {code} and another thing")
        assert "1 other facilitator" in await say(house, FAY, f"!cases recuse {name}")
        await say(house, FAY, f"!cases recuse {name} confirm")
        assert "no such case" in await say(house, FAY, f"!cases show {name}")
        assert "Nobody in this group" not in await say(house, GUS, f"!cases show {name}")
        await say(house, GUS, f"!cases recuse {name} confirm")
        assert "nobody in this group can see" in await say(house, "ann", f"!case show {code}")


async def test_new_words_put_deletion_off() -> None:
    """GlobaLeaks #3591: what is added to a closed case extends its time."""
    async with House() as house:
        room = await group(house, "ann")
        code = await report(house, "ann")
        await house.later(hours=1)
        name = await label(house)
        await say(house, FAY, f"!cases acknowledge {name}", f"!cases close {name} done")
        await house.later(days=60)
        await say(house, "ann", f"!case add {code} it happened again")
        await house.later(days=60)
        assert len(await cases(house, room)) == 1
        await house.later(days=31)
        assert await cases(house, room) == []


async def test_what_strikes_while_the_bot_is_out_of_the_room_is_told_later() -> None:
    """Nobody can be told then; it does not count as said."""
    async with House() as house:
        room = await group(house, "ann")
        await report(house, "ann")
        before = len(house.platform.heard)
        house.platform.rooms[room].keeper_inside = False
        await house.later(hours=2)
        assert heard(house, FAY, before) == []
        house.platform.rooms[room].keeper_inside = True
        await house.later(hours=1)
        (told,) = heard(house, FAY, before)
        assert "something new at the case desk" in told


async def test_clocks_strike_also_when_the_bot_was_away() -> None:
    """They are rows, not timers in memory."""
    async with House() as house:
        await group(house, "ann")
        await report(house, "ann")
        await house.stop()
        house.clock.move(timedelta(days=8))
        await house.restart()
        for _ in range(5):
            await house.later(minutes=1)
        assert any("too long" in words for words in heard(house, FAY))


moments = st.datetimes(datetime(2025, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
policies = st.builds(
    lambda hours, zone: Policy({"quiet_hours": hours, "timezone": zone}),
    st.sampled_from(["none", "22:00-07:00", "22:30-07:30", "00:00-23:30", "12:00-13:00", "07:00-07:00"]),
    st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kolkata", "America/St_Johns", "Pacific/Apia"]),
)


@given(moments, policies)
def test_a_slot_is_a_full_hour_outside_quiet_hours(moment: datetime, policy: Policy) -> None:
    """For every moment of an hour the same; only where no full hour is awake, the end of the quiet."""
    found = slot(moment, policy)
    assert found > moment
    assert not quiet_at(found, policy)
    assert found.minute == 0 or "23:30" in policy.text("quiet_hours")
    assert slot(full_hour(moment) - timedelta(hours=1), policy) == found


def test_weekends_are_no_working_days() -> None:
    """A report of Friday evening is looked at by Wednesday."""
    friday = datetime(2026, 3, 6, 20, 0, tzinfo=UTC)
    assert working_days_after(friday, 3, Policy({})) == datetime(2026, 3, 11, 20, 0, tzinfo=UTC)
