"""Application commands: what Discord accepts as one, and who sees which."""

import re
from typing import Any

from tests.localdiscord.model import DM, Channel, Json, User
from tests.localdiscord.permissions import P
from tests.localdiscord.refused import Refused, invalid
from tests.localdiscord.world import World

CHAT_INPUT, USER_MENU, MESSAGE_MENU = 1, 2, 3
SUB, GROUP, STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, ATTACHMENT = range(1, 12)
# docs, Application Commands: 100 of CHAT_INPUT, 15 of each menu; 8000 characters in all.
MOST = {CHAT_INPUT: 100, USER_MENU: 15, MESSAGE_MENU: 15}
MOST_CHARACTERS = 8000
# docs, Reference, Locales.
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
# docs: ^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$; combining marks stand for the two scripts.
_WORD = re.compile(r"^[-_'\w\u0900-\u097F\u0E00-\u0E7F]{1,32}$")


def _check_name(name: Any, where: str, menu: bool) -> None:
    if not isinstance(name, str) or not 1 <= len(name) <= 32:
        raise invalid(where, "Must be between 1 and 32 in length.", "BASE_TYPE_BAD_LENGTH")
    if not menu and (not _WORD.match(name) or name != name.lower()):
        raise invalid(where, "Command name is invalid", "APPLICATION_COMMAND_INVALID_NAME")


def _check_words(spec: Json, where: str, menu: bool) -> int:
    """Name, description and their translations. Returns how many characters count."""
    _check_name(spec.get("name"), f"{where}name", menu)
    description = spec.get("description") or ""
    if menu:
        if description:
            raise invalid(f"{where}description", "Context menu commands cannot have description")
    elif not 1 <= len(description) <= 100:
        raise invalid(f"{where}description", "This field is required", "BASE_TYPE_REQUIRED")
    longest_name, longest_description = len(spec["name"]), len(description)
    for key in ("name_localizations", "description_localizations"):
        for locale, words in (spec.get(key) or {}).items():
            if locale not in LOCALES:
                raise invalid(
                    f"{where}{key}", f"Value must be one of the locales, not {locale}.", "ENUM_TYPE_COERCE"
                )
            if key == "name_localizations":
                _check_name(words, f"{where}{key}.{locale}", menu)
                longest_name = max(longest_name, len(words))
            elif not 1 <= len(words) <= 100:
                raise invalid(
                    f"{where}{key}.{locale}", "Must be between 1 and 100 in length.", "BASE_TYPE_BAD_LENGTH"
                )
            else:
                longest_description = max(longest_description, len(words))
    return longest_name + longest_description


def _check_options(options: list[Json], where: str, inside: int | None) -> int:
    total, optional_seen, names = 0, False, set()
    if len(options) > 25:
        raise invalid(f"{where}options", "Must be 25 or fewer in length.", "BASE_TYPE_BAD_LENGTH")
    kinds = {option.get("type") for option in options}
    if kinds & {SUB, GROUP} and kinds - {SUB, GROUP}:
        raise invalid(
            f"{where}options",
            "Sub-command option types are mutually exclusive",
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
        )
    for index, option in enumerate(options):
        here = f"{where}options.{index}."
        total += _check_words(option, here, menu=False)
        if option["name"] in names:
            raise invalid(
                f"{here}name", "Option names must be unique", "APPLICATION_COMMAND_OPTIONS_NAME_DUPLICATE"
            )
        names.add(option["name"])
        if option["type"] in (SUB, GROUP):
            if inside == SUB or (inside == GROUP and option["type"] == GROUP):
                raise invalid(here + "type", "Sub-commands are nested too deep")
            if option["type"] == GROUP and not option.get("options"):
                raise invalid(here + "options", "This field is required", "BASE_TYPE_REQUIRED")
            total += _check_options(option.get("options") or [], here, option["type"])
            continue
        if option.get("required") and optional_seen:
            raise invalid(
                here + "required",
                "Required options must be placed before non-required options",
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
            )
        optional_seen = optional_seen or not option.get("required")
        choices = option.get("choices") or []
        if choices and option.get("autocomplete"):
            raise invalid(here + "autocomplete", "Cannot have both choices and autocomplete")
        if len(choices) > 25:
            raise invalid(here + "choices", "Must be 25 or fewer in length.", "BASE_TYPE_BAD_LENGTH")
        if len({choice["name"] for choice in choices}) != len(choices):
            raise invalid(
                here + "choices",
                "Choice names must be unique",
                "APPLICATION_COMMAND_OPTIONS_CHOICES_NAME_DUPLICATE",
            )
        for choice in choices:
            total += len(choice["name"]) + len(str(choice["value"]))
            for locale in choice.get("name_localizations") or {}:
                if locale not in LOCALES:
                    raise invalid(
                        here + "choices",
                        f"Value must be one of the locales, not {locale}.",
                        "ENUM_TYPE_COERCE",
                    )
    return total


