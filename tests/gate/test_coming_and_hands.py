"""Coming, going, and what people with power do by hand."""

from bot.boundary.effects import AlertFacilitators, Hold
from bot.boundary.events import MemberJoined, MemberKnocked, MemberLeft, SpeechGranted, SpeechTaken
from bot.contract.feature import Key
from tests.gate.scene import Scene
from tests.support.here import ROOM, member


def leaves(scene: Scene, name: str) -> None:
    scene.people.pop(member(name), None)
    scene.event(MemberLeft, who=member(name))


def comes(scene: Scene, name: str, let_in_by: str | None = None) -> None:
    scene.enter(name)
    scene.event(MemberJoined, who=member(name), let_in_by=member(let_in_by) if let_in_by else None)


def test_a_grace_ends_with_leaving() -> None:
    """Grace is for people who were there before: who leaves and comes back is a newcomer."""
    scene = Scene("ann", gate="mute")
    leaves(scene, "ann")
    comes(scene, "ann")
    assert not scene.takes_part("ann")
    assert scene.effects(Hold) == [Hold(room=ROOM, who=member("ann"), gate="mute")]


def test_an_agreement_holds_over_leaving() -> None:
    """Who comes back gets the pass back as soon as consent says that the agreement still holds."""
    scene = Scene("ann", gate="mute")
    scene.agrees("ann")
    leaves(scene, "ann")
    comes(scene, "ann")
    scene.agrees("ann")
    assert scene.takes_part("ann")


def test_an_agreement_that_ran_out_while_away_is_no_pass() -> None:
    """The gate keeps no agreement of its own: without a word of consent there is none."""
    scene = Scene("ann", gate="mute")
    scene.agrees("ann")
    leaves(scene, "ann")
    comes(scene, "ann")
    assert not scene.takes_part("ann")


def test_who_left_while_the_bot_was_away_keeps_a_grace_for_a_while() -> None:
    """A room that was upgraded fills one by one: nobody who was inside comes to a shut mouth."""
    scene = Scene("ann", "bob", gate="mute")
    scene.agrees("bob")
    gone = {n: scene.people.pop(member(n)) for n in ("ann", "bob")}
    scene.seen_again()
    assert Key(member("bob"), "pass") not in scene.rows, "consent keeps how long an agreement holds"
    scene.people.update({member(n): p for n, p in gone.items()})
    scene.event(MemberJoined, who=member("ann"))
    assert scene.takes_part("ann")
    scene.seen_again()
    scene.later(days=400)
    assert scene.takes_part("ann")


def test_who_left_unseen_and_stays_away_is_forgotten_after_thirty_days() -> None:
    """Nothing is kept about people for longer than it is of use to them."""
    scene = Scene("ann", gate="mute")
    scene.people.pop(member("ann"))
    scene.seen_again()
    scene.later(days=31)
    assert all(key.member != member("ann") for key in scene.rows)


def test_leaving_changes_nothing_in_the_rooms_levels() -> None:
    """Law 3: a level that changes as somebody leaves would show whether they had agreed."""
    scene = Scene("ann", "bob", gate="mute")
    scene.agrees("ann")
    before = len(scene.done)
    leaves(scene, "ann")
    leaves(scene, "bob")
    assert len(scene.done) == before


def test_an_invitation_under_mute_is_no_pass() -> None:
    """Inviting is how people come in; it lets nobody speak."""
    scene = Scene(gate="mute")
    comes(scene, "ann", let_in_by="fay")
    assert not scene.takes_part("ann")
    assert scene.alerts() == []


def test_who_was_let_in_past_the_door_by_hand_stays_and_is_told_once() -> None:
    """INTERFACE.md, "By hand": respected, told to facilitators once, counts as a guest pass."""
    scene = Scene(gate="door")
    comes(scene, "ann", let_in_by="fay")
    assert scene.takes_part("ann")
    scene.event(SpeechGranted, who=member("ann"), by=member("fay"))
    scene.seen_again()
    assert len(scene.alerts()) == 1
    scene.command("group enforce", confirmed=True)
    assert scene.takes_part("ann"), "what people do by hand is not fought over"


