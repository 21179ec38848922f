"""Whoever encrypts can put anything inside: none of it is obeyed, and the bot lives on.

Every attack that PLATFORMS.md names, in encrypted direct chats and in encrypted guarded rooms.
"""

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from adapters.matrix.crypto.machine import MEGOLM
from bot.boundary.events import MessagePosted
from tests.attacks.sealed_stage import SealedStage, sealed
from tests.contract.stage import until
from tests.support.api import Json
from tests.support.sealed import SealedPerson

DEEP = 15_000
AGREE = {"msgtype": "m.text", "body": "!consent agree"}


def payloads(room: str, bot: str, me: str) -> Iterator[tuple[str, Any, str | None]]:
    """(what it is, the payload, its text where no JSON value makes it). None is a word to the bot."""
    here = {"room_id": room}
    yield (
        "a redaction",
        {**here, "type": "m.room.redaction", "redacts": "$x", "content": {"redacts": "$x"}},
        None,
    )
    joins = {"membership": "join", "displayname": "The facilitator"}
    yield "a membership", {**here, "type": "m.room.member", "state_key": me, "content": joins}, None
    yield (
        "the bot's ban",
        {**here, "type": "m.room.member", "state_key": bot, "content": {"membership": "ban"}},
        None,
    )
    levels = {"users": {me: 100}, "events_default": 0}
    yield "power levels", {**here, "type": "m.room.power_levels", "state_key": "", "content": levels}, None
    yield "power levels, no state", {**here, "type": "m.room.power_levels", "content": levels}, None
    yield "a message as state", {**here, "type": "m.room.message", "state_key": 1, "content": []}, None
    yield "encrypted once more", {**here, "type": "m.room.encrypted", "content": {"algorithm": MEGOLM}}, None
    values: tuple[Any, ...] = ([], [AGREE], "!consent agree", 7, None, True, {})
    for value in values:
        yield f"the value {value!r}", value, None
    yield "brackets", None, "[" * DEEP + "]" * DEEP
    yield "unclosed brackets", None, "[" * DEEP
    yield "objects", None, '{"a":' * 7000 + "1" + "}" * 7000
    deep = json.dumps({**here, "type": "m.room.message", "content": "@"})
    yield "a deep content", None, deep.replace('"@"', "[" * DEEP + "]" * DEEP)
    yield "no JSON", None, "!consent agree"
    yield "nothing", None, ""
    yield "half a character", None, deep.replace('"@"', '"\\ud800"')
    yield "a huge number", None, deep.replace('"@"', "9" * 5000)
    yield "another room inside", {"room_id": "!other:x", "type": "m.room.message", "content": AGREE}, None
    yield "no room inside", {"type": "m.room.message", "content": AGREE}, None
    yield "a list of rooms inside", {"room_id": [room], "type": "m.room.message", "content": AGREE}, None
    yield "no type", {**here, "content": AGREE}, None
    yield "a type that is none", {**here, "type": ["m.room.message"], "content": AGREE}, None
    yield "no content", {**here, "type": "m.room.message"}, None
    yield "content that is none", {**here, "type": "m.room.message", "content": [AGREE]}, None
    yield "a body that is none", {**here, "type": "m.reaction", "content": {"m.relates_to": 5}}, None


def contents(good: Json) -> Iterator[tuple[str, Json]]:
    """What can be wrong around the ciphertext; `good` would open."""
    yield "no base64", {**good, "ciphertext": "!consent agree"}
    yield "empty", {**good, "ciphertext": ""}
    yield "cut short", {**good, "ciphertext": good["ciphertext"][:-9]}
    yield "a few bytes", {**good, "ciphertext": "AwgAEg"}
    yield "huge", {**good, "ciphertext": "A" * 60_000}
    yield "one sign changed", {**good, "ciphertext": _changed(good["ciphertext"])}
    yield "for a device", {**good, "ciphertext": {"abc": {"type": 0, "body": good["ciphertext"]}}}
    yield "another algorithm", {**good, "algorithm": "m.megolm.v2.aes-sha2"}
    yield "no algorithm", {k: v for k, v in good.items() if k != "algorithm"}
    yield "no session", {k: v for k, v in good.items() if k != "session_id"}
    yield "a session that is none", {**good, "session_id": ["x"]}
    yield "relations that are none", {**good, "ciphertext": "AwgA", "m.relates_to": [1]}


