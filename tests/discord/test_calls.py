"""Meetings and calls on Discord: the pledge, who comes late, recording by everyone's word, recorders."""

from datetime import timedelta
from pathlib import Path

import pytest

from adapters.discord.permissions import DEAFEN, INVITED_WITH, MOVE
from bot.boundary.capabilities import RoomView
from bot.boundary.ids import RoomId
from tests.discord.keeper import comes
from tests.discord.scene import Scene, scene, words_of
from tests.localdiscord import Human, P, Reply
from tests.localdiscord.members import edit_member
from tests.localdiscord.model import Guild

CRAIG = 272937604339466240
WITHIN = 10.0
"""Seconds until facilitators hear of a recorder (issue 6)."""


def private_words(who: Human) -> str:
    """All that the bot wrote to somebody directly."""
    return "\n".join(m.text for m in who.inbox)


def room_words(here: Scene, who: Human | None = None) -> str:
    """All that somebody reads of the bot in the group's channel, whispers left out."""
    seen = (who or here.ann).sees(here.evening)
    return "\n".join(m.text for m in seen if m.author is here.server.bot and not m.ephemeral)


def the_view(here: Scene) -> RoomView:
    """The group's channel as the engine sees it."""
    view = here.keeper.platform.view(RoomId("discord", str(here.evening.id)))
    assert view is not None
    return view


async def with_craig(here: Scene) -> Human:
    """Craig is on the server."""
    craig = here.server.person("Craig", bot=True, id=CRAIG)
    await craig.join_guild(here.guild)
    return craig


def deafened(guild: Guild, who: Human) -> bool:
    """Whether somebody hears nothing in the call, by the server's doing."""
    return guild.voice[who.id].deaf


async def may_show_status(here: Scene) -> None:
    """Ann gives the bot what the note in `setup show` asks for."""
    role = here.server.bot_role(here.guild)
    await here.ann.overwrite(here.lounge, role, P.MANAGE_CHANNELS | P.SET_VOICE_CHANNEL_STATUS)


async def in_a_meeting(here: Scene) -> list[Human]:
    """Ann, Bob, Zoe and Cleo have agreed; they are in the call, and a meeting is on."""
    await here.set_up("notice")
    cleo = here.server.person("cleo")
    people = [here.ann, here.bob, here.zoe, cleo]
    for who in people:
        if who.id not in here.guild.members:
            await who.join_guild(here.guild)
        await here.agree(who)
    await here.ann.slash(here.evening, "session", "start")
    for who in people:
        await who.join_voice(here.lounge)
    await here.settled()
    return people


async def asked(here: Scene) -> Reply:
    """Bob asks whether he may record."""
    reply = await here.bob.slash(
        here.evening, "recording", "ask", purpose="to practise", viewers="the four of us", days=30
    )
    await here.settled()
    return reply


async def ten_minutes_later(here: Scene) -> None:
    """The window is over: the bot's process is another one, eleven minutes ahead."""
    await here.keeper.stop()
    here.keeper.ahead = timedelta(minutes=11)
    await here.keeper.start()
    await here.settled()


async def test_a_meeting_has_a_pledge_a_word_for_who_comes_late_and_an_end(here: Scene) -> None:
    """In public at the start and the end, in private for who comes late, and as the call's status."""
    await here.set_up("mute")
    await here.agree(here.bob)
    await may_show_status(here)
    await here.settled()
    await here.bob.join_voice(here.lounge)
    await here.settled()
    assert "Nobody may record" in room_words(here)
    await here.ann.slash(here.evening, "session", "start", minutes=60)
    await comes(lambda: here.lounge.status == "Nobody may record", "the status")
    opening = room_words(here)
    assert "Call 112 now" in opening
    await here.zoe.join_guild(here.guild)
    await comes(lambda: here.zoe.inbox, "the words for who comes late")
    await here.settled()
    late = "\n".join(m.text for m in here.zoe.inbox)
    assert "meeting" in late
    await here.agree(here.zoe)
    before = len(here.zoe.inbox)
    await here.zoe.join_voice(here.lounge)
    await comes(lambda: len(here.zoe.inbox) > before, "the word on coming into the call late")
    assert "record" in here.zoe.inbox[-1].text
    reply = await here.ann.slash(here.evening, "session", "end")
    await here.settled()
    assert reply.ephemeral
    assert room_words(here) != opening
    for who in (here.bob, here.zoe):
        await who.leave_voice(here.guild)
    await comes(lambda: here.lounge.status is None, "the status is gone")


