"""Direct chats on a real homeserver: found or made once, and never with a third person."""

import asyncio
import contextlib
import random
import secrets

import pytest

from bot.boundary.errors import Undeliverable
from bot.boundary.events import CannotRead, WordsGiven
from bot.boundary.ids import RoomId
from bot.boundary.steps import Step, Tell
from tests.contract.matrix_stage import MatrixStage
from tests.contract.stage import until
from tests.support.client import Person


def tell(stage: MatrixStage, name: str, text: str = "for you alone") -> Step:
    """A private word."""
    return Step(id=secrets.token_hex(8), action=Tell(room=stage.room, to=stage.someone(name), text=text))


async def invitations(person: Person) -> set[str]:
    """Every direct chat that the bot ever opened with somebody."""
    for _ in range(3):
        await person.look_once(100)
    return set(person.chats) | set(person.invitations)


async def patiently(stage: MatrixStage, step: Step) -> None:
    """Deliver as the engine does: again after the pause that was asked for."""
    while True:
        try:
            return await stage.platform.perform(step)
        except Undeliverable as no:
            assert no.retry_after is not None, no.reason
            await asyncio.sleep(no.retry_after)


async def test_many_words_at_once_open_one_chat(stage: MatrixStage) -> None:
    """Ten lanes may have something to say to one person at the same moment."""
    await asyncio.gather(*(stage.platform.perform(tell(stage, "bob", str(n))) for n in range(10)))
    assert len(await invitations(stage.people["bob"])) == 1
    assert sorted(await stage.read_in_private("bob")) == [str(n) for n in range(10)]


@pytest.mark.slow
async def test_a_crash_in_the_middle_never_opens_a_second_chat(stage: MatrixStage) -> None:
    """`createRoom` has no idempotency key: cut off at any instant, the bot looks before it makes one."""
    dice = random.Random(7)
    for _ in range(4):
        step = tell(stage, "bob")
        task = asyncio.create_task(stage.platform.perform(step))
        await asyncio.sleep(dice.uniform(0.0, 0.12))
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Undeliverable):
            await task
        await stage.reconnect()
        await until(lambda: stage.platform.health().ready or None)
    await patiently(stage, step)
    assert len(await invitations(stage.people["bob"])) == 1
    assert (await stage.read_in_private("bob")).count("for you alone") >= 1


async def test_after_a_restart_the_same_chat_is_used(stage: MatrixStage) -> None:
    """Also where the account's own list of direct chats was lost."""
    await stage.platform.perform(tell(stage, "bob"))
    await stage.reconnect()
    await patiently(stage, tell(stage, "bob", "again"))
    assert len(await invitations(stage.people["bob"])) == 1


async def test_a_chat_with_a_third_person_hears_nothing_private(stage: MatrixStage) -> None:
    """Who opened the chat can invite others into it: then another one is used."""
    bob, zoe = stage.people["bob"], stage.people["zoe"]
    chat = await bob.chat()
    await bob.invite(chat, zoe.user_id)
    await zoe.join(chat)
    await bob.say(chat, "!consent")
    await until(lambda: stage.sink.of(WordsGiven) or None)
    await stage.platform.perform(tell(stage, "bob"))
    assert await invitations(bob) - {chat}
    shown = [e for e in await zoe.history(chat) if e["sender"] == stage.me.native]
    assert all(e["type"] == "m.room.member" for e in shown)


async def test_an_encrypted_chat_hears_no_plain_words(stage: MatrixStage) -> None:
    """What cannot be read there is said so in a chat that can be used."""
    bob = stage.people["bob"]
    encrypted = {
        "type": "m.room.encryption",
        "state_key": "",
        "content": {"algorithm": "m.megolm.v1.aes-sha2"},
    }
    chat = await bob.create_room(
        stage.me.native, direct=True, preset="trusted_private_chat", initial_state=[encrypted]
    )
    bob.watch()
    await bob.see_membership(chat, stage.me.native, "join")
    unknown = {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "x", "session_id": "y"}
    await bob.send(chat, "m.room.encrypted", unknown)
    await bob.say(chat, "!consent agree")
    await until(lambda: bool(stage.sink.of(CannotRead) and stage.sink.of(WordsGiven)) or None)
    assert [e.why for e in stage.sink.of(CannotRead)] == ["encrypted"], "after its key had time to come"
    assert [e.exposed for e in stage.sink.of(WordsGiven)] == [True], "and in the order of giving"
    await stage.platform.perform(tell(stage, "bob"))
    said = [e["type"] for e in await bob.history(chat) if e["sender"] == stage.me.native]
    assert "m.room.encrypted" in said
    assert "m.room.message" not in said
    assert not await invitations(bob)


async def test_who_left_the_chat_is_followed_only_with_an_answer(stage: MatrixStage) -> None:
    """Leaving says: do not write to me. Speaking to the bot again takes that back."""
    bob = stage.people["bob"]
    await stage.platform.perform(tell(stage, "bob"))
    (chat,) = await invitations(bob)
    await bob.leave(chat)
    bob.chats.clear()
    await asyncio.sleep(0.5)
    with pytest.raises(Undeliverable) as refused:
        await stage.platform.perform(tell(stage, "bob", "unasked"))
    assert (refused.value.reason, refused.value.retry_after) == ("closed", None)
    await bob.say(stage.room.native, "!consent")
    await until(lambda: stage.sink.of(WordsGiven) or None)
    await stage.platform.perform(tell(stage, "bob", "an answer"))
    assert "an answer" in await stage.read_in_private("bob")


async def test_no_direct_chat_is_ever_a_guarded_room(stage: MatrixStage) -> None:
    """Neither the bot's own nor a person's, before and after a restart."""
    await stage.platform.perform(tell(stage, "bob"))
    chats = [await stage.people["ann"].chat(), await stage.people["zoe"].chat()]
    for _ in range(2):
        rooms = {
            *stage.platform.rooms_of(stage.someone("ann")),
            *stage.platform.rooms_of(stage.someone("bob")),
        }
        assert rooms == {stage.room}
        assert not any(stage.platform.view(RoomId("matrix", chat)) for chat in chats)
        await stage.reconnect()
        await until(lambda: stage.platform.health().ready or None)


async def test_an_answer_comes_where_the_question_was_asked(stage: MatrixStage) -> None:
    """Who has two chats with the bot is answered in the one that they use."""
    bob = stage.people["bob"]
    first = await bob.chat()
    second = await bob.create_room(stage.me.native, direct=True)
    bob.watch()
    await bob.see_membership(second, stage.me.native, "join")
    for chat in (first, second, first):
        heard = len(stage.sink.of(WordsGiven)) + 1
        await bob.say(chat, "!consent")
        await until(lambda n=heard: len(stage.sink.of(WordsGiven)) >= n or None)  # type: ignore[misc]
        await stage.platform.perform(tell(stage, "bob", f"in {chat}"))
        said = [e["content"].get("body") for e in await bob.history(chat)]
        assert f"in {chat}" in said
