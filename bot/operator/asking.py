"""`circlekeeper setup`: asks, checks, and writes config.yaml with its secrets beside it."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import click
import msgspec
import yaml

from bot.boundary.errors import CannotStart
from bot.config.settings import Settings, settle
from bot.config.source import parse
from bot.operator import parts, tell
from bot.operator.assemble import NoCabinet, connected, group_settings

HEAD = """\
# Written by `circlekeeper setup`. config.example.yaml explains every key there is.
# Secrets never stand here: they are in files of their own, with mode 600.
"""


def ask(path: Path) -> Settings:
    """Ask until the answers fit together, then write. Raises `CannotStart`.

    What was answered before is offered again where something has to be asked twice.
    """
    if path.exists():
        raise CannotStart(
            f"There is already a file {path}.",
            "Change it by hand and run `circlekeeper doctor`, or give another name with --config.",
        )
    types = parts.section_types()
    given: dict[str, Any] = {}
    while True:
        secrets: dict[Path, str] = {}
        given = _answers(given, types, path.absolute().parent, secrets)
        text = HEAD + yaml.safe_dump(given, sort_keys=False, allow_unicode=True)
        try:
            settings = settle(parse(path.name, text), path.absolute().parent, types, group_settings())
            connected(settings, NoCabinet())
        except CannotStart as refused:
            tell.trouble(refused.what, refused.next_step)
            tell.word("Let us go through it once more.")
            continue
        for file, secret in secrets.items():
            _write(file, secret + "\n")
        _write(path, text)
        return settings


def _answers(
    before: Mapping[str, Any], types: Mapping[str, Any], base: Path, secrets: dict[Path, str]
) -> dict[str, Any]:
    operator = before.get("operator", {})
    tell.word("Who runs this bot? Members read it in every receipt.")
    name = click.prompt("Name", default=operator.get("name"))
    contact = click.prompt("How to reach you (an address for mail, say)", default=operator.get("contact"))
    kept = click.prompt(
        "After how long do you delete a backup of the data (30d, say; none: you make none)",
        default=operator.get("backups_kept", "30d"),
    )
    names = sorted(types)
    platform = next((n for n in names if n in before), names[0])
    if len(names) > 1:
        platform = click.prompt("Platform", type=click.Choice(names), default=platform)
    tell.word(f"Now the bot's own account on {platform.capitalize()}.")
    section = _section(platform, types[platform](), before.get(platform, {}), base, secrets)
    listen = click.prompt("Address of the health pages (- for none)", default="127.0.0.1:8787")
    answers: dict[str, Any] = {
        "operator": {"name": name, "contact": contact, "backups_kept": kept},
        "data": "./data",
    }
    # Beside the data, not in it: a copy of the data folder alone then tells nothing.
    answers["master_key_file"] = "./secrets/master.key"
    if listen != "-":
        answers["listen"] = listen
    return {**answers, platform: section}


def _section(
    platform: str, kind: type[msgspec.Struct], before: Mapping[str, Any], base: Path, secrets: dict[Path, str]
) -> dict[str, Any]:
    """Asks for what has no default, for lists, and for a secret; the rest keeps its default."""
    found: dict[str, Any] = {}
    has_secret = False
    for field in msgspec.structs.fields(kind):
        name, (of, words) = field.encode_name, _asked(field)
        if name.endswith("_file"):
            if has_secret:
                continue
            # Several kinds of secret: the first that is given is taken.
            asked = words if field.required else f"{words} (leave it empty to give another secret)"
            default = None if field.required else ""
            secret = click.prompt(asked, hide_input=True, default=default, show_default=False)
            if secret:
                has_secret = True
                file = base / "secrets" / f"{platform}-{name.removesuffix('_file').replace('_', '-')}"
                secrets[file] = secret
                found[name] = f"./secrets/{file.name}"
        elif of == list[str]:
            default = ", ".join(before.get(name, [])) or None
            given = click.prompt(f"{words}, with commas between", default=default)
            found[name] = [word.strip() for word in given.split(",") if word.strip()]
        elif field.required:
            found[name] = click.prompt(words, default=before.get(name))
    return found


def _asked(field: msgspec.structs.FieldInfo) -> tuple[Any, str]:
    """A key's type, and its description by the adapter (`msgspec.Meta`); its name where there is none."""
    if get_origin(field.type) is not Annotated:
        return field.type, field.encode_name.replace("_", " ").capitalize()
    of, *extras = get_args(field.type)
    described = (e.description for e in extras if isinstance(e, msgspec.Meta) and e.description)
    return of, next(described, field.encode_name)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(text)
    except OSError:
        raise CannotStart(
            f"The file {path} cannot be written.", "Check that its folder can be written to and has space."
        ) from None
