"""What members might try: buttons of others, forged ids, names that mislead, floods."""

import pytest

from adapters.discord.choices import FORM, Drawer, custom_id, read
from adapters.discord.groups import room_id
from adapters.memory import MemoryStore
from bot.boundary.effects import Choice
from tests.discord.keeper import comes
from tests.discord.scene import READ, Scene, words_of
from tests.localdiscord import CannotDo


def pressing(here: Scene, id_: str) -> None:
    """Put a button with this id where everybody can press it, as a hostile client would send it."""
    assert here.bell is not None
    here.bell.components = [
        {
            "type": 1,
            "id": 1,
            "components": [{"type": 2, "id": 2, "style": 1, "label": "forged", "custom_id": id_}],
        }
    ]


async def test_a_forged_button_gives_no_more_than_its_command(here: Scene) -> None:
    """The engine authorises whoever presses, not the button."""
    await here.set_up("mute")
    before = here.overwrites()
    for command in (
        "group.open::",
        "setup.undo:!:",
        "group.enforce:!:",
        "members.show::",
        "facilitator.add:!:who=1",
        "setup.:!:values=gate+notice",
    ):
        pressing(here, f"c:{here.evening.id}:{command}")
        reply = await here.bob.click(here.bell, "forged")  # type: ignore[arg-type]
        await here.settled()
        assert "Only" in reply.text, command
        assert here.overwrites() == before


STRAY = (
    "c", "c:::::", "c:x:consent.agree::", "k:1:zz", "k:999999:aa", "p:x:1", "p:n:1", "g:1:2", "c:1:..::",
    "c:²:consent.agree::", "k:²:a", "p:v:²", "f:1:consent.understood::", "g:²:c:1:consent.show::", "g:",
)  # fmt: skip


async def test_a_button_that_stands_for_nothing_is_answered_calmly(here: Scene) -> None:
    """Every stray press gets plain words."""
    await here.set_up("notice")
    for id_ in STRAY:
        pressing(here, id_)
        reply = await here.bob.click(here.bell, "forged")  # type: ignore[arg-type]
        assert reply.ephemeral
        assert "button" in reply.text or "no such command" in reply.text or "no group" in reply.text, id_


async def test_an_answer_to_an_older_agreement_never_counts_for_a_newer_one(here: Scene) -> None:
    """The round stands on the button."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    old = await here.zoe.click(here.bell, READ)  # type: ignore[arg-type]
    await here.ann.slash(here.evening, "group", "set", key="limits", value="harm_self", confirm=True)
    await here.settled()
    reply = await here.zoe.click(old, "I have read this, go on")
    assert "This has changed since" in reply.text
    pressing(here, f"c:{here.evening.id}:consent.agree::_version=99")
    reply = await here.zoe.click(here.bell, "forged")  # type: ignore[arg-type]
    await here.settled()
    assert "You have agreed" not in reply.text
    assert not await here.may_write(here.zoe)


async def test_boxes_cannot_be_skipped_by_pressing_agree(here: Scene) -> None:
    """Agreeing before the limits were acknowledged shows the limits instead."""
    await here.set_up("mute")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    for command in ("consent.agree::_version=1", "consent.understood::_version=1&_boxes=all"):
        pressing(here, f"c:{here.evening.id}:{command}")
        reply = await here.zoe.click(here.bell, "forged")  # type: ignore[arg-type]
    await here.settled()
    assert not await here.may_write(here.zoe)
    assert reply.text


async def test_somebody_outside_learns_nothing_of_a_group_behind_a_door(here: Scene) -> None:
    """Facilitators' numbers, settings and data are not theirs."""
    await here.set_up("door")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    for command in (("members", "show"), ("group", "show"), ("setup", "show"), ("facilitator", "list")):
        reply = await here.zoe.slash(here.welcome, *command)
        assert "Only" in reply.text or "only" in reply.text, command
    stranger = here.server.person("stranger")
    elsewhere = here.server.guild("Elsewhere", owner=stranger)
    here.server.add_bot(elsewhere, here.server.bot_role(here.guild).permissions)
    reply = await stranger.slash(stranger.dm, "members", "show", group=str(here.evening.id))
    assert "I know no group" in reply.text
    with pytest.raises(CannotDo):
        await stranger.click(here.bell, READ)  # type: ignore[arg-type]


async def test_a_foreign_servers_manager_can_do_nothing_here(here: Scene) -> None:
    """Power is looked up in the group's own channel."""
    await here.set_up("mute")
    stranger = here.server.person("stranger")
    elsewhere = here.server.guild("Elsewhere", owner=stranger)
    here.server.add_bot(elsewhere, here.server.bot_role(here.guild).permissions)
    hall = here.server.channel(elsewhere, "general")
    reply = await stranger.slash(hall, "setup", "undo", group=str(here.evening.id), confirm=True)
    await here.settled()
    assert "I know no group" in words_of(reply)
    assert here.role is not None


async def test_a_flood_of_words_under_mute_is_cleared(here: Scene) -> None:
    """Each of them, and the writer is told once."""
    await here.set_up("mute")
    role = await here.ann.create_role(here.guild, "admins")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    from tests.localdiscord import P

    await here.ann.edit_role(here.guild, role, permissions=P.ADMINISTRATOR)
    await here.ann.give_role(here.guild, here.zoe, role)
    await here.settled()
    told = len(here.zoe.inbox)
    flood = [await here.zoe.send(here.evening, f"spam {n}") for n in range(40)]
    await comes(lambda: not set(map(id, flood)) & set(map(id, here.bob.sees(here.evening))), "the clearing")
    await here.settled()
    assert len(here.zoe.inbox) - told == 1


def test_ids_of_buttons_are_read_back_as_they_were_made() -> None:
    """Also with signs that stand between the parts."""
    choice = Choice(
        label="", name="group", sub="set", values={"key": "a:b", "value": "ü & = :"}, confirmed=True
    )
    made = custom_id(room_id(7), choice)
    assert made is not None
    found = read(made)
    assert found is not None
    assert (found.room, found.choice) == (room_id(7), choice)
    assert read(made, FORM) is None


async def test_a_kept_choice_opens_only_with_its_own_key() -> None:
    """Places are used again; an old button must not stand for something new."""
    drawer = Drawer(MemoryStore())
    made = await drawer.put(room_id(7), Choice(label="", name="consent"))
    assert await drawer.get(made) is not None
    assert await drawer.get(made[:-1] + ("0" if made[-1] != "0" else "1")) is None
