"""A breach report and its case on Discord: by form, button and menu, and seen by one person alone."""

import re
from datetime import timedelta

from tests.discord.keeper import comes
from tests.discord.scene import Scene, words_of
from tests.discord.test_calls import private_words
from tests.discord.test_several_groups import second
from tests.localdiscord import Human, Reply

CODE = re.compile(r"`([a-z]+(?:[ -][a-z]+){5,})`")
MENU = "Report privately"
FIELD = "answer"
STORY = "My post was shown around. I saw it on a phone."


async def _answered(here: Scene, who: Human, reply: Reply, harmed: str = "Me") -> Reply:
    """From the question about who is harmed to the review."""
    for label in (harmed, "That it stops"):
        reply = await who.click(reply, label)
    form = await who.click(reply, "Write it")
    reply = await who.submit(form, {FIELD: STORY})
    reply = await who.click(reply, "Leave out nobody")
    reply = await who.click(reply, "Without my name")
    await here.settled()
    assert "This is your report" in reply.text
    assert STORY in reply.text
    return reply


async def _sent(here: Scene, who: Human, reply: Reply) -> str:
    """Sent; the code, which was shown in the review and once more."""
    before = CODE.search(reply.text)
    reply = await who.click(reply, "Send it")
    await here.settled()
    found = CODE.search(reply.text)
    assert "Your report is sent" in reply.text
    assert before
    assert found
    assert found[1] == before[1]
    assert reply.ephemeral
    return found[1]


def _others_saw(here: Scene, *others: Human) -> str:
    """Everything that these people can read, and everything in the group's channel."""
    seen = [m.text for who in others for m in (*who.inbox, *who.sees(here.evening), *who.sees(here.welcome))]
    return "\n".join(seen)


async def _an_hour_later(here: Scene, hours: int = 1) -> None:
    """News of a case goes out at full hours only: the bot's process is another one, so far ahead."""
    await here.keeper.stop()
    here.keeper.ahead = timedelta(hours=hours, minutes=1)
    await here.keeper.start()


async def test_a_whole_case_from_the_form_to_the_closing(here: Scene) -> None:
    """Bob takes no direct messages. The bot starts anew between the form and its sending."""
    await here.set_up("notice", more="quiet_hours none")
    await here.bob.close_dms()
    heard = len(here.bob.inbox)
    cleo = here.server.person("cleo")
    await cleo.join_guild(here.guild)
    await here.settled()
    before = _others_saw(here, here.ann, cleo)
    reply = await here.bob.slash(here.evening, "report")
    assert reply.ephemeral
    assert "What happened?" in words_of(reply)
    reply = await here.bob.click(here.evening, "A screenshot or a copy was made")
    form = await here.bob.click(reply, "Write it")
    await here.restart()
    reply = await here.bob.submit(form, {FIELD: "on Monday, at school"})
    code = await _sent(here, here.bob, await _answered(here, here.bob, reply))
    assert _others_saw(here, here.ann, cleo) == before, "nobody hears of it when it is sent"

    await _an_hour_later(here)
    await comes(lambda: "something new at the case desk" in private_words(here.ann), "the notice")
    assert STORY not in private_words(here.ann)

    listed = await here.ann.slash(here.evening, "cases", "list")
    found = re.search(r"\b([a-z]+-[a-z]+)\b(?=\W*:)", listed.text)
    assert found, listed.text
    case = found[1]
    shown = await here.ann.slash(here.evening, "cases", "show", case=case)
    assert shown.ephemeral
    assert STORY in words_of(shown)
    assert "bob" not in words_of(shown).casefold()
    reply = await here.ann.click(shown, "I look after it")
    reply = await here.ann.click(reply, "What helps now?")
    assert "Step 1 of 7" in words_of(reply)
    await here.ann.slash(here.evening, "cases", "ask", case=case, words="Was it one person?")
    mine = await here.bob.slash(here.evening, "case", "show", code=code)
    assert mine.ephemeral
    assert "Was it one person?" in words_of(mine)
    await here.bob.slash(here.evening, "case", "add", code=code, words="Yes, one.")
    await _an_hour_later(here, 2)
    await comes(lambda: private_words(here.ann).count("new at the case desk") == 2, "the notice of it")
    assert "Yes, one." in words_of(await here.ann.slash(here.evening, "cases", "show", case=case))
    preview = await here.ann.slash(here.evening, "cases", "address", case=case)
    await here.ann.click(preview, "Post it")
    await comes(lambda: "told outside it" in _others_saw(here, cleo), "the words to the group")
    await here.ann.slash(here.evening, "cases", "close", case=case, words="We talked about it.")
    # From any account: who has the code sees the case.
    assert "We talked about it." in words_of(await cleo.slash(here.evening, "case", "show", code=code))
    assert "bob" not in _others_saw(here, cleo).split("told outside it")[-1].casefold()
    assert len(here.bob.inbox) == heard, "nothing of it went to a direct chat"


