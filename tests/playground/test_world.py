"""The playground's room as a platform, without a page: what the contract suite does not ask."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.memory import MemoryStore
from adapters.playground import connect
from adapters.playground.asked import Asked, Refused
from adapters.playground.clock import FARTHEST, MovableClock
from adapters.playground.feed import REMEMBERED, Feed
from adapters.playground.keep import A_CHUNK, CHUNKS, Keep
from adapters.playground.start import Section
from adapters.playground.state import ALL_CAN, pretend
from adapters.playground.story import STORY
from adapters.playground.world import World, first_state
from bot.boundary.effects import Admit, Choice, Leave, Remove, SetGate
from bot.boundary.errors import StorageTrouble, Undeliverable, Unsupported
from bot.boundary.events import CommandGiven, MemberJoined, MemberKnocked, RoomChanged, RoomLost, WordsGiven
from bot.boundary.ids import ReplyHandle, RoomId
from bot.boundary.steps import Action, Button, Post, ShowForm, Step, Tell
from tests.playground.stage import PlaygroundStage

numbers = iter(range(1_000_000))


def step(action: Action) -> Step:
    """A step of its own."""
    return Step(id=f"step-{next(numbers)}", action=action)


@pytest.fixture
async def stage() -> PlaygroundStage:
    """Ann and Bob in the room, and the bot."""
    stage = await PlaygroundStage().start()
    await stage.adopt()
    return stage


async def test_a_button_is_the_command_that_it_stands_for(stage: PlaygroundStage) -> None:
    """Pressed by the one who sees it; nobody else can press it."""
    bob = stage.someone("bob")
    choice = Choice(label="x", name="consent", sub="agree", values={"k": "v"}, confirmed=True)
    button = Button(label="I agree", choice=choice)
    await stage.platform.perform(step(Tell(room=stage.room, to=bob, text="read", buttons=(button,))))
    item = list(stage.platform.world.items)[-1]
    with pytest.raises(Refused):
        await stage.visitor.do(Asked(do="press", who="ann", item=item))
    await stage.visitor.do(Asked(do="press", who="bob", item=item))
    pressed = stage.sink.of(CommandGiven)[-1]
    assert (pressed.by, pressed.name, pressed.sub, pressed.values, pressed.confirmed, pressed.private) == (
        bob, "consent", "agree", {"k": "v"}, True, True,
    )  # fmt: skip
    assert pressed.reply is not None


async def test_a_form_comes_back_as_a_command_once(stage: PlaygroundStage) -> None:
    """With its fields and no others."""
    bob = stage.someone("bob")
    form = ShowForm(room=stage.room, to=bob, name="consent", sub="", title="Consent", labels={})
    await stage.platform.perform(step(form))
    item = list(stage.platform.world.items)[-1]
    await stage.visitor.do(Asked(do="fill", who="bob", item=item, values={"other": "x"}))
    assert [(c.name, c.values) for c in stage.sink.of(CommandGiven)] == [("consent", {})]
    with pytest.raises(Refused):
        await stage.visitor.do(Asked(do="fill", who="bob", item=item))


async def test_what_is_switched_off_is_refused(stage: PlaygroundStage) -> None:
    """Using what is not declared raises `Unsupported`; private words without a way are `closed`."""
    bob = stage.someone("bob")
    button = Button(label="x", choice=Choice(label="x", name="consent"))
    tell = Tell(room=stage.room, to=bob, text="x", buttons=(button,))
    await stage.visitor.do(Asked(do="pretend", switch="buttons", on=False))
    with pytest.raises(Unsupported):
        await stage.platform.perform(step(tell))
    with pytest.raises(Unsupported):
        await stage.platform.perform(step(Post(room=stage.room, text="x", buttons=(button,))))
    await stage.visitor.do(Asked(do="pretend", switch="private", on=False))
    with pytest.raises(Undeliverable) as closed:
        await stage.platform.perform(step(Tell(room=stage.room, to=bob, text="x")))
    assert closed.value.reason == "closed"
    later = stage.clock.now().timestamp() + 60
    for_bob, for_ann = ReplyHandle("bob:1", later), ReplyHandle("ann:1", later)
    await stage.platform.perform(step(Tell(room=stage.room, to=bob, text="fine", reply=for_bob)))
    with pytest.raises(Undeliverable):
        await stage.platform.perform(step(Tell(room=stage.room, to=bob, text="not fine", reply=for_ann)))
    await stage.visitor.do(Asked(do="pretend", switch="door", on=False))
    with pytest.raises(Unsupported):
        await stage.platform.perform(step(SetGate(room=stage.room, gate="door")))
    view = stage.platform.view(stage.room)
    assert view is not None
    assert [m.ability for m in view.missing] == ["join_rules"]
    assert [c.what for c in stage.sink.of(RoomChanged)] == ["powers"]


def test_mute_without_power_over_levels_falls_back_to_taking_down() -> None:
    """And without that there is no mute at all."""
    without_levels = pretend(ALL_CAN, "levels", False)
    assert without_levels.mute == "takedown"
    assert pretend(without_levels, "take_down", False).mute == "no"
    assert pretend(ALL_CAN, "take_down", False).mute == "levels"
    assert pretend(pretend(ALL_CAN, "native_commands", False), "native_commands", True) == ALL_CAN


async def test_at_the_door_who_is_admitted_comes_in_and_who_is_removed_stays_out(
    stage: PlaygroundStage,
) -> None:
    """Knocking is told; coming in is told after `Admit`."""
    await stage.platform.perform(step(SetGate(room=stage.room, gate="door")))
    await stage.comes("zoe")
    await stage.comes("yan")
    zoe, yan = stage.someone("zoe"), stage.someone("yan")
    assert [k.who for k in stage.sink.of(MemberKnocked)] == [zoe, yan]
    assert stage.sink.of(MemberJoined) == []
    await stage.platform.perform(step(Admit(room=stage.room, who=zoe, gate="door")))
    await stage.platform.perform(step(Remove(room=stage.room, who=yan)))
    assert [j.who for j in stage.sink.of(MemberJoined)] == [zoe]
    view = stage.platform.view(stage.room)
    assert view is not None
    assert yan not in view.people
    await stage.platform.perform(step(Admit(room=stage.room, who=yan, gate="door")))
    await stage.comes("yan")
    assert [j.who for j in stage.sink.of(MemberJoined)] == [zoe, yan]


async def test_a_recorder_bot_does_not_knock(stage: PlaygroundStage) -> None:
    """Somebody with power adds it, past the door; that there is another bot is told."""
    await stage.platform.perform(step(SetGate(room=stage.room, gate="door")))
    await stage.visitor.do(Asked(do="add", text="Tape", switch="bot"))
    joined = stage.sink.of(MemberJoined)
    assert [(e.who, e.let_in_by) for e in joined] == [(stage.someone("tape"), stage.someone("ann"))]
    assert [e.what for e in stage.sink.of(RoomChanged)] == ["bots"]
    assert stage.sink.of(MemberKnocked) == []


async def test_after_leaving_the_bot_can_be_added_again(stage: PlaygroundStage) -> None:
    """It hears nothing in between."""
    await stage.platform.perform(step(Leave(room=stage.room)))
    assert len(stage.sink.of(RoomLost)) == 1
    assert stage.platform.view(stage.room) is None
    before = len(stage.sink.events)
    await stage.says("bob", "nobody listens")
    assert len(stage.sink.events) == before
    await stage.adopt()
    assert stage.platform.view(stage.room) is not None


async def test_with_slash_commands_nothing_that_starts_with_a_slash_is_said_in_the_room(
    stage: PlaygroundStage,
) -> None:
    """It is private, as on Discord; without them it stands in the room, as on Matrix."""
    await stage.visitor.do(Asked(do="say", who="bob", text="/consent agree"))
    assert [w.room for w in stage.sink.of(WordsGiven)] == [None]
    assert "/consent agree" not in await stage.read_in_room("ann")
    await stage.visitor.do(Asked(do="pretend", switch="native_commands", on=False))
    message = await stage.says("bob", "!consent agree")
    assert [(w.room, w.message) for w in stage.sink.of(WordsGiven)][1:] == [(stage.room, message)]


async def test_starting_again_is_a_new_room_and_the_old_one_is_lost(stage: PlaygroundStage) -> None:
    """Nobody's id is used a second time, so nothing of before can be taken for theirs."""
    old, people = stage.room, set(stage.platform.world.state.people)
    await stage.visitor.do(Asked(do="afresh"))
    assert stage.room != old
    assert [e.room for e in stage.sink.of(RoomLost)] == [old]
    assert not people & set(stage.platform.world.state.people)


