"""Putting a gate up, taking it down, and putting it right."""

import msgspec
import pytest

from bot.boundary.capabilities import Gate
from bot.boundary.effects import Admit, Announce, RestoreRoom, SetGate
from bot.boundary.events import CommandGiven, MessagePosted, RoomAdopted, RoomChanged, RoomLost, RoomSeen
from bot.boundary.ids import MessageId, RoomId
from bot.contract.facts import GateOpened, SettingsChanged, SetupFinished, SetupUndone
from bot.contract.feature import Rows
from bot.gate import FEATURE
from tests.gate.scene import FULL, NO_LEVELS, POWERLESS, Scene
from tests.support.here import ROOM, here, member


@pytest.mark.parametrize("gate", ["notice", "mute", "door"])
def test_everybody_who_was_inside_keeps_what_they_had(gate: Gate) -> None:
    """Law 9: setting up takes nothing from anybody, bots and people from other networks included."""
    scene = Scene(set_up=False, gate=gate)
    for name, kind in (("ann", "human"), ("helper", "bot"), ("bridged", "ghost")):
        scene.enter(name, kind=kind)
    scene.fact(SetupFinished, by=member("fay"), first=True)
    assert all(scene.takes_part(n) for n in ("fay", "ann", "helper", "bridged"))


def test_notice_changes_nothing_in_the_room() -> None:
    """`notice` asks and enforces nothing: the room's settings stay exactly as they were."""
    scene = Scene("ann", gate="notice")
    assert scene.effects(SetGate) == []


def test_the_gate_guards_newcomers() -> None:
    """Under `mute` who comes later cannot speak before agreeing; who was there can."""
    scene = Scene("ann", gate="mute")
    scene.enter("new")
    assert scene.takes_part("ann")
    assert not scene.takes_part("new")
    scene.agrees("new")
    assert scene.takes_part("new")


def test_bots_are_counted_and_named_to_facilitators_when_a_gate_goes_up() -> None:
    """INTERFACE.md: bots and ghosts cannot agree; they are counted, named and exempted by a facilitator."""
    scene = Scene(set_up=False, gate="mute")
    scene.enter("helper", kind="bot")
    scene.enter("bridged", kind="ghost")
    scene.fact(SetupFinished, by=member("fay"), first=True)
    said = "\n".join(scene.alerts())
    assert "1 bot and 1 person from another network" in said
    assert "Helper (@helper)" in said
    assert "Bridged (@bridged)" in said


def test_a_new_value_guards_newcomers_and_leaves_those_inside_alone() -> None:
    """`group set gate mute` after `notice`: nobody inside falls silent by it."""
    scene = Scene("ann", gate="notice")
    scene.enter("came-under-notice")
    scene.set_gate("mute")
    assert scene.takes_part("ann")
    assert scene.takes_part("came-under-notice")
    scene.enter("new")
    assert not scene.takes_part("new")


def test_the_setting_alone_changes_nothing_before_setup_is_finished() -> None:
    """Nothing in the room changes before `setup` is applied."""
    scene = Scene("ann", set_up=False)
    scene.setting = "mute"
    world = here([*scene.people.values()], settings={"gate": "mute"}, set_up=False)
    fact = SettingsChanged(
        id="e", room=ROOM, by=member("fay"), before={"gate": "notice"}, after={"gate": "mute"}
    )
    assert FEATURE.decide(Rows(), fact, world).effects == ()


def test_setting_up_again_with_the_same_gate_changes_nothing() -> None:
    """`setup` may be given again at any time."""
    scene = Scene("ann", gate="mute")
    decision = scene.fact(SetupFinished, by=member("fay"), first=False)
    assert decision.effects == ()
    assert decision.changes == ()


def test_open_is_at_once_says_so_and_makes_the_setting_true() -> None:
    """`group open` is for emergencies: every gate off, no confirming, the room is told."""
    scene = Scene("ann", gate="mute")
    scene.enter("new")
    decision = scene.command("group open")
    assert not decision.awaits_confirm
    assert scene.takes_part("new")
    assert "everybody here can speak" in scene.announced()[0]
    assert [type(f) for f in decision.facts] == [GateOpened]


def test_after_open_a_new_gate_guards_newcomers_and_enforce_those_inside() -> None:
    """INTERFACE.md, "More on gates"."""
    scene = Scene("ann", gate="mute")
    scene.enter("new")
    scene.command("group open")
    scene.set_gate("mute")
    assert scene.takes_part("new"), "who is inside keeps what they had"
    scene.enter("newer")
    assert not scene.takes_part("newer")
    scene.command("group enforce", confirmed=True)
    assert not scene.takes_part("new")


def test_open_without_a_gate_still_asks_the_room_to_open() -> None:
    """In an emergency the bot does not trust its own record. The room is not told a second time."""
    scene = Scene("ann", gate="notice")
    scene.command("group open")
    assert scene.effects(SetGate) == [SetGate(room=ROOM, gate="notice")]
    assert scene.effects(Announce) == []


def test_undo_puts_the_room_back_and_keeps_no_pass() -> None:
    """`setup undo` restores exactly what was there."""
    scene = Scene("ann", gate="mute")
    scene.agrees("ann")
    scene.fact(SetupUndone, by=member("fay"), before=b"as it was")
    assert scene.effects(RestoreRoom) == [RestoreRoom(room=ROOM, snapshot=b"as it was")]
    assert scene.rows == {}


