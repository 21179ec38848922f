"""Meetings, calls and recording on a real homeserver, in plain rooms and in encrypted ones."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import new_name
from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson, agree, plain_and_encrypted, until
from tests.support.client import Person
from tests.support.inside import KeeperInside
from tests.support.synapse import Synapse

CALL = "org.matrix.msc3401.call.member"
WIDGET = "im.vector.modular.widgets"
JITSI = {
    "type": "jitsi",
    "name": "Our Jitsi",
    "url": "https://meet.example.org/x",
    "creatorUserId": "@ada:keeper.test",
    "data": {"conferenceId": "x"},
}
PROMISED = 10.0
"""Seconds until an alert (PRACTICE.md, "Recording")."""


@pytest.fixture
async def keeper_inside(homeserver: Synapse, tmp_path: Path) -> AsyncIterator[KeeperInside]:
    """A bot whose clock the story can move."""
    bot = KeeperInside(homeserver.url, homeserver.register(new_name("keeper")), tmp_path)
    yield await bot.start()
    await bot.stop()


async def in_room(circle: Circle, person: Person, words: str, timeout: float = PROMISED) -> str:
    """Wait until the bot has said this to the room."""
    person.watch()
    found = await person.see(
        circle.room,
        lambda e: e["sender"] == circle.keeper.user_id and words in str(e["content"].get("body", "")),
        timeout,
    )
    return str(found["content"]["body"])


async def calls(circle: Circle, person: Person, on: bool = True) -> None:
    """Somebody joins the room's call, as Element Call does it, or leaves it."""
    content: dict[str, Any] = {
        "application": "m.call", "call_id": "", "device_id": "A", "expires": 14_400_000, "scope": "m.room",
    }  # fmt: skip
    await person.set_state(circle.room, CALL, content if on else {}, key=f"_{person.user_id}_A_m.call")


async def open_to_calls(circle: Circle) -> None:
    """Everybody may join calls, as rooms are set up for them."""
    await circle.admin.powers(circle.room, events={CALL: 0, "m.room.power_levels": 100})


@plain_and_encrypted
async def test_a_meeting_begins_with_the_pledge_and_ends_with_a_reminder(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """From the facilitator's direct chat, for everybody in the room; who comes late is told in private."""
    circle = await Circle.guarded(someone, keeper, "ben", encrypted=encrypted)
    ada, ben = circle.admin, circle.members[0]
    assert "session end" in await ada.ask_bot("!session start 60 Letters", "The meeting is open")
    said = await in_room(circle, ben, "Our meeting begins")
    for part in ("Letters", "No recording", "Nobody may record", "2 people are here", "!urgent"):
        assert part in said
    dora = await circle.welcome(await someone("dora", keeper, kind=type(ben)))
    await dora.answer("Our pledge", timeout=40)
    await in_room(circle, ben, "those who came a little later")
    await ada.ask_bot("!session plan tomorrow 19:00 weekly confirm", "Planned")
    await ada.ask_bot("!session end", "The meeting is closed")
    assert "We meet next on" in await in_room(circle, ben, "Our meeting is over")


@plain_and_encrypted
async def test_calls_and_what_records_in_them_are_seen_and_a_widget_is_put_away_and_back(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """State is never encrypted: it is seen in both kinds of rooms, within ten seconds."""
    circle = await Circle.guarded(someone, keeper, "ben", "cleo", encrypted=encrypted)
    ada, (ben, cleo) = circle.admin, circle.members
    await open_to_calls(circle)
    began = time.monotonic()
    await calls(circle, ben)
    assert "Nobody may record it" in await in_room(circle, cleo, "A call has started")
    assert time.monotonic() - began < PROMISED
    cleo.heard()
    await calls(circle, cleo)
    await cleo.answer("You have joined the call")
    scribe = await circle.welcome(await someone("bot-scribe", keeper, kind=type(ben)))
    ada.heard()
    began = time.monotonic()
    await calls(circle, scribe)
    await ada.answer("A bot in the call can record")
    assert time.monotonic() - began < PROMISED
    await in_room(circle, ben, "Something here may be recording: bot-scribe")

    await ada.set_state(circle.room, WIDGET, JITSI, key="jitsi")
    await ada.answer("runs in a place that I cannot see into: Our Jitsi")
    assert await ada.state(circle.room, WIDGET, "jitsi") == JITSI, "by itself it only tells"
    await ada.ask_bot("!group set recorder_policy block confirm")

    async def away() -> bool:
        return await ada.state(circle.room, WIDGET, "jitsi") == {}

    async def back() -> bool:
        return await ada.state(circle.room, WIDGET, "jitsi") == JITSI

    await until(away, "the widget is put away", timeout=PROMISED)
    await ada.ask_bot("!group set recorder_policy alert confirm")
    await until(back, "the widget is back, exactly as it was", timeout=PROMISED)


@plain_and_encrypted
async def test_everyone_is_asked_in_private_and_anybody_can_end_it(
    keeper_inside: KeeperInside, someone: MakePerson, encrypted: bool
) -> None:
    """Four people in the call; ten minutes pass; a stop; the room learns that, and not who."""
    keeper: Any = keeper_inside
    circle = await Circle.guarded(someone, keeper, "ben", "cleo", "dan", encrypted=encrypted)
    ada, (ben, cleo, dan) = circle.admin, circle.members
    everybody = (ada, ben, cleo, dan)
    for person in everybody:
        await agree(person, asked=False)
    await open_to_calls(circle)
    await ada.ask_bot("!session start", "The meeting is open")
    for person in everybody:
        await calls(circle, person)
    await in_room(circle, ben, "Our meeting begins")
    for person in everybody:
        person.heard()
    await ben.ask_bot("!recording ask to practise | the four of us | 7", "I have asked everyone")
    for person in (ada, cleo, dan):
        asked = str((await person.answer("may this meeting be recorded"))["content"]["body"])
        assert "said in the call" in asked
        await person.ask_bot("!recording agree", "noted your yes")
    assert not any("Everyone agreed" in str(e["content"]) for e in await ben.history(circle.room))
    keeper_inside.clock.forward(601)
    assert "the four of us" in await in_room(circle, cleo, "Everyone agreed")
    await dan.ask_bot("!recording stop", "Nobody may record from now on")
    ended = await in_room(circle, cleo, "Recording ends now", timeout=5)
    assert "dan" not in ended
