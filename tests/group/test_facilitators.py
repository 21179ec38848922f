"""Facilitators: named by somebody, accepted by themselves in private, never a bot."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.boundary.effects import AlertFacilitators, Whisper
from bot.boundary.events import Due, EffectFailed, MemberLeft, RoomSeen
from bot.contract.facts import FacilitatorsChanged, MemberForgotten
from tests.group.world import Story
from tests.support.here import ROOM, member, person


def set_up() -> Story:
    """Ann set the group up and is its only facilitator; Dan manages the room as well."""
    story = Story((*Story().people.values(), person("dan", administrator=True)))
    story.gives("ann", "setup gate notice confirm")
    return story


def two() -> Story:
    """Ann and Bob are facilitators."""
    story = set_up()
    story.gives("ann", "facilitator add bob")
    story.gives("bob", "facilitator accept")
    return story


def test_who_is_named_is_asked_in_private_and_is_none_before_they_accept() -> None:
    """The question is paced like every unasked word, and tells how long it stands."""
    story = set_up()
    assert "I am asking Bob" in story.gives("ann", "facilitator add bob")
    assert story.group().named == {member("bob")}
    question = next(e for e in story.effects if isinstance(e, Whisper) and e.to == member("bob"))
    assert question.unasked
    assert "14 days" in story.read_by("bob")
    assert not story.fact(FacilitatorsChanged)
    assert "asked, has not answered yet" in story.gives("ann", "facilitator list")


def test_accepting_makes_a_facilitator_and_tells_the_others() -> None:
    """A fact for other features, a welcome with the next step, a word to the others."""
    story = set_up()
    story.gives("ann", "facilitator add bob")
    assert "You are a facilitator" in story.gives("bob", "facilitator accept")
    assert story.group().facilitators == {member("ann"), member("bob")}
    changed = story.fact(FacilitatorsChanged)
    assert isinstance(changed, FacilitatorsChanged) and changed.now and changed.who == member("bob")
    assert "Bob (@bob) is a facilitator" in story.alerts()


def test_nobody_accepts_what_was_not_offered() -> None:
    """Typing the command makes nobody a facilitator."""
    story = set_up()
    assert "Nobody has named you" in story.gives("cleo", "facilitator accept")
    assert not story.facts and story.group().facilitators == {member("ann")}


def test_accepting_in_front_of_everybody_does_not_count() -> None:
    """It is accepted in private."""
    story = set_up()
    story.gives("ann", "facilitator add bob")
    assert "in private" in story.gives("bob", "facilitator accept", private=False)
    assert story.group().named == {member("bob")}


def test_naming_oneself_in_private_is_accepting() -> None:
    """Dan manages the room; in the room itself he would only be asked."""
    story = set_up()
    story.gives("dan", "facilitator add dan", private=False)
    assert story.group().named == {member("dan")}
    story.gives("dan", "facilitator add dan")
    assert member("dan") in story.group().facilitators


def test_a_bot_a_stand_in_or_somebody_outside_cannot_be_named() -> None:
    """They cannot accept, or cannot be held to anything."""
    for kind, presence in (
        ("bot", "inside"),
        ("ghost", "inside"),
        ("human", "knocking"),
        ("human", "invited"),
    ):
        story = set_up()
        other = person("else", kind=kind, presence=presence)
        story.people[other.id] = other
        story.gives("ann", "facilitator add else")
        assert not story.group().named
    story = set_up()
    assert "A bot cannot" in story.gives("ann", "facilitator add keeper")
    assert "not in this room" in story.gives("ann", "facilitator add nobody")


def test_an_invitation_ends_by_itself() -> None:
    """After fourteen days nobody is asked any more; an accepted facilitator has no such timer."""
    story = set_up()
    story.gives("ann", "facilitator add bob")
    story.now += timedelta(days=14)
    story.happens(Due(id="d", room=ROOM, feature="group", member=member("bob"), key="facilitator", version=1))
    assert not story.group().named
    assert "Nobody has named you" in story.gives("bob", "facilitator accept")


def test_removing_somebody_is_shown_first_and_told_to_all_whom_it_concerns() -> None:
    """The person hears it in private, the other facilitators too."""
    story = two()
    assert "1 facilitator stays" in story.gives("ann", "facilitator remove bob")
    assert member("bob") in story.group().facilitators
    story.gives("ann", "facilitator remove bob confirm")
    assert story.group().facilitators == {member("ann")}
    assert "not a facilitator of this group any more" in story.read_by("bob")
    assert "Bob" in story.alerts()


def test_the_last_one_steps_back_only_after_a_clear_word() -> None:
    """It says that nobody gets alerts then, and those who manage the room are told."""
    story = set_up()
    assert "You are the last facilitator" in story.gives("ann", "facilitator remove ann")
    assert story.group().facilitators
    story.gives("ann", "facilitator remove ann confirm")
    assert not story.group().facilitators
    assert "no facilitator now" in story.read_by("dan")
    story.gives("dan", "setup gate notice confirm")
    assert story.group().facilitators == {member("dan")}, "an administrator can begin again"


def test_a_facilitator_who_leaves_is_none_any_more() -> None:
    """Also when they left while the bot was away; several at once are told in one word."""
    for event in (MemberLeft(id="l", room=ROOM, who=member("bob")), RoomSeen(id="s", room=ROOM)):
        story = two()
        del story.people[member("bob")]
        story.happens(event)
        assert story.group().facilitators == {member("ann")}
        assert story.fact(FacilitatorsChanged)
        assert "@bob is not a facilitator" in story.alerts()
    story = two()
    del story.people[member("bob")], story.people[member("ann")]
    story.happens(RoomSeen(id="s2", room=ROOM))
    assert not story.group().facilitators
    assert "no facilitator now" in story.read_by("dan")


def test_a_room_that_cannot_be_seen_removes_nobody() -> None:
    """An empty view is no proof that everybody left."""
    story = two()
    story.people.clear()
    story.happens(RoomSeen(id="s", room=ROOM))
    assert len(story.group().facilitators) == 2


def test_whoever_is_forgotten_is_no_facilitator() -> None:
    """Erasing takes the record away, and the others hear that somebody is missing."""
    story = two()
    story.happens(MemberForgotten(id="f", room=ROOM, who=member("bob")))
    assert story.group().facilitators == {member("ann")}
    assert story.fact(FacilitatorsChanged)


def test_a_question_that_did_not_arrive_is_told() -> None:
    """So that somebody can tell the person to write to the bot."""
    story = set_up()
    story.gives("ann", "facilitator add bob")
    question = next(e for e in story.effects if isinstance(e, Whisper) and e.unasked)
    story.happens(EffectFailed(id="x", room=ROOM, feature="group", effect=question, reason="closed"))
    assert "could not reach Bob" in story.alerts()
    other = Whisper(room=ROOM, to=member("bob"), body=())
    story.happens(EffectFailed(id="y", room=ROOM, feature="group", effect=other, reason="closed"))
    assert not story.effects


_moves = st.sampled_from(
    [
        (by, words)
        for by in ("ann", "bob", "cleo")
        for words in (
            "facilitator accept",
            *(f"facilitator add {who}" for who in ("ann", "bob", "robo")),
            *(f"facilitator remove {who} confirm" for who in ("ann", "bob")),
        )
    ]
)


@given(st.lists(_moves, max_size=12))
def test_nobody_becomes_a_facilitator_without_saying_so(moves: list[tuple[str, str]]) -> None:
    """Over whole histories: whoever is one accepted, or named themselves in private; no bot ever."""
    story = set_up()
    robo = person("robo", kind="bot")
    story.people[robo.id] = robo
    for by, words in moves:
        before = story.group().facilitators
        if "add" in words and member(by) not in before and not story.people[member(by)].administrator:
            continue  # the engine refuses these
        if "remove" in words and member(by) not in before:
            continue
        story.gives(by, words)
        assert story.group().facilitators - before <= {member(by)}
        assert robo.id not in story.group().facilitators | story.group().named
        assert all(isinstance(e, Whisper | AlertFacilitators) for e in story.effects), "never to the room"
