"""Limits, agreement, no, and back: what the answers of one person do."""

import hashlib
import json

import pytest

from bot.boundary.events import RoomChanged
from bot.consent.policy import LIMITS
from bot.contract.facts import ConsentDeclined, ConsentEnded, ConsentGiven, FacilitatorsChanged
from tests.consent.world import World, group, keys, limits_in, verbatim
from tests.support.here import ROOM, member


def test_the_limits_come_before_the_agreement() -> None:
    """Limits first, all of them; then the agreement; then the receipt."""
    world = group("ann")
    prompt = world.prompts("ann")[0]
    assert limits_in(prompt) == list(LIMITS)
    assert not verbatim(prompt)
    world.give("ann", "understood")
    assert "What is said here stays here" in verbatim(world.told("ann")[-1])[0]
    world.give("ann", "agree")
    assert keys(world.told("ann")[-1])[0] == "consent-given"
    assert world.given("ann") == 1


def test_agree_before_understood_shows_the_limits_instead() -> None:
    """`agree` alone agrees to nothing."""
    world = group("ann")
    world.give("ann", "agree")
    assert "consent-limits-first" in keys(world.told("ann")[-1])
    assert not world.facts_of(ConsentGiven)
    standing = world.standing("ann")
    assert standing is not None
    assert standing.consent is None


def test_understood_without_having_seen_the_limits_shows_them() -> None:
    """Nobody acknowledges what was not shown to them."""
    world = group()
    world.inside("ann")  # came unnoticed: never prompted
    world.give("ann", "understood")
    assert "consent-limits-first" in keys(world.told("ann")[-1])
    world.give("ann", "agree")
    assert not world.facts_of(ConsentGiven)


@pytest.mark.parametrize("step", ["understood", "agree"])
def test_a_button_of_an_older_text_does_not_answer_a_newer_one(step: str) -> None:
    """Each choice carries the round that it was shown with."""
    world = group("ann")
    world.give("ann", "understood", _version="1")
    world.change("agreement", "We also meet on Fridays.")
    world.run_due()
    world.give("ann", step, _version="1")
    assert "consent-changed-since" in keys(world.told("ann")[-1])
    world.give("ann", "agree", _version="1")
    assert not world.facts_of(ConsentGiven)
    world.give("ann", "understood", _version="2")
    world.give("ann", "agree", _version="2")
    assert world.given("ann") == 1
    assert world.receipts("ann")[-1].text_version == 2


def test_a_typed_agree_counts_only_for_what_was_shown_last() -> None:
    """The text changed behind the person's back: `agree` shows the new one, and agrees to nothing."""
    world = group("ann", quiet_hours="12:00-13:00")
    world.give("ann", "show")
    world.give("ann", "understood")
    world.change("limits", "court_order")
    world.give("ann", "agree")
    assert not world.facts_of(ConsentGiven)
    assert "consent-changed-since" in keys(world.told("ann")[-1])
    assert limits_in(world.told("ann")[-1]) == ["court_order"]
    world.give("ann", "agree")
    assert not world.facts_of(ConsentGiven)


@pytest.mark.parametrize("words", ["", "-1", "9", "9" * 30, "²", "1 2"])
def test_a_button_with_a_forged_round_agrees_to_nothing_that_was_not_shown(words: str) -> None:
    """What a button carries comes from outside: it is never trusted beyond what was shown."""
    world = group("ann")
    world.give("ann", "agree", _version=words)
    assert not world.facts_of(ConsentGiven)


def test_a_new_facilitator_does_not_send_who_is_reading_back_to_the_start() -> None:
    """The words are the same: the limits count, and the agreement says what is new."""
    world = group("ann")
    world.now = world.now.replace(minute=5)
    world.send(FacilitatorsChanged(id=world.id(), room=ROOM, who=member("gil"), now=True))
    world.run_due()
    assert len(world.prompts("ann")) == 1
    world.give("ann", "understood", _version="1")
    assert "consent-news-facilitator" in keys(world.told("ann")[-1])
    world.give("ann", "agree")
    assert world.given("ann") == 1


def test_a_bridge_between_agreement_and_agree_is_said_before_it_counts() -> None:
    """Nobody agrees without having been told what changed meanwhile."""
    world = group("ann")
    world.give("ann", "understood")
    world.bridges = ("IRC",)
    world.send(RoomChanged(id=world.id(), room=ROOM, what="bridges"))
    world.give("ann", "agree")
    assert not world.facts_of(ConsentGiven)
    assert "consent-news-bridge" in keys(world.told("ann")[-1])
    world.give("ann", "agree")
    assert world.given("ann") == 1


