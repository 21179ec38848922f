"""Power, computed from raw state alone."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.matrix.levels import Power, gated, lowered, opened, raised, restored, whole
from adapters.matrix.view import can_change_levels, can_hold_door, lacking, look, muting
from tests.matrix.raw import ANN, BEN, ME, room

USERS = st.sampled_from([ANN, BEN, ME, "@cleo:x.org", "@dan:x.org"])
CONTENTS = st.fixed_dictionaries(
    {},
    optional={
        "users": st.dictionaries(USERS, st.integers(-1, 100), max_size=4),
        "users_default": st.integers(0, 3),
        "events_default": st.integers(0, 3),
        "events": st.dictionaries(
            st.sampled_from(["m.room.message", "m.reaction", "m.room.name", "m.sticker", "org.x.poll"]),
            st.integers(0, 60),
        ),
        "invite": st.integers(0, 50),
    },
)


def test_a_creator_of_room_version_12_has_power_above_all_without_being_named() -> None:
    """MSC4289: the sender of m.room.create and `additional_creators`, infinitely."""
    power = Power({"room_version": "12", "additional_creators": [BEN, 5]}, ANN, {"users": {ME: 100}})
    assert power.of(ANN) == power.of(BEN) == math.inf
    assert power.of(ME) == 100
    assert power.may_send(ANN, "m.room.tombstone", state=True)


def test_a_creator_of_an_older_room_has_only_what_the_levels_say() -> None:
    """Who made the room and was demoted keeps nothing."""
    assert Power({"room_version": "10"}, ANN, {"users": {ME: 100}}).of(ANN) == 0


def test_a_room_without_levels_belongs_to_its_creator() -> None:
    """Client-Server API: without the event the creator has 100 and state needs 0."""
    power = Power({"room_version": "10"}, ANN, None)
    assert power.of(ANN) == 100
    assert power.of(BEN) == 0
    assert power.to_send("m.room.name", state=True) == 0


@pytest.mark.parametrize(
    ("value", "level"),
    [(5, 5), ("5", 5), (" -1 ", -1), (5.9, 5), (True, 7), ("many", 7), (None, 7), ([5], 7), (math.nan, 7)],
)
def test_a_level_that_is_no_number_falls_back_to_the_default(value: object, level: int) -> None:
    """Old room versions let text and fractions through; anything else must not crash or give power."""
    assert whole(value, 7) == level


@given(CONTENTS, st.lists(USERS, max_size=4))
def test_the_gate_holds_everybody_but_those_inside_and_those_with_more_power(
    content: dict[str, Any], inside: list[str]
) -> None:
    """Whatever the levels were: who is not let in cannot send anything but reactions and redactions."""
    level = Power({}, ANN, content).gate_level()
    if level is None:
        return
    after = content
    for user in inside:
        after = raised(after, user, level, frozenset())
    after = gated(after, level)
    power, before = Power({}, ANN, after), Power({}, ANN, content)
    for user in (ANN, BEN, "@cleo:x.org", "@new:x.org"):
        by_hand = before.explicit(user) is not None and before.of(user) < before.users_default
        let_in = before.of(user) >= level or (user in inside and not by_hand)
        for kind in ("m.room.message", "m.room.encrypted", "m.sticker", "org.x.poll"):
            assert power.may_send(user, kind) == (let_in and power.of(user) >= before.to_send(kind))
    if "m.reaction" not in content.get("events", {}) and content.get("events_default", 0) < level:
        assert power.to_send("m.reaction") == content.get("events_default", 0)
    assert gated(after, level) == after, "the same again changes nothing"


@given(CONTENTS, st.lists(USERS, max_size=4))
def test_taking_the_gate_away_gives_back_the_same_levels(content: dict[str, Any], inside: list[str]) -> None:
    """What every person could do before, they can do again, and nobody can do more."""
    level = Power({}, ANN, content).gate_level()
    if level is None:
        return
    up = content
    for user in inside:
        up = raised(up, user, level, frozenset())
    down = opened(gated(up, level), level, content)
    was, now = Power({}, ANN, content), Power({}, ANN, down)
    for user in (ANN, BEN, ME, "@cleo:x.org", "@new:x.org"):
        assert now.of(user) == was.of(user)
    for kind in ("m.room.message", "m.reaction", "m.room.name", "m.sticker", "org.x.poll"):
        assert now.to_send(kind) == was.to_send(kind)


def test_what_others_changed_while_the_gate_stood_stays() -> None:
    """By hand is respected: a new moderator is one after the gate is gone, too."""
    before = {"users": {ANN: 100}}
    up = gated(before, 1)
    by_hand = {**up, "users": {**up["users"], BEN: 50}, "kick": 60}
    down = opened(by_hand, 1, before)
    assert down["users"] == {ANN: 100, BEN: 50}
    assert down["kick"] == 60


def test_restoring_leaves_people_alone_who_now_stand_as_high_as_the_bot() -> None:
    """The homeserver refuses to lower them, and would refuse everything else with it."""
    snapshot = {"users": {ANN: 100, ME: 100}, "kick": 50}
    now = {"users": {ANN: 100, ME: 100, BEN: 100, "@cleo:x.org": 50}, "kick": 60, "events_default": 1}
    assert restored(now, snapshot, ME) == {"users": {ANN: 100, ME: 100, BEN: 100}, "kick": 50}
    assert restored({**now, "users": {ANN: 100, ME: 100, BEN: 1}}, snapshot, ME) == snapshot


def test_who_was_put_below_everybody_by_hand_is_not_let_speak_by_the_gate() -> None:
    """Element's "Muted" is level -1: a moderator did that, the gate does not undo it."""
    content = {"users": {ANN: 100, BEN: -1}}
    assert raised(content, BEN, 1, frozenset()) == content


