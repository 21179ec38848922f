"""Consent that was not given by the person, or not in words, is none."""

import asyncio

from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson
from tests.support.client import Person


async def has_not_agreed(person: Person) -> bool:
    """Whether the bot still shows this person the limits."""
    return "consent understood" in await person.ask_bot("!consent")


async def test_a_reaction_is_no_consent(keeper: BotProcess, someone: MakePerson) -> None:
    """Law 6: reactions travel in the open even in encrypted rooms."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    question = await ben.answer("consent understood", timeout=40)
    for key in ("👍", "✅", "agree", "!consent agree"):
        await ben.send(
            await ben.chat(),
            "m.reaction",
            {"m.relates_to": {"rel_type": "m.annotation", "event_id": question["event_id"], "key": key}},
        )
    assert await has_not_agreed(ben)


async def test_nobody_can_agree_for_somebody_else(keeper: BotProcess, someone: MakePerson) -> None:
    """Neither by naming them, nor as facilitator, nor by sitting in their direct chat."""
    circle = await Circle.guarded(someone, keeper, "ben", "cleo")
    ben, cleo = circle.members
    await ben.answer("consent understood", timeout=40)
    await cleo.answer("consent understood", timeout=40)
    await circle.admin.ask_bot(f"!consent agree {ben.user_id}")
    await cleo.ask_bot(f"!consent understood {ben.user_id}")
    assert await has_not_agreed(ben)


async def test_a_direct_chat_with_a_third_person_is_not_private(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """Law 5: what is for one person alone is not said where somebody else reads."""
    circle = await Circle.gather(someone, keeper, "ben", "cleo")
    ben, cleo = circle.members
    ben.accepts_chats = False
    await circle.adopt()
    await circle.set_up()
    chat = await ben.chat()
    await ben.ask_bot("!consent", "consent understood")
    await ben.invite(chat, cleo.user_id)
    cleo.watch()
    await cleo.see_invitation(chat)
    await cleo.join(chat)
    joined = await cleo.see(
        chat,
        lambda e: e.get("state_key") == cleo.user_id and e["content"].get("membership") == "join",
    )
    await asyncio.sleep(1)
    await ben.say(chat, "!mydata")
    await cleo.say(chat, "!consent understood")
    await asyncio.sleep(2)
    seen = cleo.timelines[chat]
    since = seen[seen.index(joined) :]
    assert not [e for e in since if e["sender"] == keeper.user_id and e["type"] == "m.room.message"]


async def test_an_edit_is_not_obeyed(keeper: BotProcess, someone: MakePerson) -> None:
    """What a message was turned into later is no command, in the direct chat and in the room."""
    circle = await Circle.guarded(someone, keeper, "ben", gate="mute")
    ben = circle.members[0]
    await ben.answer("consent understood", timeout=40)
    await ben.ask_bot("!consent understood", "consent agree")
    chat = await ben.chat()
    first = await ben.say(chat, "let me think")
    await ben.say(
        chat,
        "* agree",
        **{
            "m.new_content": {"msgtype": "m.text", "body": "!consent agree"},
            "m.relates_to": {"rel_type": "m.replace", "event_id": first},
        },
    )
    said = await circle.admin.say(circle.room, "good evening")
    await circle.admin.say(
        circle.room,
        "!group open",
        **{
            "m.new_content": {"msgtype": "m.text", "body": "!group open"},
            "m.relates_to": {"rel_type": "m.replace", "event_id": said},
        },
    )
    await asyncio.sleep(1.5)
    await ben.say_to_bot("!consent receipt")
    answer = await ben.answer()
    assert "text_sha256" not in answer["content"]["body"]
    assert "gate: mute" in (await circle.admin.ask_bot("!group")).replace("`", "").replace("*", "")


async def test_a_quoted_command_is_not_obeyed_and_the_reply_itself_is(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """In a reply only the person's own words count, not the fallback quote before them."""
    circle = await Circle.guarded(someone, keeper, "ben", gate="mute")
    ben = circle.members[0]
    question = await ben.answer("consent understood", timeout=40)
    relation = {"m.relates_to": {"m.in_reply_to": {"event_id": question["event_id"]}}}
    await circle.admin.say(circle.room, f"> <{ben.user_id}> !group open\n\n what is that?")
    await circle.admin.say(circle.room, f"> <{ben.user_id}> hello\n> !group open\n\nnice", **relation)
    ben.heard()
    await ben.say(await ben.chat(), f"> <{keeper.user_id}> agree\n\nunderstood", **relation)
    await ben.answer("consent agree")
    assert "gate: mute" in (await circle.admin.ask_bot("!group")).replace("`", "").replace("*", "")


async def test_the_bot_takes_no_commands_from_itself_or_notices(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """`m.notice` is what bots send; answering it makes loops."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    await ben.answer("consent understood", timeout=40)
    ben.heard()
    await ben.send(await ben.chat(), "m.room.message", {"msgtype": "m.notice", "body": "!consent understood"})
    await asyncio.sleep(1.5)
    assert not any("consent agree" in e["content"]["body"] for e in ben.words)
