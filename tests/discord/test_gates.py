"""The gates on Discord, and what people do by hand."""

import pytest

from tests.discord.keeper import comes
from tests.discord.scene import Scene
from tests.localdiscord import P, Refused


async def test_under_mute_text_threads_reactions_and_voice_are_for_those_who_agreed(here: Scene) -> None:
    """Everybody can read on."""
    await here.set_up("mute")
    thread = await here.ann.create_thread(here.evening, "aside")
    await here.zoe.join_guild(here.guild)
    closed = {
        here.evening: (P.SEND_MESSAGES, P.ADD_REACTIONS, P.CREATE_PUBLIC_THREADS, P.CREATE_PRIVATE_THREADS),
        here.lounge: (P.CONNECT, P.SPEAK, P.SEND_MESSAGES),
        thread: (P.SEND_MESSAGES_IN_THREADS,),
    }
    for place, powers in closed.items():
        assert here.zoe.may(place, P.VIEW_CHANNEL)
        assert not any(here.zoe.may(place, power) for power in powers)
        assert all(here.bob.may(place, power) for power in powers), "who was inside keeps it"
    await here.agree(here.zoe)
    for place, powers in closed.items():
        assert all(here.zoe.may(place, power) for power in powers)


async def test_who_cannot_be_held_is_held_by_taking_down(here: Scene) -> None:
    """Administrators write where they like: under `mute` their words go until they agree."""
    await here.set_up("mute")
    role = await here.ann.create_role(here.guild, "admins", P.ADMINISTRATOR)
    await here.zoe.join_guild(here.guild)
    await here.settled()
    await here.ann.give_role(here.guild, here.zoe, role)
    await here.settled()
    message = await here.zoe.send(here.evening, "I can write anyway")
    await comes(lambda: message not in here.bob.sees(here.evening), "the taking down")
    thread = await here.ann.create_thread(here.evening, "aside")
    message = await here.zoe.send(thread, "and here")
    await comes(lambda: message not in here.zoe.sees(thread), "the taking down in the thread")
    await here.agree(here.zoe)
    message = await here.zoe.send(here.evening, "agreed")
    await here.settled()
    assert message in here.bob.sees(here.evening)


async def test_the_role_given_by_hand_is_respected_and_told_once(here: Scene) -> None:
    """INTERFACE.md, "By hand": it counts as a guest pass; facilitators hear of it."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    assert here.role is not None
    await here.ann.give_role(here.guild, here.zoe, here.role)
    await comes(lambda: any("changed it by hand" in m.text for m in here.ann.inbox), "the alert")
    message = await here.zoe.send(here.evening, "let in by hand")
    await here.settled()
    assert message in here.bob.sees(here.evening)
    await here.ann.take_role(here.guild, here.zoe, here.role)
    await here.settled()
    assert not here.has_role(here.zoe)
    assert len([m for m in here.ann.inbox if "changed it by hand" in m.text]) == 1


async def test_the_role_taken_by_hand_is_not_given_back(here: Scene) -> None:
    """Somebody with power decided that; facilitators are told."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.agree(here.zoe)
    assert here.role is not None
    await here.ann.take_role(here.guild, here.zoe, here.role)
    await comes(lambda: any("took the right to speak" in m.text for m in here.ann.inbox), "the alert")
    await here.settled()
    assert not here.has_role(here.zoe)


async def test_let_in_by_hand_past_the_door(here: Scene) -> None:
    """A role given by hand under `door` is told with a name, and let be."""
    await here.set_up("door")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    assert here.role is not None
    await here.ann.give_role(here.guild, here.zoe, here.role)
    await comes(lambda: any("let them in by hand" in m.text for m in here.ann.inbox), "the alert")
    assert here.zoe.may(here.evening, P.VIEW_CHANNEL)


