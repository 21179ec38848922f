"""Every word to people: Fluent messages, rendered in a group's language at delivery."""

import logging
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import babel.dates
from fluent.runtime import FluentBundle
from fluent.syntax import FluentParser

from bot.boundary.capabilities import Capabilities, RoomView
from bot.boundary.commands import NATIVE_BARE, NATIVE_LONG, Command
from bot.boundary.effects import Arg, Body, Lasting, Name, Text, Verbatim, When, Words

log = logging.getLogger(__name__)

LONGEST_ARGUMENT = 6000
"""Characters of one argument: a group's own agreement fits, a flood does not."""

_LINE_BREAKS = re.compile(r"\n{3,}")
_LASTING = (
    ("engine-days", 86400),
    ("engine-hours", 3600),
    ("engine-minutes", 60),
    ("engine-seconds", 1),
)


def clean(text: str) -> str:
    """What people wrote, without what could mislead a reader: control, bidirectional, unassigned.

    Zero-width and direction marks let one name look like another (Unicode TR 36), so every
    character of the categories Cc (but line breaks), Cf, Cs, Co, Cn goes, and long runs of empty
    lines are shortened.

    >>> clean("ab\\u202ecd\\x07")
    'abcd'
    """
    kept = "".join(c for c in text.replace("\r\n", "\n") if c == "\n" or unicodedata.category(c)[0] != "C")
    return _LINE_BREAKS.sub("\n\n", kept)