async def test_recording_is_allowed_when_all_four_say_yes_by_buttons(here: Scene) -> None:
    """The outcome comes at the end of the window; a recorder that joins then is let be."""
    people = await in_a_meeting(here)
    await may_show_status(here)
    await here.settled()
    assert "I have asked everyone" in words_of(await asked(here))
    for who in people:
        if who is not here.bob:
            reply = await who.click(here.evening, "Read the question")
            assert reply.ephemeral
            await who.click(reply, "Yes, I agree")
    await here.settled()
    assert "Everyone agreed" not in room_words(here)
    await ten_minutes_later(here)
    await comes(lambda: "Everyone agreed" in room_words(here), "the outcome")
    await comes(lambda: here.lounge.status == "Recording: everyone agreed", "the status")
    craig = await with_craig(here)
    await craig.nick(here.guild, "![RECORDING] Craig")
    await craig.join_voice(here.lounge)
    await here.settled()
    assert not deafened(here.guild, craig)
    assert "can record: " not in private_words(here.ann)
    eve = here.server.person("eve")
    await eve.join_guild(here.guild)
    await eve.join_voice(here.lounge)
    await comes(lambda: here.lounge.status == "Nobody may record", "a late joiner ends it")
    await comes(lambda: "can record: " in private_words(here.ann), "the alert")


async def test_one_no_is_not_everyone_and_nobody_learns_whose(here: Scene) -> None:
    """The same words for one no and for silence."""
    people = await in_a_meeting(here)
    await asked(here)
    for who in people:
        if who is not here.bob:
            reply = await who.click(here.evening, "Read the question")
            await who.click(reply, "No" if who is here.zoe else "Yes, I agree")
    heard = {who.id: len(who.inbox) for who in people}
    await ten_minutes_later(here)
    await comes(lambda: "Not everyone agreed" in room_words(here), "the outcome")
    assert "Zoe" not in room_words(here).split("Not everyone agreed")[-1]
    told = {who.id: [m.text for m in who.inbox][heard[who.id] :] for who in people}
    assert not any(told.values()), "nobody is told more in private than all are told"


async def test_craig_is_told_of_and_stopped_and_goes_on_when_he_is_let(here: Scene) -> None:
    """Renamed, then in the call, without permission: within 10 s, and so that it can be taken back."""
    await here.set_up("notice", more="recorder_policy block")
    craig = await with_craig(here)
    await here.bob.join_voice(here.lounge)
    await here.settled()
    await craig.nick(here.guild, "![RECORDING] Craig")
    await craig.join_voice(here.lounge)
    await comes(lambda: deafened(here.guild, craig), "the stop", WITHIN)
    await comes(lambda: "can record: " in private_words(here.ann), "the alert", WITHIN)
    assert craig.id in here.guild.voice
    assert "I have stopped it" in room_words(here, here.bob)
    await here.ann.slash(here.evening, "group", "set", key="recorder_policy", value="alert", confirm=True)
    await comes(lambda: not deafened(here.guild, craig), "going on")


async def test_who_was_deafened_and_left_is_let_hear_when_they_are_back(here: Scene) -> None:
    """Discord undeafens nobody who is in no call; the bot remembers, over a restart too."""
    await here.set_up("notice", more="recorder_policy block")
    craig = await with_craig(here)
    await craig.join_voice(here.lounge)
    await comes(lambda: deafened(here.guild, craig), "the stop")
    await craig.leave_voice(here.guild)
    await here.settled()
    await here.ann.slash(here.evening, "group", "set", key="recorder_policy", value="alert", confirm=True)
    await here.settled()
    await here.restart()
    await craig.join_voice(here.lounge)
    await comes(lambda: not deafened(here.guild, craig), "going on")


async def test_a_recorder_is_shown_out_where_it_cannot_be_deafened(tmp_path: Path) -> None:
    """Moved out of the call: it can come back, and that is by somebody's hand."""
    async with scene(tmp_path, INVITED_WITH & ~DEAFEN) as here:
        await here.set_up("notice", more="recorder_policy block")
        craig = await with_craig(here)
        await craig.join_voice(here.lounge)
        await comes(lambda: craig.id not in here.guild.voice, "the way out", WITHIN)
        assert craig.id in here.guild.members


async def test_a_recorder_is_shown_out_where_discord_refuses_to_deafen_it(here: Scene) -> None:
    """What the permissions say is not always what Discord does."""
    await here.set_up("notice", more="recorder_policy block")
    craig = await with_craig(here)
    here.server.fail("PATCH", f"/guilds/{here.guild.id}/members/{craig.id}", 403, 50013)
    await craig.join_voice(here.lounge)
    await comes(lambda: craig.id not in here.guild.voice, "the way out", WITHIN)
    assert not here.guild.members[craig.id].deaf


async def test_without_the_powers_a_recorder_is_only_told_of_and_setup_says_so(tmp_path: Path) -> None:
    """`blocks_recorders` and `status` are not declared; the notes say where to click."""
    async with scene(tmp_path, INVITED_WITH & ~(DEAFEN | MOVE)) as here:
        await here.set_up("notice", more="recorder_policy block")
        can = the_view(here).can
        assert (can.calls_seen, can.blocks_recorders, can.status) == (True, False, False)
        shown = words_of(await here.ann.slash(here.evening, "setup", "show"))
        assert "Deafen Members" in shown
        assert "Manage Channel" in shown
        craig = await with_craig(here)
        await craig.join_voice(here.lounge)
        await comes(lambda: "can record: " in private_words(here.ann), "the alert", WITHIN)
        assert not deafened(here.guild, craig)


