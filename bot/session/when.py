"""Understanding when somebody wants to meet. What could mean two things is asked, never guessed."""

import re
from datetime import date, datetime, time, timedelta

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME = re.compile(r"(\d{1,2})(?:[:.](\d\d))?\s*(am|pm)?", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:t|\s|$)")


class Unclear(ValueError):
    """These words name no date and time, or more than one."""


def understand(words: str, now: datetime) -> datetime:
    """The date and time that somebody means, on the wall clock (no zone), seen from `now` there.

    `2026-03-05 19:00`, `Thursday 19:00`, `tomorrow 7pm`, `19:00` (the next time that the clock
    shows it). A weekday is the next one, today only while its time is still to come.
    Raises `Unclear`.

    >>> understand("thursday 7 pm", datetime(2026, 3, 2, 12)).isoformat()
    '2026-03-05T19:00:00'
    """
    text = " ".join(words.casefold().replace(",", " ").split())
    day: date | None = None
    weekday = ""
    if found := _DATE.match(text):
        day, text = _date(int(found[1]), int(found[2]), int(found[3])), text[found.end() :]
    else:
        first, _, rest = text.partition(" ")
        if first in ("today", "tomorrow"):
            day, text = now.date() + timedelta(days=first == "tomorrow"), rest
        elif len(first) >= 3 and (named := [d for d in _DAYS if d.startswith(first.rstrip("."))]):
            weekday, text = named[0], rest
    at = _time(text.removeprefix("at ").strip())
    if day is not None:
        return datetime.combine(day, at)
    found_at = datetime.combine(now.date(), at)
    if weekday:
        found_at += timedelta(days=(_DAYS.index(weekday) - now.weekday()) % 7)
    if found_at <= now:
        found_at += timedelta(days=7 if weekday else 1)
    return found_at


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unclear from None


def _time(words: str) -> time:
    found = _TIME.fullmatch(words)
    if found is None or not (found[2] or found[3]):
        raise Unclear  # a bare number can be morning or evening
    hour, half = int(found[1]), (found[3] or "").lower()
    if half and not 1 <= hour <= 12:
        raise Unclear
    hour = hour % 12 + 12 * (half == "pm") if half else hour
    minute = int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise Unclear
    return time(hour, minute)