def test_taking_back_what_the_gate_gave_leaves_other_power_alone() -> None:
    """`Hold` lowers who stands exactly at the gate's level."""
    content = {"users": {ANN: 100, BEN: 1}}
    assert lowered(content, BEN, 1, {})["users"] == {ANN: 100}
    assert lowered(content, ANN, 1, {}) == content


@pytest.mark.parametrize(
    ("levels", "how"),
    [
        ({}, "levels"),
        ({"users": {ANN: 100, ME: 50}, "events": {"m.room.power_levels": 100}}, "takedown"),
        ({"users": {ANN: 100}}, "no"),
        ({"events_default": 50}, "takedown"),  # a level between would make moderators of everybody
        ({"users_default": 100, "users": {}}, "takedown"),
        ({"users": {ME: 100}, "events": {"m.room.power_levels": 101}}, "takedown"),
        ({"users": {ME: 100}, "redact": 101, "events": {"m.room.power_levels": 101}}, "no"),
    ],
)
def test_how_mute_can_be_held_follows_from_the_power(levels: dict[str, Any], how: str) -> None:
    """By levels, by taking down, or not at all: declared, never guessed."""
    assert muting(room(**levels).power, ME) == how


def test_a_demoted_bot_loses_what_it_could() -> None:
    """nio's cached levels merge and keep the old level; ours do not."""
    here = room()
    assert can_change_levels(here.power, ME)
    assert can_hold_door(here.power, ME)
    here.apply(
        {"type": "m.room.power_levels", "state_key": "", "sender": ANN, "content": {"users": {ANN: 100}}}
    )
    assert not can_change_levels(here.power, ME)
    assert [m.ability for m in lacking(here.power, ME)] == ["levels", "take_down", "remove", "join_rules"]


def test_the_view_shows_the_creator_of_a_room_of_version_12_as_administrator() -> None:
    """They are in no list of users, and can change everything."""
    people = look(room(version="12"), ME, "!", 0).people
    assert {p.id.native: p.administrator for p in people.values()} == {ANN: True, BEN: False}
