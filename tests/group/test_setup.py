"""Setting a group up: guided or in one line, nothing before it was shown, and all of it undone."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.boundary.capabilities import Capabilities, Missing
from bot.boundary.effects import Leave, Whisper
from bot.contract.facts import FacilitatorsChanged, SettingsChanged, SetupFinished, SetupUndone
from tests.group.world import ALL, Story
from tests.support.here import member, person


def guided() -> Story:
    """Ann has gone through every question and sees the preview."""
    story = Story(snapshot=b"as it was")
    story.gives("ann", "setup start")
    story.gives("ann", "setup facilitators me, @bob")
    story.gives("ann", "setup gate door")
    story.gives("ann", "setup skip")
    story.gives("ann", "setup contact Ann, 555 0100")
    story.gives("ann", 'setup crisis_contact "Lifeline, 116 123"')
    return story


def test_every_step_of_the_guide_says_what_to_type_next() -> None:
    """Six questions and a preview, each with its number and its next command."""
    story = Story()
    assert "Step 1 of 7" in story.gives("ann", "setup start")
    assert "`!setup facilitators me" in story.read_by("ann")
    gates = story.gives("ann", "setup facilitators me")
    assert "Step 2 of 7" in gates
    assert "Door: agree before coming in" in gates.splitlines()[-4:][0]
    assert "all 3 people who are here now" in gates, "under mute: how many read without having agreed"
    assert "shows everybody here who has agreed" in gates
    assert "Step 3 of 7" in story.gives("ann", "setup gate door")
    assert "Step 4 of 7" in story.gives("ann", "setup skip")
    assert "Step 5 of 7" in story.gives("ann", "setup contact Ann, 555 0100")
    assert "Step 6 of 7" in story.gives("ann", "setup skip")
    preview = story.gives("ann", "setup outside_contact none")
    assert "Step 7 of 7" in preview
    assert "gate: notice → door" in preview
    assert "3 people who are here will be asked in private and have 14 days" in preview
    assert "`!setup apply`" in preview
    assert story.last.awaits_confirm


def test_nothing_changes_before_apply() -> None:
    """No record of the group, no facilitator, no word to anybody else, no fact."""
    story = Story()
    for words in ("start", "facilitators me, @bob", "gate mute", "skip", "skip", "skip", "skip"):
        story.gives("ann", f"setup {words}")
        assert not story.facts
        assert all(isinstance(e, Whisper) and e.to == member("ann") for e in story.effects)
    assert story.group().record is None
    assert not story.group().facilitators | story.group().named


def test_apply_does_all_that_was_shown() -> None:
    """Settings, facilitators, the room's line, the facts, and the steps to repair by hand."""
    story = guided()
    story.gives("ann", "setup skip")
    told = story.gives("ann", "setup apply")
    group = story.group()
    assert group.set_up
    assert group.facilitators == {member("ann")}
    assert group.named == {member("bob")}
    assert group.policy.text("gate") == "door"
    assert group.policy.text("contact") == "Ann, 555 0100"
    assert group.policy.text("crisis_contact") == "Lifeline, 116 123"
    assert group.record is not None and group.record.before == b"as it was"
    assert isinstance(finished := story.fact(SetupFinished), SetupFinished) and finished.first
    assert story.fact(FacilitatorsChanged) and story.fact(SettingsChanged)
    assert "undo by hand" in told
    assert "You have been named" in story.read_by("bob")
    assert "before they come in" in story.announced()
    assert not any("setup" in key.key for key in story.kept), "the draft is gone"


def test_confirm_at_the_preview_is_apply() -> None:
    """The word `confirm` after the preview comes back as the last command, confirmed."""
    story = guided()
    story.gives("ann", "setup skip")
    story.gives("ann", "setup skip confirm")
    assert story.group().set_up
    story = guided()
    story.gives("ann", "setup outside_contact Hotline")
    story.gives("ann", "setup outside_contact Hotline confirm")
    assert story.group().set_up
    assert story.group().policy.text("outside_contact") == "Hotline"
    assert story.group().policy.text("contact") == "Ann, 555 0100"


