"""Events that a library may reject and that other clients show all the same."""

import asyncio
from typing import Any

import pytest

from tests.support.api import Refused
from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson, agree, until
from tests.support.client import Person

MALFORMED: dict[str, tuple[str, dict[str, Any]]] = {
    "an image without a url": ("m.room.message", {"msgtype": "m.image", "body": "look"}),
    "formatted words that are a number": (
        "m.room.message",
        {"msgtype": "m.text", "body": "hi", "format": "org.matrix.custom.html", "formatted_body": 5},
    ),
    "no body at all": ("m.room.message", {"msgtype": "m.text", "formatted_body": "<b>hi</b>"}),
    "a body that is a list": ("m.room.message", {"msgtype": "m.text", "body": ["hi"]}),
    "no message type": ("m.room.message", {"body": "hi"}),
    "an unknown message type": ("m.room.message", {"msgtype": "org.example.new", "body": "hi"}),
    "nothing in it": ("m.room.message", {}),
    "a relation of the wrong shape": (
        "m.room.message",
        {"msgtype": "m.text", "body": "hi", "m.relates_to": [1, 2]},
    ),
    "an edit of nothing": (
        "m.room.message",
        {
            "msgtype": "m.text",
            "body": "* hi",
            "m.new_content": 7,
            "m.relates_to": {"rel_type": "m.replace", "event_id": "$none"},
        },
    ),
    "a sticker": ("m.sticker", {"body": "wave", "url": "mxc://keeper.test/x", "info": {}}),
    "a poll": ("org.matrix.msc3381.poll.start", {"question": {"body": "who?"}}),
    "something encrypted in a plain room": (
        "m.room.encrypted",
        {"algorithm": "m.megolm.v1.aes-sha2", "ciphertext": "AAAA", "session_id": "x"},
    ),
    "a call": ("m.call.invite", {"call_id": "1", "version": 1, "lifetime": 60000, "offer": {}}),
    "a state event's type without being state": (
        "m.room.topic",
        {"topic": "words for everybody"},
    ),
}


async def attempt(person: Person, room: str, kind: str, content: dict[str, Any]) -> str | None:
    """Send it. What the homeserver itself refuses is seen by nobody: None."""
    try:
        return await person.send(room, kind, content)
    except Refused:
        return None


async def test_whatever_is_said_without_consent_is_taken_down(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """Where the gate `mute` holds by taking down, nothing slips by for being malformed."""
    circle = await Circle.gather(someone, keeper)
    await circle.adopt(power=50)
    await circle.set_up(gate="mute")
    dora = await circle.welcome(await someone("dora", keeper))
    await asyncio.sleep(0.5)
    tried = {reason: await attempt(dora, circle.room, *event) for reason, event in MALFORMED.items()}
    sent = {reason: event for reason, event in tried.items() if event is not None}
    assert len(sent) >= 8
    target = await circle.admin.say(circle.room, "welcome")
    sent["a reaction"] = await dora.send(
        circle.room,
        "m.reaction",
        {"m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": "words in a reaction"}},
    )
    for reason, event in sent.items():
        await until(lambda e=event: dora.gone(circle.room, e), f"{reason} is taken down", timeout=5)  # type: ignore[misc]


async def test_a_muted_person_cannot_talk_by_reactions(keeper: BotProcess, someone: MakePerson) -> None:
    """Power levels leave reactions open; so they are taken down."""
    circle = await Circle.guarded(someone, keeper, gate="mute")
    dora = await circle.welcome(await someone("dora", keeper))
    await circle.falls_silent(dora)
    target = await circle.admin.say(circle.room, "welcome")
    reaction = await dora.send(
        circle.room,
        "m.reaction",
        {"m.relates_to": {"rel_type": "m.annotation", "event_id": target, "key": "hello all"}},
    )
    await until(lambda: dora.gone(circle.room, reaction), "the reaction is taken down", timeout=5)


@pytest.mark.parametrize("place", ["room", "direct chat"])
async def test_the_bot_lives_through_malformed_events(
    keeper: BotProcess, someone: MakePerson, place: str
) -> None:
    """After all of them it still answers."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    await ben.answer("consent understood", timeout=40)
    where = circle.room if place == "room" else await ben.chat()
    for kind, content in MALFORMED.values():
        await attempt(ben, where, kind, content)
    await attempt(ben, where, "m.room.power_levels", {"users": {ben.user_id: 100}})
    await asyncio.sleep(0.5)
    await agree(ben, asked=False)
    assert "facilitator" in await ben.ask_bot("!group")


async def test_a_state_change_that_is_no_state_changes_nothing(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """Only real state events move people or powers in the bot's picture of the room."""
    circle = await Circle.guarded(someone, keeper, "ben", "cleo")
    ben, cleo = circle.members
    await cleo.answer("consent understood", timeout=40)
    await attempt(ben, circle.room, "m.room.member", {"membership": "leave", "state_key": cleo.user_id})
    await attempt(ben, circle.room, "m.room.power_levels", {"users": {ben.user_id: 100}})
    await asyncio.sleep(0.5)
    await cleo.ask_bot("!consent understood", "consent agree")
    said = await ben.ask_bot("!setup")
    assert "administrator" in said or "facilitator" in said
