"""Calls and widgets as clients really write them into a room's state."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.matrix.calls import call_widget, in_call, recorders, widget_of
from adapters.matrix.inbound import Reader
from adapters.matrix.rooms import CALL_TYPES, MEMBER_TYPES
from adapters.matrix.view import look
from bot.boundary.events import CallChanged, CallJoined, CallLeft, MemberLeft, MessagePosted
from tests.matrix.raw import ANN, BEN, ME, membership, room, state

LEGACY = "org.matrix.msc3401.call.member"
WIDGET = "im.vector.modular.widgets"
NOW = int(time.time() * 1000)
HOUR = 3600 * 1000

# As Element Call writes it: one state event for each device (MSC4143 over MSC3401's type).
BY_DEVICE = {
    "application": "m.call",
    "call_id": "",
    "device_id": "ABCDEF",
    "expires": 4 * HOUR,
    "scope": "m.room",
    "foci_preferred": [{"type": "livekit", "livekit_alias": "!room:x.org"}],
    "focus_active": {"type": "livekit", "focus_selection": "oldest_membership"},
}
# As clients wrote it before: all memberships of a person in one event.
LISTED = {"memberships": [{"application": "m.call", "call_id": "", "device_id": "A", "expires": HOUR}]}
RTC = {
    "slot_id": "m.call#ROOM",
    "application": {"type": "m.call"},
    "member": {"id": "x", "claimed_device_id": "A", "claimed_user_id": BEN},
    "rtc_transports": [],
    "versions": ["v0"],
}
JITSI = {
    "type": "jitsi",
    "name": "Our Jitsi",
    "url": "https://app.element.io/jitsi.html?confId=x",
    "creatorUserId": ANN,
    "data": {"conferenceId": "x", "domain": "meet.element.io"},
}
NOTES = {"type": "m.etherpad", "name": "Notes", "url": "https://pad.example.org/p/x"}


def reader() -> Reader:
    return Reader(ME, "!", lambda _: False)


def kinds(here: Any, event: dict[str, Any]) -> list[type]:
    return [type(e) for e in reader().read(here, event, None)]


def call(content: Any, *, by: str = BEN, key: str = f"_{BEN}_ABCDEF_m.call", kind: str = LEGACY) -> Any:
    return {**state(kind, content, by=by, key=key), "origin_server_ts": NOW}


@pytest.mark.parametrize("kind", MEMBER_TYPES)
@pytest.mark.parametrize("content", [BY_DEVICE, LISTED, RTC], ids=["by device", "listed", "rtc"])
def test_who_joins_a_call_is_seen_and_seen_to_leave_it(kind: str, content: dict[str, Any]) -> None:
    here = room()
    assert kinds(here, call(content, kind=kind)) == [CallJoined, MessagePosted]
    assert in_call(here) == {BEN}
    view = look(here, ME, "!", 0)
    assert [p.id.native for p in view.call()] == [BEN]
    assert kinds(here, call({}, kind=kind)) == [CallLeft]
    assert in_call(here) == frozenset()


def test_a_second_device_is_the_same_person() -> None:
    """They are in the call until the last one has left."""
    here = room()
    assert CallJoined in kinds(here, call(BY_DEVICE))
    other = f"_{BEN}_OTHER_m.call"
    assert kinds(here, call(BY_DEVICE, key=other)) == [MessagePosted]
    assert kinds(here, call({}, key=other)) == []
    assert kinds(here, call({})) == [CallLeft]


def test_a_membership_that_ran_out_is_over() -> None:
    """An app that crashed does not say goodbye."""
    here = room()
    old = {**call(BY_DEVICE), "origin_server_ts": NOW - 5 * HOUR}
    assert kinds(here, old) == [MessagePosted]
    assert in_call(here) == frozenset()
    fresh = {**call({**BY_DEVICE, "created_ts": NOW - HOUR}), "origin_server_ts": NOW - 9 * HOUR}
    assert CallJoined in kinds(here, fresh)


def test_nobody_can_put_somebody_else_into_a_call() -> None:
    """It counts who wrote it, whatever it claims."""
    here = room()
    reader().read(here, call({**RTC, "member": {"claimed_user_id": BEN}}, by=ANN, key=f"_{BEN}_X"), None)
    assert in_call(here) == {ANN}


def test_who_is_not_in_the_room_is_not_in_its_call() -> None:
    here = room(call(BY_DEVICE))
    assert in_call(here) == {BEN}
    assert MemberLeft in kinds(here, membership(BEN, "leave", "join"))
    assert in_call(here) == frozenset()


def test_a_bot_in_the_call_is_a_recorder() -> None:
    here = room(membership("@scribe-bot:x.org", "join"))
    event = call(BY_DEVICE, by="@scribe-bot:x.org", key="_@scribe-bot:x.org_A")
    assert kinds(here, event) == [CallJoined, CallChanged, MessagePosted]
    (found,) = recorders(here, "matrix")
    assert (found.kind, found.blockable) == ("recorder", False)


def test_a_name_that_says_it_records_is_seen_also_when_it_comes_later() -> None:
    here = room(call(BY_DEVICE))
    assert recorders(here, "matrix") == ()
    renamed = state(
        "m.room.member", {"membership": "join", "displayname": "[RECORDING] Ben"}, by=BEN, key=BEN
    )
    assert CallChanged in kinds(here, renamed)
    (found,) = recorders(here, "matrix")
    assert found.kind == "marked"


def test_a_call_widget_is_seen_and_others_are_not() -> None:
    here = room()
    assert kinds(here, state(WIDGET, JITSI, key="call")) == [CallChanged, MessagePosted]
    assert kinds(here, state(WIDGET, NOTES, key="notes")) == [MessagePosted]
    (found,) = recorders(here, "matrix")
    assert (found.kind, found.name, found.blockable) == ("widget", "Our Jitsi", True)
    assert widget_of(found.id) == (WIDGET, "call")
    assert widget_of("call @ben:x.org") is None
    assert kinds(here, state(WIDGET, {}, key="call")) == [CallChanged]
    assert recorders(here, "matrix") == ()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ({"type": "jitsi", "url": "https://x.org"}, "Jitsi"),
        ({"type": "m.custom", "url": "https://bbb.example.org/room"}, "Bbb"),
        ({"type": "m.custom", "url": "https://us02web.zoom.us/j/1", "name": "Zoom of Ann"}, "Zoom of Ann"),
        ({"type": "io.element.call", "url": "https://call.element.io/room"}, "Call.Element"),
        ({"type": "m.etherpad", "url": "https://pad.example.org"}, None),
        ({"type": 5, "url": ["x"]}, None),
        ({}, None),
    ],
)
def test_what_counts_as_a_call_widget(content: dict[str, Any], name: str | None) -> None:
    assert call_widget(content) == name


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
SILLY = JSON | st.fixed_dictionaries(
    {},
    optional={
        "memberships": JSON | st.lists(st.fixed_dictionaries({}, optional={"expires": JSON})),
        "expires": JSON, "created_ts": JSON, "application": JSON, "member": JSON, "leave_reason": JSON,
        "type": JSON | st.just("jitsi"), "url": JSON, "name": JSON,
    },
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(SILLY, st.sampled_from(CALL_TYPES), JSON, st.sampled_from(["", BEN, "x"]))
def test_malformed_calls_and_widgets_crash_nothing(content: Any, kind: str, sent: Any, key: str) -> None:
    here = room()
    event = {**state(kind, content, by=BEN, key=key), "origin_server_ts": sent}
    reader().read(here, event, None)
    look(here, ME, "!", 0)