def test_a_restart_in_the_middle_loses_nothing() -> None:
    """All that was chosen is in sealed rows of the person: another process goes on with it."""
    first = guided()
    after = Story(snapshot=b"as it was")
    after.kept = dict(first.kept)
    again = after.gives("ann", "setup start")
    assert "Step 6 of 7" in again
    after.gives("ann", "setup skip")
    after.gives("ann", "setup apply")
    assert after.group().policy.text("gate") == "door"
    assert after.group().policy.text("contact") == "Ann, 555 0100"
    assert after.group().named == {member("bob")}


def test_a_draft_is_forgotten_after_a_day() -> None:
    """What was left in the middle is not kept for ever, and the guide begins anew."""
    story = guided()
    assert all(delete == story.now + timedelta(hours=24) for _, _, delete in story.kept.values())
    story.now += timedelta(hours=25)
    assert "Step 1 of 7" in story.gives("ann", "setup start")


def test_apply_shows_what_was_not_seen_yet() -> None:
    """`setup apply` in the middle is a preview; only after it something changes."""
    story = Story()
    story.gives("ann", "setup start")
    assert "Step 7 of 7" in story.gives("ann", "setup apply")
    assert not story.group().set_up
    story.gives("ann", "setup apply")
    assert story.group().set_up
    assert "Begin with" in Story().gives("ann", "setup apply")


def test_any_question_can_be_answered_again() -> None:
    """An answer to another question is taken, and the present one is asked again."""
    story = guided()
    story.gives("ann", "setup skip")
    preview = story.gives("ann", "setup gate notice")
    assert "Step 7 of 7" in preview
    assert "gate:" not in preview
    preview = story.gives("ann", "setup facilitators me")
    assert "Bob" not in preview, "who is left out of the list is not asked"


def test_cancel_leaves_nothing_behind() -> None:
    """No draft, nobody named."""
    story = guided()
    assert "nothing has changed" in story.gives("ann", "setup cancel")
    assert not story.kept


def test_the_long_form_does_all_in_one_line() -> None:
    """`setup KEY VALUE ... confirm`: who runs it is a facilitator, others are asked."""
    story = Story()
    story.gives("ann", 'setup gate mute grace 7d contact "Ann, 555 0100" facilitators @bob,@cleo confirm')
    group = story.group()
    assert group.set_up
    assert group.facilitators == {member("ann")}
    assert group.named == {member("bob"), member("cleo")}
    assert group.policy.text("grace") == "7d"
    assert "You have been named" in story.read_by("cleo")


def test_the_long_form_without_confirm_only_shows() -> None:
    """The preview has the numbers; `confirm` does it."""
    story = Story((person("ann", administrator=True), person("bob"), person("robo", kind="bot")))
    shown = story.gives("ann", "setup gate mute grace 7d")
    assert "2 people who are here will be asked in private and have 7 days" in shown
    assert "1 other bot" in shown
    assert "Yes, do it" in shown
    assert "You will be a facilitator" in shown
    assert story.last.awaits_confirm
    assert not story.kept


def test_a_half_done_draft_never_slips_into_a_long_form() -> None:
    """What was chosen in the guide but not shown yet does not count in `... confirm`."""
    story = guided()
    story.gives("ann", "setup grace 3d confirm")
    assert story.group().policy.text("grace") == "3d"
    assert story.group().policy.text("gate") == "notice"
    assert not story.group().named


def test_who_sets_up_by_a_line_in_the_room_is_asked_in_private() -> None:
    """Naming oneself is accepting only in private."""
    story = Story()
    story.gives("ann", "setup gate notice confirm", private=False)
    assert story.group().named == {member("ann")}
    assert not story.group().facilitators


