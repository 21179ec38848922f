"""From words to commands: parsing, and the nearest command for a typing error.

All of it comes from the features' own `Command` specs; nothing here knows a command by name but
`in` (which group) and `help`.
"""

import difflib
from collections.abc import Iterable, Sequence

import msgspec

from bot.boundary.commands import Command
from bot.engine.parsed import (
    CONFIRM,
    ENDINGS,
    HELP,
    IN,
    LONGEST_WORDS,
    NoCommand,
    Parsed,
    Place,
    Problem,
    Understood,
)
from bot.engine.texts import clean
from bot.engine.values import check_values, take, usage


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
            nearest = (self._only_sub(first) if place == "direct" else None) or self._nearest(tokens)
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
            value, left = take(option, left, command.options[position + 1 :])
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
