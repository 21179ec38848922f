"""Set-up on Discord: asked for what it needs, shown before anything changes, and undone exactly."""

import pytest

from adapters.discord.permissions import INVITED_WITH, MANAGE_ROLES
from tests.discord.keeper import comes
from tests.discord.scene import Scene, page_of, scene, words_of
from tests.localdiscord import P, Reply
from tests.localdiscord.model import Channel, Message


def changed(here: Scene) -> list[str]:
    """What the bot has changed on Discord: not what it said."""
    return [
        f"{r.method} {r.path}"
        for r in here.server.requests
        if r.method in ("PUT", "DELETE", "PATCH", "POST")
        and ("/permissions/" in r.path or "/roles" in r.path)
    ]


async def begun(here: Scene, channel: Channel) -> Message:
    """Ann begins in a channel: the page with the channels to choose."""
    reply = await here.ann.slash(channel, "setup", "start")
    await here.settled()
    return page_of(reply)


async def guided(here: Scene, gate: str) -> Reply:
    """Ann goes through all the steps, up to the preview."""
    reply = await here.places()
    form = await here.ann.click(reply, "Pick the facilitators")
    reply = await here.ann.submit(form, {"The facilitators": [here.ann, here.bob]})
    reply = await here.ann.click(reply, gate)
    reply = await here.ann.click(reply, "Go on")  # the agreement stays as it is
    form = await here.ann.click(reply, "Write the contacts")
    return await here.ann.submit(
        form,
        {
            "Whom to ask about this group": 'Ann, called "Annie"',
            "Whom to call for help right now": "Call 112 now",
        },
    )


async def test_the_guide_shows_every_change_and_changes_nothing_before_apply(here: Scene) -> None:
    """Channels, facilitators, gate, contacts, preview, one Apply."""
    before = here.overwrites(), set(here.guild.roles)
    reply = await guided(here, "Mute: agree before writing")
    text = words_of(reply)
    for words in (
        "gate: notice → mute",
        'contact: none → Ann, called "Annie"',
        'I make a role "In evening"',
        "In #evening only that role may write",
        'voice channel "Lounge"',
        "the doorbell",
        "You will be a facilitator",
        "Bob",
    ):
        assert words in text
    assert changed(here) == []
    assert (here.overwrites(), set(here.guild.roles)) == before
    reply = await here.ann.click(reply, "Apply")
    await here.settled()
    assert "The group is set up" in reply.text
    assert here.role is not None
    assert here.has_role(here.bob)
    await comes(lambda: here.bob.inbox, "the questions to Bob")


async def test_undoing_puts_everything_back_exactly(here: Scene) -> None:
    """Overwrites, roles, doorbell: as before the first set-up, also where others had some already."""
    quiet = await here.ann.create_role(here.guild, "quiet")
    talkers = await here.ann.create_role(here.guild, "talkers")
    await here.ann.overwrite(here.evening, quiet, deny=P.SEND_MESSAGES)
    await here.ann.overwrite(here.evening, talkers, allow=P.SEND_MESSAGES | P.EMBED_LINKS)
    await here.ann.overwrite(here.lounge, here.bob, allow=P.SPEAK)
    before = here.overwrites(), set(here.guild.roles)
    for gate in ("mute", "door"):
        await here.set_up(gate)
        assert (here.overwrites(), set(here.guild.roles)) != before
        reply = await here.ann.slash(here.evening, "setup", "undo")
        await here.ann.click(reply, "Yes, do it")
        await comes(lambda: (here.overwrites(), set(here.guild.roles)) == before, f"the room before {gate}")
        await here.settled()
        assert here.bells == []


async def test_another_role_is_no_way_past_the_gate(here: Scene) -> None:
    """A role that might write or see before does so no more, but for who was inside."""
    talkers = await here.ann.create_role(here.guild, "talkers")
    await here.ann.overwrite(here.evening, talkers, allow=P.SEND_MESSAGES | P.VIEW_CHANNEL)
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.ann.give_role(here.guild, here.zoe, talkers)
    assert not here.zoe.may(here.evening, P.SEND_MESSAGES)


async def test_who_has_no_power_there_cannot_begin(here: Scene) -> None:
    """And is told who can."""
    reply = await here.bob.slash(here.evening, "setup", "start")
    assert "Manage Server" in reply.text
    assert here.keeper.platform.view is not None
    assert changed(here) == []