@pytest.mark.parametrize("members", [True, False])
async def test_a_name_that_says_recording_is_noticed_also_when_taken_in_the_call(
    tmp_path: Path, members: bool
) -> None:
    """By the list of members, or by the name that comes with the next change in the call."""
    privileged = {"members"} if members else set()
    async with scene(tmp_path, privileged=privileged) as here:
        await here.set_up("notice")
        other = here.server.person("helper", bot=True)
        await other.join_guild(here.guild)
        await other.join_voice(here.lounge, self_deaf=True)
        await here.settled()
        assert "recording" not in private_words(here.ann)
        await other.nick(here.guild, "[REC] helper")
        if not members:
            await other.deafen(here.guild, on=True)
        await comes(lambda: "says that it is recording" in private_words(here.ann), "the alert", WITHIN)


async def test_a_bot_that_hears_is_told_of_and_one_that_is_deaf_is_not(here: Scene) -> None:
    """Any bot in the call that is neither deafened nor has deafened itself."""
    await here.set_up("notice")
    music = here.server.person("music", bot=True)
    await music.join_guild(here.guild)
    await music.join_voice(here.lounge, self_deaf=True)
    await here.settled()
    assert "can hear what" not in private_words(here.ann)
    await music.deafen(here.guild, on=False)
    await comes(lambda: "can hear what is said: music" in private_words(here.ann), "the alert", WITHIN)


async def test_a_shared_screen_is_a_question_and_nobody_is_stopped(here: Scene) -> None:
    """INTERFACE.md, "Alerts": never blocked, and no word to the room."""
    await here.set_up("notice", more="recorder_policy block")
    await here.bob.join_voice(here.lounge)
    await here.settled()
    before = room_words(here)
    await here.bob.stream(here.guild)
    await comes(lambda: "shares a screen" in private_words(here.ann), "the question", WITHIN)
    await here.settled()
    assert not deafened(here.guild, here.bob)
    assert room_words(here) == before


async def test_hearing_given_back_by_hand_is_respected_and_told_once(here: Scene) -> None:
    """INTERFACE.md, "By hand": what somebody with power does is let be."""
    await here.set_up("notice", more="recorder_policy block")
    craig = await with_craig(here)
    await craig.join_voice(here.lounge)
    await comes(lambda: deafened(here.guild, craig), "the stop")
    await here.settled()
    member = here.guild.members[craig.id]
    edit_member(here.server.world, here.ann.user, here.guild, member, {"deaf": False})
    await comes(lambda: "did that by hand" in private_words(here.ann), "the word of it")
    await here.settled()
    assert not deafened(here.guild, craig)


async def test_who_is_in_the_call_counts_although_they_cannot_see_the_channel(here: Scene) -> None:
    """They hear what is said: nobody may record while they have not agreed."""
    await here.set_up("notice")
    await here.zoe.join_guild(here.guild)
    await here.ann.overwrite(here.evening, here.zoe, deny=P.VIEW_CHANNEL)
    await here.settled()
    assert "Zoe" not in [p.name for p in the_view(here).people.values()]
    await here.zoe.join_voice(here.lounge)
    await here.settled()
    assert [(p.name, p.presence) for p in the_view(here).call()] == [("Zoe", "invited")]
    await here.zoe.leave_voice(here.guild)
    await here.settled()
    assert "Zoe" not in [p.name for p in the_view(here).people.values()]


async def test_a_voice_channel_that_is_chosen_while_people_are_in_it_is_seen_at_once(here: Scene) -> None:
    """Recorders are told of as if they came now."""
    await here.set_up("notice", voice=False)
    craig = await with_craig(here)
    await here.bob.join_voice(here.lounge)
    await craig.join_voice(here.lounge)
    await here.settled()
    assert not the_view(here).can.calls_seen
    await here.places(entrance=False)
    await comes(lambda: "can record: " in private_words(here.ann), "the alert")
    assert {p.name for p in the_view(here).call()} == {"Bob", "Craig"}


async def test_who_is_in_the_call_is_looked_at_again_after_a_restart(here: Scene) -> None:
    """What happened while the bot was away is acted upon."""
    await here.set_up("notice", more="recorder_policy block")
    craig = await with_craig(here)
    await here.settled()
    await here.keeper.stop()
    await craig.join_voice(here.lounge)
    await here.keeper.start()
    await comes(lambda: deafened(here.guild, craig), "the stop", WITHIN)
    await comes(lambda: "can record: " in private_words(here.ann), "the alert", WITHIN)