def test_speech_given_by_hand_is_respected() -> None:
    """Under `mute` too; their words are not taken down."""
    scene = Scene(gate="mute")
    scene.enter("ann")
    scene.voices.add(member("ann"))
    scene.event(SpeechGranted, who=member("ann"), by=member("fay"))
    assert scene.takes_part("ann")
    assert "Ann (@ann)" in scene.alerts()[0]


def test_what_facilitators_read_about_a_hand_does_not_tell_who_had_agreed() -> None:
    """Law 3: the same words for somebody who agreed and for somebody who said no."""
    said = []
    for agreed in (True, False):
        scene = Scene(gate="mute")
        scene.enter("ann")
        if agreed:
            scene.agrees("ann")
        scene.event(SpeechGranted, who=member("ann"))
        scene.event(SpeechTaken, who=member("ann"))
        said.append(scene.alerts())
    assert said[0] == said[1]


def test_speech_taken_by_hand_is_not_given_back_by_itself() -> None:
    """Neither by a restart nor by agreeing again; by `members admit`, or by hand."""
    scene = Scene("ann", gate="mute")
    scene.agrees("ann")
    scene.voices.discard(member("ann"))
    scene.event(SpeechTaken, who=member("ann"), by=member("fay"))
    scene.seen_again()
    scene.agrees("ann")
    assert not scene.takes_part("ann")
    assert len(scene.alerts()) == 1
    scene.command("members admit", who="@ann")
    assert scene.takes_part("ann")


def test_taking_back_by_hand_what_a_hand_gave_ends_the_pass() -> None:
    """Then the gate is what it was."""
    scene = Scene(gate="mute")
    scene.enter("ann")
    scene.voices.add(member("ann"))
    scene.event(SpeechGranted, who=member("ann"))
    scene.voices.discard(member("ann"))
    scene.event(SpeechTaken, who=member("ann"))
    assert scene.taken_down("ann")
    scene.agrees("ann")
    assert scene.takes_part("ann")


def test_hands_under_notice_are_nobodys_business() -> None:
    """Without a gate there is nothing to go past."""
    scene = Scene("ann", gate="notice")
    scene.event(SpeechGranted, who=member("ann"))
    scene.event(SpeechTaken, who=member("ann"))
    assert scene.alerts() == []


def test_who_came_in_while_nobody_looked_is_told_as_a_number() -> None:
    """After a gap under `door`: let be, and said once."""
    scene = Scene(gate="door")
    scene.enter("ann")
    scene.seen_again()
    scene.seen_again()
    assert ["1 person was let in by hand while I was away" in a for a in scene.alerts()] == [True]
    assert "ann" not in scene.alerts()[0]


def test_a_guest_who_knocks_comes_in_at_once() -> None:
    """A facilitator has let them in already."""
    scene = Scene(gate="door")
    scene.enter("ann", presence="knocking")
    scene.command("members admit", who="@ann")
    assert scene.takes_part("ann")
    scene.enter("bob", presence="knocking")
    scene.event(MemberKnocked, who=member("bob"))
    assert not scene.takes_part("bob")


def test_who_comes_past_the_door_by_the_rooms_own_rule_is_not_let_in_silently() -> None:
    """Law 8: a join rule that was opened by hand must not make the door an open one unnoticed."""
    scene = Scene("ann", gate="door")
    before = len(scene.effects(AlertFacilitators))
    comes(scene, "mal")
    alerts = scene.effects(AlertFacilitators)[before:]
    assert [a.subject for a in alerts if isinstance(a, AlertFacilitators)] == ["gate-came"]
    assert scene.takes_part("mal"), "what people do by hand is respected until facilitators decide"


def test_who_agreed_comes_through_the_door_without_a_word_to_anybody() -> None:
    """Law 3: coming in as agreed is nothing that anybody is told."""
    scene = Scene("ann", gate="door")
    scene.agrees("kim")
    before = len(scene.effects(AlertFacilitators))
    comes(scene, "kim")
    assert len(scene.effects(AlertFacilitators)) == before