def check(spec: Json) -> None:
    """Raises 400/50035 for a command that Discord would not take."""
    kind = spec.get("type") or CHAT_INPUT
    menu = kind in (USER_MENU, MESSAGE_MENU)
    total = _check_words(spec, "", menu)
    if menu and spec.get("options"):
        raise invalid("options", "Context menu commands cannot have options")
    total += _check_options(spec.get("options") or [], "", None)
    if total > MOST_CHARACTERS:
        raise invalid("", "Command exceeds maximum size (8000)", "APPLICATION_COMMAND_TOO_LARGE")


def _filled(world: World, spec: Json, guild_id: int | None, old: Json | None) -> Json:
    made = {
        "id": old["id"] if old else str(world.clock.snowflake()), "application_id": str(world.bot.id),
        "type": CHAT_INPUT,
        "description": "", "default_member_permissions": None, "nsfw": False, "name_localizations": None,
        "description_localizations": None, **{key: value for key, value in spec.items() if key != "id"},
    }  # fmt: skip
    made["type"] = made["type"] or CHAT_INPUT
    if made["default_member_permissions"] is not None:
        made["default_member_permissions"] = str(made["default_member_permissions"])
    made["version"] = str(world.clock.snowflake())
    if guild_id is not None:
        made["guild_id"] = str(guild_id)
    else:
        made.setdefault("integration_types", [0])
        made["contexts"] = made.get("contexts")
        made["dm_permission"] = made.get("dm_permission", True)
    return made


def _key(spec: Json) -> tuple[int, str]:
    return (spec.get("type") or CHAT_INPUT, spec["name"])


def overwrite(world: World, guild_id: int | None, specs: list[Json]) -> list[Json]:
    """Bulk overwrite: all commands of the scope; those of the same name and type keep their id."""
    for spec in specs:
        check(spec)
    keys = [_key(spec) for spec in specs]
    if len(set(keys)) != len(keys):
        raise invalid("", "Application command names must be unique", "APPLICATION_COMMANDS_DUPLICATE_NAME")
    for kind, most in MOST.items():
        if sum(key[0] == kind for key in keys) > most:
            raise Refused(400, 30032, f"Maximum number of application commands reached ({most}).")
    old = {_key(command): command for command in world.commands.get(guild_id, [])}
    world.commands[guild_id] = [_filled(world, spec, guild_id, old.get(_key(spec))) for spec in specs]
    return world.commands[guild_id]


def upsert(world: World, guild_id: int | None, spec: Json) -> tuple[Json, bool]:
    """One command; True where it is new."""
    check(spec)
    scope = world.commands.setdefault(guild_id, [])
    old = next((one for one in scope if _key(one) == _key(spec)), None)
    made = _filled(world, spec, guild_id, old)
    if old is not None:
        scope[scope.index(old)] = made
    else:
        scope.append(made)
    return made, old is None


def available(world: World, user: User, channel: Channel) -> list[Json]:
    """The commands that this person's client offers in this channel."""
    direct = channel.kind == DM
    found = list(world.commands[None]) + ([] if direct else world.commands.get(channel.guild_id, []))
    held = world.held(channel, user)
    if not direct and not held & P.USE_APPLICATION_COMMANDS:
        return []
    guild = world.guilds.get(channel.guild_id or 0)
    if guild is not None and world.bot.id not in guild.members:
        return []
    shown = []
    for command in found:
        contexts = command.get("contexts")
        if contexts is None:
            contexts = [0, 1] if command.get("dm_permission", True) is not False else [0]
        if (1 if direct else 0) not in contexts:
            continue
        need = command["default_member_permissions"]
        if direct or need is None or held & P.ADMINISTRATOR or (int(need) and held & int(need) == int(need)):
            shown.append(command)
    return shown