class Full(MemoryStore):
    """A disk that is full for a while."""

    full = False

    async def put(self, name: str, value: bytes) -> None:
        if self.full:
            raise StorageTrouble("The disk is full.", "Make room.")
        await super().put(name, value)


async def test_a_full_disk_makes_a_step_come_again_and_not_twice() -> None:
    """What could not be kept is not acknowledged; done again by its id it is done once."""
    stage = PlaygroundStage()
    stage.cabinet = full = Full()
    await stage.start()
    await stage.adopt()
    post = step(Post(room=stage.room, text="once"))
    full.full = True
    with pytest.raises(Undeliverable) as refused:
        await stage.platform.perform(post)
    assert refused.value.retry_after is not None
    full.full = False
    await stage.platform.perform(post)
    await stage.reconnect()
    assert (await stage.read_in_room("ann")).count("once") == 1


class Torn(MemoryStore):
    """A process that dies after the words were written, and before the count of them."""

    torn = False

    async def put(self, name: str, value: bytes) -> None:
        if self.torn and name == "playground/world":
            raise StorageTrouble("The process was killed.", "Start it again.")
        await super().put(name, value)


async def test_a_crash_in_the_middle_of_writing_doubles_nothing() -> None:
    """The step comes again after the start, and so does what the page sent: both are there once."""
    stage = PlaygroundStage()
    stage.cabinet = torn = Torn()
    await stage.start()
    await stage.adopt()
    post = step(Post(room=stage.room, text="once"))
    said = Asked(do="say", who="bob", text="me too", c="tab.1")
    torn.torn = True
    with pytest.raises(Undeliverable):
        await stage.platform.perform(post)
    await stage.visitor.do(said)
    with pytest.raises(StorageTrouble):
        await stage.reconnect()
    torn.torn = False
    stage.platform = stage.made()
    await stage.run()
    await stage.platform.perform(post)
    await stage.visitor.do(said)
    there = await stage.read_in_room("ann")
    assert (there.count("once"), there.count("me too")) == (1, 1)


