"""What is different where the room is encrypted: the bot is deaf there, and private words are sealed."""

import asyncio
import json

import pytest

from adapters.sqlite import open_store
from adapters.vault import open_vault
from tests.support.api import Json
from tests.support.botprocess import BotProcess, MakeBot
from tests.support.circle import Circle, MakePerson, agree, receipt_of, until
from tests.support.client import Person
from tests.support.sealed import ENCRYPTED, SealedPerson

TO_PRIVATE = "write to me privately"
PAUSE = 2.0
"""Seconds in which the bot would have answered: it takes about a tenth."""


async def said_in_room(person: Person, circle: Circle) -> list[str]:
    """What the bot has said to everybody, as this person reads it."""
    await person.look_once()
    return [
        e["content"]["body"]
        for e in person.timelines[circle.room]
        if e["sender"] == circle.keeper.user_id and e["type"] == "m.room.message"
    ]


async def room_keys(circle: Circle) -> list[str]:
    """The names of the keys to this room in the storage of the bot, which is not running."""
    found = await circle.admin.call("POST", "/keys/query", {"device_keys": {circle.keeper.user_id: []}})
    (device,) = found["device_keys"][circle.keeper.user_id]
    folder = circle.keeper.folder
    vault = open_vault(folder / "secrets" / "master.key", circle.keeper.data, {})
    store = await open_store(circle.keeper.data, vault)
    try:
        names = await store.drawer(f"matrix/matrix-crypto {device}")
        assert "account" in names, "this is the drawer"
        return [name for name in names if circle.room in name]
    finally:
        await store.close()


