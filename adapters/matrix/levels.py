"""Who may do what in a room, from its raw state (Client-Server API, `m.room.power_levels`).

matrix-nio's cached levels merge, so that a demoted person keeps the old level: nothing of it is used.
"""

import math
import re
from collections.abc import Mapping
from typing import Any

LEVELS = "m.room.power_levels"
FREE_TYPES = ("m.reaction", "m.room.redaction")
"""Left free while a gate by mute stands: the core judges reactions, and everyone may take back words."""
_CREATORS_ABOVE_ALL = ("org.matrix.hydra.11",)
_NUMBER = re.compile(r"\s*[+-]?\d{1,18}\s*")


def version(create: Mapping[str, Any]) -> int:
    """The room version as a number; 1 where none is named, 0 where it is not a plain number.

    >>> version({"room_version": "10"})
    10
    """
    named = create.get("room_version", "1")
    return (
        int(named) if isinstance(named, str) and named.isascii() and named.isdigit() and len(named) < 5 else 0
    )


def whole(value: object, otherwise: int) -> int:
    """A level. Room versions below 10 allow numbers as text and fractions, which are cut off."""
    if isinstance(value, bool):
        return otherwise
    if isinstance(value, int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return int(value)
    if isinstance(value, str) and value.isascii() and _NUMBER.fullmatch(value):
        return int(value)
    return otherwise


def _table(value: object) -> dict[str, Any]:
    return {k: v for k, v in value.items() if isinstance(k, str)} if isinstance(value, dict) else {}


class Power:
    """The power in one room. `creator` is the sender of m.room.create, `levels` None where unset."""

    def __init__(self, create: Mapping[str, Any], creator: str, levels: Mapping[str, Any] | None) -> None:
        content: Mapping[str, Any] = levels if levels is not None else {}
        self._content = content
        self.above_all: frozenset[str] = frozenset()
        if version(create) >= 12 or create.get("room_version") in _CREATORS_ABOVE_ALL:
            # Room version 12 (MSC4289): creators have infinite power and are not in `users`.
            more = create.get("additional_creators")
            others = [u for u in more if isinstance(u, str)] if isinstance(more, list) else []
            self.above_all = frozenset([creator, *others])
        self._users = {u: whole(v, 0) for u, v in _table(content.get("users")).items()}
        if levels is None:
            self._users = {creator: 100}
        self.users_default = whole(content.get("users_default"), 0)
        self.events_default = whole(content.get("events_default"), 0)
        self.state_default = whole(content.get("state_default"), 50 if levels is not None else 0)
        self._events = {t: whole(v, 0) for t, v in _table(content.get("events")).items()}

    def of(self, user: str) -> float:
        """A person's level; infinite for the creators of a room of version 12."""
        if user in self.above_all:
            return math.inf
        return self._users.get(user, self.users_default)

    def explicit(self, user: str) -> int | None:
        """The level that is written down for this person, None where the default holds."""
        return self._users.get(user)

    def named(self) -> frozenset[str]:
        """Everybody for whom a level is written down."""
        return frozenset(self._users)

    def to_send(self, kind: str, *, state: bool = False) -> int:
        """The level that an event type needs."""
        return self._events.get(kind, self.state_default if state else self.events_default)

    def to(self, deed: str) -> int:
        """The level for `ban`, `kick`, `redact` (default 50) and `invite` (default 0)."""
        return whole(self._content.get(deed), 0 if deed == "invite" else 50)

    def may_send(self, user: str, kind: str, *, state: bool = False) -> bool:
        """Whether the homeserver would let this event of this person through."""
        return self.of(user) >= self.to_send(kind, state=state)

    def gate_level(self) -> int | None:
        """The level that would divide those who may speak from the others.

        None where there is no level between: it would hand out other powers, or the default level
        of everybody is already as high.
        """
        level = max(1, self.events_default, self.users_default + 1)
        powers = (*(self.to(d) for d in ("ban", "kick", "redact")), self.state_default)
        return level if level < min(*powers, self.to_send(LEVELS, state=True)) else None


def gated(content: Mapping[str, Any], level: int) -> dict[str, Any]:
    """The levels with the gate up at `level`: what is below it takes that level to send."""
    before = Power({}, "", content)
    events = dict(_table(content.get("events")))
    for kind in events:
        if kind not in FREE_TYPES and before.to_send(kind) < level:
            events[kind] = level
    if before.events_default < level:
        for kind in FREE_TYPES:
            events.setdefault(kind, before.events_default)
    return {**content, "events_default": level, "events": events}


def raised(content: Mapping[str, Any], user: str, level: int, above_all: frozenset[str]) -> dict[str, Any]:
    """The levels with this person at `level` at least; who was put below the default by hand stays."""
    power = Power({}, "", content)
    stands = power.explicit(user)
    if user in above_all or power.of(user) >= level or (stands is not None and stands < power.users_default):
        return dict(content)
    return {**content, "users": {**_table(content.get("users")), user: level}}


def lowered(content: Mapping[str, Any], user: str, level: int, before: Mapping[str, Any]) -> dict[str, Any]:
    """The levels without what the gate gave this person; who has more power than that keeps it."""
    if Power({}, "", content).explicit(user) != level:
        return dict(content)
    users = dict(_table(content.get("users")))
    stood = _table(before.get("users")).get(user)
    if stood is None or whole(stood, 0) >= level:
        del users[user]
    else:
        users[user] = stood
    return {**content, "users": users}


def opened(content: Mapping[str, Any], level: int, before: Mapping[str, Any]) -> dict[str, Any]:
    """The levels without the gate. What others changed meanwhile stays as it is."""
    now = Power({}, "", content)
    after = dict(content)
    if now.events_default == level:
        _put_back(after, before, "events_default")
    events, stood = dict(_table(content.get("events"))), _table(before.get("events"))
    for kind in list(events):
        if kind in FREE_TYPES and kind not in stood:
            del events[kind]
        elif kind in stood and whole(events[kind], 0) == level:
            events[kind] = stood[kind]
    after["events"] = events
    if "events" not in before and not events:
        del after["events"]
    users, stood = dict(_table(content.get("users"))), _table(before.get("users"))
    for user in now.named():
        if now.explicit(user) == level:
            _put_back(users, stood, user)
    if users or "users" in content:
        after["users"] = users
    return after


def restored(content: Mapping[str, Any], snapshot: Mapping[str, Any], me: str) -> dict[str, Any]:
    """The levels of a snapshot, but for people who by now stand as high as the bot: it cannot lower them."""
    own = Power({}, "", content).of(me)
    before = _table(snapshot.get("users"))
    beyond = {
        user: level
        for user, level in _table(content.get("users")).items()
        if user != me and whole(level, 0) >= own and before.get(user) != level
    }
    return {**snapshot, "users": {**before, **beyond}} if beyond else dict(snapshot)


def invite_put_back(content: Mapping[str, Any], level: int, before: Mapping[str, Any]) -> dict[str, Any]:
    """The levels with the level to invite as it was, unless somebody changed it meanwhile."""
    after = dict(content)
    if Power({}, "", content).to("invite") == level:
        _put_back(after, before, "invite")
    return after


def _put_back(after: dict[str, Any], before: Mapping[str, Any], key: str) -> None:
    if key in before:
        after[key] = before[key]
    else:
        after.pop(key, None)
