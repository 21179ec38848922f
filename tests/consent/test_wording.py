"""What people read, rendered: short, calm, complete. A tired or frightened person reads it on a phone."""

import re
from zoneinfo import ZoneInfo

import pytest

from bot.boundary.effects import Whisper
from bot.consent import FEATURE
from bot.engine import TEXTS
from bot.engine.texts import Texts
from tests.consent.world import World, group

assert FEATURE.texts is not None
TEXTS_HERE = Texts([TEXTS, FEATURE.texts])
SOURCE = (FEATURE.texts / "en.ftl").read_text("utf-8")


def read(world: World, whisper: Whisper) -> str:
    """A private word as its person reads it, without the choices."""
    room = world.here().room
    return TEXTS_HERE.voice("en", room.can, room, ZoneInfo("UTC")).body(whisper.body)


@pytest.mark.parametrize("gate", ["notice", "mute", "door"])
def test_the_first_word_says_all_that_a_newcomer_has_to_know(gate: str) -> None:
    """Crisis contact, limits, no false security, what is kept and who runs it, what the gate shows."""
    world = group(gate=gate, crisis_contact="Lifeline 123", min_age="16")
    if gate == "door":
        world.knock("ann")
    else:
        world.join("ann")
    said = read(world, world.prompts("ann")[0])
    for needed in (
        "Lifeline 123",
        "This is not a crisis service.",
        "I cannot stop anyone from remembering, copying or telling. You cannot check from here",
        "what my operator runs.",
        "Example Peer Support runs me",
        "You are free to say no",
        "16 or older",
        "I tell nobody how you answer",
    ):
        assert needed in said
    assert ("agreed may write here" in said) == (gate == "mute")
    assert ("only after they agree" in said) == (gate == "door")
    assert said.index("Lifeline 123") < said.index("What may not stay private")
    assert len(said.split()) <= 280


def test_limits_that_a_group_left_out_leave_no_gap() -> None:
    """One under another, each on its own line."""
    world = group(limits="harm_self, technical_access")
    world.join("ann")
    said = read(world, world.prompts("ann")[0])
    lines = said[said.index("**What may not stay private**") :].split("\n")
    assert lines[1].startswith("• Someone is in danger of ending their life")
    assert lines[2].startswith("• The chat service")
    assert lines[3] == ""


def test_nothing_that_is_said_when_asking_again_is_longer_than_it_has_to_be() -> None:
    """Who has agreed before does not read the whole welcome again."""
    world = group("ann")
    world.agreed("ann")
    world.change("limits", "court_order")
    world.run_due()
    assert len(read(world, world.prompts("ann")[-1]).split()) <= 110


def test_no_sentence_is_long_and_none_blames() -> None:
    """At most 25 words a sentence; no words of faults, orders or machines."""
    words = re.sub(r"(?m)^#.*$|^[a-z][\w-]* =|^\s*\*?\[\w+\]", ". ", SOURCE)
    words = re.sub(r"\{[^{}]*\}", "x", words)
    for sentence in re.split(r"[.!?:](?:\s|$)|\n\n|\n(?=\S)", words):
        assert len(sentence.split()) <= 25, sentence.strip()
    blame = (
        r"\b(invalid|error|failed|forbidden|illegal|denied|must not|obligat\w+|unfortunately|please note)\b"
    )
    assert not re.search(blame, words, re.IGNORECASE)


def test_every_answer_gives_a_next_step() -> None:
    """A command to type, a choice, somebody to ask, or what will happen."""
    world = group("ann", "fay")
    for sub in ("withdraw", "undo", "receipt", "decline", "talk", "show", "understood", "agree", "agree"):
        world.give("ann", sub)
        told = world.told("ann")[-1]
        said = read(world, told)
        assert told.choices or "`!" in said or "will write to you" in said, sub
