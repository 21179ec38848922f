"""From words to commands: parsing, the nearest command for a typing error, and help.

All of it comes from the features' own `Command` specs; nothing here knows a command by name but
`in` (which group) and `help`.
"""

import difflib
import shlex
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from bot.boundary.commands import Command, Option
from bot.contract.settings import BadValue, seconds
from bot.engine.texts import clean

LONGEST_WORDS = 4000
"""Characters of one command with everything in it. Discord's own longest message is 4,000."""

HELP = Command(
    name="help",
    who="all",
    private=False,
    outsiders=True,
    options=(Option(name="command", kind="words"),),
)

IN = "in"
"""`!in GROUP command`: says which group a direct-chat command means."""

CONFIRM = "confirm"

ENDINGS = ".!?,…。"
"""What may stand behind a single word: phones put a full stop there, and fear puts `!!!`."""


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """A command that was understood. `group` is what stood after `in`."""

    command: Command
    values: dict[str, str] = {}
    confirmed: bool = False
    group: str = ""
    bare_word: bool = False


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Words that are no command, with what to say: a Fluent key and arguments."""

    key: str
    args: dict[str, str | int] = {}
    nearest: Command | None = None
    """The command that was probably meant."""
    form: bool = False
    """Only values are missing: a form of `nearest` would help, where there are forms."""
    group: str = ""


class NoCommand(msgspec.Struct, frozen=True):
    """Words that do not look like a command at all."""


Understood = Parsed | Problem | NoCommand
Place = Literal["direct", "room"]


class Book:
    """All commands there are, for looking up and parsing."""

    def __init__(self, commands: Iterable[Command]) -> None:
        self.all = (*commands, HELP)
        self._by_name: dict[str, dict[str, Command]] = {}
        for command in self.all:
            subs = self._by_name.setdefault(command.name, {})
            if command.sub in subs:
                raise ValueError(f"two commands are called {command.full}")
            subs[command.sub] = command
        self._bare_words = {c.sub: c for c in self.all if c.bare_word}

    def find(self, name: str, sub: str) -> Command | None:
        """The command of these words; for a bare form the one that it means."""
        subs = self._by_name.get(name.casefold(), {})
        if found := subs.get(sub.casefold()):
            return found
        return None if sub else next((c for c in subs.values() if c.bare), None)

    def parse(self, words: str, prefix: str, place: Place, addressed: bool = False) -> Understood:
        """What somebody means with `words`.

        In a room only what stands behind the prefix (or is addressed to the bot) can be a
        command. In a direct chat a bare answer (`agree`) and a whole command without the prefix
        count too.
        """
        text = clean(words).strip()
        marked = False
        for mark in (prefix, "/"):
            if mark and text.startswith(mark):
                text, marked = text[len(mark) :].strip(), True
                break
        if not text:
            return NoCommand()
        if not marked and not addressed and place == "room":
            return NoCommand()
        if len(text) > LONGEST_WORDS:
            return Problem(key="engine-too-long", args={"most": LONGEST_WORDS}, nearest=self._start(text))
        group, text = self._group(text)
        text = text.removeprefix(prefix).removeprefix("/").strip() if group else text
        if group and not text:
            return Problem(key="engine-in-usage")
        tokens = text.split()
        return self._understand(tokens, text, group, marked or addressed or bool(group), place)

    def _understand(
        self, tokens: Sequence[str], text: str, group: str, marked: bool, place: Place
    ) -> Understood:
        if len(tokens) == 1 and (word := text.rstrip(ENDINGS)):
            text, tokens = word, [word]
        first = tokens[0].casefold()
        if place == "direct" and len(tokens) == 1 and first in self._bare_words:
            return Parsed(command=self._bare_words[first], group=group, bare_word=True)
        subs = self._by_name.get(first)
        if subs is None:
            if not marked:
                meant = self._nearly_bare(tokens) if place == "direct" else None
                return _near(meant, group) if meant else NoCommand()
            nearest = self._nearest(tokens) or (self._only_sub(first) if place == "direct" else None)
            if nearest:
                return _near(nearest, group)
            return Problem(key="engine-unknown", group=group)
        rest = text[len(tokens[0]) :].strip()
        sub = tokens[1].casefold() if len(tokens) > 1 else ""
        if sub and sub in subs:
            rest = rest[len(tokens[1]) :].strip()
            found = self._filled(subs[sub], rest, group)
        else:
            bare = subs.get("") if rest and "" in subs else self.find(first, "")
            confirming = bare is not None and bare.confirms and rest.casefold() == CONFIRM
            if bare is None or (rest and not bare.options and not confirming):
                if not marked:
                    return NoCommand()
                return self._wrong_sub(first, sub, subs, group)
            found = self._filled(bare, rest, group)
        return found if marked or isinstance(found, Parsed) else NoCommand()

    def _wrong_sub(self, name: str, sub: str, subs: dict[str, Command], group: str) -> Problem:
        known = sorted(s for s in subs if s)
        if not known:
            only = next(iter(subs.values()))
            return Problem(key="engine-usage", args={"usage": usage(only)}, nearest=only, group=group)
        near = difflib.get_close_matches(sub, known, 1, 0.5)
        nearest = subs[near[0]] if near else next(iter(subs.values()))
        if near:
            return _near(nearest, group)
        return Problem(
            key="engine-unknown-sub",
            args={"name": name, "subs": ", ".join(known)},
            nearest=nearest,
            group=group,
        )

    def _nearest(self, tokens: Sequence[str]) -> Command | None:
        """The command that was probably meant, by name, by sub-word, or by both together."""
        typed = " ".join(t.casefold() for t in tokens[:2])
        first = tokens[0].casefold()
        names = difflib.get_close_matches(first, list(self._by_name), 1, 0.6)
        if names:
            subs = self._by_name[names[0]]
            sub = tokens[1].casefold() if len(tokens) > 1 else ""
            closest = difflib.get_close_matches(sub, [s for s in subs if s], 1, 0.6) if sub else []
            return subs[closest[0]] if closest else self.find(names[0], "") or next(iter(subs.values()))
        whole = difflib.get_close_matches(typed, [c.full for c in self.all], 1, 0.7)
        if whole:
            return next(c for c in self.all if c.full == whole[0])
        near_sub = difflib.get_close_matches(first, list(self._bare_words), 1, 0.7)
        return self._bare_words[near_sub[0]] if near_sub else None

    def _nearly_bare(self, tokens: Sequence[str]) -> Command | None:
        """The bare answer that was probably meant by `agre` or `I agree`: asked, never assumed."""
        if len(tokens) > 2 or (len(tokens) == 2 and len(tokens[0]) > 1):
            return None
        known = self._bare_words | {c.name: c for c in self.all if c.every_group}
        near = difflib.get_close_matches(tokens[-1].casefold().rstrip(ENDINGS), list(known), 1, 0.8)
        return known[near[0]] if near else None

    def _only_sub(self, word: str) -> Command | None:
        """The one command that has this sub-word: `receipt` for `consent receipt`. In a direct chat
        alone, since in a room it may well be another bot's command."""
        found = [c for c in self.all if c.sub == word]
        return found[0] if len(found) == 1 else None

    def _start(self, text: str) -> Command | None:
        tokens = text[:200].split()
        found = self.find(tokens[0], tokens[1] if len(tokens) > 1 else "") or self.find(tokens[0], "")
        return found or self._nearest(tokens[:2])

    def _group(self, text: str) -> tuple[str, str]:
        """Splits `in GROUP rest`. A group of several words stands in quotes; what follows an
        unquoted one is settled by the engine, which knows the names."""
        head, _, tail = text.partition(" ")
        if head.casefold() != IN or not tail.strip():
            return "", text
        tail = tail.strip()
        if tail[0] in "\"'“”„":
            closing = {'"': '"', "'": "'", "“": "”", "„": "“", "”": "”"}[tail[0]]
            end = tail.find(closing, 1)
            if end > 0:
                return tail[1:end].strip(), tail[end + 1 :].strip()
        tokens = tail.split()
        for cut in range(1, len(tokens)):
            word = tokens[cut].casefold().lstrip("!/")
            if word in self._by_name or (cut == len(tokens) - 1 and word in self._bare_words):
                rest = tail.split(None, cut)[-1]  # as it was typed: a text keeps its lines
                return " ".join(tokens[:cut]), word + rest[len(tokens[cut]) :]
        return tokens[0], tail[len(tokens[0]) :].strip()

    def _filled(self, command: Command, rest: str, group: str) -> Parsed | Problem:
        confirmed = False
        if command.confirms or not command.options or command.options[-1].kind != "words":
            # Where nothing is to be confirmed, a habit does no harm: `group open confirm` opens.
            shorter = rest.rsplit(None, 1)
            if shorter and shorter[-1].casefold() == CONFIRM:
                rest, confirmed = (shorter[0] if len(shorter) == 2 else ""), command.confirms
        values: dict[str, str] = {}
        left = rest
        for position, option in enumerate(command.options):
            value, left = _take(option, left, command.options[position + 1 :])
            if value:
                values[option.name] = value
        if left:
            return Problem(key="engine-usage", args={"usage": usage(command)}, nearest=command, group=group)
        problem = check_values(command, values)
        if isinstance(problem, Problem):
            return msgspec.structs.replace(problem, group=group)
        return Parsed(command=command, values=problem, confirmed=confirmed, group=group)


