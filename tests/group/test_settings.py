"""`group` and `group set`: readable by people and scripts, and shown before it changes others."""

import pytest

from bot.boundary.capabilities import Capabilities
from bot.boundary.effects import Verbatim, Whisper
from bot.contract.facts import GateOpened, SettingsChanged
from tests.group.world import SETTINGS, Story
from tests.support.here import ROOM, member


def set_up() -> Story:
    """Ann and Bob are facilitators of a group that is set up."""
    story = Story()
    story.gives("ann", "setup gate notice confirm")
    story.gives("ann", "facilitator add bob")
    story.gives("bob", "facilitator accept")
    return story


def test_group_prints_one_key_and_value_a_line() -> None:
    """Scripts depend on it; every setting of every feature is there, each with its meaning."""
    story = set_up()
    story.gives("ann", "group set contact Ann\nsecond line")
    shown = story.gives("ann", "group")
    whisper = next(e for e in story.effects if isinstance(e, Whisper))
    block = next(part for part in whisper.body if isinstance(part, Verbatim))
    lines = dict(line.split(": ", 1) for line in block.text.splitlines())
    assert list(lines) == sorted(s.key for s in SETTINGS)
    assert lines["gate"] == "notice"
    assert lines["contact"] == "Ann second line"
    assert lines["outside_contact"] == "none"
    assert "**timezone** The time zone of the group" in shown


def test_a_change_for_others_waits_for_confirm() -> None:
    """The gate: for how many, and what it shows; then at once with `confirm`."""
    story = set_up()
    preview = story.gives("ann", "group set gate mute")
    assert "gate: notice → mute" in preview and "3 people are in this room" in preview
    assert "they show who has agreed" in preview
    assert story.last.awaits_confirm and not story.facts
    story.gives("ann", "group set gate mute confirm")
    changed = story.fact(SettingsChanged)
    assert isinstance(changed, SettingsChanged)
    assert (changed.before, changed.after) == ({"gate": "notice"}, {"gate": "mute"})
    assert "before they write" in story.announced()
    assert "Ann (@ann) changed a setting" in story.alerts()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("agreement Our own words", "I will ask 3 people"),
        ("min_age 21", "14 days"),
        ("grace 3d", "This counts for 3 people"),
    ],
)
def test_what_asks_again_or_changes_time_is_shown_first(words: str, says: str) -> None:
    """Each with its number."""
    story = set_up()
    assert says in story.gives("ann", f"group set {words}")
    assert story.last.awaits_confirm
    story.gives("ann", f"group set {words} confirm")
    assert story.fact(SettingsChanged)


def test_what_concerns_nobody_else_acts_at_once_and_in_private() -> None:
    """A contact, a time zone: no confirm, no word to the room."""
    story = set_up()
    assert "timezone: UTC → Europe/Berlin" in story.gives("ann", "group set timezone europe/berlin")
    assert story.group().policy.text("timezone") == "Europe/Berlin"
    assert not story.announced()


def test_the_room_hears_one_line_where_members_are_concerned_and_nothing_more() -> None:
    """Gate and agreement; not the contact."""
    story = set_up()
    story.gives("ann", "group set agreement Our own words confirm")
    assert "The agreement." in story.announced()
    story.gives("ann", "group set contact Ann")
    assert not story.announced()


def test_a_key_or_value_that_does_not_exist_is_answered_with_the_nearest() -> None:
    """Calm, with the next step, and nothing changes."""
    story = set_up()
    before = story.kept
    assert 'Did you mean "gate"?' in story.gives("ann", "group set gat mute")
    assert "notice, mute, door" in story.gives("ann", "group set gate open")
    assert "13" in story.gives("ann", "group set min_age 12")
    assert "already" in story.gives("ann", "group set gate NOTICE")
    assert story.kept == before and not story.facts


def test_a_gate_that_cannot_be_held_is_refused() -> None:
    """Law 8: never silently open."""
    story = set_up()
    story.can = Capabilities(mute="takedown", take_down=True)
    assert "I cannot hold the gate" in story.gives("ann", "group set gate door confirm")
    assert story.group().policy.text("gate") == "notice"
    assert "take down what somebody writes" in story.gives("ann", "group set gate mute")


def test_an_opened_gate_is_what_the_setting_says() -> None:
    """`group open` takes the gate down; `group set gate mute` afterwards is a change again."""
    story = set_up()
    story.gives("ann", "group set gate mute confirm")
    story.happens(GateOpened(id="o", room=ROOM, by=member("bob")))
    assert story.group().policy.text("gate") == "notice"
    assert story.fact(SettingsChanged) and "gate: mute → notice" in story.alerts()
    assert not story.announced(), "the gate has told the room"
    story.happens(GateOpened(id="o2", room=ROOM, by=member("bob")))
    assert not story.effects
    assert "gate: notice → mute" in story.gives("ann", "group set gate mute")


def test_facilitators_are_no_setting() -> None:
    """Somebody who tries is told the command."""
    assert "facilitator add" in set_up().gives("ann", "group set facilitators bob")


def test_before_the_set_up_nothing_is_announced() -> None:
    """A facilitator can prepare; nobody else hears of it."""
    story = Story()
    story.gives("ann", "facilitator add ann")
    assert "setup start" in story.gives("ann", "group set gate mute")
    assert story.group().policy.text("gate") == "mute"
    assert not story.announced()


def test_every_change_is_a_new_version_of_the_settings() -> None:
    """So that other features know which settings something was done under."""
    story = set_up()
    record = story.group().record
    story.gives("ann", "group set contact Ann")
    after = story.group().record
    assert record and after and after.settings_version == record.settings_version + 1
    assert story.group().policy.text("contact") == "Ann"
    story.gives("ann", "group set contact none")
    assert story.group().policy.text("contact") == ""
    assert member("ann") in story.group().facilitators
