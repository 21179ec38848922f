"""Calls, as a room's state shows them: who is in one, and what records there or could.

State is never encrypted, so this is the same in every room. MSC3401 (`org.matrix.msc3401.call.member`),
MSC4143 (`m.rtc.member`) and the widgets of `im.vector.modular.widgets` are proposals; these are the
names that clients use.
"""

import re
import time
from collections.abc import Iterator, Mapping
from typing import Any

from adapters.matrix.kinds import kind_of
from adapters.matrix.parsing import clean
from adapters.matrix.rooms import MEMBER_TYPES, WIDGET_TYPES, Room
from bot.boundary.capabilities import Recorder
from bot.boundary.ids import MemberId

FOUR_HOURS = 4 * 3600 * 1000
"""Milliseconds that a membership of a call is good for where it says nothing (MSC3401's clients)."""
_CALL = re.compile(
    r"jitsi|bigbluebutton|\bbbb\b|element-call|call\.element|zoom\.|whereby|webex|teams\.(microsoft|live)"
    r"|meet\.google|livekit|skype",
    re.IGNORECASE,
)
_MARK = re.compile(r"\[\s*rec(ording)?\s*\]", re.IGNORECASE)
LONGEST_NAME = 60


def in_call(room: Room) -> frozenset[str]:
    """Everybody who is in the room's call now, by their own word and in the room.

    A membership that ran out counts no more: an app that crashed does not say goodbye.
    """
    now = time.time() * 1000
    found = set()
    for event in room.events(*MEMBER_TYPES):
        user = str(event["sender"])
        if room.membership(user) == "join" and any(until > now for until in _until(event)):
            found.add(user)
    return frozenset(found)


def _until(event: Mapping[str, Any]) -> Iterator[float]:
    """When each membership in this event runs out, in milliseconds since 1970. Empty: none."""
    content: Mapping[str, Any] = event["content"]
    sent = event.get("origin_server_ts")
    listed = content.get("memberships")
    for each in listed if isinstance(listed, list) else [content]:
        if not isinstance(each, dict) or not each or each.get("leave_reason") or "disconnected" in each:
            continue
        if not {"application", "call_id", "device_id", "member", "foci_active", "slot_id"} & each.keys():
            continue
        begun = _number(each.get("created_ts"), _number(sent, time.time() * 1000))
        yield begun + _number(each.get("expires"), FOUR_HOURS)


def _number(value: object, otherwise: float) -> float:
    """A sane JSON number: no bool, nothing that overflows a date."""
    sane = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e15
    return float(value) if sane else otherwise  # type: ignore[arg-type]


def recorders(room: Room, platform: str) -> tuple[Recorder, ...]:
    """Bots and marked names in the call, and call widgets."""
    found = []
    for user in sorted(in_call(room)):
        name = room.members[user].name
        bot = kind_of(room, user) == "bot"
        if bot or _MARK.search(name):
            found.append(
                Recorder(
                    id=f"call {user}",
                    kind="recorder" if bot else "marked",
                    name=name,
                    who=MemberId(platform, user),
                )
            )
    widgets = ((e, call_widget(e["content"])) for e in room.events(*WIDGET_TYPES))
    found += [
        Recorder(id=f"{event['type']} {event['state_key']}", kind="widget", name=call, blockable=True)
        for event, call in widgets
        if call is not None
    ]
    return tuple(found)


def call_widget(content: Mapping[str, Any]) -> str | None:
    """The name of a widget in which a call is held; None for any other, or none."""
    kind, url, name = (content.get(field) for field in ("type", "url", "name"))
    found = [m for text in (kind, url) if isinstance(text, str) and (m := _CALL.search(text[:500]))]
    if not found:
        return None
    own = isinstance(name, str) and name.strip()
    return clean(own[:LONGEST_NAME]) if own else found[0][0].title()


def widget_of(recorder: str) -> tuple[str, str] | None:
    """State type and key of a recorder that is a widget, None for one that is not."""
    kind, _, key = recorder.partition(" ")
    return (kind, key) if kind in WIDGET_TYPES else None
