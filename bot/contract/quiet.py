"""Quiet hours: when nothing that nobody waits for is sent to people."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.contract.settings import Policy

MINUTE = timedelta(minutes=1)


def quiet_at(moment: datetime, policy: Policy) -> bool:
    """Whether `moment` falls into the group's quiet hours, by the clock on its wall.

    The start belongs to the quiet hours, the end does not. Hours that end when they start
    (`22:00-22:00`) are none: in doubt, nobody is kept waiting for ever.
    """
    hours = policy.quiet()
    return hours is not None and _quiet(moment, hours, policy.zone)


def outside_quiet(moment: datetime, policy: Policy) -> datetime:
    """`moment` itself, or where that is in the quiet hours, when they end (UTC).

    Right on the days when the clocks change: an end that the clock skips is the moment of the
    skip, an end that comes twice is the next one. Never before `moment`, and less than 27 hours
    after it.

    >>> night = Policy({"quiet_hours": "22:00-07:00", "timezone": "Europe/Berlin"})
    >>> outside_quiet(datetime(2026, 3, 28, 23, 0, tzinfo=UTC), night).isoformat()
    '2026-03-29T05:00:00+00:00'
    """
    hours, zone = policy.quiet(), policy.zone
    moment = moment.astimezone(UTC)
    if hours is None or not _quiet(moment, hours, zone):
        return moment
    here, end = moment.astimezone(zone), hours[1]
    day = here.date() if here.time() < end else here.date() + timedelta(days=1)
    # The two readings of a wall time differ only on a day when the clocks change.
    wall = datetime.combine(day, end, tzinfo=zone)
    first = min(wall.replace(fold=0).astimezone(UTC), wall.replace(fold=1).astimezone(UTC))
    found = max(first, moment)
    while _quiet(found, hours, zone):
        found = found.replace(second=0, microsecond=0) + MINUTE
    return found


def _quiet(moment: datetime, hours: tuple[time, time], zone: ZoneInfo) -> bool:
    start, end = hours
    now = moment.astimezone(zone).time()
    if start <= end:
        return start <= now < end
    return now >= start or now < end
