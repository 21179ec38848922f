"""What an answer to the agreement changes at the gate."""

from datetime import timedelta

import pytest

from bot.boundary.capabilities import Gate
from bot.boundary.effects import Admit, Hold, Remove, TakeDown, Whisper
from bot.boundary.events import MemberKnocked
from bot.contract.facts import ConsentDeclined, ConsentEnded, ConsentGiven, GraceEnded, MemberForgotten
from tests.gate.scene import NO_LEVELS, POWERLESS, Scene
from tests.support.here import ROOM, member

UNDO = timedelta(minutes=10)


def withdraws(scene: Scene, name: str) -> None:
    scene.fact(ConsentEnded, who=member(name), undo_until=scene.now + UNDO)


def test_agreeing_lets_speak_at_once() -> None:
    """Under `mute` the room itself lets somebody speak as soon as they agreed."""
    scene = Scene(gate="mute")
    scene.enter("ann")
    scene.agrees("ann")
    assert scene.effects(Admit) == [Admit(room=ROOM, who=member("ann"), gate="mute")]


def test_agreeing_outside_lets_come_in() -> None:
    """Under `door` who knocked and agreed is let in."""
    scene = Scene(gate="door")
    scene.enter("ann", presence="knocking")
    scene.event(MemberKnocked, who=member("ann"))
    assert not scene.takes_part("ann")
    scene.agrees("ann")
    assert scene.takes_part("ann")


def test_who_has_agreed_and_knocks_comes_in_at_once() -> None:
    """Leaving and coming back needs no new answer while the agreement holds."""
    scene = Scene(gate="door")
    scene.agrees("ann")
    scene.enter("ann", presence="knocking")
    scene.event(MemberKnocked, who=member("ann"))
    assert scene.takes_part("ann")


def test_withdrawing_under_mute_holds_at_once() -> None:
    """Withdrawing takes effect in one step, and undoing it gives everything back."""
    scene = Scene("ann", gate="mute")
    scene.agrees("ann")
    withdraws(scene, "ann")
    assert not scene.takes_part("ann")
    scene.fact(ConsentGiven, who=member("ann"))
    assert scene.takes_part("ann")


def test_withdrawing_under_door_leaves_ten_minutes_then_lets_out_without_a_word() -> None:
    """INTERFACE.md: it leaves the 10 minutes for `undo`, then lets the person out, no word to the room."""
    scene = Scene("ann", gate="door")
    scene.agrees("ann")
    withdraws(scene, "ann")
    scene.later(minutes=9)
    assert scene.takes_part("ann")
    scene.later(minutes=2)
    assert scene.effects(Remove) == [Remove(room=ROOM, who=member("ann"))]
    assert scene.announced() == []
    assert scene.alerts() == []


def test_undoing_under_door_stays_inside() -> None:
    """The timer of a withdrawal that was undone does nothing."""
    scene = Scene("ann", gate="door")
    scene.agrees("ann")
    withdraws(scene, "ann")
    scene.later(minutes=5)
    scene.agrees("ann")
    scene.later(minutes=60)
    assert scene.takes_part("ann")


def test_a_door_that_was_opened_meanwhile_shows_nobody_out() -> None:
    """After `group open` the timer of a withdrawal finds no door."""
    scene = Scene("ann", gate="door")
    scene.agrees("ann")
    withdraws(scene, "ann")
    scene.command("group open")
    scene.later(minutes=11)
    assert scene.takes_part("ann")


def test_who_is_on_the_way_out_gets_no_pass_from_a_new_gate() -> None:
    """Withdrawing is not undone by a facilitator who changes the gate in those ten minutes."""
    scene = Scene("ann", gate="door")
    scene.agrees("ann")
    withdraws(scene, "ann")
    scene.set_gate("mute")
    assert not scene.takes_part("ann")
    scene.agrees("ann")
    assert scene.takes_part("ann")


def test_withdrawing_under_notice_changes_nothing_in_the_room() -> None:
    """Nothing is enforced under `notice`."""
    scene = Scene("ann", gate="notice")
    scene.agrees("ann")
    withdraws(scene, "ann")
    assert scene.done == []
    assert scene.takes_part("ann")


@pytest.mark.parametrize("gate", ["notice", "mute", "door"])
def test_an_agreement_that_ran_out_takes_nothing_away(gate: Gate) -> None:
    """No clock mutes or removes anybody who was inside."""
    scene = Scene("ann", gate=gate)
    scene.agrees("ann")
    scene.fact(ConsentEnded, who=member("ann"))
    scene.fact(GraceEnded, who=member("ann"))
    assert scene.takes_part("ann")
    assert scene.effects(Hold) == scene.effects(Remove) == []


