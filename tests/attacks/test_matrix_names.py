"""Names, long words and invisible characters."""

import asyncio
import unicodedata

import pytest

from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson, until
from tests.support.client import Person

BIDI = "\u202e\u2066\u200f\u061c"
CONTROL = "\x00\x07\x1b[31m\x7f\u0085"


def invisible(text: str) -> list[str]:
    """The control and bidirectional characters of a text, line breaks left out."""
    return [c for c in text if unicodedata.category(c) in ("Cc", "Cf") and c not in "\n\t"]


async def test_a_name_gives_no_rights(keeper: BotProcess, someone: MakePerson) -> None:
    """Whoever takes the bot's or a facilitator's display name is still who they are."""
    circle = await Circle.guarded(someone, keeper, "ben", gate="mute")
    await circle.admin.rename("Ada Facilitator")
    ben: Person = circle.members[0]
    for name in ("Ada Facilitator", "Circlekeeper", circle.admin.user_id, keeper.user_id):
        await ben.rename(name)
        await until(lambda n=name: circle.shown_as(ben, n), "renamed")  # type: ignore[misc]
        assert "facilitator" in await ben.ask_bot("!group")


async def test_a_name_that_two_people_have_means_nobody(keeper: BotProcess, someone: MakePerson) -> None:
    """A command about a person acts on one who is certain, or on nobody."""
    circle = await Circle.guarded(someone, keeper, gate="mute")
    dora = await circle.welcome(await someone("dora", keeper))
    mallory = await circle.welcome(await someone("mallory", keeper))
    for person in (dora, mallory):
        await person.rename("Dora Doe")
        await until(lambda p=person: circle.shown_as(p, "Dora Doe"), "renamed")  # type: ignore[misc]
    await asyncio.sleep(1)
    await circle.admin.ask_bot("!members admit Dora Doe")
    await asyncio.sleep(1)
    assert not await circle.may_speak(mallory)
    assert not await circle.may_speak(dora)


async def test_a_name_that_is_somebodys_id_does_not_become_them(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """An id means the account, whatever others call themselves."""
    circle = await Circle.guarded(someone, keeper, gate="mute")
    dora = await circle.welcome(await someone("dora", keeper))
    mallory = await circle.welcome(await someone("mallory", keeper))
    await mallory.rename(dora.user_id)
    await until(lambda: circle.shown_as(mallory, dora.user_id), "renamed")
    await asyncio.sleep(1)
    said = await circle.admin.ask_bot(f"!members admit {dora.user_id}")
    if "confirm" in said:
        await circle.admin.ask_bot("confirm")
    await circle.speaks(dora)
    assert not await circle.may_speak(mallory)


@pytest.mark.parametrize(
    "words",
    [
        "!group set contact " + "a" * 10_000 + " confirm",
        "!" + "c" * 10_000,
        "!consent " + "agree " * 2_000,
        "!in " + "x" * 10_000 + " consent",
        "!members admit @" + "y" * 10_000,
    ],
    ids=["value", "name", "sub", "group", "who"],
)
async def test_ten_thousand_characters_are_refused_kindly(
    keeper: BotProcess, someone: MakePerson, words: str
) -> None:
    """The refusal is short, and the bot goes on."""
    circle = await Circle.guarded(someone, keeper)
    answer = await circle.admin.ask_bot(words)
    assert len(answer) < 2_000
    assert "gate:" in (await circle.admin.ask_bot("!group")).replace("`", "").replace("*", "")


async def test_invisible_characters_never_come_back(keeper: BotProcess, someone: MakePerson) -> None:
    """What people wrote is cleaned before the bot says it: names, settings, rooms."""
    circle = await Circle.guarded(someone, keeper, "ben", name=f"Even{BIDI}ing circle")
    ben = circle.members[0]
    await ben.rename(f"B{BIDI}en{CONTROL[1:]}")
    await ben.answer("consent understood", timeout=40)
    await circle.admin.ask_bot(f"!group set contact Ask{BIDI} Ada{CONTROL} confirm")
    await circle.admin.ask_bot("!group")
    await circle.admin.ask_bot(f"!facilitator add {ben.user_id}")
    await circle.admin.ask_bot("!facilitator")
    await ben.ask_bot("!rules")
    for person in (ben, circle.admin):
        for event in person.words:
            assert not invisible(event["content"]["body"])
            assert not invisible(event["content"].get("formatted_body", ""))


async def test_markup_in_names_is_shown_as_it_is(keeper: BotProcess, someone: MakePerson) -> None:
    """A room's name cannot put links, pictures or mentions into the bot's mouth."""
    circle = await Circle.guarded(
        someone, keeper, "ben", name='<a href="https://evil.example">Circle</a><img src="mxc://x/y"> **bold**'
    )
    ben = circle.members[0]
    event = await ben.answer("consent understood", timeout=40)
    html = event["content"].get("formatted_body", "")
    assert "<a " not in html
    assert "<img" not in html
    assert not event["content"].get("m.mentions", {}).get("room")


async def test_invisible_characters_do_not_hide_a_command(keeper: BotProcess, someone: MakePerson) -> None:
    """Pasted words with stray marks in them are understood, or refused kindly."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    await ben.answer("consent understood", timeout=40)
    await ben.ask_bot("\u200b!consent\u200b understood\u202c", "consent agree")