def test_the_receipt_names_the_exact_bytes_of_the_attached_agreement() -> None:
    """`text_sha256` can be recomputed from the file that comes with it."""
    world = group("ann", agreement="Be kind.\nAlways.", min_age="16")
    world.agreed("ann")
    files = {f.name: f for f in world.told("ann")[-1].files}
    receipt = json.loads(files["consent-receipt.json"].content)
    body = files["agreement.md"].content
    assert hashlib.sha256(body).hexdigest() == receipt["text_sha256"]
    assert body.endswith(b"I am at least 16 years old.\n\nThis group also says:\n\nBe kind.\nAlways.\n")
    assert files["consent-receipt.json"].media_type == "application/json"
    assert receipt["pii_controllers"] == [{"name": "Example Peer Support", "contact": "privacy@example.org"}]
    assert receipt["event_time"] == "2026-03-02T12:00:00+00:00"
    assert receipt["validity_duration"] == "P365D"
    assert (receipt["event_type"], receipt["event_state"]) == ("explicit", "given")
    assert receipt["limits_ack"] == list(world.terms().limits)
    assert receipt["age_ok"] is True
    world.give("ann", "receipt")
    again = {f.name: f.content for f in world.told("ann")[-1].files}
    assert again == {name: file.content for name, file in files.items()}


FIELDS = """
schema_version record_id pii_principal_id privacy_notice language purpose pii_information
pii_controllers storage_locations retention_period recipient_third_parties withdrawal_method
event_time validity_duration event_type event_state
text_id text_version text_sha256 limits_ack age_ok
"""
"""ISO/IEC TS 27560, and ours in the last line."""


def test_where_there_are_no_files_the_receipt_is_written_out() -> None:
    """One JSON object in a code block, with every field of ISO/IEC TS 27560 and ours."""
    world = group("ann")
    world.files = False
    world.agreed("ann")
    told = world.told("ann")[-1]
    assert not told.files
    receipt = json.loads(verbatim(told)[0])
    assert set(receipt) == set(FIELDS.split())
    assert verbatim(told)[1].encode() == world.rows_text(1)


def test_receipts_hold_no_name_and_no_id_of_the_person() -> None:
    """The principal is a random name of this person in this group."""
    world = group("ann", "ben")
    for name in ("ann", "ben"):
        world.agreed(name)
    first, second = world.receipts("ann")[0], world.receipts("ben")[0]
    assert first.pii_principal_id != second.pii_principal_id
    assert first.record_id != second.record_id
    for receipt in (first, second):
        assert not any(word in str(receipt).casefold() for word in ("@ann", "@ben", "evening group"))


def test_an_answer_that_was_given_is_not_given_twice() -> None:
    """Agreeing again changes nothing and says where I stand."""
    world = group("ann")
    world.agreed("ann")
    for sub in ("understood", "agree", "show", "decline"):
        world.give("ann", sub)
    assert world.given("ann") == 1
    assert len(world.receipts("ann")) == 1
    assert keys(world.told("ann")[-2]) == ["consent-stands"]
    assert keys(world.told("ann")[-1]) == ["consent-decline-agreed"]


def test_withdrawing_is_one_step_and_undone_within_ten_minutes() -> None:
    """At once, logged, with what now changes under this gate; undo puts back exactly what was."""
    world = group("ann", gate="mute")
    world.agreed("ann")
    before = world.standing("ann")
    world.give("ann", "withdraw")
    assert keys(world.told("ann")[-1])[:2] == ["consent-withdrawn", "consent-withdrawn-mute"]
    ended = world.facts_of(ConsentEnded)
    assert [f.who for f in ended] == [member("ann")]
    assert world.receipts("ann")[-1].event_state == "withdrawn"
    world.now = ended[0].undo_until or world.now
    world.give("ann", "undo")
    after = world.standing("ann")
    assert before is not None
    assert after is not None
    assert after.consent == before.consent
    assert [r.event_state for r in world.receipts("ann")] == ["given", "withdrawn", "given"]
    assert world.given("ann") == 2
    world.give("ann", "undo")
    assert keys(world.told("ann")[-1]) == ["consent-undo-nothing"]


def test_the_receipt_of_a_withdrawal_names_the_text_that_was_agreed_to() -> None:
    """Not the one that everybody is asked for by now."""
    world = group("ann")
    world.agreed("ann")
    world.change("agreement", "Be kind.")
    world.change("limits", "court_order")
    world.give("ann", "withdraw")
    given, withdrawn = world.receipts("ann")
    assert (withdrawn.text_version, withdrawn.text_sha256) == (1, given.text_sha256)
    assert withdrawn.limits_ack == given.limits_ack == LIMITS


