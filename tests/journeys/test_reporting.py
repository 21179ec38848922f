"""A whole case on the real homeserver: from the first word of a report to its closing."""

import re

import pytest

from tests.support.api import Json
from tests.support.botprocess import BotProcess, MakeBot
from tests.support.circle import Circle, MakePerson, until
from tests.support.client import Person
from tests.support.sealed import SealedPerson

CODE = re.compile(r"`([a-z]+(?:[ -][a-z]+){5,})`")
HOUR = 3700.0


async def _with_two_facilitators(someone: MakePerson, keeper: BotProcess, encrypted: bool) -> Circle:
    circle = await Circle.guarded(someone, keeper, "ben", "gus", encrypted=encrypted)
    gus = circle.members[1]
    await circle.admin.ask_bot(f"!facilitator add {gus.user_id}")
    await gus.ask_bot("!facilitator accept")
    await circle.admin.ask_bot("!group set quiet_hours none confirm", "quiet_hours")
    return circle


async def _report(person: Person) -> str:
    """Guided, in plain words; the code."""
    await person.ask_bot("!report", "What happened")
    await person.ask_bot("screenshot", "When was it")
    await person.ask_bot("last Tuesday, in a chat of my school", "Who is harmed")
    await person.ask_bot("me", "What do you wish for")
    await person.ask_bot("stop", "In your own words")
    await person.ask_bot("My post was passed around. I saw it on a phone.", "not see this")
    await person.ask_bot("nobody", "With your name, or without")
    shown = await person.ask_bot("without", "This is your report")
    assert "My post was passed around" in shown
    sent = await person.ask_bot("send", "Your report is sent")
    found = CODE.search(sent)
    assert found
    assert found[1] in shown
    return found[1]


async def _readable(person: Person) -> list[Json]:
    """What stands in the direct chat, for everybody who looks at the homeserver."""
    events = await person.history(await person.chat())
    return [e for e in events if e["type"] in ("m.room.message", "m.room.encrypted") and e["content"]]


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
@pytest.mark.timeout(240)
async def test_a_whole_case_from_report_to_closing(
    make_keeper: MakeBot, someone: MakePerson, encrypted: bool
) -> None:
    """Guided in the direct chat, taken down on both sides, handled by two, and read with the code."""
    keeper = await make_keeper().start_beside()
    circle = await _with_two_facilitators(someone, keeper, encrypted)
    ada, (ben, gus) = circle.admin, circle.members
    before = {e["event_id"] for e in await _readable(ben)}
    code = await _report(ben)

    async def taken_down() -> bool:
        left = [e for e in await _readable(ben) if e["event_id"] not in before]
        return len(left) == 1

    await until(taken_down, "taken down on both sides")
    kind: type[Person] = SealedPerson if encrypted else Person
    stranger = await someone("zoe", keeper, kind=kind)
    if not encrypted:  # a chat with somebody of no group is as they open it
        assert "waiting for somebody" in await stranger.ask_bot(f"!case show {code}")
    assert "No case is open" in await ada.ask_bot("!cases", "case desk")
    posts = len([e for e in await ada.history(circle.room) if e["sender"] == keeper.user_id])

    assert keeper.stop() == 0
    keeper.ahead = HOUR
    await keeper.start_beside()
    for facilitator in (ada, gus):
        await facilitator.answer("something new at the case desk")
    listed = await ada.ask_bot("!cases", "1 case is open")
    name = re.search(r"\*\*([a-z]+-[a-z]+)\*\*", listed)
    assert name
    case = name[1]
    shown = await ada.ask_bot(f"!cases show {case}", "gave no name")
    assert "My post was passed around" in shown
    assert ben.user_id not in shown
    await ada.ask_bot(f"!cases acknowledge {case}", "in your hands")
    assert "has it in hand already" in await gus.ask_bot(f"!cases acknowledge {case}")
    await ada.ask_bot(f"!cases step {case}", "Step 1 of 7")
    await ada.ask_bot(f"!cases step {case} done", "Step 2 of 7")
    await ada.ask_bot(f"!cases ask {case} Are you safe?", "waits for")
    assert "Are you safe?" in await ben.ask_bot(f"!case show {code}", "Your report")
    await ben.ask_bot(f"!case add {code} Yes, I am.", "Added")
    await ada.ask_bot(f"!cases address {case}", "everybody in the room will read")
    await ada.ask_bot("confirm", "Posted")
    await circle.admin.see(circle.room, lambda e: "told outside it" in str(e["content"].get("body")))
    await ada.ask_bot(f"!cases close {case} We talked, and the picture is gone.", "Closed")
    assert "the picture is gone" in await ben.ask_bot(f"!case show {code}", "It is closed")
    said = [e for e in await ada.history(circle.room) if e["sender"] == keeper.user_id]
    assert len(said) <= posts + 2, "the room hears nothing but what a facilitator posts"
    assert not [line for line in keeper.logs().splitlines() if "level=error" in line]


async def test_a_report_typed_in_the_room_is_taken_down_and_goes_on_in_private(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """Others may have seen it, and that is said; what can be seen in the room is gone."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    event = await ben.say(circle.room, "!report")
    said = await ben.answer("What happened")
    assert "may have seen it" in said["content"]["body"]

    def taken_down(seen: Json) -> bool:
        return seen["type"] == "m.room.redaction" and event in (
            seen.get("redacts"),
            seen["content"].get("redacts"),
        )

    await circle.admin.see(circle.room, taken_down)


async def test_where_the_bot_may_not_take_the_persons_words_down_it_says_so(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """In a chat that a person opened and where the bot has no power, only its own words go."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    ben.watch()
    room = await ben.create_room(ben.bot, direct=True, preset="private_chat")
    await ben.see_membership(room, ben.bot, "join")
    ben.chats.append(room)
    await ben.ask_bot("!report", "What happened")
    await ben.ask_bot("!report cancel", "deleted your report")
    await ben.answer("delete your own messages")
    left = [e for e in await _readable(ben) if "What happened" in str(e["content"])]
    assert left == []
