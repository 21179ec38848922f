"""Quiet hours, also on the days when the clocks change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contract.quiet import outside_quiet, quiet_at
from bot.contract.settings import Policy

ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia"]
)
CLOCK = st.times().map(lambda t: f"{t:%H:%M}")
MOMENTS = st.integers(1104537600, 1893456000).map(lambda s: datetime.fromtimestamp(s, UTC))
"""From 2005 to 2030, in seconds."""
# Half of all moments near the nights when the clocks change, where mistakes live.
CHANGES = st.tuples(
    st.sampled_from([datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC),
                     datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC),
                     datetime(2026, 4, 4, tzinfo=UTC), datetime(2011, 12, 30, tzinfo=UTC)]),
    st.timedeltas(timedelta(hours=-30), timedelta(hours=30)),
).map(lambda pair: pair[0] + pair[1])  # fmt: skip


def night(start: str, end: str, zone: str) -> Policy:
    """A group with these quiet hours."""
    return Policy({"quiet_hours": f"{start}-{end}", "timezone": zone})


@given(moment=MOMENTS | CHANGES, start=CLOCK, end=CLOCK, zone=ZONES)
def test_the_moment_outside_is_never_quiet_never_earlier_and_soon(
    moment: datetime, start: str, end: str, zone: str
) -> None:
    """Whatever the hours, the zone and the season."""
    policy = night(start, end, zone)
    found = outside_quiet(moment, policy)
    assert not quiet_at(found, policy)
    assert moment <= found <= moment + timedelta(hours=27)
    if not quiet_at(moment, policy):
        assert found == moment


@given(moment=MOMENTS, start=CLOCK, end=CLOCK)
def test_where_clocks_never_change_it_is_the_first_moment_outside(
    moment: datetime, start: str, end: str
) -> None:
    """A minute earlier is still quiet."""
    policy = night(start, end, "Asia/Kathmandu")
    found = outside_quiet(moment, policy)
    if found != moment:
        assert quiet_at(max(moment, found - timedelta(seconds=1)), policy)


@pytest.mark.parametrize(
    ("moment", "hours", "zone", "expected", "why"),
    [
        ("2026-03-28T23:00", "22:00-07:00", "Europe/Berlin", "2026-03-29T05:00", "the shorter night"),
        ("2026-10-24T23:00", "22:00-07:00", "Europe/Berlin", "2026-10-25T06:00", "the longer night"),
        ("2026-03-29T00:30", "22:00-02:30", "Europe/Berlin", "2026-03-29T01:00", "an end that is skipped"),
        ("2026-10-25T00:10", "22:00-02:30", "Europe/Berlin", "2026-10-25T00:30", "the first of two ends"),
        ("2026-10-25T01:10", "22:00-02:30", "Europe/Berlin", "2026-10-25T01:30", "the second of two ends"),
        ("2026-03-02T12:00", "12:00-12:00", "UTC", "2026-03-02T12:00", "hours of no length are none"),
        ("2026-03-02T13:00", "13:00-00:00", "UTC", "2026-03-03T00:00", "until midnight"),
    ],
)  # fmt: skip
def test_the_nights_that_go_wrong(moment: str, hours: str, zone: str, expected: str, why: str) -> None:
    """Each night with its reason."""
    policy = Policy({"quiet_hours": hours, "timezone": zone})
    found = outside_quiet(datetime.fromisoformat(moment).replace(tzinfo=UTC), policy)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC), why