async def test_only_the_newest_messages_are_kept_and_all_of_those() -> None:
    """A playground is for trying; it does not grow for ever."""
    clock, cabinet = MovableClock(), MemoryStore()
    world = await World.open(cabinet, Feed(), clock)
    for n in range(A_CHUNK * (CHUNKS + 2)):
        world.put("said", by="sam", text=f"{n}")
        if n % 97 == 0:
            await world.saved()
    await world.saved()
    again = await World.open(cabinet, Feed(), clock)
    texts = [int(i.text) for i in again.items.values()]
    assert texts == list(range(texts[0], A_CHUNK * (CHUNKS + 2)))
    assert A_CHUNK * (CHUNKS - 1) <= len(texts) <= A_CHUNK * CHUNKS
    assert [i.text for i in world.items.values()] == [i.text for i in again.items.values()]


async def test_what_waits_at_the_same_time_is_written_together() -> None:
    """A hundred messages do not make a hundred writes."""
    writes: list[str] = []

    class Counting(MemoryStore):
        async def put(self, name: str, value: bytes) -> None:
            writes.append(name)
            await asyncio.sleep(0)
            await super().put(name, value)

    cabinet = Counting()
    world = await World.open(cabinet, Feed(), MovableClock())
    writes.clear()
    waiting = []
    for n in range(100):
        world.put("said", by="sam", text=str(n))
        waiting.append(asyncio.ensure_future(world.saved()))
        await asyncio.sleep(0)
    await asyncio.gather(*waiting)
    assert len(writes) < 80
    found = await Keep(cabinet).load()
    assert found is not None
    assert [i.text for i in found[1]] == [str(n) for n in range(100)]


@given(st.lists(st.integers(0, 50), max_size=20), st.integers(-5, 60))
def test_a_page_is_told_exactly_what_it_missed(told: list[int], since: int) -> None:
    """Or, by None, that it must be told everything."""
    feed = Feed()
    for number in told:
        feed.tell("x", value=number)
    missed = feed.since(since)
    if 0 <= since <= len(told):
        assert missed is not None
        assert len(missed) == len(told) - since
    else:
        assert missed is None


def test_a_page_that_was_away_for_very_long_is_told_everything() -> None:
    """What is not remembered any more cannot be told again."""
    feed = Feed()
    for _ in range(REMEMBERED + 10):
        feed.tell("x")
    assert feed.since(5) is None
    assert len(feed.since(10) or ()) == REMEMBERED


async def test_the_clock_moves_forward_only_and_wakes_who_sleeps() -> None:
    """Never back, never so far that a date overflows."""
    clock = MovableClock()
    asleep = asyncio.create_task(clock.sleep(86_400))
    await asyncio.sleep(0)
    assert clock.forward(3600)
    await asyncio.sleep(0.02)
    assert not asleep.done()
    assert clock.forward(86_400)
    await asyncio.wait_for(asleep, 1)
    before = clock.now()
    for wrong in (0, -1, float("nan"), float("inf"), 401 * 86_400):
        assert not clock.forward(wrong)
    assert clock.now() - before < timedelta(seconds=5)
    while clock.forward(400 * 86_400):
        pass
    assert clock.ahead <= FARTHEST
    assert clock.now() < datetime(2100, 1, 1, tzinfo=UTC)


@given(st.text(max_size=100))
def test_any_name_is_either_refused_or_shown_on_one_line(name: str) -> None:
    """Whatever somebody calls themselves."""
    world = World(first_state(), (), Keep(MemoryStore()), Feed(), MovableClock())
    someone = world.add(name)
    assert someone.id.replace("-", "").replace(".", "").isalnum()
    assert someone.id != "circlekeeper"
    assert world.add(name).id != someone.id


def test_the_story_needs_nothing_that_the_page_cannot_do() -> None:
    """Each of its doings is a message that the server takes."""
    for chapter in STORY:
        for doing in chapter.doings:
            assert Asked(**doing).do in ("say", "add")


async def test_as_an_adapter_it_connects_without_a_page() -> None:
    """`connect` does no I/O; the rooms are read when it runs."""
    stage = PlaygroundStage()
    platform = connect(Section(), stage.cabinet, stage.clock, base=Path())
    assert platform.view(RoomId("playground", "x")) is None
    assert platform.rooms_of(stage.someone("ann")) == ()
    assert [f.fine for f in await platform.examine()] == [True]
    await platform.close()
