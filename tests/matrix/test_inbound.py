"""Raw events -> events of the core, whatever people put into them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.matrix.following import _posted
from adapters.matrix.gates import Standing
from adapters.matrix.hearing import hear
from adapters.matrix.inbound import Reader
from adapters.matrix.rooms import KEPT_TYPES
from adapters.matrix.view import look
from bot.boundary.events import (
    CallJoined,
    CallLeft,
    CannotRead,
    MemberJoined,
    MemberKnocked,
    MemberLeft,
    MemberRenamed,
    MessagePosted,
    RoomChanged,
    SpeechGranted,
    SpeechTaken,
    WordsGiven,
)
from tests.matrix.raw import ANN, BEN, ME, membership, message, room, state

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
CONTENT = JSON | st.fixed_dictionaries(
    {},
    optional={
        "body": JSON | st.sampled_from(["!consent agree", "keeper: help", "> !x", "/consent"]),
        "msgtype": JSON | st.just("m.text"),
        "formatted_body": JSON,
        "m.mentions": JSON | st.fixed_dictionaries({"user_ids": JSON | st.just([ME])}),
        "m.relates_to": JSON | st.fixed_dictionaries({"rel_type": JSON, "m.in_reply_to": JSON}),
        "m.new_content": JSON,
        "membership": JSON | st.sampled_from(["join", "leave", "knock"]),
        "users": JSON,
        "events": JSON,
        "protocol": JSON,
    },
)
KINDS = st.sampled_from(
    [
        "m.room.message",
        "m.sticker",
        "m.reaction",
        "m.poll.start",
        "m.room.encrypted",
        "org.x.unknown",
        "m.room.member",
    ]
)
EDIT = {"rel_type": "m.replace"}
GATE = Standing(gate="mute", level=1)


def reader() -> Reader:
    """One that knows the command `consent`."""
    return Reader(ME, "!", lambda word: word == "consent")


@settings(max_examples=300)
@given(CONTENT, KINDS | st.text(max_size=5) | st.none() | st.integers(), JSON)
def test_whatever_is_posted_is_seen_and_nothing_crashes(content: Any, kind: Any, unsigned: Any) -> None:
    """Malformed messages that other clients show must not slip through a gate."""
    event = {**message(content, kind=kind), "unsigned": unsigned}
    found = reader().read(room(), event, GATE)
    assert isinstance(found[0], MessagePosted)
    assert found[0].message.native == event["event_id"]
    assert found[0] == _posted(room(), event)[0]
    hear(room(), event, ME)


@settings(max_examples=300)
@given(
    CONTENT,
    st.sampled_from([*KEPT_TYPES, "m.unknown"]),
    st.sampled_from(["", BEN, "x"]),
    JSON,
)
def test_malformed_state_crashes_neither_reading_nor_the_view(
    content: Any, kind: str, key: str, unsigned: Any
) -> None:
    """What the homeserver lets through may be silly; the room's picture stays one."""
    here = room()
    reader().read(here, {**state(kind, content, key=key), "unsigned": unsigned}, GATE)
    look(here, ME, "!", 0)


@pytest.mark.parametrize(
    "kind", ["m.reaction", "m.sticker", "m.room.encrypted", "m.poll.response", "m.call.invite", "org.x.y", 5]
)
def test_everything_that_is_no_state_counts_as_posted(kind: Any) -> None:
    """Words, pictures, stickers, polls, reactions, readable or not (INTERFACE.md, under `mute`)."""
    assert [type(e) for e in reader().read(room(), message({}, kind=kind), None)] == [MessagePosted]


def test_taking_down_is_free() -> None:
    """A redaction is nothing that somebody put into the room."""
    assert reader().read(room(), message({}, kind="m.room.redaction"), GATE) == []


def test_a_call_that_somebody_starts_counts_as_posted_and_leaving_it_does_not() -> None:
    """Call membership is state that a member writes; empty content takes it back."""
    here = room()
    start = state("org.matrix.msc3401.call.member", {"application": "m.call"}, by=BEN, key=BEN)
    assert [type(e) for e in reader().read(here, start, GATE)] == [CallJoined, MessagePosted]
    end = state("org.matrix.msc3401.call.member", {}, by=BEN, key=BEN)
    assert [type(e) for e in reader().read(here, end, GATE)] == [CallLeft]


@pytest.mark.parametrize(
    ("kind", "posted"),
    [
        ("m.room.message", True),
        ("m.room.topic", True),
        ("m.room.name", True),
        ("create", True),
        ("org.x.live_location", True),
        ("m.room.join_rules", False),
        ("m.room.server_acl", False),
        ("m.space.parent", False),
        ("m.bridge", False),
    ],
)
def test_words_that_come_as_state_count_as_posted(kind: str, posted: bool) -> None:
    """Where anybody may send state, a topic or a message with a state key must not slip by."""
    found = reader().read(room(), state(kind, {"body": "hello", "msgtype": "m.text"}, by=BEN), GATE)
    assert bool([e for e in found if isinstance(e, MessagePosted)]) == posted
    assert not [e for e in found if isinstance(e, WordsGiven)]