def _near(nearest: Command, group: str) -> Problem:
    near = nearest.name if nearest.bare else nearest.full
    return Problem(key="engine-unknown-near", args={"near": near}, nearest=nearest, group=group)


def usage(command: Command) -> str:
    """`members admit WHO [TIME]`, for a person."""
    shown = [o.name.upper() if o.required else f"[{o.name.upper()}]" for o in command.options]
    return " ".join([command.full, *shown])


def check_values(command: Command, values: dict[str, str]) -> dict[str, str] | Problem:
    """The values in canonical spelling, or what is wrong with them."""
    good: dict[str, str] = {}
    for option in command.options:
        value = clean(values.get(option.name, "")).strip()
        if not value:
            if option.required:
                said = usage(command)
                return Problem(key="engine-usage", args={"usage": said}, nearest=command, form=True)
            continue
        if len(value) > LONGEST_WORDS:
            return Problem(key="engine-too-long", args={"most": LONGEST_WORDS}, nearest=command)
        if option.choices:
            value = next((c for c in option.choices if c.casefold() == value.casefold()), "")
            if not value:
                return Problem(
                    key="engine-bad-choice",
                    args={"option": option.name, "choices": ", ".join(option.choices)},
                    nearest=command,
                )
        elif option.kind == "number" and not (value.isascii() and value.isdigit() and len(value) < 10):
            return Problem(key="engine-bad-number", args={"option": option.name}, nearest=command)
        elif option.kind == "duration":
            try:
                seconds(value)
            except BadValue:
                return Problem(key="engine-bad-duration", args={"option": option.name}, nearest=command)
        good[option.name] = value
    return good