def _changed(ciphertext: str) -> str:
    middle = len(ciphertext) // 2
    other = "A" if ciphertext[middle] != "A" else "B"
    return ciphertext[:middle] + other + ciphertext[middle + 1 :]


Attack = Callable[[SealedStage, SealedPerson, str], Any]


async def every_payload(stage: SealedStage, person: SealedPerson, room: str) -> None:
    """Send them all."""
    for _, payload, raw in payloads(room, stage.me.native, person.user_id):
        await sealed(person, room, payload, raw)


async def every_content(stage: SealedStage, person: SealedPerson, room: str) -> None:
    """Send them all, each made of a ciphertext that would open."""
    good = await person.seal(room, {"type": "m.room.message", "content": AGREE, "room_id": room})
    for _, content in contents(good):
        await person.send_plain(room, "m.room.encrypted", content)


ATTACKS: tuple[Attack, ...] = (every_payload, every_content)


@pytest.mark.parametrize("attack", ATTACKS)
async def test_in_a_direct_chat_nothing_forged_is_a_word(sealed_stage: SealedStage, attack: Attack) -> None:
    """What no app makes is passed over in silence; the next real command is heard."""
    bob = sealed_stage.person("bob")
    chat = await bob.chat()
    await sealed_stage.still_hears("bob", chat)
    before, said = sealed_stage.standing(), len(sealed_stage.words())
    await attack(sealed_stage, bob, chat)
    await sealed_stage.still_hears("bob", chat)
    assert len(sealed_stage.words()) == said + 1
    assert sealed_stage.unread() == []
    assert sealed_stage.standing() == before


@pytest.mark.parametrize("hearing", [False, True], ids=["hearing off", "hearing on"])
@pytest.mark.parametrize("attack", ATTACKS)
async def test_in_a_guarded_room_everything_is_a_message_and_nothing_a_word(
    sealed_stage: SealedStage, attack: Attack, hearing: bool
) -> None:
    """The gate judges each by its sender; who is there and who may do what stays as it was."""
    bob, room = sealed_stage.person("bob"), sealed_stage.room.native
    await sealed_stage.hear(hearing)
    if hearing:
        await sealed_stage.still_hears("bob", room)
    before, said = sealed_stage.standing(), len(sealed_stage.words())
    await attack(sealed_stage, bob, room)
    await sealed_stage.still_guards("bob")
    if hearing:
        await sealed_stage.still_hears("bob", room)
    assert len(sealed_stage.words()) == said + hearing
    assert sealed_stage.standing() == before
    mine = [e for e in await bob.history(room) if e["sender"] == bob.user_id and "state_key" not in e]
    posted = [e.message.native for e in sealed_stage.sink.of(MessagePosted) if e.by.native == bob.user_id]
    assert sorted(posted) == sorted(e["event_id"] for e in mine)


async def test_words_that_say_they_were_taken_back_are_heard(sealed_stage: SealedStage) -> None:
    """`unsigned.redacted_because` inside hides a text from libraries, and from nobody else."""
    bob = sealed_stage.person("bob")
    chat = await bob.chat()
    because = {"type": "m.room.redaction", "sender": bob.user_id, "event_id": "$x", "content": {}}
    await sealed_stage.hear(True)
    for room in (chat, sealed_stage.room.native):
        payload = {
            "type": "m.room.message",
            "room_id": room,
            "content": {**AGREE, "body": f"!consent {room}"},
        }
        await sealed(bob, room, {**payload, "unsigned": {"redacted_because": because}, "redacts": "$x"})
        await until(lambda: f"!consent {room}" in sealed_stage.words() or None)  # noqa: B023 - at once