async def test_words_typed_in_the_room_reach_nobody_and_people_are_told_where_to_write(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """Also private ones: the bot cannot see them, so it neither hides nor answers them."""
    circle = await Circle.guarded(someone, keeper, "ben", encrypted=True)
    ben = circle.members[0]
    await ben.answer("consent understood", timeout=40)
    assert any(TO_PRIVATE in words for words in await said_in_room(ben, circle)), "the notice says it"
    before = len(await said_in_room(ben, circle))
    ben.heard()
    typed = [await ben.say(circle.room, words) for words in ("!consent withdraw", "!rules", "!nothing")]
    await asyncio.sleep(PAUSE)
    assert len(await said_in_room(ben, circle)) == before
    assert not any([await ben.gone(circle.room, event) for event in typed])
    assert TO_PRIVATE in await ben.ask_bot("!rules"), "and so do the rules; nothing was said before"


async def test_hearing_is_the_groups_choice_and_ends_with_it(
    make_keeper: MakeBot, someone: MakePerson
) -> None:
    """Announced, and everybody is asked again; afterwards deaf again, and the keys are gone."""
    keeper = await make_keeper().start_beside()
    circle = await Circle.gather(someone, keeper, "ben", encrypted=True)
    await circle.adopt()
    await circle.set_up(quiet_hours="none")
    ben = circle.members[0]
    await agree(ben)
    ben.heard()
    await circle.admin.ask_bot("!group set hearing commands confirm")
    await ben.see(circle.room, lambda e: "I hold the room's keys" in e["content"].get("body", ""))
    await ben.answer("consent understood", timeout=40)

    async def answers() -> None:
        seen = len(ben.timelines[circle.room])
        await ben.say(circle.room, "!rules")
        await ben.see(circle.room, lambda e: e["sender"] == keeper.user_id, after=seen)

    async def is_silent() -> bool:
        before = len(await said_in_room(ben, circle))
        await ben.say(circle.room, "!rules")
        await asyncio.sleep(PAUSE)
        return len(await said_in_room(ben, circle)) == before

    await answers()
    slip = await ben.say(circle.room, "!consent withdraw")
    await until(lambda: ben.gone(circle.room, slip), "taken down", timeout=5)
    await ben.answer(circle.name)

    assert keeper.stop() == 0
    assert await room_keys(circle)
    await keeper.start_beside()
    await answers()

    await circle.admin.ask_bot("!group set hearing off confirm")
    await ben.see(circle.room, lambda e: "I do not hear this room any more" in e["content"].get("body", ""))
    assert await is_silent()
    assert keeper.stop() == 0
    assert not await room_keys(circle)
    await keeper.start_beside()
    assert await is_silent()


async def test_words_that_came_before_the_bot_into_a_chat_of_somebodys_own_are_answered(
    make_keeper: MakeBot, someone: MakePerson
) -> None:
    """Encrypted while the bot was not even running; the key came earlier than the bot into the chat."""
    keeper = await make_keeper().start_beside()
    circle = await Circle.guarded(someone, keeper, encrypted=True)
    dora = await someone("dora", keeper, kind=SealedPerson)
    dora.accepts_chats = False
    await circle.welcome(dora)
    assert keeper.stop() == 0
    chat = await dora.create_room(keeper.user_id, direct=True, preset="trusted_private_chat")
    dora.chats.append(chat)
    await dora.say(chat, "!consent")
    await keeper.start_beside()
    event = await dora.answer("consent understood")
    assert event["was_sealed"]
    await dora.ask_bot("!consent understood", "consent agree")


@pytest.mark.parametrize("preset", ["private_chat", "trusted_private_chat"])
async def test_plain_words_from_an_encrypted_group_are_refused_with_the_way_to_do_it_right(
    keeper: BotProcess, someone: MakePerson, preset: str
) -> None:
    """Whoever needs help now is helped all the same. What the bot says is sealed: in this chat, where it
    may switch encryption on (trusted), else in a chat of its own."""
    circle = await Circle.guarded(someone, keeper, encrypted=True)
    dora = await someone("dora", keeper, kind=SealedPerson)
    assert isinstance(dora, SealedPerson)
    dora.watch()
    chat = await dora.create_room(keeper.user_id, direct=True, preset=preset, initial_state=[])
    dora.chats.append(chat)
    await dora.see_membership(chat, keeper.user_id, "join")
    await circle.welcome(dora)
    await dora.answer("consent understood")

    async def plainly(words: str) -> str:
        dora.heard()
        await dora.send_plain(chat, "m.room.message", {"msgtype": "m.text", "body": words})
        return str((await dora.answer())["content"]["body"])

    said = await plainly("!consent understood")
    assert "was not encrypted" in said
    assert "Element" in said
    assert "was not encrypted" not in await plainly("!urgent")
    assert all(e.get("was_sealed") for e in dora.words)
    dora.heard()
    sealed = chat if preset == "trusted_private_chat" else dora.chats[-1]
    assert (sealed == chat) == (preset == "trusted_private_chat")
    await dora.say(sealed, "!consent understood")
    await dora.answer("consent agree")


class Forgetful(SealedPerson):
    """Somebody whose app sometimes does not give its keys away."""

    forgets = False

    async def share(self, room: str) -> None:
        if self.forgets:
            self.olm.create_outbound_group_session(room)
            self.olm.outbound_group_sessions[room].shared = True
        else:
            await super().share(room)


async def test_a_message_whose_key_never_comes_is_answered_with_what_to_do(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """Within 10 s; sent again as the answer says, it is read."""
    circle = await Circle.guarded(someone, keeper, encrypted=True)
    dora = await someone("dora", keeper, kind=Forgetful)
    assert isinstance(dora, Forgetful)
    await circle.welcome(dora)
    await dora.answer("consent understood", timeout=40)
    dora.forgets = True
    said = await dora.ask_bot("!consent understood", timeout=10)
    assert "I could not read your message" in said
    assert "/discardsession" in said
    dora.forgets = False
    del dora.olm.outbound_group_sessions[dora.chats[-1]]
    await dora.ask_bot("!consent understood", "consent agree")


async def test_a_receipt_comes_as_sealed_files(keeper: BotProcess, someone: MakePerson) -> None:
    """The homeserver keeps neither what is in them nor what they are called."""
    circle = await Circle.guarded(someone, keeper, "ben", encrypted=True)
    ben = circle.members[0]
    receipt = await agree(ben)
    assert receipt.matches
    files = [e["content"] for e in ben.words if e["content"]["msgtype"] == "m.file"]
    assert files
    for content in files:
        assert "url" not in content
        stored = await ben.download(content["file"]["url"])
        assert stored != await ben.file(content)
        assert str(receipt.fields["record_id"]).encode() not in stored
    raw = await super(SealedPerson, ben).history(ben.chats[-1])  # type: ignore[misc]
    assert str(receipt.fields["record_id"]) not in json.dumps(raw)


async def test_direct_chats_are_encrypted_from_when_the_room_is(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """Somebody switched encryption on in a guarded room. What was agreed to holds."""
    circle = await Circle.guarded(someone, keeper, "ben", kind=SealedPerson)
    ben = circle.members[0]
    receipt = await agree(ben)
    assert not any(e.get("was_sealed") for e in ben.words)
    circle.admin.heard()
    await circle.admin.set_state(circle.room, "m.room.encryption", ENCRYPTED["content"])
    told = await circle.admin.answer("switched encryption on")
    assert told["was_sealed"]

    def sealed(event: Json) -> bool:
        return bool(event.get("was_sealed"))

    await ben.say_to_bot("!rules")
    await ben.answer(match=sealed)
    await ben.say_to_bot("!consent receipt")
    assert (await receipt_of(ben)).fields["record_id"] == receipt.fields["record_id"]
    assert ben.words[-1]["was_sealed"]