async def test_withdrawing_under_door_says_that_it_means_leaving_and_can_be_undone(here: Scene) -> None:
    """The ten minutes of INTERFACE.md: nothing is taken before they are over."""
    await here.set_up("door")
    await here.zoe.join_guild(here.guild)
    await here.agree(here.zoe)
    reply = await here.zoe.slash(here.evening, "consent", "withdraw")
    assert "this means leaving" in reply.text
    reply = await here.zoe.click(reply, "Undo, I still agree")
    assert "holds as before" in reply.text
    await here.settled()
    assert here.zoe.may(here.evening, P.VIEW_CHANNEL)


async def test_forgetting_under_door_lets_out_at_once(here: Scene) -> None:
    """Nothing is kept, so there is nothing to undo; the role goes."""
    await here.set_up("door")
    await here.zoe.join_guild(here.guild)
    await here.agree(here.zoe)
    reply = await here.zoe.slash(here.evening, "forget")
    await here.zoe.click(reply, "Erase it now")
    await comes(lambda: not here.zoe.may(here.evening, P.VIEW_CHANNEL), "the way out")
    await here.settled()
    reply = await here.zoe.slash(here.welcome, "mydata")
    assert "I keep nothing about you" in reply.text


async def test_a_guest_pass_for_somebody_who_cannot_use_the_bot(here: Scene) -> None:
    """Under `door` a facilitator names somebody outside, and they come in."""
    await here.set_up("door")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    reply = await here.ann.slash(here.evening, "members", "admit", who=here.zoe, time="72h")
    await here.settled()
    assert "guest pass" in reply.text
    assert here.zoe.may(here.evening, P.VIEW_CHANNEL)


async def test_enforcing_mutes_only_after_it_showed_how_many(here: Scene) -> None:
    """`group enforce` under `mute`: those from before who have not agreed."""
    await here.set_up("mute")
    await here.agree(here.ann)
    reply = await here.ann.slash(here.evening, "group", "enforce")
    assert "1 person" in reply.text
    assert await here.may_write(here.bob)
    await here.ann.click(reply, "Enforce now")
    await here.settled()
    assert not await here.may_write(here.bob)
    await here.agree(here.bob)
    assert await here.may_write(here.bob)


async def test_opening_the_gate_lets_everybody_speak_at_once(here: Scene) -> None:
    """And the role, which named who had agreed, is gone."""
    before = here.overwrites()
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    await here.ann.slash(here.evening, "group", "open")
    await here.settled()
    assert await here.may_write(here.zoe)
    assert here.role is None
    assert here.overwrites() == before


async def test_from_mute_to_door_and_to_notice_the_doorbell_moves_along(here: Scene) -> None:
    """Exactly one, where newcomers see it; nobody inside loses anything."""
    await here.set_up("mute")
    page = await here.places()
    assert page.ephemeral
    await here.ann.slash(here.evening, "group", "set", key="gate", value="door", confirm=True)
    await comes(lambda: [b.channel.id for b in here.bells] == [here.welcome.id], "the doorbell at the door")
    await here.settled()
    assert here.bob.may(here.evening, P.VIEW_CHANNEL)
    assert await here.may_write(here.bob)
    await here.ann.slash(here.evening, "group", "set", key="gate", value="notice", confirm=True)
    await comes(lambda: [b.channel.id for b in here.bells] == [here.evening.id], "the doorbell in the room")


async def test_the_bot_keeps_its_own_place_behind_the_door(here: Scene) -> None:
    """It closes the channel for everybody, and must not close it for itself."""
    await here.set_up("door")
    await here.ann.slash(here.evening, "group", "set", key="gate", value="mute", confirm=True)
    await here.settled()
    reply = await here.ann.slash(here.evening, "setup", "show")
    assert "I have all the powers" in reply.text


async def test_a_call_and_its_chat_are_closed_too(here: Scene) -> None:
    """Connect and Speak by role."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    with pytest.raises(Refused):
        await here.zoe.join_voice(here.lounge)
    await here.agree(here.zoe)
    await here.zoe.join_voice(here.lounge)
