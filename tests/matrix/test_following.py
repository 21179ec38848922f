"""What happens on a real homeserver reaches the engine: all of it, in order, over gaps and restarts."""

import asyncio

import pytest

from adapters.matrix import connect
from adapters.memory import MemoryStore
from bot.boundary.errors import CannotStart
from bot.boundary.events import (
    MemberLeft,
    MessagePosted,
    RoomAdopted,
    RoomChanged,
    RoomLost,
    RoomMoved,
    RoomSeen,
    WordsGiven,
)
from bot.boundary.ids import RoomId
from bot.boundary.steps import Post, Step
from bot.engine import SystemClock
from tests.contract.matrix_stage import MatrixStage
from tests.contract.stage import until
from tests.support.api import Refused

MANY = 230


async def test_nothing_is_missed_while_the_bot_is_away(stage: MatrixStage) -> None:
    """More than two pages of messages, a leaver and a command: each once, in order."""
    ann, bob = stage.people["ann"], stage.people["bob"]
    await asyncio.sleep(5.5)  # the position is kept every five seconds
    await stage.close_bot()
    stage.sink.events.clear()
    sent = [await ann.say(stage.room.native, f"{n}") for n in range(MANY)]
    await ann.say(stage.room.native, "!consent")
    await bob.leave(stage.room.native)
    await stage.reconnect()
    await until(lambda: stage.sink.of(RoomSeen) or None)
    posted = [e.message.native for e in stage.sink.of(MessagePosted)]
    assert [e for e in posted if e in sent] == sent
    assert len(posted) == len(set(posted))
    assert [e.words for e in stage.sink.of(WordsGiven)] == ["!consent"]
    assert [e.who.native for e in stage.sink.of(MemberLeft)] == [bob.user_id]
    assert stage.someone("bob") not in stage.platform.view(stage.room).people  # type: ignore[union-attr]


async def test_what_was_said_before_the_bot_came_is_none_of_its_business(stage: MatrixStage) -> None:
    """Neither words nor the making of the room become events."""
    ann = stage.people["ann"]
    other = await ann.create_room(name="Old")
    await ann.say(other, "!consent agree")
    await ann.invite(other, stage.me.native)
    room = RoomId("matrix", other)
    await until(lambda: [e for e in stage.sink.about(room) if isinstance(e, RoomSeen)] or None)
    assert [type(e) for e in stage.sink.about(room)] == [RoomAdopted, RoomSeen]


async def test_an_upgraded_room_is_followed(stage: MatrixStage) -> None:
    """The tombstone names it, it points back, and everything belongs to it from then on."""
    ann = stage.people["ann"]
    new = await ann.upgrade(stage.room.native)
    await ann.invite(new, stage.me.native)
    (moved,) = await until(lambda: stage.sink.of(RoomMoved) or None)
    assert (moved.room, moved.to.native) == (stage.room, new)
    await until(lambda: stage.platform.view(moved.to))
    await until(lambda: stage.platform.view(stage.room) is None or None)
    assert not [e for e in stage.sink.of(RoomAdopted) if e.room == moved.to]
    await stage.reconnect()
    await until(lambda: stage.platform.health().ready or None)
    assert stage.platform.view(stage.room) is None
    assert stage.platform.view(moved.to) is not None


async def test_a_room_that_does_not_point_back_is_left(stage: MatrixStage) -> None:
    """A tombstone to somebody else's room must not hand over a group."""
    ann = stage.people["ann"]
    foreign = await ann.create_room(preset="public_chat", name="Elsewhere")
    content = {"body": "moved", "replacement_room": foreign}
    await ann.set_state(stage.room.native, "m.room.tombstone", content)
    ann.watch()
    await ann.see_membership(foreign, stage.me.native, "leave")
    assert not stage.sink.of(RoomMoved)
    assert stage.platform.view(RoomId("matrix", foreign)) is None
    assert stage.platform.view(stage.room) is not None


async def test_being_removed_is_noticed_also_after_a_restart(stage: MatrixStage) -> None:
    """`rooms.leave`, live and when it happened while the bot was away."""
    ann = stage.people["ann"]
    other = await ann.create_room(stage.me.native, name="Two")
    await until(lambda: stage.platform.view(RoomId("matrix", other)))
    await ann.kick(other, stage.me.native)
    await until(lambda: [e for e in stage.sink.of(RoomLost) if e.room.native == other] or None)
    await asyncio.sleep(5.5)
    await stage.close_bot()
    await ann.kick(stage.room.native, stage.me.native)
    await stage.reconnect()
    await until(lambda: [e for e in stage.sink.of(RoomLost) if e.room == stage.room] or None)
    assert stage.platform.view(stage.room) is None