def test_a_wrong_line_changes_nothing_and_says_why() -> None:
    """A typing error, a bad value, a bot as facilitator, somebody who is not here."""
    story = Story((person("ann", administrator=True), person("robo", kind="bot")))
    assert 'Did you mean "gate"?' in story.gives("ann", "setup gaet mute confirm")
    assert "Did you mean `!setup start`?" in story.gives("ann", "setup strat")
    wrong = story.gives("ann", "setup gate walls confirm")
    assert "notice, mute, door" in wrong and "Nothing has changed" in wrong
    assert "A bot cannot be a facilitator" in story.gives("ann", "setup facilitators @robo confirm")
    assert "cannot tell whom" in story.gives("ann", "setup facilitators @nobody confirm")
    assert not story.kept


def test_in_the_middle_of_a_set_up_one_is_told_so_and_what_was_noted() -> None:
    """A slip there is understood too, and bare `setup` says how to go on."""
    story = Story()
    story.gives("ann", "setup start")
    assert "Noted: facilitators" in story.gives("ann", "setup facilitators me")
    assert "Noted: gate" in story.gives("ann", "setup gate mute")
    assert "in the middle of a set-up" in story.gives("ann", "setup")
    assert "Did you mean `!setup apply`?" in story.gives("ann", "setup aply")
    story.gives("ann", "setup cancel")
    assert "in the middle" not in story.gives("ann", "setup")


def test_an_impossible_gate_is_refused_with_what_is_missing() -> None:
    """In doubt, refuse, and say what to mend (law 8)."""
    lacks = (Missing(ability="invite", words="test-missing-invite"),)
    story = Story(can=Capabilities(door=False, mute="levels", take_down=True), missing=lacks)
    refused = story.gives("ann", "setup gate door confirm")
    assert "I cannot hold the gate" in refused and "I cannot invite. Click there." in refused
    assert not story.group().set_up
    story.gives("ann", "setup start")
    gates = story.gives("ann", "setup skip")
    assert "Door: agree" not in gates and "Mute: agree" in gates
    assert "I cannot invite. Click there." in gates


def test_power_lost_between_preview_and_apply_is_noticed() -> None:
    """The gate is looked at again when it is applied."""
    story = guided()
    story.gives("ann", "setup skip")
    story.can = Capabilities()
    assert "I cannot hold the gate" in story.gives("ann", "setup apply")
    assert not story.group().set_up


def test_an_operators_gate_that_cannot_be_held_stops_nobody_from_answering() -> None:
    """It is refused when it would be put up; until then another can be chosen."""
    story = Story(can=Capabilities())
    story.defaults["gate"] = "mute"
    assert "I cannot hold the gate" in story.gives("ann", "setup contact Ann")
    story.gives("ann", "setup start")
    assert "Step 2 of 7" in story.gives("ann", "setup facilitators me")
    story.gives("ann", "setup apply")
    assert "I cannot hold the gate" in story.gives("ann", "setup apply")
    assert not story.group().set_up
    story.gives("ann", "setup gate notice")
    story.gives("ann", "setup apply")
    assert story.group().set_up


def test_a_contact_can_change_while_a_power_is_missing() -> None:
    """A gate that cannot be held now is no reason to refuse what has nothing to do with it."""
    story = Story()
    story.gives("ann", "setup gate mute confirm")
    story.can = Capabilities()
    story.gives("ann", "setup contact Ann confirm")
    assert story.group().policy.text("contact") == "Ann"


def test_setting_up_again_keeps_what_was_there_before_the_first_time() -> None:
    """`setup undo` goes back to before the first set-up, so the first snapshot stays."""
    story = Story(snapshot=b"first")
    story.gives("ann", "setup gate mute confirm")
    story.view["snapshot"] = b"second"
    story.gives("ann", "setup gate door confirm")
    assert isinstance(finished := story.fact(SetupFinished), SetupFinished) and not finished.first
    record = story.group().record
    assert record is not None and record.before == b"first"