async def test_an_encrypted_event_that_is_state_is_not_opened(sealed_stage: SealedStage) -> None:
    """Outside as inside: state is unencrypted, or it is none."""
    ann = sealed_stage.person("ann")
    chat = await ann.chat()
    await sealed_stage.hear(True)
    await sealed_stage.still_hears("ann", chat)
    said, before = len(sealed_stage.words()), sealed_stage.standing()
    for room in (chat, sealed_stage.room.native):
        for kind, content in (
            ("m.room.message", AGREE),
            ("m.room.power_levels", {"users": {ann.user_id: 100}}),
            ("m.room.member", {"membership": "leave"}),
        ):
            inner = {"type": kind, "room_id": room, "state_key": "", "content": content}
            await ann.set_state(room, "m.room.encrypted", await ann.seal(room, inner), kind)
        await sealed_stage.still_hears("ann", room)
    assert len(sealed_stage.words()) == said + 2
    assert sealed_stage.standing() == before


async def test_the_same_ciphertext_in_another_event_counts_once(sealed_stage: SealedStage) -> None:
    """Nor in another room, nor after a restart of the bot, nor said by somebody else."""
    bob, ann = sealed_stage.person("bob"), sealed_stage.person("ann")
    chat, room = await bob.chat(), sealed_stage.room.native
    await sealed_stage.hear(True)
    for where in (chat, room):
        once = {
            "type": "m.room.message",
            "room_id": where,
            "content": {**AGREE, "body": f"!consent in {where}"},
        }
        content = await sealed(bob, where, once)
        await until(lambda: f"!consent in {where}" in sealed_stage.words() or None)  # noqa: B023 - at once
        for elsewhere, by in ((chat, bob), (room, bob), (room, ann)):
            await by.send_plain(elsewhere, "m.room.encrypted", content)
        await sealed_stage.still_hears("bob", chat)
        await sealed_stage.still_hears("bob", room)
        await asyncio.sleep(1.2)  # what waits for a key has waited
        assert sealed_stage.words().count(f"!consent in {where}") == 1
        await sealed_stage.reconnect()
        await until(lambda: sealed_stage.platform.health().ready or None)
        sealed_stage.sink.events.clear()
        await bob.send_plain(where, "m.room.encrypted", content)
        await sealed_stage.still_hears("bob", where)
        assert f"!consent in {where}" not in sealed_stage.words()
        sealed_stage.sink.events.clear()


async def test_what_somebody_elses_key_opens_is_nobodys_word(sealed_stage: SealedStage) -> None:
    """Ann's app gives the bot a key; an event made with it, but sent by Bob, is neither's."""
    bob, ann, room = sealed_stage.person("bob"), sealed_stage.person("ann"), sealed_stage.room.native
    await sealed_stage.hear(True)
    await sealed_stage.still_hears("ann", room)
    await sealed_stage.still_hears("bob", room)
    said = len(sealed_stage.words())
    content = await ann.seal(room, {"type": "m.room.message", "room_id": room, "content": AGREE})
    await bob.send_plain(room, "m.room.encrypted", content)
    await bob.send_plain(room, "m.room.encrypted", {**content, "device_id": bob.device})
    keys = bob.olm.account.identity_keys
    await bob.send_plain(room, "m.room.encrypted", {**content, "sender_key": keys["curve25519"]})
    await asyncio.sleep(1.2)
    await sealed_stage.still_hears("ann", room)
    assert len(sealed_stage.words()) == said + 1


async def test_keys_of_guarded_rooms_open_nothing_and_of_strangers_neither(sealed_stage: SealedStage) -> None:
    """With hearing off a key is thrown away, also when hearing is switched on later."""
    bob, room = sealed_stage.person("bob"), sealed_stage.room.native
    early = await sealed(bob, room, {"type": "m.room.message", "room_id": room, "content": AGREE})
    await sealed_stage.still_guards("bob")
    assert not sealed_stage.machine.rooms_with_keys()
    await sealed_stage.hear(True)
    await bob.send_plain(room, "m.room.encrypted", early)
    await asyncio.sleep(1.3)
    assert sealed_stage.words() == []
    bob.olm.create_outbound_group_session(room)
    await sealed_stage.still_hears("bob", room)
    await sealed_stage.hear(False)
    said = len(sealed_stage.words())
    await bob.say(room, "!consent agree")
    await sealed_stage.still_guards("bob")
    await asyncio.sleep(1.3)
    assert len(sealed_stage.words()) == said
    assert not sealed_stage.machine.rooms_with_keys()