async def test_the_menu_of_a_message_begins_a_report_with_its_link_and_not_its_words(here: Scene) -> None:
    """The message is read by nobody; the link says when and where."""
    await here.set_up("notice")
    message = await here.ann.send(here.evening, "what she told me about her sister")
    before = _others_saw(here, here.ann)
    reply = await here.bob.context_menu(message, MENU)
    assert reply.ephemeral
    assert "What happened?" in words_of(reply)
    reply = await here.bob.click(here.evening, "Something was told outside the group")
    reply = await here.bob.click(reply, "Skip this")
    review = await _answered(here, here.bob, reply, harmed="Somebody else")
    link = f"https://discord.com/channels/{here.guild.id}/{here.evening.id}/{message.id}"
    assert link in review.text
    assert "sister" not in review.text
    assert _others_saw(here, here.ann) == before


async def test_from_a_channel_of_no_group_the_menu_asks_which_group_is_meant(here: Scene) -> None:
    """The link is kept with the question, over a restart too."""
    await here.set_up("notice")
    await second(here)
    message = await here.ann.send(here.welcome, "look what they wrote in there")
    reply = await here.bob.context_menu(message, MENU)
    assert "Which one do you mean?" in reply.text
    await here.restart()
    reply = await here.bob.click(reply, "evening")
    assert "**evening**" in words_of(reply)
    reply = await here.bob.click(reply, "Something was told outside the group")
    reply = await here.bob.click(reply, "Skip this")
    review = await _answered(here, here.bob, reply, harmed="Somebody else")
    assert f"/{here.welcome.id}/{message.id}" in review.text
    assert "look what" not in review.text


async def test_what_was_written_in_the_direct_chat_is_taken_down_as_far_as_discord_lets(
    here: Scene,
) -> None:
    """The bot's own words go; the person's stay, which a bot may not delete, and that is said."""
    await here.set_up("notice")
    await here.settled()
    earlier = [m.text for m in here.bob.inbox]
    await here.bob.send(here.bob.dm, "report")
    await comes(lambda: "What happened?" in private_words(here.bob), "the question")
    for words, question in (
        ("screenshot", "When was it"),
        ("on Monday", "Who is harmed"),
        ("me", "What do you wish for"),
        ("stop", "In your own words"),
        (STORY, "not see this"),
        ("nobody", "With your name, or without"),
        ("without", "This is your report"),
    ):
        await here.bob.send(here.bob.dm, words)
        await comes(lambda q=question: q in private_words(here.bob), question)  # type: ignore[misc]
    await here.bob.send(here.bob.dm, "send")
    await comes(lambda: "Your report is sent" in private_words(here.bob), "the sending")
    await comes(lambda: "This is your report" not in private_words(here.bob), "the taking down")
    await here.settled()
    left = [m.text for m in here.bob.inbox]
    assert left[: len(earlier)] == earlier, "what was there before the report stays"
    assert not any(STORY in text for text in left)
    assert CODE.search("\n".join(left)), "the code is there once more"
    assert any("I could not take down" in text for text in left)