def _take(option: Option, rest: str, later: Sequence[Option]) -> tuple[str, str]:
    """One option's value from the front of what is left, and the rest."""
    rest = rest.strip()
    if not rest:
        return "", ""
    match option.kind:
        case "words":
            return _unquoted(rest), ""
        case "member":
            # A name may have several words; only a duration may follow it.
            if any(o.kind == "duration" for o in later):
                *head, last = rest.rsplit(None, 1)
                if head and _is_duration(last):
                    return _unquoted(head[0].strip()), last
            if any(o.kind == "words" for o in later):
                return _first(rest)
            return _unquoted(rest), ""
        case "word" | "number" | "duration":
            first, tail = _first(rest)
            if not option.required and (
                (option.kind == "number" and not first.isdigit())
                or (option.kind == "duration" and not _is_duration(first))
            ):
                return "", rest
            return first, tail


def _first(text: str) -> tuple[str, str]:
    """The first word and the rest."""
    head, *tail = text.split(None, 1)
    return head, tail[0] if tail else ""


def _is_duration(word: str) -> bool:
    try:
        seconds(word)
    except BadValue:
        return False
    return True


def _unquoted(text: str) -> str:
    """Text without the one pair of quotes around all of it."""
    if len(text) > 1 and text[0] in "\"'":
        try:
            parts = shlex.split(text)
        except ValueError:
            return text
        if len(parts) == 1:
            return parts[0]
    return text
