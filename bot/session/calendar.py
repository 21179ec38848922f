"""When a plan's meetings are: on the group's wall clock, right when the clocks change."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil import rrule

from bot.session.records import Plan, Repeat

_WEEKDAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)


def rule(first: datetime, repeat: Repeat) -> rrule.rrule:
    """The recurrence of a first date, in wall-clock times without a zone.

    `monthly` keeps the weekday: the second Friday stays the second Friday, and the fifth is the
    last one, as not every month has five.
    """
    match repeat:
        case "once":
            return rrule.rrule(rrule.DAILY, dtstart=first, count=1)
        case "daily":
            return rrule.rrule(rrule.DAILY, dtstart=first)
        case "weekly":
            return rrule.rrule(rrule.WEEKLY, dtstart=first)
        case "fortnightly":
            return rrule.rrule(rrule.WEEKLY, interval=2, dtstart=first)
        case "monthly":
            nth = (first.day - 1) // 7 + 1
            day = _WEEKDAYS[first.weekday()](nth if nth < 5 else -1)
            return rrule.rrule(rrule.MONTHLY, dtstart=first, byweekday=day)


def moment(wall: datetime, zone: ZoneInfo) -> datetime:
    """The moment (UTC) of a time on the wall clock.

    A time that the clocks skip is as much later as they jump, and of a time that comes twice the
    first is meant: RFC 5545, section 3.3.5.

    >>> moment(datetime(2026, 3, 29, 2, 30), ZoneInfo("Europe/Berlin")).isoformat()
    '2026-03-29T01:30:00+00:00'
    """
    return wall.replace(tzinfo=zone, fold=0).astimezone(UTC)


def wall_clock(at: datetime, zone: ZoneInfo) -> datetime:
    """What the clock on the group's wall shows, without a zone."""
    return at.astimezone(zone).replace(tzinfo=None)


class Meeting(tuple[datetime, str]):
    """A planned meeting: when it starts (UTC), and its time on the wall clock as the plan has it."""

    __slots__ = ()

    @property
    def start(self) -> datetime:
        """When it starts, in UTC."""
        return self[0]

    @property
    def wall(self) -> str:
        """Its time on the wall clock, as the plan has it."""
        return self[1]


def meetings(plan: Plan, zone: ZoneInfo, after: datetime | None = None) -> Iterator[Meeting]:
    """The meetings later than `after` (UTC; else all that are not dealt with), in their order."""
    since = plan.passed if after is None else max(after, plan.passed)
    # A day's margin: two wall times of one zone can be further apart than their moments, and closer.
    begin = wall_clock(since, zone) - timedelta(days=1)
    for wall in rule(datetime.fromisoformat(plan.first), plan.repeat).xafter(begin, inc=True):
        start, name = moment(wall, zone), wall.isoformat(timespec="minutes")
        if start > since and name not in plan.skipped:
            yield Meeting((start, name))


def next_meeting(plan: Plan, zone: ZoneInfo, after: datetime | None = None) -> Meeting | None:
    """The next meeting later than `after`; None where there is none any more."""
    return next(meetings(plan, zone, after), None)
