"""The values of a command: taken from words in order, and brought into canonical spelling."""

import shlex
from collections.abc import Sequence

from bot.boundary.codes import WORDS_IN_CODE
from bot.boundary.commands import Command, Option
from bot.contract.settings import BadValue, seconds
from bot.engine.parsed import LONGEST_WORDS, Problem
from bot.engine.texts import clean

BAR = "|"
"""Ends a text that another text follows: `recording ask to learn | the two of us | 30`."""


def usage(command: Command) -> str:
    """`members admit WHO [TIME]`, for a person."""
    shown = [o.name.upper() if o.required else f"[{o.name.upper()}]" for o in command.options]
    for n, option in enumerate(command.options):
        if option.kind == "words" and any(o.kind == "words" for o in command.options[n + 1 :]):
            shown[n] += f" {BAR}"
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


def take(option: Option, rest: str, later: Sequence[Option]) -> tuple[str, str]:
    """One option's value from the front of what is left, and the rest."""
    rest = rest.strip()
    if not rest:
        return "", ""
    match option.kind:
        case "code":
            words = rest.split(None, WORDS_IN_CODE)
            return " ".join(words[:WORDS_IN_CODE]), "".join(words[WORDS_IN_CODE:])
        case "words":
            return _text(rest, later) if later else (_unquoted(rest), "")
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
                or (later and option.choices and not _fits(option, first))
            ):
                return "", rest
            return first, tail


def _text(rest: str, later: Sequence[Option]) -> tuple[str, str]:
    """A text that other values follow: in quotes, or up to a bar, or up to the words at the end that
    fit the later options."""
    if rest[0] in QUOTES and (end := rest.find(QUOTES[rest[0]], 1)) > 0:
        return rest[1:end].strip(), rest[end + 1 :].strip().removeprefix(BAR).strip()
    if BAR in rest:
        head, _, tail = rest.partition(BAR)
        return head.strip(), tail.strip()
    words, tail = rest.split(" "), ""
    for option in reversed(later):
        if option.kind == "words":
            break
        if len(words) > 1 and _fits(option, words[-1]):
            tail = f"{words.pop()} {tail}".strip()
    return " ".join(words).strip(), tail


QUOTES = {'"': '"', "“": "”", "„": "“", "”": "”"}


def _fits(option: Option, word: str) -> bool:
    if option.choices:
        return word.casefold() in {c.casefold() for c in option.choices}
    return (word.isascii() and word.isdigit()) if option.kind == "number" else _is_duration(word)


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