async def test_an_encrypted_room_is_adopted_and_gets_no_plain_word(stage: MatrixStage) -> None:
    """Its view says that words are not heard there."""
    ann = stage.people["ann"]
    encryption = {
        "type": "m.room.encryption",
        "state_key": "",
        "content": {"algorithm": "m.megolm.v1.aes-sha2"},
    }
    native = await ann.create_room(stage.me.native, name="Sealed", initial_state=[encryption])
    room = RoomId("matrix", native)
    view = await until(lambda: stage.platform.view(room))
    assert view.encrypted
    assert not view.can.hears_words
    await stage.platform.perform(Step(id="s", action=Post(room=room, text="hello")))
    said = [e["type"] for e in await ann.history(native) if e["sender"] == stage.me.native]
    assert "m.room.encrypted" in said
    assert "m.room.message" not in said
    await ann.say(native, "!consent agree")
    await until(lambda: [e for e in stage.sink.of(MessagePosted) if e.room == room] or None)
    assert not stage.sink.of(WordsGiven)


async def test_switching_encryption_on_is_told(stage: MatrixStage) -> None:
    """From then on the bot writes no plain word there."""
    content = {"algorithm": "m.megolm.v1.aes-sha2"}
    await stage.people["ann"].set_state(stage.room.native, "m.room.encryption", content)
    await until(lambda: [e for e in stage.sink.of(RoomChanged) if e.what == "encryption"] or None)
    await stage.platform.perform(Step(id="s", action=Post(room=stage.room, text="hello")))
    history = await stage.people["ann"].history(stage.room.native)
    said = [e["type"] for e in history if e["sender"] == stage.me.native]
    assert "m.room.encrypted" in said
    assert "m.room.message" not in said


async def test_a_withdrawn_token_is_replaced_once(stage: MatrixStage) -> None:
    """With a password the bot signs in again, as the same device; words still arrive."""
    bob = stage.people["bob"]
    kept = await stage._cabinet.get(f"matrix-device {stage.me.native}")
    assert kept is not None
    token = kept.decode().split('"token":"')[1].split('"')[0]
    bot = type(bob)(bob.url, stage.me.native, token, stage.me.native)
    await bot.call("POST", "/logout")
    await bot.close()
    await bob.say(stage.room.native, "still there?")
    await until(lambda: stage.sink.of(MessagePosted) or None)
    assert await stage._cabinet.get(f"matrix-device {stage.me.native}") != kept


async def test_a_wrong_password_stops_with_a_plain_sentence(stage: MatrixStage) -> None:
    """One sentence on what is wrong, one on what to do."""
    (stage._folder / "password").write_text("wrong")
    platform = connect(stage._section, MemoryStore(), SystemClock(), stage._folder)
    with pytest.raises(CannotStart, match="password"):
        await platform.run(stage.sink)
    await platform.close()


async def test_strangers_cannot_add_the_bot(stage: MatrixStage) -> None:
    """Only those in `accept_invites_from`; the invitation is refused, not left open."""
    await stage.close_bot()
    ann = stage.people["ann"]
    stage._section.accept_invites_from[:] = ["@somebody:else.org"]
    stage._connect()
    await until(lambda: stage.platform.health().ready or None)
    room = await ann.create_room(stage.me.native, name="Mine")
    ann.watch()
    await ann.see_membership(room, stage.me.native, "leave")
    chat = await ann.create_room(stage.me.native, direct=True)
    await ann.see_membership(chat, stage.me.native, "join")
    zoe = stage.people["zoe"]
    other = await zoe.create_room(stage.me.native, direct=True)
    zoe.watch()
    await zoe.see_membership(other, stage.me.native, "leave")
    with pytest.raises(Refused):
        await zoe.say("!nowhere:x", "x")


async def test_a_position_that_the_homeserver_forgot_does_not_make_the_bot_deaf(stage: MatrixStage) -> None:
    """Restored from a backup it would answer with nothing for ever; the bot looks anew."""
    await stage.close_bot()
    kept = await stage._cabinet.get("matrix-position")
    assert kept is not None
    numbers = kept.decode().split("_")
    future = "_".join(["s999999", *numbers[1:]])
    for position in (future, "nonsense"):
        await stage._cabinet.put("matrix-position", position.encode())
        stage._connect()
        await until(lambda: stage.platform.health().ready or None)
        assert stage.platform.view(stage.room) is not None
        stage.sink.events.clear()
        await stage.people["bob"].say(stage.room.native, "can you hear me?")
        await until(lambda: stage.sink.of(MessagePosted) or None)
        await stage.close_bot()
    stage._connect()
