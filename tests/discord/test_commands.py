"""The native commands: made from the engine's, every one of them, within Discord's limits."""

from typing import Any

import pytest

from adapters.discord.commands import REPORT, called, native, spec
from bot.boundary.commands import Command, Option
from bot.engine.parsed import HELP
from bot.features import FEATURES
from tests.discord.scene import Scene
from tests.localdiscord import Human

COMMANDS = (*(c for f in FEATURES for c in f.commands), HELP)


async def test_every_command_is_there_for_everybody_and_in_direct_chats(here: Scene) -> None:
    """INTERFACE.md: none carries `default_member_permissions`; the engine authorises."""
    offered = {c.split()[0] for c in here.bob.commands(here.evening)}
    assert {c.name for c in COMMANDS} <= offered
    assert REPORT in here.bob.commands(here.evening)
    assert {c.name for c in COMMANDS} <= {c.split()[0] for c in here.bob.commands(here.bob.dm)}
    (sent,) = here.server.asked("PUT", r"/applications/\d+/commands")
    assert not any("default_member_permissions" in c for c in sent.body)
    assert all(c.get("contexts") in ([0, 1], [0]) for c in sent.body)


async def test_bare_forms_are_sub_words_and_the_long_form_is_called_set(here: Scene) -> None:
    """`/consent show`, `/facilitator list`, `/setup set`."""
    (sent,) = here.server.asked("PUT", r"/applications/\d+/commands")
    subs = {c["name"]: [o["name"] for o in c.get("options", []) if o["type"] == 1] for c in sent.body}
    assert "show" in subs["consent"]
    assert "list" in subs["facilitator"]
    assert {"show", "start", "set", "undo", "apply"} <= set(subs["setup"])
    assert subs["urgent"] == []


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.full.replace(" ", "-"))
def test_every_command_is_found_again_by_its_native_name(command: Command) -> None:
    """What Discord sends back means the same command."""
    made = {c["name"]: c for c in native(COMMANDS)}
    subs = [o["name"] for o in made[command.name]["options"] if o["type"] == 1]
    matching = [spec(COMMANDS, command.name, sub) for sub in subs or [""]]
    assert command in matching


def test_descriptions_and_names_come_in_the_languages_that_there_are() -> None:
    """Only those that Discord knows; a language without a country counts for its countries."""
    said = {"en": "Shows it.", "de": "Zeigt es.", "xx": "?"}
    option = Option(name="key", meaning="What.", meanings={"en": "What.", "sv": "Vad."})
    made, _ = native((Command(name="look", meaning="Shows it.", meanings=said, options=(option,)),))
    assert made["description_localizations"] == {"de": "Zeigt es."}
    assert made["options"][0]["description_localizations"] == {"sv-SE": "Vad."}


REFUSALS = (
    "To begin a group here, you need the right",
    "Only facilitators of this group can do that",
    "Only a facilitator, or somebody who manages this room",
    "This works only for members of this group",
)
DANGEROUS = {("setup", "undo"), ("forget", ""), ("group", "open")}
"""They would end the scene in the middle; refused like the others to who may not give them."""


async def test_only_who_may_give_a_command_can_and_every_answer_is_private(here: Scene) -> None:
    """The authorisation matrix on Discord: facilitator with power, member, somebody at the door."""
    cleo = here.server.person("cleo")
    await cleo.join_guild(here.guild)
    await here.set_up("door")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    may: dict[str, tuple[Human, ...]] = {
        "all": (here.ann, here.bob, here.zoe),
        "member": (here.ann, here.bob, here.zoe),
        "named": (here.ann, here.bob, here.zoe),
        "facilitator": (here.ann,),
        "steward": (here.ann,),
    }
    values = {
        "member": cleo,
        "number": 3,
        "duration": "72h",
        "word": "leave",
        "words": "gate",
        "code": "six words that are no code",
    }
    for command in COMMANDS:
        sub = called(command, any(c.sub for c in COMMANDS if c.name == command.name))
        options: Any = {o.name: values[o.kind] for o in command.options if o.required}
        for who, place in ((here.bob, here.evening), (here.zoe, here.welcome), (here.ann, here.evening)):
            if who in may[command.who] and (command.name, command.sub) in DANGEROUS:
                continue
            reply = await who.slash(place, command.name, *([sub] if sub else []), **options)
            if reply.interaction.modal is not None:
                assert who in may[command.who], command.full
                continue
            assert reply.ephemeral, command.full
            assert "I could not keep" not in reply.text, command.full
            refused = any(words in reply.text for words in REFUSALS)
            assert refused is (who not in may[command.who]), f"{command.full}: {reply.text}"
    shown = [m.text for m in here.bob.sees(here.evening) if not m.ephemeral]
    assert not any(words in text for text in shown for words in REFUSALS)
