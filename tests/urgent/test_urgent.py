"""`urgent` works for anybody, before any agreement, and keeps nothing."""

import re
from pathlib import Path

import pytest

from bot.boundary.effects import Announce, Verbatim, Whisper
from bot.boundary.events import CommandGiven, MessagePosted
from bot.boundary.ids import MemberId, MessageId, ReplyHandle
from bot.contract.feature import Decision, Here, Rows
from bot.engine import TEXTS, Texts
from bot.urgent import FEATURE
from tests.support.here import ROOM, here, member, person

CONTACT = "Call Robin, 555 0199, day and night"
texts = Texts([TEXTS, Path(FEATURE.texts or ".")])


def asks(
    world: Here, by: MemberId | None = None, private: bool = True, reply: ReplyHandle | None = None
) -> Decision:
    given = CommandGiven(
        id="e", room=ROOM, by=by or member("ann"), name="urgent", private=private, reply=reply
    )
    assert FEATURE.wants(given, world.group)
    assert FEATURE.reads(given) == ()
    return FEATURE.decide(Rows(), given, world)


def rendered(decision: Decision, world: Here) -> str:
    (effect,) = decision.effects
    assert isinstance(effect, Whisper | Announce)
    return texts.voice("en", world.room.can, world.room, world.policy.zone).body(effect.body)


@pytest.mark.parametrize("set_up", [True, False])
def test_the_crisis_contact_comes_before_any_other_word(set_up: bool) -> None:
    """Also before setup is finished, and for somebody who agreed to nothing."""
    world = here([person("ann")], settings={"crisis_contact": CONTACT}, set_up=set_up)
    assert rendered(asks(world), world).startswith(CONTACT)


def test_a_contact_is_shown_in_the_groups_own_words() -> None:
    """Never taken for a text of ours, whatever stands in it."""
    world = here([person("ann")], settings={"crisis_contact": "{ $who } **Call** `us`"})
    (effect,) = asks(world).effects
    assert isinstance(effect, Whisper)
    assert effect.body[0] == Verbatim("{ $who } **Call** `us`")


def test_without_a_contact_there_are_calm_words_and_no_number_is_made_up() -> None:
    """A wrong number in a crisis is worse than none."""
    world = here([person("ann")])
    words = rendered(asks(world), world)
    assert "local emergency number" in words
    assert not re.search(r"\d", words)


def test_it_is_answered_where_it_was_asked() -> None:
    """In the room for everybody to see, or alone; never wider than it was asked."""
    world = here([person("ann")], settings={"crisis_contact": CONTACT})
    assert [type(e) for e in asks(world, private=False).effects] == [Announce]
    (answer,) = asks(world, private=True).effects
    assert isinstance(answer, Whisper)
    assert answer.to == member("ann")
    assert not answer.unasked, "it is never behind a queue of prompts"


def test_an_interaction_is_answered_with_its_own_handle() -> None:
    """The answer is there at once, wherever somebody asked."""
    world = here([person("ann")])
    reply = ReplyHandle(token="t", expires_at=1.0)
    (answer,) = asks(world, reply=reply).effects
    assert isinstance(answer, Whisper)
    assert answer.reply == reply


def test_it_keeps_nothing_and_tells_nobody() -> None:
    """No row, no fact, no word to facilitators, nothing to confirm."""
    world = here([person("ann")], facilitators=("fay",), settings={"crisis_contact": CONTACT})
    decision = asks(world)
    assert decision == Decision(effects=decision.effects)
    assert len(decision.effects) == 1


def test_everybody_may_use_it() -> None:
    """Whoever: a member, somebody outside, somebody who left."""
    (command,) = FEATURE.commands
    assert command.who == "all"
    assert command.outsiders
    assert not command.options
    assert not command.confirms


def test_ordinary_messages_are_none_of_its_business() -> None:
    """It costs nothing while nobody needs it."""
    posted = MessagePosted(id="m", room=ROOM, by=member("ann"), message=MessageId("test", "$m"))
    assert not FEATURE.wants(posted, here().group)