async def test_setup_in_a_place_that_cannot_be_a_group_says_where_to_go(here: Scene) -> None:
    """Threads, stages, voice and announcement channels, each in plain words."""
    here.guild.features.append("COMMUNITY")
    thread = await here.ann.create_thread(here.evening, "aside")
    news = await here.ann.create_channel(here.guild, "news", "announcement")
    stage = await here.ann.create_channel(here.guild, "stage", "stage")
    for place, words in (
        (thread, "#evening"),
        (news, "announcement channel"),
        (stage, "begins in a text channel"),
        (here.lounge, "begins in a text channel"),
    ):
        reply = await here.ann.slash(place, "setup", "start")
        assert words in reply.text
        assert reply.ephemeral


async def test_the_entrance_must_be_seen_by_everybody_and_be_another_channel(here: Scene) -> None:
    """Said at once, with where to click; the voice channel of another group is refused too."""
    await here.ann.overwrite(here.welcome, here.guild.roles[here.guild.id], deny=P.VIEW_CHANNEL)
    page = await begun(here, here.evening)
    reply = await here.ann.select(page, f"p:e:{here.evening.id}", here.welcome)
    assert "Everybody must see that channel" in reply.text
    reply = await here.ann.select(page, f"p:e:{here.evening.id}", here.evening)
    assert "a channel of its own" in reply.text
    await here.ann.select(page, f"p:v:{here.evening.id}", here.lounge)
    late = await here.ann.create_channel(here.guild, "late")
    other = await begun(here, late)
    reply = await here.ann.select(other, f"p:v:{late.id}", here.lounge)
    assert "belongs to another group" in reply.text


SPECIAL = {
    "administrators": "Administrator",
    "synced": "synced with its category",
    "screening": "accept its rules first",
    "onboarding": "Onboarding",
    "threads": "threads below this channel",
}


async def test_every_special_case_is_noticed_and_explained(here: Scene) -> None:
    """With where to click, before anybody relies on the gate."""
    here.guild.features += ["MEMBER_VERIFICATION_GATE_ENABLED", "GUILD_ONBOARDING", "COMMUNITY"]
    await here.ann.edit_guild(here.guild, name="Circle of friends")
    category = await here.ann.create_channel(here.guild, "Groups", "category")
    await here.ann.edit_channel(here.evening, parent_id=category.id)
    await here.ann.create_thread(here.evening, "aside")
    await here.settled()
    await here.places()
    text = words_of(await here.ann.slash(here.evening, "setup", "show"))
    missing = {name for name, words in SPECIAL.items() if words not in text}
    assert not missing


async def test_what_the_bot_lacks_is_named_with_where_to_click(tmp_path: pytest.TempPathFactory) -> None:
    """Without Manage Roles there is no door, and `mute` is held by taking down."""
    async with scene(tmp_path, INVITED_WITH & ~MANAGE_ROLES) as here:  # type: ignore[arg-type]
        reply = await here.set_up("mute")
        assert '"Manage Roles"' in words_of(reply)
        assert "Server Settings" in words_of(reply)
        await here.zoe.join_guild(here.guild)
        await here.settled()
        message = await here.zoe.send(here.evening, "too early")
        await comes(lambda: message not in here.bob.sees(here.evening), "the taking down")
        await here.agree(here.zoe)
        message = await here.zoe.send(here.evening, "now I may")
        await here.settled()
        assert message in here.bob.sees(here.evening)


async def test_a_role_of_the_bot_that_stands_too_low_is_noticed(here: Scene) -> None:
    """Role order matters: told to facilitators, with where to drag it."""
    await here.set_up("mute")
    assert here.role is not None
    heard = len(here.ann.inbox)
    await here.ann.move_role(here.guild, here.role, len(here.guild.roles) - 1)
    await comes(lambda: len(here.ann.inbox) > heard, "the alert")
    assert "drag my role" in here.ann.inbox[-1].text


async def test_the_same_set_up_given_again_goes_on(here: Scene) -> None:
    """`/setup start` in the group's channel does not make a second group."""
    await here.set_up("notice")
    await here.places()
    assert len(here.bells) == 1