def test_the_bots_own_events_are_ignored() -> None:
    """It never answers itself."""
    assert reader().read(room(), message({"msgtype": "m.text", "body": "!consent"}, by=ME), None) == []


@pytest.mark.parametrize(
    ("body", "words", "addressed"),
    [
        ("!consent withdraw", "!consent withdraw", False),
        ("  !rules  ", "!rules", False),
        ("!keeper help", "help", True),
        ("keeper: help me", "help me", True),
        ("KEEPER, rules", "rules", True),
        ("@keeper rules", "rules", True),
        ("@keeper:x.org: rules", "rules", True),
        ("@keeper:x.org rules", "rules", True),
        ("/consent", "/consent", False),
    ],
)
def test_words_with_the_prefix_or_to_the_bot_are_heard(body: str, words: str, addressed: bool) -> None:
    """INTERFACE.md, commands on Matrix."""
    event = message({"msgtype": "m.text", "body": body})
    posted, said = reader().read(room(), event, None)
    assert isinstance(posted, MessagePosted)
    assert isinstance(said, WordsGiven)
    assert (said.words, said.addressed) == (words, addressed)
    assert said.id != posted.id


def test_a_mention_addresses_the_bot() -> None:
    """`m.mentions`, with the name that the client wrote in front taken off."""
    content = {"msgtype": "m.text", "body": "keeper rules", "m.mentions": {"user_ids": [ME]}}
    said = reader().read(room(), message(content), None)[1]
    assert isinstance(said, WordsGiven)
    assert said.words == "rules"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ({"body": "I feel better today, keeper of bees"}, "talk"),
        ({"body": "keeper is a nice name"}, "about the bot, not to it"),
        ({"body": "!"}, "a sigh"),
        ({"body": "/shrug"}, "another client's command"),
        ({"body": "> !consent agree"}, "quoted"),
        ({"body": "> <@a:x> !consent agree\n\nI saw this"}, "an old reply"),
        ({"body": "!consent agree", "m.relates_to": {"m.in_reply_to": {"event_id": "$1"}}}, "a reply"),
        ({"body": "* !consent agree", "m.new_content": {"body": "!consent agree"}}, "an edit"),
        ({"body": "!consent agree", "m.relates_to": {"rel_type": "m.replace", "event_id": "$1"}}, "an edit"),
        ({"body": "!consent agree", "msgtype": "m.notice"}, "a bot's words"),
        ({"body": "!consent agree", "msgtype": "m.emote"}, "an emote"),
        ({"body": 5}, "no words"),
        ({"formatted_body": "!consent agree"}, "HTML alone"),
    ],
)
def test_everything_else_is_dropped_at_once(content: dict[str, Any], why: str) -> None:
    """Law 2: nothing but messages that start with the prefix or address the bot gets past."""
    found = reader().read(room(), message({"msgtype": "m.text"} | content), None)
    assert [type(e) for e in found] == [MessagePosted], why


