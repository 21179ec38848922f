"""Coming into a room, what changes there, and having to leave it."""

from datetime import timedelta

import msgspec
import pytest

from bot.boundary.capabilities import Capabilities, Missing
from bot.boundary.effects import AlertFacilitators, Announce, Leave, Whisper, say
from bot.boundary.events import (
    Due,
    EffectFailed,
    MessagePosted,
    RoomAdopted,
    RoomChanged,
    RoomLost,
    RoomMoved,
    RoomSeen,
)
from bot.boundary.ids import MessageId, RoomId
from bot.contract.group import GroupRecord
from bot.group import FEATURE
from tests.group.world import Story
from tests.support.here import ROOM, member, person

ADOPTED = RoomAdopted(id="a", room=ROOM, by=member("ann"))
LEVELS = Missing(ability="levels", words="test-missing-levels")
INVITE = Missing(ability="invite", words="test-missing-invite")


def changed(what: str, n: int = 0) -> RoomChanged:
    """Something about the room is different now."""
    return RoomChanged(id=f"c-{what}-{n}", room=ROOM, what=what)


def guarded(gate: str = "mute", **view: object) -> Story:
    """The bot was added, and Ann set the group up."""
    story = Story(**view)  # type: ignore[arg-type]
    story.happens(ADOPTED)
    story.gives("ann", f"setup gate {gate} confirm")
    return story


def test_who_added_the_bot_gets_an_introduction_and_the_room_one_calm_line() -> None:
    """What it is, what it cannot do, what it lacks and where to click, repair, the next step."""
    story = Story(missing=(LEVELS,), world_readable=True)
    story.happens(ADOPTED)
    told = story.read_by("ann")
    for words in (
        "I am Circlekeeper",
        "cannot stop anyone from remembering",
        "Click there",
        "can read it",
        "undo by hand",
        "`!setup start`",
    ):
        assert words in told
    assert "asks nothing of anybody yet" in story.announced()
    assert story.group().record is not None and not story.group().set_up
    others = [e for e in story.effects if isinstance(e, Whisper) and e.to != member("ann")]
    assert not others, "nobody else is written to before the set-up is finished"


def test_who_may_add_the_bot_but_not_set_it_up_is_told_who_can() -> None:
    """Somebody who manages the room has to go on."""
    story = Story()
    story.happens(RoomAdopted(id="a", room=ROOM, by=member("bob")))
    assert "You do not manage this room" in story.read_by("bob")


def test_an_encrypted_room_is_told_what_the_bot_cannot_read() -> None:
    """Everybody must know where to write to it, before they type something private."""
    story = Story(encrypted=True, can=Capabilities(door=True, mute="levels", hears_words=False, hearing=True))
    story.happens(ADOPTED)
    assert "guard it without reading it" in story.read_by("ann")
    assert "I cannot see, nor help to hide" in story.announced()


@pytest.mark.parametrize("event", [changed("powers"), RoomSeen(id="s", room=ROOM)])
def test_a_power_that_the_gate_needs_and_lost_is_told_once(event: RoomChanged | RoomSeen) -> None:
    """With where to click; not again while it stays so; and a word when it is mended."""
    story = guarded()
    story.view["missing"] = (LEVELS,)
    story.happens(event)
    assert "Click there" in story.alerts()
    story.happens(changed("powers", 1))
    assert not story.effects
    story.view["missing"] = ()
    story.happens(changed("powers", 2))
    assert "all the powers again" in story.alerts()


def test_a_power_that_this_gate_does_not_need_is_no_alarm() -> None:
    """Inviting is for the door; under `mute` nobody is troubled with it."""
    story = guarded()
    story.view["missing"] = (INVITE,)
    story.happens(changed("powers"))
    assert not story.effects
    told = story.gives("ann", "group set gate door confirm")
    assert "I cannot invite" in told
    story.happens(changed("powers", 1))
    assert not story.effects, "who chose the gate has just been shown it"


def test_a_new_bot_is_told_to_facilitators_and_not_to_the_room() -> None:
    """Each once, also when it came while the bot was away."""
    story = guarded()
    robo = person("robo", kind="bot")
    story.people[robo.id] = robo
    story.happens(changed("bots"))
    assert "Robo (@robo)" in story.alerts() and not story.announced()
    story.happens(RoomSeen(id="s", room=ROOM))
    assert not story.effects
    del story.people[robo.id]
    story.happens(changed("bots", 1))
    story.people[robo.id] = robo
    story.happens(changed("bots", 2))
    assert "Robo" in story.alerts(), "it is news again when it comes back"