def test_undo_shows_first_and_then_gives_back_exactly_what_was_there() -> None:
    """The snapshot goes to the gate in a fact; the group's own words stay."""
    story = Story(snapshot=b"first")
    story.gives("ann", "setup gate mute contact Ann confirm")
    assert "3 people here" in story.gives("ann", "setup undo")
    assert story.group().set_up and story.last.awaits_confirm
    story.gives("ann", "setup undo confirm")
    undone = story.fact(SetupUndone)
    assert isinstance(undone, SetupUndone) and undone.before == b"first"
    assert not story.group().set_up
    assert story.group().policy.text("gate") == "notice"
    assert story.group().policy.text("contact") == "Ann"
    assert "undone" in story.announced()
    assert not any(isinstance(e, Leave) for e in story.effects)
    assert "nothing to undo" in story.gives("ann", "setup undo")


def test_undo_is_refused_where_the_gate_could_not_be_taken_down() -> None:
    """Else people would stay muted with nobody to mend it: what was there before is kept for later."""
    story = Story(snapshot=b"first")
    story.gives("ann", "setup gate mute confirm")
    story.can = Capabilities()
    assert "I cannot put the room back" in story.gives("ann", "setup undo confirm")
    assert story.group().set_up and story.fact(SetupUndone) is None
    story.can = ALL
    story.gives("ann", "setup undo confirm")
    assert not story.group().set_up


def test_undo_can_leave_as_well() -> None:
    """It leaves, and what is kept has a date to go."""
    story = Story()
    story.gives("ann", "setup gate mute confirm")
    story.gives("ann", "setup undo leave confirm")
    assert any(isinstance(e, Leave) for e in story.effects)
    assert [due for _, due, _ in story.kept.values() if due] == [story.now + timedelta(days=30)]


def test_an_encrypted_room_is_set_up_like_any_other() -> None:
    """And `setup` says what the bot can read there."""
    story = Story(encrypted=True, can=Capabilities(door=True, mute="levels", hears_words=False, hearing=True))
    story.gives("ann", "setup gate mute confirm")
    assert story.kept
    assert "guard it without reading it" in story.gives("ann", "setup")


def test_show_says_how_the_room_stands() -> None:
    """Counts, exposure, missing powers, and the next step."""
    lacks = (Missing(ability="take_down", words="test-missing-levels"),)
    story = Story(missing=lacks, public=True, bridges=("Telegram",))
    shown = story.gives("ann", "setup")
    for words in (
        "not set up",
        "People here: 3",
        "Anybody can find",
        "Telegram",
        "Click there",
        "setup start",
    ):
        assert words in shown
    story.gives("ann", "setup gate notice confirm")
    assert "was set up on" in story.gives("ann", "setup show")
    story.gives("ann", "setup gate mute confirm")
    assert "all 3 people who are here now" in story.gives("ann", "setup"), "who reads without having agreed"


def test_nobody_as_facilitator_is_said_before_it_happens() -> None:
    """Who runs the guide is a facilitator only if they wish; then nobody is, and that is said."""
    story = Story()
    for words in ("start", "skip", "skip", "skip", "skip", "skip"):
        story.gives("ann", f"setup {words}")
    assert "Nobody will be a facilitator" in story.gives("ann", "setup skip")
    story.gives("ann", "setup apply")
    assert story.group().set_up and not story.group().facilitators


_words = st.sampled_from(
    [
        *(f"setup {w}" for w in ("start", "skip", "show", "facilitators me, @bob", "facilitators none")),
        *(f"setup {w}" for w in ("gate mute", "gate door", "grace 3d", "contact Ann", "gaet x", "gate wall")),
        "setup cancel",
    ]
)


@given(st.lists(_words, max_size=15))
def test_no_answer_in_the_guide_changes_anything_for_anybody(answers: list[str]) -> None:
    """Over whole histories: no fact, no setting, no facilitator, no word to anybody else."""
    story = Story()
    for words in answers:
        told = story.gives("ann", words)
        assert told, "every command is answered"
        assert not story.facts
        assert all(isinstance(e, Whisper) and e.to == member("ann") for e in story.effects)
    assert story.group().record is None
    assert {key.key for key in story.kept} <= {"setup-draft", "setup-nominee"}