def test_undo_after_ten_minutes_is_too_late() -> None:
    """The way back is to agree again."""
    world = group("ann")
    world.agreed("ann")
    world.give("ann", "withdraw")
    ended = world.facts_of(ConsentEnded)[0]
    assert ended.undo_until is not None
    world.now = ended.undo_until.replace(second=1)
    world.give("ann", "undo")
    assert keys(world.told("ann")[-1]) == ["consent-undo-late"]
    assert world.given("ann") == 1
    world.agreed("ann")
    assert world.given("ann") == 2


def test_withdrawing_works_after_leaving_and_after_the_set_up_was_undone() -> None:
    """As easy as giving, always (GDPR Art. 7(3))."""
    world = group("ann")
    world.agreed("ann")
    world.leave("ann")
    world.set_up = False
    world.give("ann", "withdraw")
    assert "consent-withdrawn-outside" in keys(world.told("ann")[-1])
    assert len(world.facts_of(ConsentEnded)) == 1


@pytest.mark.parametrize(
    ("gate", "newcomer", "words"),
    [
        ("notice", False, "consent-declined-stays"),
        ("notice", True, "consent-declined-stays"),
        ("mute", False, "consent-declined-stays"),
        ("mute", True, "consent-declined-mute"),
        ("door", False, "consent-declined-stays"),
    ],
)
def test_a_no_is_a_whole_answer(gate: str, newcomer: bool, words: str) -> None:
    """It says what one can still do, tells nobody, and is not asked about again."""
    world = group("ann", gate=gate)
    if newcomer:
        world.join("ben")
    who = "ben" if newcomer else "ann"
    world.give(who, "decline")
    told = world.told(who)[-1]
    assert keys(told) == [words, "consent-declined-next"]
    assert {c.sub for c in told.choices} == {"talk", "show"}
    assert [f.who for f in world.facts_of(ConsentDeclined)] == [member(who)]
    assert not world.alerts()
    prompts = len(world.prompts(who))
    world.wait(world.here().policy.length("grace") * 3)
    assert len(world.prompts(who)) == prompts


def test_who_withdrew_and_then_says_no_is_told_the_truth_about_writing() -> None:
    """Also where they were there before: under `mute` withdrawing took that away."""
    world = group("ann", gate="mute")
    world.agreed("ann")
    world.give("ann", "withdraw")
    world.give("ann", "decline")
    assert keys(world.told("ann")[-1])[0] == "consent-declined-mute"


def test_asking_to_talk_names_the_person_and_not_their_answer() -> None:
    """Because they asked for it; anybody can, so it says nothing about a no."""
    world = group("ann", "ben", "fay")
    world.give("ann", "decline")
    world.give("ann", "talk")
    world.give("ben", "talk")
    world.give("ben", "talk")
    alerts = world.alerts()
    assert [keys_of.body[0].args["who"].of for keys_of in alerts] == [member("ann"), member("ben")]  # type: ignore[union-attr]
    assert alerts[0].subject != alerts[1].subject
    assert alerts[0].body[0].key == alerts[1].body[0].key  # type: ignore[union-attr]
    assert keys(world.told("ben")[-1]) == ["consent-talk-already"]
    world.facilitators = ("fay", "gil")
    world.give("fay", "talk")
    assert world.alerts()[-1].but_not == (member("fay"),)


def test_asking_to_talk_where_nobody_can_be_told_says_so() -> None:
    """The next step is given: whom to ask instead."""
    world = group("fay")
    world.give("fay", "talk")
    assert not world.alerts()
    assert keys(world.told("fay")[-1]) == ["consent-talk-nobody", "consent-ask-operator"]


def test_before_the_set_up_nothing_is_asked() -> None:
    """Every command has an answer, and nobody agrees to anything."""
    world = World(set_up=False)
    world.inside("ann")
    for sub in ("show", "understood", "agree", "decline", "withdraw", "undo", "receipt", "talk"):
        assert world.give("ann", sub).effects
    assert not world.facts
    world.join("ben")
    assert not world.prompts("ben")


def test_rules_stand_where_they_were_asked_for() -> None:
    """`rules` is public: in the room it is answered there."""
    world = group("ann", agreement="Be kind.")
    world.give("ann", "", name="rules", private=False)
    assert "Be kind." in verbatim(world.announced()[-1])[0]
    world.give("ann", "", name="rules")
    assert "Be kind." in verbatim(world.told("ann")[-1])[0]
