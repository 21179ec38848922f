"""What people write for a date and a time."""

# ruff: noqa: DTZ001 (times on a wall have no zone)

from datetime import datetime

import pytest

from bot.session.when import Unclear, understand

MONDAY_NOON = datetime(2026, 3, 2, 12, 0)


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("2026-03-05 19:00", "2026-03-05T19:00"),
        ("2026-03-05T19:00", "2026-03-05T19:00"),
        ("2026-3-5, 7pm", "2026-03-05T19:00"),
        ("Thursday 19:00", "2026-03-05T19:00"),
        ("thu at 7:30 PM", "2026-03-05T19:30"),
        ("monday 19:00", "2026-03-02T19:00"),  # today, as it is still to come
        ("monday 11:00", "2026-03-09T11:00"),  # today it is over
        ("monday 12:00", "2026-03-09T12:00"),  # it is just that time
        ("today 13:15", "2026-03-02T13:15"),
        ("tomorrow 9am", "2026-03-03T09:00"),
        ("19:00", "2026-03-02T19:00"),
        ("11:00", "2026-03-03T11:00"),
        ("12am", "2026-03-03T00:00"),
        ("12 pm", "2026-03-03T12:00"),
        ("2026-03-05 19.30", "2026-03-05T19:30"),
    ],
)
def test_plain_words_are_understood(words: str, meant: str) -> None:
    assert understand(words, MONDAY_NOON).isoformat(timespec="minutes") == meant


@pytest.mark.parametrize(
    "words",
    [
        "",
        "soon",
        "19",  # morning or evening?
        "thursday",
        "thursday 7",
        "03/05/2026 19:00",  # March or May?
        "2026-02-30 19:00",
        "2026-03-05",
        "2026-03-05 25:00",
        "13pm",
        "0am",
        "19:60",
        "t 19:00",
        "thursday 19:00 in the hall",
        "2026-13-01 19:00",
        "9999-99-99 10:00",
    ],
)
def test_what_is_not_certain_is_asked(words: str) -> None:
    with pytest.raises(Unclear):
        understand(words, MONDAY_NOON)