def test_in_an_encrypted_room_no_words_are_heard() -> None:
    """Plain events arrive there as usual; they are no commands."""
    here = room(state("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}))
    found = reader().read(here, message({"msgtype": "m.text", "body": "!consent"}), None)
    assert [type(e) for e in found] == [MessagePosted]


def test_memberships_become_what_happened() -> None:
    """Each transition by what the homeserver says stood before, also when it is replayed."""
    here, read = room(), reader()
    table = [
        (membership("@c:x", "join", "leave"), MemberJoined),
        (membership("@c:x", "join", "invite"), MemberJoined),
        (membership("@c:x", "join"), MemberJoined),
        (membership("@c:x", "knock", "leave"), MemberKnocked),
        (membership("@c:x", "knock"), MemberKnocked),
        (membership("@c:x", "leave", "join"), MemberLeft),
        (membership("@c:x", "leave", "knock", by=ANN), MemberLeft),
        (membership("@c:x", "ban", "join", by=ANN), MemberLeft),
    ]
    for event, kind in table * 2:
        assert [type(e) for e in read.read(here, event, None)] == [kind], event
    assert read.read(here, membership("@c:x", "leave", "ban", by=ANN), None) == []
    assert read.read(here, membership("@c:x", "invite", "leave", by=ANN), None) == []


def test_a_new_name_is_told_as_such() -> None:
    """Somebody who stays inside and changes their name has not joined."""
    event = membership(BEN, "join", "join")
    event["content"]["displayname"] = "Benny"
    assert [type(e) for e in reader().read(room(), event, None)] == [MemberRenamed]


def test_who_invited_somebody_past_the_door_is_told() -> None:
    """`prev_sender` names the inviter; the bot's own invitations are no such thing."""
    for inviter, told in ((ANN, ANN), (ME, None)):
        event = membership("@c:x", "join", "invite")
        event["unsigned"]["prev_sender"] = inviter
        joined = reader().read(room(), event, None)[0]
        assert isinstance(joined, MemberJoined)
        assert (joined.let_in_by.native if joined.let_in_by else None) == told


def test_a_level_given_or_taken_by_hand_is_told() -> None:
    """Past the gate by somebody else's hand; what the bot writes itself is not reported."""
    here, read = room(events_default=1), reader()
    up = {"users": {ANN: 100, ME: 100, BEN: 1}, "events_default": 1}
    down = {"users": {ANN: 100, ME: 100}, "events_default": 1}
    assert read.read(here, state("m.room.power_levels", up, by=ME), GATE) == []
    taken = read.read(here, state("m.room.power_levels", down), GATE)
    given = read.read(here, state("m.room.power_levels", up), GATE)
    assert [type(e) for e in taken] == [SpeechTaken]
    assert [type(e) for e in given] == [SpeechGranted]
    assert read.read(here, state("m.room.power_levels", up), GATE) == []


def test_a_gate_that_somebody_broke_is_told() -> None:
    """Lowering the level for everybody opens the gate: the facilitators must know."""
    here = room(events_default=1)
    open_ = state("m.room.power_levels", {"users": {ANN: 100, ME: 100}})
    found = reader().read(here, open_, GATE)
    assert "powers" in [e.what for e in found if isinstance(e, RoomChanged)]


@pytest.mark.parametrize(
    ("kind", "content", "what"),
    [
        ("m.room.join_rules", {"join_rule": "public"}, "joining"),
        ("m.room.history_visibility", {"history_visibility": "world_readable"}, "history"),
        ("m.room.encryption", {"algorithm": "x"}, "encryption"),
        ("m.room.name", {"name": "New"}, "name"),
        ("m.bridge", {"protocol": {"id": "telegram"}}, "bridges"),
        ("uk.half-shot.bridge", {"protocol": {"displayname": "IRC"}}, "bridges"),
        ("io.element.functional_members", {"service_members": [BEN]}, "bots"),
        ("m.room.power_levels", {"users": {ANN: 100}}, "powers"),
    ],
)
def test_what_concerns_who_can_see_is_told_once(kind: str, content: dict[str, Any], what: str) -> None:
    """A change by hand is an event; the same again, or the bot's own, is none."""
    here, read = room(), reader()
    first = read.read(here, state(kind, content), None)
    assert [e.what for e in first if isinstance(e, RoomChanged)] == [what]
    again = read.read(here, state(kind, content), None)
    assert not [e for e in again if isinstance(e, RoomChanged)]
    assert read.read(room(), state(kind, content, by=ME), None) == []


def test_a_bot_that_comes_in_is_told() -> None:
    """It joins like everybody, and facilitators hear that another bot is here."""
    found = reader().read(room(), membership("@telegrambot:x.org", "join"), None)
    assert [type(e) for e in found] == [MemberJoined, RoomChanged]


@pytest.mark.parametrize(
    ("content", "kind", "found"),
    [
        ({"msgtype": "m.text", "body": "agree"}, "m.room.message", "agree"),
        ({"msgtype": "m.text", "body": "> <@k:x> Type `agree`\n\nno"}, "m.room.message", "no"),
        ({"msgtype": "m.text", "body": "> agree"}, "m.room.message", None),
        ({"msgtype": "m.text", "body": "yes", "m.relates_to": EDIT}, "m.room.message", "edited"),
        ({"msgtype": "m.image", "body": "agree"}, "m.room.message", "other_kind"),
        ({"msgtype": "m.text", "body": ["agree"]}, "m.room.message", "other_kind"),
        ({"body": "agree"}, "m.sticker", "other_kind"),
        ({}, "m.room.encrypted", None),
        ({"msgtype": "m.notice", "body": "agree"}, "m.room.message", None),
        ({"m.relates_to": {"key": "👍"}}, "m.reaction", None),
        ({}, "m.room.message", None),
    ],
)  # fmt: skip
def test_in_a_direct_chat_a_persons_own_words_are_heard(
    content: dict[str, Any], kind: str, found: str | None
) -> None:
    """Only a message of the person's own words counts, never a reaction, an edit or a quotation."""
    heard = hear(room(membership(ANN, "leave", "join")), message(content, kind=kind), ME)
    match heard:
        case None:
            assert found is None
        case WordsGiven():
            assert (heard.words, heard.room) == (found, None)
        case CannotRead():
            assert heard.why == found


def test_plain_words_in_an_encrypted_direct_chat_are_not_acted_upon() -> None:
    """INTERFACE.md: an unencrypted command is refused there. The core is told that it was one."""
    encryption = state("m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"})
    here = room(membership(ANN, "leave", "join"), encryption)
    heard = hear(here, message({"msgtype": "m.text", "body": "agree"}), ME, exposed=True)
    assert isinstance(heard, WordsGiven)
    assert heard.exposed