def test_bots_that_were_there_before_are_no_news() -> None:
    """They are counted in the set-up."""
    story = Story((*Story().people.values(), person("robo", kind="bot")))
    story.happens(ADOPTED)
    story.gives("ann", "setup gate notice confirm")
    story.happens(RoomSeen(id="s", room=ROOM))
    assert not story.effects


def test_a_bridge_never_arrives_unnoticed() -> None:
    """Facilitators and the room are told, in calm words."""
    story = guarded()
    story.view["bridges"] = ("Telegram",)
    story.happens(changed("bridges"))
    assert "Telegram" in story.alerts() and "Telegram" in story.announced()
    story.view["bridges"] = ()
    story.happens(changed("bridges", 1))
    assert "is gone" in story.alerts() and not story.announced()


@pytest.mark.parametrize(
    ("view", "what", "says"),
    [
        ("world_readable", "history", "not in this room can read it"),
        ("public", "joining", "come in without asking"),
        ("past_visible", "history", "Newcomers can"),
        ("encrypted", "encryption", "switched encryption on"),
    ],
)
def test_who_can_see_the_room_is_told_when_it_changes(view: str, what: str, says: str) -> None:
    """Both ways, except that encryption cannot be switched off."""
    story = guarded(past_visible=False)
    story.view[view] = True
    story.happens(changed(what))
    assert says in story.alerts()
    story.view[view] = False
    story.happens(changed(what, 1))
    assert bool(story.alerts()) == (view != "encrypted")


def test_a_room_that_was_lost_is_erased_after_thirty_days() -> None:
    """Facilitators are told in private; the timer erases everything."""
    story = guarded()
    people, story.people = story.people, {}
    story.happens(RoomLost(id="l", room=ROOM))
    assert 'the room "Evening group"' in story.alerts(), "somebody may guard several groups"
    assert "erased in 30 days" in story.alerts()
    story.now += timedelta(days=30)
    ring = Due(id="d", room=ROOM, feature="group", member=None, key="lost", version=1)
    assert story.happens(ring).erase_room
    story.people = people


@pytest.mark.parametrize("event", [ADOPTED, RoomSeen(id="s", room=ROOM)])
def test_a_room_that_came_back_in_time_is_kept(event: RoomAdopted | RoomSeen) -> None:
    """The timer is gone, and the group is as it was."""
    story = guarded()
    story.happens(RoomLost(id="l", room=ROOM))
    story.happens(event)
    ring = Due(id="d", room=ROOM, feature="group", member=None, key="lost", version=1)
    assert not story.happens(ring).erase_room
    assert story.group().set_up


def test_a_room_that_was_never_adopted_leaves_no_trace_when_lost() -> None:
    """Nothing kept, nobody told."""
    story = Story()
    story.happens(RoomLost(id="l", room=ROOM))
    assert not story.kept and not story.effects


def test_a_crash_between_coming_in_and_noting_it_is_mended_at_the_next_look() -> None:
    """The record is made, so that whoever manages the room can begin."""
    story = Story()
    story.happens(RoomSeen(id="s", room=ROOM))
    assert isinstance(story.rows().get(GroupRecord, "group"), GroupRecord)
    assert not story.effects


def test_an_upgraded_room_is_told_once() -> None:
    """The rows moved with the room; its id tells. Before the bot is inside there is nothing to see."""
    story = guarded()
    newer = RoomId("test", "!newer")
    now = story.here()
    moved = msgspec.structs.replace(now, room=msgspec.structs.replace(now.room, id=newer))
    empty = msgspec.structs.replace(moved, room=msgspec.structs.replace(moved.room, people={}))
    event = RoomMoved(id="m", room=newer, to=newer)
    assert FEATURE.decide(story.rows(), event, empty).effects == ()
    (told,) = FEATURE.decide(story.rows(), event, moved).effects
    assert isinstance(told, AlertFacilitators)
    assert told.body == (say("group-moved"),)


def test_what_the_bot_could_not_do_is_told() -> None:
    """The room's line and leaving: both can be mended by a person."""
    story = guarded()
    for effect in (Announce(room=ROOM, body=()), Leave(room=ROOM)):
        failed = EffectFailed(
            id=type(effect).__name__, room=ROOM, feature="group", effect=effect, reason="forbidden"
        )
        story.happens(failed)
        assert "could not" in story.alerts()


def test_messages_are_none_of_its_business() -> None:
    """Nothing that people write reaches this feature."""
    story = guarded()
    posted = MessagePosted(id="m", room=ROOM, by=member("bob"), message=MessageId("test", "$1"))
    assert not FEATURE.wants(posted, story.group())
