"""A group's settings: each declared by the feature that obeys it, all changed by `group set`."""

import re
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

import msgspec

SettingKind = Literal["choice", "duration", "number", "text", "timezone", "hours", "list", "language"]


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One key of `group set`. Its meaning in words is the Fluent message `setting-<key>`."""

    key: str
    kind: SettingKind
    default: str
    choices: tuple[str, ...] = ()
    """For `choice` and `list`: the values that there are."""
    least: int | None = None
    most: int | None = None
    """Bounds: of a number, of a duration in seconds, of a text in characters."""
    concerns_members: bool = False
    """The room is told in one line when it changes."""
    operators: bool = True
    """May have a default in config.yaml under `groups`."""


class BadValue(ValueError):
    """A value that a setting cannot take. `key` is the Fluent key of the reason, with `args`."""

    def __init__(self, key: str, **args: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.args_ = args


_DURATION = re.compile(r"\s*(\d{1,6})\s*([smhd])\s*", re.IGNORECASE)
_UNIT = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_HOURS = re.compile(r"\s*(\d{1,2})(?::(\d\d))?\s*-\s*(\d{1,2})(?::(\d\d))?\s*")


def seconds(words: str) -> int:
    """The seconds of a duration: `90s`, `15m`, `72h`, `365d`; `0s` for none.

    Raises `BadValue`. Upper bound: ten years, so that no date overflows.

    >>> seconds("72h")
    259200
    """
    found = _DURATION.fullmatch(words)
    if not found:
        raise BadValue("bad-duration")
    value = int(found[1]) * _UNIT[found[2].lower()]
    if value > 3660 * 86400:
        raise BadValue("bad-duration-long")
    return value


def check(setting: Setting, words: str) -> str:
    """The value in its canonical spelling. Raises `BadValue` with the reason in words."""
    match setting.kind:
        case "choice":
            for choice in setting.choices:
                if choice.casefold() == words.strip().casefold():
                    return choice
            raise BadValue("bad-choice", choices=", ".join(setting.choices))
        case "language":
            if words.strip().lower() not in setting.choices:
                raise BadValue("bad-choice", choices=", ".join(setting.choices))
            return words.strip().lower()
        case "duration":
            amount = seconds(words)
            if setting.least is not None and amount < setting.least:
                raise BadValue("bad-duration-short")
            if setting.most is not None and amount > setting.most:
                raise BadValue("bad-duration-long")
            return words.strip().lower().replace(" ", "")
        case "number":
            if not words.strip().isascii() or not words.strip().isdigit() or len(words.strip()) > 9:
                raise BadValue("bad-number")
            number = int(words)
            if (setting.least is not None and number < setting.least) or (
                setting.most is not None and number > setting.most
            ):
                raise BadValue("bad-number-range", least=setting.least or 0, most=setting.most or 0)
            return str(number)
        case "timezone":
            for zone in available_timezones():
                if zone.casefold() == words.strip().casefold():
                    return zone
            raise BadValue("bad-timezone")
        case "hours":
            if words.strip().casefold() in ("", "none", "off"):
                return "none"
            found = _HOURS.fullmatch(words)
            if not found:
                raise BadValue("bad-hours")
            start, end = (int(found[1]), int(found[2] or 0)), (int(found[3]), int(found[4] or 0))
            if start[0] > 23 or end[0] > 24 or start[1] > 59 or end[1] > 59 or (end[0] == 24 and end[1]):
                raise BadValue("bad-hours")
            return f"{start[0]:02}:{start[1]:02}-{end[0] % 24:02}:{end[1]:02}"
        case "list":
            given = [w.strip().casefold() for w in re.split(r"[,\s]+", words) if w.strip()]
            unknown = [w for w in given if w not in setting.choices]
            if unknown or not given:
                raise BadValue("bad-choice", choices=", ".join(setting.choices))
            return ", ".join(dict.fromkeys(given))
        case "text":
            text = words.strip()
            if setting.most is not None and len(text) > setting.most:
                raise BadValue("bad-text-long", most=setting.most)
            return text


class Policy(msgspec.Struct, frozen=True):
    """The settings of one group in force now: what it set itself over the operator's defaults."""

    values: Mapping[str, str]

    def text(self, key: str) -> str:
        """The value in its canonical spelling, "" where there is none."""
        return self.values.get(key, "")

    def number(self, key: str) -> int:
        """The value of a `number`."""
        return int(self.values[key])

    def length(self, key: str) -> timedelta:
        """The value of a `duration`."""
        return timedelta(seconds=seconds(self.values[key]))

    def items(self, key: str) -> tuple[str, ...]:
        """The values of a `list`."""
        return tuple(w for w in re.split(r"[,\s]+", self.values.get(key, "")) if w)

    @property
    def gate(self) -> Any:
        """`notice`, `mute` or `door`."""
        return self.values["gate"]

    @property
    def zone(self) -> ZoneInfo:
        """The group's time zone."""
        return ZoneInfo(self.values.get("timezone") or "UTC")

    def quiet(self) -> tuple[time, time] | None:
        """The group's quiet hours in its own time zone, None where there are none."""
        words = self.values.get("quiet_hours", "none")
        if words == "none":
            return None
        start, end = words.split("-")
        return time.fromisoformat(start), time.fromisoformat(end)
