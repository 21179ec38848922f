"""19:00 stays 19:00: plans in five zones across both changes of the clocks, checked against whenever.

That library has its own arithmetic of zones and shares no code with zoneinfo or python-dateutil.
"""

# ruff: noqa: DTZ001 (times on a wall have no zone)

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from whenever import Date, Instant, PlainDateTime

from bot.session.calendar import meetings, moment, next_meeting
from bot.session.records import REPEATS, Plan, Repeat

ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",  # by half an hour only
    "America/Santiago",  # at midnight
    "Asia/Kolkata",  # never
)
DAYS: dict[Repeat, int] = {"daily": 1, "weekly": 7, "fortnightly": 14}


def _instant(wall: PlainDateTime, zone: str) -> datetime:
    return wall.assume_tz(zone, disambiguation="compatible").to_instant().to_stdlib()


def _expected(first: PlainDateTime, repeat: Repeat, zone: str, count: int) -> list[datetime]:
    """The same dates by the other library, day by day."""
    found: list[datetime] = []
    day = first.date()
    for _ in range(4000):
        if _meets(day, first.date(), repeat):
            found.append(_instant(day.at(first.time()), zone))
        if len(found) == count:
            break
        day = day.add(days=1)
    return found


def _meets(day: Date, first: Date, repeat: Repeat) -> bool:
    passed = (day.to_stdlib() - first.to_stdlib()).days
    if repeat == "once":
        return passed == 0
    if repeat != "monthly":
        return passed % DAYS[repeat] == 0
    if day.day_of_week() != first.day_of_week():
        return False
    nth = (first.day - 1) // 7
    return (day.day - 1) // 7 == nth if nth < 4 else day.add(days=7).month != day.month


def _plan(first: PlainDateTime, repeat: Repeat, since: datetime) -> Plan:
    name = first.to_stdlib().isoformat(timespec="minutes")
    return Plan(first=name, repeat=repeat, minutes=90, passed=since)


@pytest.mark.parametrize("repeat", REPEATS)
@pytest.mark.parametrize("zone", ZONES)
def test_a_plan_keeps_its_time_on_the_wall_across_both_changes(zone: str, repeat: Repeat) -> None:
    """Fourteen months from January: there and back in every zone, at an hour that no zone skips."""
    first = PlainDateTime(2026, 1, 6, 19, 0)
    plan = _plan(first, repeat, datetime(2026, 1, 1, tzinfo=UTC))
    count = 1 if repeat == "once" else 14 if repeat == "monthly" else 430 // DAYS[repeat]
    found = [m.start for m in islice(meetings(plan, ZoneInfo(zone)), count)]
    assert found == _expected(first, repeat, zone, count)
    assert {m.astimezone(ZoneInfo(zone)).strftime("%H:%M") for m in found} == {"19:00"}
    offsets = {m.astimezone(ZoneInfo(zone)).utcoffset() for m in found}
    assert len(offsets) == (1 if zone == "Asia/Kolkata" or repeat == "once" else 2)


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    repeat=st.sampled_from(REPEATS),
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),
    hour=st.sampled_from([0, 1, 2, 3, 19, 23]),
    minute=st.sampled_from([0, 15, 30, 59]),
)
def test_any_plan_agrees_with_the_other_library_also_in_hours_that_are_skipped_or_come_twice(
    zone: str, repeat: Repeat, start: datetime, hour: int, minute: int
) -> None:
    first = PlainDateTime(start.year, start.month, start.day, hour, minute)
    plan = _plan(first, repeat, datetime(2025, 12, 1, tzinfo=UTC))
    found = [m.start for m in islice(meetings(plan, ZoneInfo(zone)), 30)]
    assert found == _expected(first, repeat, zone, len(found))
    assert found == sorted(found)


@settings(max_examples=100, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    repeat=st.sampled_from(REPEATS),
    after=st.datetimes(datetime(2026, 1, 1), datetime(2027, 2, 1)).map(lambda d: d.replace(tzinfo=UTC)),
)
def test_the_next_meeting_is_the_first_one_later_than_now(zone: str, repeat: Repeat, after: datetime) -> None:
    """Never one that is over, and none is left out: close to a change as well."""
    first = PlainDateTime(2026, 1, 3, 1, 30)
    plan = _plan(first, repeat, datetime(2026, 1, 1, tzinfo=UTC))
    every = _expected(first, repeat, zone, 420 if repeat == "daily" else 60)
    found = next_meeting(plan, ZoneInfo(zone), after)
    later = [at for at in every if at > after]
    assert (found.start if found else None) == (later[0] if later else None)


def test_an_hour_that_the_clocks_skip_is_later_by_the_jump() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert moment(datetime(2026, 3, 29, 2, 30), berlin) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    assert moment(datetime(2026, 10, 25, 2, 30), berlin) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_two_libraries_know_the_same_zones() -> None:
    """Otherwise the comparison would show nothing."""
    for zone in ZONES:
        at = datetime(2026, 7, 1, 12, tzinfo=UTC)
        other = Instant.parse_iso("2026-07-01T12:00:00Z").to_tz(zone).to_stdlib()
        assert at.astimezone(ZoneInfo(zone)).utcoffset() == other.utcoffset()
        assert other.utcoffset() != timedelta(days=1)