@pytest.mark.parametrize("gate", ["notice", "mute", "door"])
def test_who_declines_inside_keeps_what_they_had(gate: Gate) -> None:
    """INTERFACE.md: until `group enforce`."""
    scene = Scene("ann", gate=gate)
    decision = scene.fact(ConsentDeclined, who=member("ann"))
    assert decision.effects == ()
    assert scene.takes_part("ann")


def test_who_knocks_and_declines_is_refused_quietly() -> None:
    """No reason, and no word to anybody."""
    scene = Scene(gate="door")
    scene.enter("ann", presence="knocking")
    decision = scene.fact(ConsentDeclined, who=member("ann"))
    assert decision.effects == (Remove(room=ROOM, who=member("ann")),)


def test_when_grace_is_over_facilitators_see_a_number_and_a_choice() -> None:
    """Law 3: the number, never who; and nothing happens to anybody."""
    scene = Scene("ann", "bob", "cal", gate="mute")
    scene.agrees("ann", "fay")
    scene.fact(GraceEnded, who=member("bob"))
    said = scene.alerts()[-1]
    assert "2 people here have not agreed" in said
    assert "!group enforce" in said
    assert "wait" in said
    assert "bob" not in said.casefold()
    assert scene.takes_part("bob")


def test_when_grace_is_over_under_notice_the_next_step_is_a_gate() -> None:
    """Under `notice` enforcing would do nothing, so it is not offered."""
    scene = Scene("ann", gate="notice")
    scene.fact(GraceEnded, who=member("ann"))
    assert "!group set gate mute" in scene.alerts()[-1]
    assert "enforce`" not in scene.alerts()[-1]


def test_forgetting_is_withdrawing_with_nothing_left() -> None:
    """Erased: under `mute` silent, under `door` outside, and no row of the person stays."""
    for gate in ("mute", "door"):
        scene = Scene("ann", gate=gate)
        scene.agrees("ann")
        scene.fact(MemberForgotten, who=member("ann"))
        assert not scene.takes_part("ann"), gate
        assert all(key.member != member("ann") for key in scene.rows)


def test_words_without_a_pass_are_taken_down_and_explained_once_in_ten_minutes() -> None:
    """Under `mute` every event goes; the private word comes at most once in ten minutes."""
    scene = Scene(gate="mute", can=NO_LEVELS)
    scene.enter("ann")
    for _ in range(3):
        scene.posts("ann")
    assert len(scene.effects(TakeDown)) == 3
    assert len(scene.told("ann")) == 1
    assert "!consent" in scene.told("ann")[0]
    assert "!urgent" in scene.told("ann")[0]
    scene.later(minutes=10)
    scene.posts("ann")
    assert len(scene.told("ann")) == 2


def test_the_word_about_taking_down_is_quick() -> None:
    """It answers what the person just did: it does not wait behind prompts."""
    scene = Scene(gate="mute", can=NO_LEVELS)
    scene.enter("ann")
    scene.posts("ann")
    whisper = scene.effects(Whisper)[-1]
    assert isinstance(whisper, Whisper)
    assert not whisper.unasked


def test_a_bots_words_are_taken_down_and_facilitators_hear_how_to_exempt_it() -> None:
    """A bot that came later cannot agree and is not written to; facilitators hear of it once a day."""
    scene = Scene(gate="mute", can=NO_LEVELS)
    scene.enter("helper", kind="bot")
    scene.posts("helper")
    scene.posts("helper")
    assert len(scene.effects(TakeDown)) == 2
    assert scene.told("helper") == []
    assert len(scene.alerts()) == 1
    assert "Helper (@helper)" in scene.alerts()[0]
    assert "!members admit" in scene.alerts()[0]


def test_power_on_the_platform_exempts_nobody() -> None:
    """Who cannot be held by levels is held by taking down."""
    scene = Scene(gate="mute")
    scene.enter("admin", administrator=True)
    scene.posts("admin")
    assert len(scene.effects(TakeDown)) == 1


def test_what_cannot_be_taken_down_is_told_to_facilitators() -> None:
    """Law 8: missing power never fails silently open."""
    scene = Scene(gate="mute", can=NO_LEVELS)
    scene.enter("ann")
    scene.can = POWERLESS
    scene.posts("ann")
    assert "Give me the power to take messages down" in scene.alerts()[-1]
    assert "@ann" not in scene.alerts()[-1]


def test_after_agreeing_words_stay() -> None:
    """Also where the gate is held by taking down."""
    scene = Scene(gate="mute", can=NO_LEVELS)
    scene.enter("ann")
    scene.posts("ann")
    scene.agrees("ann")
    scene.posts("ann")
    assert len(scene.effects(TakeDown)) == 1
