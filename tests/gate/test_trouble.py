"""What failed for good: said in plain words with where to click; nothing opens or shuts by it."""

import pytest

from bot.boundary.effects import Admit, Effect, Hold, Remove, RestoreRoom, SetGate, TakeDown
from bot.boundary.errors import Undeliverable
from bot.boundary.events import CommandGiven, EffectFailed, RoomChanged
from bot.boundary.ids import MessageId
from bot.contract.facts import SettingsChanged
from tests.gate.scene import FULL, NO_LEVELS, POWERLESS, Scene
from tests.support.here import ROOM, member

ANN = member("ann")
NATIVE: tuple[Effect, ...] = (
    Admit(room=ROOM, who=ANN, gate="mute"),
    Admit(room=ROOM, who=ANN, gate="door"),
    Hold(room=ROOM, who=ANN, gate="mute"),
    Remove(room=ROOM, who=ANN),
    TakeDown(room=ROOM, message=MessageId("test", "$m")),
    SetGate(room=ROOM, gate="mute"),
    SetGate(room=ROOM, gate="door"),
    SetGate(room=ROOM, gate="notice"),
    RestoreRoom(room=ROOM, snapshot=b"x"),
)


def fails(scene: Scene, effect: Effect, reason: str) -> None:
    scene.event(EffectFailed, feature="gate", effect=effect, reason=reason)


@pytest.mark.parametrize("effect", NATIVE, ids=lambda e: f"{type(e).__name__} {getattr(e, 'gate', '')}")
@pytest.mark.parametrize("reason", [r for r in Undeliverable.REASONS if r != "gone"])
def test_every_failure_is_told_to_facilitators_and_names_nobody(effect: Effect, reason: str) -> None:
    """Law 8: never silently; law 3: letting in and holding back sound the same."""
    scene = Scene("ann", gate="mute")
    scene.can = NO_LEVELS
    fails(scene, effect, reason)
    assert scene.alerts()
    assert "@ann" not in scene.alerts()[-1]
    assert scene.takes_part("ann")


def test_letting_speak_and_holding_back_fail_in_the_same_words() -> None:
    """Otherwise the alert would tell who had withdrawn."""
    said = []
    for effect in NATIVE[0], NATIVE[2]:
        scene = Scene("ann", gate="mute")
        fails(scene, effect, "forbidden")
        said.append(scene.alerts())
    assert said[0] == said[1]


def test_a_missing_power_comes_with_where_to_click() -> None:
    """The words are the adapter's own."""
    scene = Scene("ann", gate="mute")
    scene.can = NO_LEVELS
    fails(scene, NATIVE[0], "forbidden")
    assert "Give me the power to change levels" in scene.alerts()[-1]


def test_who_agreed_and_cannot_be_let_in_hears_that_it_is_being_mended() -> None:
    """Nobody is left wondering whether their answer counted."""
    scene = Scene(gate="mute")
    scene.enter("ann")
    scene.can = POWERLESS
    scene.agrees("ann")
    assert "could not open the room for you" in scene.told("ann")[-1]
    assert "power" in scene.alerts()[-1]
    scene.can = FULL
    scene.event(RoomChanged, what="powers")
    assert scene.takes_part("ann")


@pytest.mark.parametrize("effect", [e for e in NATIVE if isinstance(e, TakeDown | Admit | Hold | Remove)])
def test_what_is_gone_already_is_no_failure(effect: Effect) -> None:
    """A message that its author deleted first, a person who left meanwhile."""
    scene = Scene("ann", gate="mute")
    fails(scene, effect, "gone")
    assert scene.alerts() == []


def test_a_gate_that_failed_is_put_up_when_the_room_can_be_reached() -> None:
    """A homeserver that was down for a while: put right at the next look, nobody has to ask."""
    scene = Scene("ann", gate="notice")
    scene.setting = "mute"
    fact = SettingsChanged(
        id="s", room=ROOM, by=member("fay"), before={"gate": "notice"}, after={"gate": "mute"}
    )
    scene.happen(fact, fails="unreachable")
    assert scene.native == "notice"
    scene.seen_again()
    assert scene.native == "mute"
    assert scene.takes_part("ann")


def test_a_gate_that_would_not_open_is_opened_as_soon_as_it_can_be() -> None:
    """And facilitators hear how to do it by hand meanwhile."""
    scene = Scene("ann", gate="mute")
    scene.view["repair"] = "test-repair"
    given = CommandGiven(id="o", room=ROOM, by=member("fay"), name="group", sub="open")
    scene.happen(given, fails="unreachable")
    assert "To undo it by hand" in scene.alerts()[-1]
    scene.seen_again()
    assert scene.native == "notice"
