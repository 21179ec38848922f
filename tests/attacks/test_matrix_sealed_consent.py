"""Consent in encrypted chats: in plain words it is none, said twice it counts once."""

import asyncio

import pytest

from adapters.matrix import waiting
from tests.attacks.sealed_stage import SealedStage, sealed
from tests.attacks.test_matrix_consent import has_not_agreed
from tests.contract.stage import until
from tests.support.api import Json
from tests.support.botprocess import BotProcess, MakeBot
from tests.support.circle import Circle, MakePerson
from tests.support.sealed import SealedPerson


def says(room: str, words: str) -> Json:
    """The payload of a message."""
    return {"type": "m.room.message", "room_id": room, "content": {"msgtype": "m.text", "body": words}}


async def test_plain_words_in_an_encrypted_chat_consent_to_nothing(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """They travelled in the open (law 6). Who needs help is answered all the same, and so is who asks for
    the rules."""
    circle = await Circle.guarded(someone, keeper, "ben", encrypted=True)
    (ben,) = circle.members
    assert isinstance(ben, SealedPerson)
    await circle.admin.ask_bot("!group set crisis_contact 0800-lighthouse confirm")
    await ben.answer("consent understood", timeout=40)
    chat = await ben.chat()
    for words in ("!consent understood", "understood", "!consent agree", "agree"):
        await ben.send_plain(chat, "m.room.message", {"msgtype": "m.text", "body": words})
        await ben.answer()
    assert await has_not_agreed(ben)
    for words, answer in (("!urgent", "0800-lighthouse"), ("!rules", "")):
        ben.heard()
        await ben.send_plain(chat, "m.room.message", {"msgtype": "m.text", "body": words})
        assert "consent understood" not in str((await ben.answer(answer))["content"]["body"])
    assert await has_not_agreed(ben)


async def test_an_agreement_that_is_said_again_does_not_undo_a_withdrawal(
    make_keeper: MakeBot, someone: MakePerson
) -> None:
    """Whoever carries messages can put the same ciphertext into another event: also after a restart of
    the bot, and also beside forged levels and memberships. The gate stays as it was."""
    keeper = await make_keeper().start_beside()
    circle = await Circle.guarded(someone, keeper, "ben", gate="mute", encrypted=True)
    (ben,) = circle.members
    assert isinstance(ben, SealedPerson)
    await ben.answer("consent understood", timeout=40)
    chat = await ben.chat()
    said = []
    for words, answer in (("!consent understood", "consent agree"), ("!consent agree", "")):
        said.append(await sealed(ben, chat, says(chat, words)))
        await ben.answer(answer)
    await circle.speaks(ben)
    await ben.ask_bot("!consent withdraw", "consent undo")
    await circle.falls_silent(ben)
    levels = await circle.admin.state(circle.room, "m.room.power_levels")

    async def attack() -> None:
        for content in said:
            await ben.send_plain(chat, "m.room.encrypted", content)
        for kind, inside in (
            ("m.room.power_levels", {"users": {ben.user_id: 100}, "events_default": 0}),
            ("m.room.member", {"membership": "leave"}),
            ("m.room.redaction", {"redacts": "$x"}),
        ):
            for room in (chat, circle.room):
                inner = {"type": kind, "room_id": room, "state_key": ben.user_id, "content": inside}
                await sealed(ben, chat, inner)
        ben.heard()
        assert await ben.ask_bot("!rules")

    await attack()
    keeper.kill()
    for content in said:
        await ben.send_plain(chat, "m.room.encrypted", content)
    await keeper.start_beside()
    await attack()
    assert not await circle.may_speak(ben)
    assert await circle.admin.state(circle.room, "m.room.power_levels") == levels


async def test_a_key_that_came_while_the_bot_was_away_is_not_lost(sealed_stage: SealedStage) -> None:
    """Also of somebody who may not invite the bot, and of whom no room says yet that they are there."""
    bob = sealed_stage.person("bob")
    chat = await bob.chat()
    await sealed_stage.still_hears("bob", chat)
    await sealed_stage.close_bot()
    sealed_stage._section.accept_invites_from[:] = [sealed_stage.person("ann").user_id]
    bob.olm.create_outbound_group_session(chat)
    await bob.share(chat)
    sealed_stage._connect()
    await until(lambda: sealed_stage.platform.health().ready or None)
    await bob.say(chat, "!consent")
    await until(lambda: sealed_stage.words().count("!consent") or sealed_stage.unread() or None)
    assert sealed_stage.unread() == []


async def test_junk_of_one_member_holds_up_nobody(
    sealed_stage: SealedStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each message waits for a key; but all of one person's at the same time, and nobody else's."""
    monkeypatch.setattr(waiting, "PATIENCE", 4.0)
    ann, bob, room = sealed_stage.person("ann"), sealed_stage.person("bob"), sealed_stage.room.native
    await sealed_stage.hear(True)
    await sealed_stage.still_hears("ann", room)
    chat = await bob.chat()
    junk = await bob.seal(chat, says(chat, "x"))
    for n in range(20):
        for where in (chat, room):
            await bob.send_plain(where, "m.room.encrypted", {**junk, "session_id": f"unknown{n}"})
    began = asyncio.get_running_loop().time()
    await ann.say(room, "!consent in between")
    await until(lambda: "!consent in between" in sealed_stage.words() or None)
    assert asyncio.get_running_loop().time() - began < 3
    await until(lambda: len(sealed_stage.unread()) == 20 or None, "the end of waiting")
