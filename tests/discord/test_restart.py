"""Nothing dies with the process, and what happened while nobody looked is acted upon."""

import asyncio

import pytest

from adapters.discord.groups import member_id, room_id
from bot.boundary.effects import Admit
from bot.boundary.errors import Undeliverable
from bot.boundary.steps import Step
from tests.discord.keeper import comes
from tests.discord.scene import AGREE, ALL_BOXES, BOXES, LIMITS_READ, READ, Scene, page_of
from tests.localdiscord import P


async def test_every_button_and_form_from_before_a_restart_still_works(here: Scene) -> None:
    """The doorbell, the limits, the form in the middle, the agreement: a restart between each."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    await here.restart()
    assert here.bell is not None
    reply = await here.zoe.click(here.bell, READ)
    await here.restart()
    form = await here.zoe.click(reply, LIMITS_READ)
    await here.restart()
    reply = await here.zoe.submit(form, {BOXES: ALL_BOXES})
    await here.restart()
    reply = await here.zoe.click(reply, AGREE)
    await here.settled()
    assert "You have agreed" in reply.text
    assert await here.may_write(here.zoe)


async def test_a_set_up_goes_on_after_a_restart(here: Scene) -> None:
    """Channels, steps and the preview's button."""
    reply = await here.ann.slash(here.evening, "setup", "start")
    await here.settled()
    page = page_of(reply)
    await here.restart()
    page = page_of(await here.ann.select(page, f"p:e:{here.evening.id}", here.welcome))
    await here.restart()
    reply = await here.ann.click(page, "Go on")
    await here.restart()
    reply = await here.ann.click(reply, "I am a facilitator")
    reply = await here.ann.click(reply, "Door: agree before coming in")
    reply = await here.ann.slash(here.evening, "setup", "apply")
    await here.restart()
    await here.ann.click(reply, "Apply")
    await here.settled()
    assert here.role is not None
    assert here.bell is not None


async def test_what_changed_while_the_bot_was_away_is_seen(here: Scene) -> None:
    """Somebody came, somebody left, a role was given by hand, the doorbell was deleted."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.agree(here.zoe)
    await here.settled()
    cleo = here.server.person("cleo")
    await here.keeper.stop()
    await cleo.join_guild(here.guild)
    await here.zoe.leave(here.guild)
    assert here.role is not None
    dora = here.server.person("dora")
    await dora.join_guild(here.guild)
    await here.ann.give_role(here.guild, dora, here.role)
    assert here.bell is not None
    await here.ann.delete(here.bell)
    await here.keeper.start()
    await comes(lambda: cleo.inbox, "the question to who came")
    await comes(lambda: len(here.bells) == 1, "the doorbell")
    await comes(lambda: any("changed it by hand" in m.text for m in here.ann.inbox), "the alert")
    await here.settled()
    reply = await here.ann.slash(here.evening, "members", "show")
    assert "People here: 4" in reply.text


async def test_what_the_bot_itself_gave_is_no_hand_after_a_restart(here: Scene) -> None:
    """No alert about its own doing."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.agree(here.zoe)
    await here.restart()
    await here.settled()
    assert not any("by hand" in m.text and "changed it" in m.text for m in here.ann.inbox)
    assert await here.may_write(here.zoe)


async def test_a_resumed_connection_loses_nothing_and_does_nothing_twice(here: Scene) -> None:
    """The gateway replays what was missed."""
    await here.set_up("mute")
    here.server.gateway.cut()
    await here.zoe.join_guild(here.guild)
    await comes(lambda: here.zoe.inbox, "the question")
    await here.settled()
    assert here.server.gateway.resumed
    assert len(here.zoe.inbox) == 1


async def test_when_resuming_is_refused_everything_is_looked_at_again(here: Scene) -> None:
    """The session is gone: IDENTIFY, and the difference is acted upon."""
    await here.set_up("mute")
    here.server.gateway.forget_sessions()
    here.server.gateway.cut()
    await here.zoe.join_guild(here.guild)
    await comes(lambda: here.zoe.inbox, "the question")
    assert len(here.zoe.inbox) == 1
    assert (await here.agree(here.zoe)).matches


async def test_an_outage_of_the_server_is_no_loss_of_the_group(here: Scene) -> None:
    """Discord marks it unavailable; when it is back, the gate is as before."""
    await here.set_up("door")
    await here.zoe.join_guild(here.guild)
    await here.agree(here.zoe)
    here.server.outage(here.guild)
    await here.settled()
    assert here.keeper.platform.view(room_id(here.evening.id)) is not None
    action = Admit(room=room_id(here.evening.id), who=member_id(here.zoe.id), gate="door")
    with pytest.raises(Undeliverable) as refused:
        await here.keeper.platform.perform(Step(id="a" * 32, action=action))
    assert refused.value.retry_after is not None, "it is tried again after the outage"
    here.server.outage(here.guild, False)
    await here.settled()
    assert here.zoe.may(here.evening, P.VIEW_CHANNEL)
    reply = await here.ann.slash(here.evening, "setup", "show")
    assert "This group was set up" in reply.text
    assert len(here.bells) == 1


async def test_commands_are_sent_to_discord_only_when_they_changed(here: Scene) -> None:
    """A restart with the same commands sends none."""
    assert len(here.server.asked("PUT", r"/applications/\d+/commands")) == 1
    await here.restart()
    assert len(here.server.asked("PUT", r"/applications/\d+/commands")) == 1


async def test_a_crash_while_the_role_is_made_leaves_no_second_one(here: Scene) -> None:
    """The bot looks before it makes it again."""
    await here.places()
    here.server.latency = 0.15
    asked = asyncio.create_task(
        here.ann.slash(here.evening, "setup", "set", values="gate mute", confirm=True, wait=False)
    )
    await comes(lambda: here.role is not None, "the role")
    await here.keeper.stop()
    await asked
    await asyncio.sleep(0.4)
    here.server.crashes.clear()  # requests that were cut off in the middle
    here.server.latency = 0.0
    await here.keeper.start()
    await comes(lambda: here.has_role(here.bob), "the rest of the set-up")
    await here.settled()
    assert len([r for r in here.guild.roles.values() if r.name.startswith("In ")]) == 1