def test_undo_without_a_snapshot_takes_the_gate_down() -> None:
    """Where nothing is known of before, an open room is the least that is owed."""
    scene = Scene("ann", gate="mute")
    scene.fact(SetupUndone, by=member("fay"))
    assert scene.native == "notice"
    assert scene.rows == {}


def test_an_upgraded_room_gets_its_gate_again() -> None:
    """A room that was upgraded has a new id; the passes came along, and nobody needs to agree again."""
    scene = Scene("ann", gate="mute")
    scene.agrees("ann")
    scene.native = "notice"
    world = scene.here()
    new = RoomId("test", "!newer")
    moved = msgspec.structs.replace(world, room=msgspec.structs.replace(world.room, id=new))
    decision = FEATURE.decide(Rows(scene.rows), RoomSeen(id="s", room=new), moved)
    assert decision.effects == (SetGate(room=new, gate="mute", inside=(member("ann"), member("fay"))),)


def test_a_bot_that_was_removed_and_added_again_puts_its_gate_up_again() -> None:
    """What became of the gate meanwhile is not known; who agreed can speak from the start."""
    scene = Scene("ann", gate="mute")
    scene.agrees("ann")
    people, scene.people = scene.people, {}
    scene.event(RoomLost)
    scene.people = people
    scene.native, scene.voices = "notice", set()
    scene.event(RoomAdopted, by=member("fay"))
    assert scene.native == "mute"
    assert scene.takes_part("ann")
    assert scene.takes_part("fay")


def test_a_restart_changes_nothing_where_all_stands() -> None:
    """No power-level is written, and nobody is told, because the bot was started again."""
    scene = Scene("ann", gate="mute")
    scene.agrees("ann")
    decision = scene.seen_again()
    assert decision.effects == ()
    assert decision.changes == ()


def test_who_agreed_and_cannot_speak_is_let_speak_after_a_gap() -> None:
    """Law 8: an outage never leaves somebody silent who agreed."""
    scene = Scene("ann", gate="mute")
    scene.voices.discard(member("ann"))
    scene.seen_again()
    assert scene.effects(Admit) == [Admit(room=ROOM, who=member("ann"), gate="mute")]
    assert scene.takes_part("ann")


def test_who_knocked_with_a_pass_while_the_bot_was_away_comes_in() -> None:
    """A knock that nobody answered is answered after the gap."""
    scene = Scene(gate="door")
    scene.agrees("ann")
    scene.enter("ann", presence="knocking")
    scene.seen_again()
    assert scene.takes_part("ann")


def test_power_that_comes_back_puts_the_gate_up() -> None:
    """A gate that could not be held is put up as soon as it can be, without being asked again."""
    scene = Scene("ann", gate="mute", can=POWERLESS)
    assert scene.native == "notice"
    assert any("power" in words for words in scene.alerts())
    scene.can = FULL
    scene.event(RoomChanged, what="powers")
    assert scene.native == "mute"
    assert scene.takes_part("ann")


def test_levels_are_used_as_soon_as_the_power_is_there() -> None:
    """By power levels where the bot has the power, else by taking down."""
    scene = Scene("ann", gate="mute", can=NO_LEVELS)
    assert scene.native == "notice"
    scene.can = FULL
    scene.event(RoomChanged, what="powers")
    assert scene.native == "mute"


def test_lost_power_silences_nobody() -> None:
    """Law 8. That it is lost is told by the feature `group`, once."""
    scene = Scene("ann", gate="mute")
    scene.agrees("ann")
    scene.can = POWERLESS
    scene.event(RoomChanged, what="powers")
    assert scene.takes_part("ann")
    assert scene.alerts() == []


def test_other_changes_of_the_room_are_none_of_the_gates_business() -> None:
    """A new name or a new bot needs no look at the gate."""
    scene = Scene("ann", gate="mute")
    assert not FEATURE.wants(RoomChanged(id="e", room=ROOM, what="name"), scene.summary())


def test_a_message_costs_a_look_into_a_set() -> None:
    """A message is wanted only under `mute`, from somebody without a pass."""
    scene = Scene("ann", gate="mute")
    cases: tuple[tuple[str, Gate, bool], ...] = (
        ("ann", "mute", False),
        ("new", "mute", True),
        ("new", "door", False),
        ("new", "notice", False),
    )
    for name, gate, wanted in cases:
        scene.set_gate(gate)
        scene.people.pop(member("new"), None)
        posted = MessagePosted(id="m", room=ROOM, by=member(name), message=MessageId("test", "$m"))
        assert FEATURE.wants(posted, scene.summary()) is wanted, (name, gate)


def test_only_its_own_commands_are_wanted() -> None:
    """Other features' commands cost nothing."""
    scene = Scene()
    cases = (("members", "show", True), ("group", "set", False), ("consent", "agree", False))
    for name, sub, wanted in cases:
        given = CommandGiven(id="c", room=ROOM, by=member("fay"), name=name, sub=sub)
        assert FEATURE.wants(given, scene.summary()) is wanted
