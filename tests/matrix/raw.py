"""Raw events as a homeserver sends them, for tests."""

import itertools
from typing import Any

from adapters.matrix.rooms import Room

ME = "@keeper:x.org"
ANN = "@ann:x.org"
BEN = "@ben:x.org"
_NUMBERS = itertools.count(1)


def state(kind: str, content: Any, *, by: str = ANN, key: str = "", **unsigned: Any) -> dict[str, Any]:
    """A state event."""
    return {
        "type": kind,
        "state_key": key,
        "sender": by,
        "content": content,
        "event_id": f"${next(_NUMBERS)}",
        "unsigned": unsigned,
    }


def membership(user: str, now: str, before: str | None = None, *, by: str | None = None) -> dict[str, Any]:
    """A membership event; `before` as the homeserver tells it."""
    unsigned = {} if before is None else {"prev_content": {"membership": before}, "replaces_state": "$0"}
    return state("m.room.member", {"membership": now}, by=by or user, key=user, **unsigned)


def message(content: Any, *, by: str = BEN, kind: Any = "m.room.message") -> dict[str, Any]:
    """An event that is not state."""
    return {"type": kind, "sender": by, "content": content, "event_id": f"${next(_NUMBERS)}"}


def room(*more: dict[str, Any], version: str = "10", **levels: Any) -> Room:
    """A room that Ann made, with Ben and the bot inside; `levels` are the raw power levels."""
    made = Room("!room:x.org")
    users = {} if version == "12" else {ANN: 100}
    events = [
        state("m.room.create", {"room_version": version}),
        state("m.room.power_levels", {"users": users | {ME: 100}} | levels),
        *(membership(user, "join") for user in (ANN, BEN, ME)),
        *more,
    ]
    for event in events:
        made.apply(event)
    made.complete = True
    return made
