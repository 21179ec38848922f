"""The engine's commands as native ones: made from their specs, sent only when they have changed."""

import hashlib
import json
from collections.abc import Sequence

from adapters.discord.client import Client
from adapters.discord.messages import Raw
from adapters.discord.words import say
from bot.boundary.commands import NATIVE_BARE, NATIVE_LONG, Command, Option
from bot.boundary.ports import Cabinet

SENT = "commands"
LONGEST = 100
"""Discord's limit for a description."""
LONGEST_VALUE = 4000
GROUP, CONFIRM = "group", "confirm"
"""Options that commands have on Discord besides their own: which group is meant, and being sure."""
COMPLETED = frozenset({"key", "value", "case"})
"""Options that are completed while they are typed; `group` too, and `who` by Discord itself."""
REPORT = "Report privately"
"""The name of the entry in a message's menu."""

CHAT, MESSAGE_MENU = 1, 3
SUB, TEXT, NUMBER, SURE, PERSON = 1, 3, 4, 5, 6
SERVER_AND_DIRECT = [0, 1]
LOCALES = frozenset(
    [
        "id",
        "da",
        "de",
        "en-GB",
        "en-US",
        "es-ES",
        "es-419",
        "fr",
        "hr",
        "it",
        "lt",
        "hu",
        "nl",
        "no",
        "pl",
        "pt-BR",
        "ro",
        "fi",
        "sv-SE",
        "vi",
        "tr",
        "cs",
        "el",
        "bg",
        "ru",
        "uk",
        "hi",
        "th",
        "zh-CN",
        "ja",
        "zh-TW",
        "ko",
    ]
)
"""The languages that Discord has."""


def native(commands: Sequence[Command]) -> list[Raw]:
    """All commands as Discord wants them, in a fixed order."""
    by_name: dict[str, list[Command]] = {}
    for command in commands:
        by_name.setdefault(command.name, []).append(command)
    made = [_top(name, subs) for name, subs in sorted(by_name.items())]
    menu: Raw = {
        "name": REPORT,
        "type": MESSAGE_MENU,
        "contexts": [0],
        "integration_types": [0],
    }
    return [*made, menu]


def called(command: Command, siblings: bool) -> str:
    """The sub-word of a command on Discord, where every form of a command with sub-words has one."""
    bare = NATIVE_LONG if command.options else NATIVE_BARE
    return command.sub or (bare if siblings else "")


def spec(commands: Sequence[Command], name: str, sub: str) -> Command | None:
    """The command of a native name and sub-word; None where there is none."""
    same = [c for c in commands if c.name == name]
    siblings = any(c.sub for c in same)
    return next((c for c in same if called(c, siblings) == sub), None)


async def sync(client: Client, cabinet: Cabinet, commands: Sequence[Command]) -> bool:
    """Send the commands to Discord if they are not what was sent last. True: they were sent.

    Raises whatever a request can raise, and `StorageTrouble`.
    """
    made = native(commands)
    body = json.dumps([client.application_id, made], sort_keys=True).encode()
    print_ = hashlib.sha256(body).digest()
    if await cabinet.get(SENT) == print_:
        return False
    await client.ask("PUT", f"/applications/{client.application_id}/commands", json=made)
    await cabinet.put(SENT, print_)
    return True


def _top(name: str, subs: list[Command]) -> Raw:
    siblings = any(c.sub for c in subs)
    whole: Raw = {
        "name": name,
        "type": CHAT,
        "contexts": SERVER_AND_DIRECT,
        "integration_types": [0],
    }
    if not siblings:
        return {**whole, **_described(subs[0]), "options": _options(subs[0])}
    bare = next((c for c in subs if c.bare), subs[0])
    options = [
        {"type": SUB, "name": called(c, siblings), **_described(c), "options": _options(c)}
        for c in sorted(subs, key=lambda c: called(c, siblings))
    ]
    return {**whole, **_described(bare), "options": options}


def _described(what: Command | Option) -> Raw:
    found: Raw = {"description": _line(what.meaning) or what.name}
    others = {
        locale: _line(text)
        for locale in sorted(LOCALES)
        if (text := what.meanings.get(locale) or what.meanings.get(locale.partition("-")[0]))
        and _line(text) != found["description"]
    }
    return {**found, "description_localizations": others} if others else found


def _line(text: str) -> str:
    line = " ".join(text.replace("`", "").replace("*", "").split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def _options(command: Command) -> list[Raw]:
    own = sorted(command.options, key=lambda o: not o.required)
    made = [_option(option) for option in own]
    if command.confirms:
        made.append({"type": SURE, "name": CONFIRM, "description": _line(say("discord-option-confirm"))})
    if command.name != "help":
        made.append(
            {
                "type": TEXT,
                "name": GROUP,
                "description": _line(say("discord-option-group")),
                "autocomplete": True,
            }
        )
    return made


def _option(option: Option) -> Raw:
    made: Raw = {"name": option.name, **_described(option), "required": option.required}
    if option.kind == "member":
        return {"type": PERSON, **made}
    if option.kind == "number":
        return {"type": NUMBER, **made, "min_value": 0, "max_value": 999_999_999}
    if option.name in COMPLETED:
        return {"type": TEXT, **made, "autocomplete": True}
    if option.choices and len(option.choices) <= 25:
        return {"type": TEXT, **made, "choices": [{"name": c, "value": c} for c in option.choices]}
    return {"type": TEXT, **made, "max_length": LONGEST_VALUE}
