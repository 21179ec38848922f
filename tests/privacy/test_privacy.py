"""`privacy`: what the bot sees and keeps, in words that follow the running room."""

from pathlib import Path

import msgspec
import pytest

from bot.boundary.capabilities import Capabilities
from bot.boundary.effects import Whisper
from bot.boundary.events import CommandGiven
from bot.contract.facts import PrivacyShown
from bot.contract.feature import Decision, Here, Operator, Rows
from bot.engine import TEXTS, Texts
from bot.privacy import FEATURE
from tests.support.here import ROOM, here, member, person

texts = Texts([TEXTS, Path(FEATURE.texts or ".")])
ASKED = CommandGiven(id="e", room=ROOM, by=member("ann"), name="privacy")


def shown(world: Here) -> str:
    """What somebody reads who asks."""
    decision = FEATURE.decide(Rows(), ASKED, world)
    (effect,) = decision.effects
    assert isinstance(effect, Whisper)
    assert effect.to == member("ann")
    return texts.voice("en", world.room.can, world.room, world.policy.zone).body(effect.body)


def hears(words: bool) -> Capabilities:
    return Capabilities(door=True, mute="levels", take_down=True, hears_words=words)


@pytest.mark.parametrize(
    ("encrypted", "hearing", "says"),
    [
        (True, False, "I cannot read what is said here"),
        (True, True, "I hold a key to it"),
        (False, True, "reaches my program"),
        (False, False, "I am not given what is said here"),
    ],
)
def test_it_says_what_the_bot_can_read_in_this_room(encrypted: bool, hearing: bool, says: str) -> None:
    """Law 2: derived from the running configuration, not from a promise."""
    assert says in shown(here([person("ann")], can=hears(hearing), encrypted=encrypted))


@pytest.mark.parametrize(
    ("view", "says"),
    [
        ({"world_readable": True}, "can be read by people who are not in it"),
        ({"public": True}, "come in without asking"),
        ({"past_visible": True}, "Newcomers can read what was said before they came"),
        ({"past_visible": False}, "Newcomers cannot read"),
        ({"bridges": ("Telegram",)}, "connected to Telegram"),
        ({"encrypted": True}, "but not what is said"),
        ({"encrypted": False}, "they can read what is said here"),
    ],
)
def test_it_says_who_else_can_see_the_room(view: dict[str, object], says: str) -> None:
    """Only what is so here."""
    assert says in shown(here([person("ann")], settings=None, **view))  # type: ignore[arg-type]


def test_it_says_nothing_that_is_not_so() -> None:
    """A closed room without bots and bridges has few lines."""
    words = shown(here([person("ann")], past_visible=False))
    assert all(no not in words for no in ("Everybody:", "Another network", "A bot:", "another network"))


def test_bots_and_ghosts_are_named_and_counted() -> None:
    """They cannot agree, and nobody knows what they do with what they see."""
    people = [
        person("ann"),
        person("helper", kind="bot"),
        person("b1", kind="ghost"),
        person("b2", kind="ghost"),
    ]
    words = shown(here(people))
    assert "A bot: Helper (@helper)" in words
    assert "2 people who read along from another network" in words


def test_a_crowd_of_bots_is_counted() -> None:
    """A long list of names would hide the rest."""
    words = shown(here([person("ann"), *(person(f"bot{n:02}", kind="bot") for n in range(14))]))
    assert words.count("A bot: ") == 10
    assert "4 more bots" in words


def test_it_names_who_runs_the_bot_and_that_nobody_can_check() -> None:
    """PRACTICE.md: no false security."""
    words = shown(here([person("ann")]))
    assert "Example Peer Support" in words
    assert "privacy@example.org" in words
    assert "Nobody can check from a chat" in words


def test_the_operators_own_words_are_linked_where_there_are_any() -> None:
    """`privacy_url` is the operator's."""
    world = here([person("ann")])
    operator = Operator(name="Peers", contact="x@example.org", privacy_url="https://example.org/privacy")
    assert "https://example.org/privacy" not in shown(world)
    assert "https://example.org/privacy" in shown(msgspec.structs.replace(world, operator=operator))


def test_the_gate_adds_its_own_words() -> None:
    """How many can read without having agreed is the gate's to count."""
    decision = FEATURE.decide(Rows(), ASKED, here([person("ann")]))
    assert decision.facts == (PrivacyShown(id="e", room=ROOM, to=member("ann")),)


def test_it_keeps_nothing() -> None:
    """Asking leaves no trace."""
    decision = FEATURE.decide(Rows(), ASKED, here([person("ann")]))
    assert decision == Decision(effects=decision.effects, facts=decision.facts)
