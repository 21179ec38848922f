"""The native commands: made from the engine's, every one of them, within Discord's limits."""

from typing import Any

import pytest

from adapters.discord.commands import REPORT, native, spec
from bot.boundary.commands import Command, Option
from bot.engine.parsed import HELP
from bot.features import FEATURES
from tests.discord.keeper import comes
from tests.discord.scene import Scene
from tests.localdiscord import CannotDo

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


async def test_every_command_is_answered_to_everybody_in_private(here: Scene) -> None:
    """Facilitator, member, and somebody at the door: an answer each, seen by nobody else."""
    await here.set_up("door")
    await here.zoe.join_guild(here.guild)
    await here.settled()
    values = {"member": here.bob, "number": 3, "duration": "72h", "word": "leave", "words": "gate"}
    for command in COMMANDS:
        if (command.name, command.sub) in (("setup", "undo"), ("forget", ""), ("group", "open")):
            continue
        sub = command.sub or ("set" if command.name == "setup" else "")
        options: Any = {o.name: values[o.kind] for o in command.options if o.required}
        for who, place in ((here.bob, here.evening), (here.zoe, here.welcome), (here.ann, here.evening)):
            try:
                reply = await who.slash(place, command.name, *([sub] if sub else []), **options)
            except CannotDo as no:
                raise AssertionError(f"{command.full}: {no}") from no
            if reply.interaction.modal is None:
                assert reply.ephemeral, command.full
                assert "I could not keep" not in reply.text, command.full
    await here.settled()
    shown = [m.text for m in here.bob.sees(here.evening) if not m.ephemeral]
    assert not any("only facilitators" in text.lower() for text in shown)
    await comes(lambda: here.bell is not None)
