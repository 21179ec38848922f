"""Several groups at once: in direct messages, on one server, on two."""

from tests.discord.scene import READ, Scene, page_of, words_of
from tests.localdiscord import Human
from tests.localdiscord.model import Channel


async def second(here: Scene, by: Human | None = None) -> Channel:
    """Another group on the same server, in the channel morning."""
    morning = await (by or here.ann).create_channel(here.guild, "morning")
    await here.ann.slash(
        morning, "setup", "set", values='gate notice crisis_contact "Call 116123"', confirm=True
    )
    await here.settled()
    return morning


async def test_a_command_in_a_groups_channel_means_that_group(here: Scene) -> None:
    """Its voice channel's chat and its threads too."""
    await here.set_up("mute")
    morning = await second(here)
    for place, name in ((here.evening, "evening"), (morning, "morning"), (here.lounge, "evening")):
        reply = await here.bob.slash(place, "consent", "show")
        assert f"**{name}**" in reply.text
    thread = await here.ann.create_thread(here.evening, "aside")
    assert "**evening**" in (await here.bob.slash(thread, "consent", "show")).text


async def test_in_a_direct_chat_the_only_group_is_meant(here: Scene) -> None:
    """Nothing is asked where there is nothing to ask."""
    await here.set_up("notice")
    reply = await here.bob.slash(here.bob.dm, "consent", "show")
    assert "**evening**" in reply.text
    assert reply.ephemeral


async def test_in_a_direct_chat_with_several_groups_it_is_asked_which(here: Scene) -> None:
    """By a button for each, which carries the whole command; or said with the option `group`."""
    await here.set_up("mute")
    await second(here)
    reply = await here.bob.slash(here.bob.dm, "consent", "show")
    assert "Which one do you mean?" in reply.text
    reply = await here.bob.click(reply, "morning")
    assert "**morning**" in reply.text
    reply = await here.bob.slash(here.bob.dm, "consent", "show", group="evening")
    assert "**evening**" in reply.text
    reply = await here.bob.slash(here.bob.dm, "consent", "show", group="nowhere")
    assert 'I know no group called "nowhere"' in reply.text


async def test_with_a_code_nobody_is_asked_which_group(here: Scene) -> None:
    """The code says it; and what would wait for the answer, code and words, is kept nowhere."""
    await here.set_up("notice")
    await second(here)
    code = "abacus abdomen abdominal abide abiding ability"
    reply = await here.bob.slash(here.bob.dm, "case", "add", code=code, words="more of it " * 20)
    assert "find no report" in reply.text


async def test_a_long_command_survives_the_question_which_group(here: Scene) -> None:
    """What does not fit on a button is kept for it, over a restart too."""
    await here.set_up("mute")
    await second(here)
    words = "We also keep to ourselves what we wear, eat and drink. " * 20
    reply = await here.ann.slash(here.ann.dm, "group", "set", key="agreement", value=words)
    await here.restart()
    reply = await here.ann.click(reply, "morning")
    assert "**morning**" in words_of(reply)
    assert "agreement" in words_of(reply)
    await here.restart()
    reply = await here.ann.click(reply, "Yes, do it")
    await here.settled()
    rules = [await here.bob.slash(here.bob.dm, "rules", group=name) for name in ("morning", "evening")]
    await here.settled()
    assert ["We also keep to ourselves" in words_of(reply) for reply in rules] == [True, False]


async def test_urgent_is_answered_for_every_group_at_once(here: Scene) -> None:
    """Nobody who needs help now is asked a question first."""
    await here.set_up("mute")
    await second(here)
    reply = await here.bob.slash(here.bob.dm, "urgent")
    await here.settled()
    assert "Call 112 now" in words_of(reply)
    assert "Call 116123" in words_of(reply)


async def test_urgent_and_help_answer_somebody_of_no_group(here: Scene) -> None:
    """Everywhere, from anybody."""
    reply = await here.bob.slash(here.welcome, "urgent")
    assert "emergency" in reply.text
    assert (await here.bob.slash(here.bob.dm, "help")).text
    reply = await here.bob.slash(here.welcome, "rules")
    assert "There is no group in this channel" in reply.text


async def test_groups_and_settings_complete_while_they_are_typed(here: Scene) -> None:
    """Only the groups that the person is in."""
    await here.set_up("door")
    await second(here)
    offered = await here.bob.complete(here.bob.dm, "consent", "show", option="group", typed="mor")
    assert [c["name"] for c in offered] == ["morning"]
    stranger = here.server.person("stranger")
    other = here.server.guild("Elsewhere", owner=stranger)
    here.server.add_bot(other, here.server.bot_role(here.guild).permissions)
    offered = await stranger.complete(stranger.dm, "consent", "show", option="group", typed="")
    assert offered == []
    offered = await here.ann.complete(here.evening, "group", "set", option="key", typed="ga")
    assert [c["value"] for c in offered] == ["gate"]
    offered = await here.ann.complete(here.evening, "group", "set", option="value", typed="", key="gate")
    assert {c["value"] for c in offered} == {"notice", "mute", "door"}


async def test_words_in_a_direct_chat_are_understood_too(here: Scene) -> None:
    """Typed as text, as one might from habit."""
    await here.set_up("notice")
    heard = len(here.bob.inbox)
    await here.bob.send(here.bob.dm, "/help")
    await here.settled()
    assert len(here.bob.inbox) > heard
    assert "`/consent show" in "".join(m.text for m in here.bob.inbox[heard:])


async def test_two_groups_at_one_door_are_told_apart(here: Scene) -> None:
    """Each doorbell stands for its own group."""
    await here.set_up("door")
    late = await here.ann.create_channel(here.guild, "late")
    await here.ann.slash(late, "setup", "start")
    await here.settled()
    reply = await here.ann.slash(late, "setup", "start")
    await here.ann.select(page_of(reply), f"p:e:{late.id}", here.welcome)
    await here.ann.slash(late, "setup", "set", values="gate door", confirm=True)
    await here.settled()
    assert len(here.bells) == 2
    await here.zoe.join_guild(here.guild)
    for bell in here.bells:
        reply = await here.zoe.click(bell, READ)
        assert "What may not stay private" in reply.text
    names = {m.text.partition("\n")[0] for m in here.zoe.whispers(here.welcome)}
    assert names == {"**evening**", "**late**"}
