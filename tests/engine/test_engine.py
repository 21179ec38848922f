"""The engine with a toy feature: order, once only, one transaction, delivery, words understood."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import msgspec
import pytest

from adapters.memory import MemoryPlatform
from adapters.memory.platform import who
from bot.boundary.commands import Command, Option
from bot.boundary.errors import StorageTrouble, Undeliverable
from bot.boundary.events import MemberJoined, MessagePosted, WordsGiven
from bot.boundary.ids import MessageId, ReplyHandle, RoomId
from bot.engine.commands import Book
from bot.engine.parsed import Parsed
from tests.engine.toy import TOY, TOY_GROUP
from tests.support.house import House

TOYS = (TOY_GROUP, TOY)


@pytest.fixture
async def house() -> AsyncIterator[House]:
    """A house with the toy feature alone."""
    async with House(TOYS) as built:
        yield built


async def _say(house: House, name: str, words: str) -> str:
    """Write to the keeper in private and give back the last answer."""
    before = len(house.platform.heard)
    await house.platform.write(name, words)
    await house.settle()
    said = [t.text for t in house.platform.heard[before:] if t.to == who(name)]
    return said[-1] if said else ""


async def test_a_command_is_answered_in_private_and_its_group_is_named(house: House) -> None:
    """INTERFACE.md: every private answer names its group."""
    house.platform.room("evening", "ann")
    assert await _say(house, "ann", "!count up 3") == "**evening**\n\n3"
    assert await _say(house, "ann", "!COUNT Up") == "**evening**\n\n4"
    assert await _say(house, "ann", "!count") == "**evening**\n\n4"
    assert await _say(house, "ann", "up") == "**evening**\n\n5"


async def test_the_same_event_again_changes_nothing(house: House) -> None:
    """Law 10: a repeated event is recognised by its id."""
    house.platform.room("evening", "ann")
    for _ in range(3):
        await house.platform.write("ann", "!count up", event_id="same")
    await house.settle()
    assert house.platform.said_to("ann") == ["**evening**\n\n1"]


async def test_a_restart_keeps_what_was_acknowledged_and_repeats_nothing(house: House) -> None:
    """Law 7."""
    house.platform.room("evening", "ann")
    await house.platform.write("ann", "!count up", event_id="one")
    await house.settle()
    await house.restart()
    await house.platform.write("ann", "!count up", event_id="one")
    await house.settle()
    assert house.platform.said_to("ann") == ["**evening**\n\n1"]
    assert await _say(house, "ann", "!count up") == "**evening**\n\n2"


async def test_what_could_not_be_delivered_is_delivered_after_a_restart(house: House) -> None:
    """The outbox is durable."""
    house.platform.room("evening", "ann")
    house.platform.trouble = Undeliverable("unreachable", 0.01)
    await house.platform.write("ann", "!count up")
    for _ in range(50):
        await asyncio.sleep(0)
    await house.stop()
    house.platform.trouble = None
    house.engine = house._engine()
    await house.start()
    assert house.platform.said_to("ann") == ["**evening**\n\n1"]


async def test_what_finally_fails_comes_back_to_its_feature(house: House) -> None:
    """A failed delivery is told to the feature that asked for it, once."""
    room = house.platform.room("evening", "ann")
    house.platform.deaf.add(who("ann"))
    await house.platform.write("ann", "!count up")
    await house.settle()
    assert house.platform.seen_in(room) == ["failed closed"]
    await house.restart()
    assert house.platform.seen_in(room) == ["failed closed"]


async def test_a_message_that_nobody_needs_costs_no_storage_and_no_await(house: House) -> None:
    """`submit` gives None at once, and the storage is not asked."""
    room = house.platform.room("evening", "ann", "bob")
    await _say(house, "ann", "!count up")
    asked: list[str] = []
    store = house.store
    for name in ("seen", "load", "commit"):
        real = getattr(store, name)

        def watched(*args: object, _name: str = name, _real: object = real) -> object:
            asked.append(_name)
            return _real(*args)  # type: ignore[operator]

        setattr(store, name, watched)
    event = MessagePosted(id="$x", room=room, by=who("ann"), message=MessageId("memory", "$x"))
    assert house.engine.submit(event) is None
    assert asked == []


async def test_the_summary_follows_what_was_kept(house: House) -> None:
    """From the eleventh on, the toy takes messages down: known without the storage."""
    room = house.platform.room("evening", "ann", "bob")
    await house.platform.post(room, "ann", "first")
    await _say(house, "ann", "!count up 11")
    await house.platform.post(room, "ann", "second")
    await house.platform.post(room, "bob", "third")
    await house.settle()
    assert house.platform.seen_in(room) == ["first", "third"]
    await house.restart()
    await house.platform.post(room, "ann", "fourth")
    await house.settle()
    assert house.platform.seen_in(room) == ["first", "third"]


async def test_a_timer_rings_once_and_survives_a_restart(house: House) -> None:
    """`Due` is durable, and acted upon once."""
    room = house.platform.room("evening", "ann")
    await _say(house, "ann", "!remind 5m")
    await house.restart()
    await house.later(minutes=4)
    assert house.platform.seen_in(room) == []
    await house.later(minutes=2)
    assert house.platform.seen_in(room) == ["ding"]
    await house.later(days=2)
    await house.restart()
    assert house.platform.seen_in(room) == ["ding"]


async def test_a_timer_that_was_set_again_rings_at_its_new_time(house: House) -> None:
    """A stale `Due` of an older version is dropped."""
    room = house.platform.room("evening", "ann")
    await _say(house, "ann", "!remind 5m")
    await house.later(minutes=3)
    await _say(house, "ann", "!remind 5m")
    await house.later(minutes=3)
    assert house.platform.seen_in(room) == []
    await house.later(minutes=3)
    assert house.platform.seen_in(room) == ["ding"]


async def test_a_fault_in_a_feature_is_answered_calmly_and_changes_nothing(house: House) -> None:
    """Law 8: in doubt refuse; the person gets words, the engine goes on."""
    house.platform.room("evening", "ann")
    assert "Something went wrong on my side" in await _say(house, "ann", "!broken")
    assert "Something went wrong on my side" in await _say(house, "ann", "!loop")
    assert await _say(house, "ann", "!count") == "**evening**\n\n0"


async def test_a_storage_that_refuses_loses_nothing(house: House) -> None:
    """What could not be kept is handed in again, and then counts once."""
    house.platform.room("evening", "ann")
    store = house.store
    store.trouble = StorageTrouble("The disk is full.", "Make room.")  # type: ignore[attr-defined]
    with pytest.raises(StorageTrouble):
        await house.platform.write("ann", "!count up", event_id="again")
    assert house.platform.heard == []
    store.trouble = None  # type: ignore[attr-defined]
    await house.platform.write("ann", "!count up", event_id="again")
    await house.settle()
    assert house.platform.said_to("ann") == ["**evening**\n\n1"]


async def test_confirming_carries_out_what_was_shown_and_only_within_ten_minutes(house: House) -> None:
    """INTERFACE.md, "Confirming"."""
    house.platform.room("evening", "ann")
    await _say(house, "ann", "!count up 2")
    assert "nothing to confirm" in await _say(house, "ann", "confirm")
    assert "Sure?" in await _say(house, "ann", "!count reset")
    assert (await _say(house, "ann", "Confirm.")).endswith("reset")
    assert "nothing to confirm" in await _say(house, "ann", "confirm")
    assert "Sure?" in await _say(house, "ann", "!count reset")
    house.clock.move(timedelta(minutes=11))
    assert "nothing to confirm" in await _say(house, "ann", "!confirm")
    assert (await _say(house, "ann", "!count reset confirm")).endswith("reset")
    assert (await _say(house, "ann", "!clear confirm")).endswith("cleared True")
    assert (await _say(house, "ann", "!clear")).endswith("cleared False")


async def test_with_several_groups_the_keeper_asks_which_one(house: House) -> None:
    """INTERFACE.md, "Which group"."""
    house.platform.room("evening", "ann")
    house.platform.room("Early birds", "ann")
    asked = await _say(house, "ann", "!count up")
    assert "1. evening" in asked
    assert "2. Early birds" in asked
    assert await _say(house, "ann", "2") == "**Early birds**\n\n1"
    assert await _say(house, "ann", "!in evening count up 5") == "**evening**\n\n5"
    assert await _say(house, "ann", "!in Early birds count up 2") == "**Early birds**\n\n3"
    assert await _say(house, "ann", '!in "early birds" !count') == "**Early birds**\n\n3"
    assert await _say(house, "ann", "up") == "**Early birds**\n\n4"
    assert "no group called" in await _say(house, "ann", "!in nowhere count up")
    assert "Which one do you mean" in await _say(house, "ann", "!leave-me")


async def test_what_must_not_wait_is_answered_by_every_group_without_a_question(house: House) -> None:
    """`every_group`: nobody who needs help now is asked which group they mean."""
    house.platform.room("evening", "ann")
    house.platform.room("early", "ann")
    await house.platform.write("ann", "!weather")
    await house.settle()
    assert sorted(house.platform.said_to("ann")) == ["**early**\n\nsunny", "**evening**\n\nsunny"]
    assert await _say(house, "zoe", "!weather") == "sunny"


async def test_somebody_who_shares_no_group_gets_a_calm_word(house: House) -> None:
    """And nobody else hears of it."""
    house.platform.room("evening", "ann")
    assert "share no group" in await _say(house, "zoe", "!count up")


async def test_somebody_who_left_can_still_have_everything_erased(house: House) -> None:
    """`outsiders`: what is kept about a person is theirs to erase after leaving."""
    room = house.platform.room("evening", "ann", "bob")
    await _say(house, "ann", "!count up 4")
    await house.platform.leave(room, "ann")
    await house.settle()
    await _say(house, "ann", "!leave-me")
    assert await house.store.known(["toy"], who("ann")) == ()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("!cuont", "!count"),
        ("!count rest", "!count reset"),
        ("!wether", "!weather"),
        ("/count rset", "!count reset"),
    ],
)
async def test_a_typing_error_gets_the_nearest_command(house: House, typed: str, meant: str) -> None:
    """And nothing happens."""
    house.platform.room("evening", "ann")
    answer = await _say(house, "ann", typed)
    assert "Did you mean" in answer
    assert f"`{meant}`" in answer


async def test_a_private_command_in_the_room_is_taken_down_and_answered_privately(house: House) -> None:
    """INTERFACE.md: private ones given in the room are taken down; typing errors of them too."""
    room = house.platform.room("evening", "ann", "bob")
    await house.platform.post(room, "ann", "!count up")
    await house.platform.post(room, "ann", "!count rest")
    await house.platform.post(room, "ann", "!weather")
    await house.platform.post(room, "ann", "!roll 3d6")
    await house.settle()
    assert house.platform.seen_in(room) == ["!weather", "!roll 3d6", "sunny"]
    assert len(house.platform.said_to("ann")) == 2
    assert house.platform.said_to("bob") == []


async def test_only_a_facilitator_may_give_a_facilitators_command(house: House) -> None:
    """Power on the platform alone makes nobody a facilitator."""
    house.platform.room("evening", "ann", administrators=("fay",))
    assert "no facilitator yet" in await _say(house, "fay", "!count everyone")
    await _say(house, "fay", "!promote")
    assert "everyone" in await _say(house, "fay", "!count everyone")
    assert "Only facilitators" in await _say(house, "ann", "!count everyone")
    assert "`!count everyone`" not in await _say(house, "ann", "!help")
    assert "`!count everyone`" in await _say(house, "fay", "!help")


async def test_bots_are_not_answered(house: House) -> None:
    """So that two bots can never talk to each other for ever."""
    room = house.platform.room("evening", "ann")
    await house.platform.join(room, "other", kind="bot")
    await house.settle()
    house.platform.heard.clear()
    assert await _say(house, "other", "!count up") == ""
    await house.platform.post(room, "ann", "!help")
    await house.settle()
    assert house.platform.seen_in(room) == ["!help"]


async def test_an_answer_overtakes_a_queue_of_prompts(house: House) -> None:
    """Answers to a person who is waiting are never behind a queue of prompts."""
    room = house.platform.room("evening")
    house.engine.deliver._prompt_every = 0.2
    for number in range(10):
        await house.platform.join(room, f"p{number}")
    await house.platform.write("p9", "!count up")
    for _ in range(100):
        await asyncio.sleep(0)
    assert "**evening**\n\n1" in house.platform.said_to("p9")
    assert len(house.platform.heard) < 6


async def test_events_of_one_room_keep_their_order_and_rooms_go_side_by_side() -> None:
    """One event at a time per room, in the order of `submit`; many rooms at once."""
    platform = MemoryPlatform()
    async with House(TOYS) as house:
        rooms = [house.platform.room(f"r{n}", "ann") for n in range(5)]
        done = []
        for step in range(20):
            for room in rooms:
                event = MemberJoined(id=f"{room.native}{step}", room=room, who=who(f"n{step}"))
                taken = house.engine.submit(event)
                assert taken is not None
                done.append(taken)
        await asyncio.gather(*done)
        await house.settle()
        for room in rooms:
            greeted = [t.to.native for t in house.platform.heard if t.room == room]
            assert greeted == [f"@n{step}" for step in range(20)]
    assert platform.rooms == {}


async def test_too_long_and_strange_words_are_refused_calmly(house: House) -> None:
    """10,000 characters, control and bidirectional characters, nothing at all."""
    house.platform.room("evening", "ann")
    assert "too long" in await _say(house, "ann", "!count up " + "9" * 10_000)
    assert "whole number" in await _say(house, "ann", "!count up ９９")
    assert "did not understand" in await _say(house, "ann", "   ")
    assert await _say(house, "ann", "!cou\u202ent u\u0000p") == "**evening**\n\n1"
    assert "cannot tell whom" in await _say(house, "ann", "!count give nobody")
    assert "like this: `!loop`" in await _say(house, "ann", "!loop somebody")


async def test_words_typed_on_a_phone_are_understood_or_asked_about() -> None:
    """A full stop counts for nothing; a slip is asked about and never taken for an answer."""
    async with House() as house:
        house.platform.room("evening", "ann")
        assert "not set up" in await _say(house, "ann", "Agree.")
        for typed in ("agre", "I agree", "i agree!"):
            assert "Did you mean `!consent agree`" in await _say(house, "ann", typed), typed
        assert "Did you mean `!consent receipt`" in await _say(house, "ann", "!receipt")
        for typed in ("urgent.", "URGENT!!!", "!urgent?"):
            assert "local emergency number" in await _say(house, "ann", typed), typed
        assert "Did you mean `!urgent`" in await _say(house, "ann", "urgnt")
        for typed in ("I do not agree", "agree to what", "hello"):
            assert "did not understand" in await _say(house, "ann", typed), typed


def test_a_text_keeps_its_lines_behind_the_name_of_a_group() -> None:
    """`in` takes the group away and leaves the rest as it was typed."""
    book = Book((Command(name="group", sub="set", options=(Option(name="value", kind="words"),)),))
    for group in ("Early birds", '"Early birds"', "early"):
        found = book.parse(f"!in {group} group set One.\n\nTwo  three.\n- four", "!", "direct")
        assert isinstance(found, Parsed)
        assert found.values == {"value": "One.\n\nTwo  three.\n- four"}


async def test_a_needless_confirm_does_no_harm(house: House) -> None:
    """In an emergency nobody is sent back for a word too much."""
    house.platform.room("evening", "ann")
    assert "1" in await _say(house, "ann", "!count up confirm")


async def test_nobody_is_told_twice_when_a_room_is_moved(house: House) -> None:
    """A room upgrade takes records and waiting effects along."""
    from bot.boundary.events import RoomMoved

    room = house.platform.room("evening", "ann")
    await _say(house, "ann", "!count up 7")
    new = RoomId("memory", "!new")
    house.platform.rooms[new] = house.platform.rooms.pop(room)
    house.platform.rooms[new].id = new
    taken = house.engine.submit(RoomMoved(id="moved", room=room, to=new))
    assert taken is not None
    await taken
    await house.settle()
    assert await _say(house, "ann", "!count") == "**evening**\n\n7"


async def test_where_there_are_forms_missing_values_are_asked_in_one(house: House) -> None:
    """A command that waits for an answer and lacks values opens its form; elsewhere its usage is told."""
    room = house.platform.room("evening", "ann")
    assert "Please type it like this" in await _say(house, "ann", "!count give")
    place = house.platform.rooms[room]
    place.can = msgspec.structs.replace(place.can, forms=True)
    waits = ReplyHandle("token", house.clock.now().timestamp() + 900)
    for words in ("!count give", "!count everyone"):
        given = WordsGiven(id=f"$form {words}", by=who("ann"), words=words, reply=waits)
        taken = house.engine.submit(given)
        assert taken is not None
        await taken
    await house.settle()
    assert [(f.name, f.sub, f.labels) for f in house.platform.forms] == [("count", "give", {"who": "Whom."})]