def clean_line(text: str, longest: int = 80) -> str:
    """`clean`, on one line, shortened, without our markup: for names."""
    line = " ".join(clean(text).replace("`", "'").replace("*", "∗").split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


class MissingText(KeyError):
    """A Fluent message that does not exist, or one of its arguments that was not given."""


class Texts:
    """All Fluent messages of core and adapters, by language. English is the fallback.

    `folders` hold one file a language (`en.ftl`). The same key twice is an error.
    """

    def __init__(self, folders: Iterable[Path]) -> None:
        self._sources: dict[str, list[str]] = {}
        for folder in folders:
            for file in sorted(folder.glob("*.ftl")):
                self._sources.setdefault(file.stem, []).append(file.read_text(encoding="utf-8"))
        self._bundles: dict[tuple[str, str, bool, bool], FluentBundle] = {}
        self._commands: Mapping[str, Command] = {}

    def learn(self, commands: Iterable[Command]) -> None:
        """How commands are called, for the places where their options are named."""
        self._commands = {command.full: command for command in commands}

    def typed(self, command: str, can: Capabilities) -> str:
        """How a command is typed in a room that can do this."""
        if can.native_commands and can.named_options:
            return can.command_prefix + self._named(command)
        return typed_command(command, can.command_prefix, can.native_commands)

    def _named(self, command: str) -> str:
        """`group set key:gate value:mute` for `group set gate mute`."""
        name, _, rest = command.partition(" ")
        sub, _, words = rest.partition(" ")
        spec = self._commands.get(f"{name} {sub}") if sub else None
        if spec is None:
            spec, words = self._commands.get(name), rest
        if spec is None or (not rest and command in SHOWN_BARE):
            return typed_command(command, "", native=True)
        siblings = any(c.name == name and c.sub for c in self._commands.values())
        bare = NATIVE_LONG if spec.options else NATIVE_BARE
        called = f"{name} {spec.sub or (bare if siblings else '')}".strip()
        given = words.split(" ", max(len(spec.options) - 1, 0)) if words else []
        return " ".join([called, *(f"{o.name}:{w}" for o, w in zip(spec.options, given, strict=False))])

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that there are texts in."""
        return tuple(sorted(self._sources))

    def voice(self, language: str, can: Capabilities, view: RoomView | None, zone: ZoneInfo) -> "Voice":
        """A way of speaking: in this language, with commands as they are typed here."""
        bundle, fallback = self._bundle(language, can), self._bundle("en", can)
        return Voice(bundle, fallback, view, zone, language)

    def _bundle(self, language: str, can: Capabilities) -> FluentBundle:
        language = language if language in self._sources else "en"
        key = (language, can.command_prefix, can.native_commands, can.named_options)
        if key not in self._bundles:
            functions: dict[str, Callable[[Any], Any]] = {
                "CMD": lambda command: f"`{self.typed(command, can)}`"
            }
            bundle = FluentBundle([language], functions=functions, use_isolating=False)
            parser = FluentParser(with_spans=False)  # where each word stands is memory for nothing
            for source in self._sources.get(language, []):
                bundle.add_resource(parser.parse(source))
            self._bundles[key] = bundle
        return self._bundles[key]


SHOWN_BARE: Mapping[str, str] = {
    "consent": "show",
    "recording": "show",
    "group": "show",
    "members": "show",
    "setup": "show",
    "cases": "list",
    "facilitator": "list",
    "session": "next",
}
"""INTERFACE.md, "Bare forms": what a bare form is called where commands are native."""


def typed_command(command: str, prefix: str, native: bool) -> str:
    """How a command is typed: `!consent` in words, `/consent show` natively."""
    if native and command in SHOWN_BARE:
        command = f"{command} {SHOWN_BARE[command]}"
    return prefix + command


class Voice:
    """Renders texts for one room, in its language and time zone."""

    def __init__(
        self,
        bundle: FluentBundle,
        fallback: FluentBundle,
        view: RoomView | None,
        zone: ZoneInfo,
        language: str,
    ) -> None:
        self._bundle, self._fallback = bundle, fallback
        self._view, self._zone, self._language = view, zone, language

    def text(self, key: str, args: Mapping[str, Arg] | None = None) -> str:
        """One message. Raises `MissingText` where the key or an argument is missing."""
        bundle = self._bundle if self._bundle.has_message(key) else self._fallback
        if not bundle.has_message(key):
            raise MissingText(key)
        pattern = bundle.get_message(key).value
        if pattern is None:
            raise MissingText(key)
        filled = {name: self._arg(arg) for name, arg in (args or {}).items()}
        text, errors = bundle.format_pattern(pattern, filled)
        if errors:
            raise MissingText(f"{key}: {type(errors[0]).__name__}")
        return str(text)

    def body(self, body: Body) -> str:
        """A whole message: its parts as paragraphs."""
        return "\n\n".join(self._part(part) for part in body)

    def _part(self, part: Words | Verbatim) -> str:
        match part:
            case Words():
                return self.text(part.key, part.args)
            case Verbatim():
                text = clean(part.text)
                return f"```\n{text.replace('```', '`` `')}\n```" if part.code else text

    def _arg(self, arg: Arg) -> str | int:
        match arg:
            case bool() | int():
                return int(arg)
            case str():
                return clean(arg)[:LONGEST_ARGUMENT]
            case When():
                return self._when(arg.at, arg.only_date)
            case Name():
                person = self._view.people.get(arg.of) if self._view else None
                return f"{clean_line(person.name)} ({arg.of.native})" if person else arg.of.native
            case Lasting():
                return self._lasting(arg.seconds)
            case Text():
                return self.text(arg.key)

    def _when(self, at: datetime, only_date: bool) -> str:
        local = at.astimezone(self._zone)
        if only_date:
            return babel.dates.format_date(local.date(), "long", locale=self._language)
        # With the day of the week: people plan meetings by it, and see by it that a date is right.
        date = babel.dates.format_date(local.date(), "full", locale=self._language)
        return f"{date}, {local:%H:%M} ({local.tzname()})"

    def _lasting(self, seconds: int) -> str:
        for key, unit in _LASTING:
            if seconds >= unit and seconds % unit == 0:
                return self.text(key, {"count": seconds // unit})
        return self.text("engine-seconds", {"count": seconds})
