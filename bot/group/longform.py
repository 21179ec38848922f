"""Reading `KEY VALUE KEY VALUE ...`, as people type it on phones and paste it from notes."""

import difflib
from collections.abc import Collection, Mapping

import msgspec

_CLOSING = {'"': '"', "'": "'", "“": "”", "„": "“”", "”": "”", "«": "»", "‘": "’"}
"""Phones put curly quotes where straight ones were typed; French and German keyboards their own."""


class Misread(Exception):
    """The words cannot be read. `key` is the Fluent key of the reason, with `args_`."""

    def __init__(self, key: str, **args: str) -> None:
        super().__init__(key)
        self.key = key
        self.args_ = args


class Word(msgspec.Struct, frozen=True):
    """One word or one quoted text, and where it starts in the line."""

    text: str
    start: int
    quoted: bool = False


def split(line: str) -> list[Word]:
    r"""The words of a line. A quote counts only at the start of a word, so that `Ann's` is a word.

    In quotes a backslash takes the next character as it is. Raises `Misread` for a quote
    that is never closed.

    >>> [w.text for w in split('contact "Ann, 555 0100" gate mute')]
    ['contact', 'Ann, 555 0100', 'gate', 'mute']
    """
    words, at = [], 0
    while at < len(line):
        if line[at].isspace():
            at += 1
            continue
        start = at
        closing = _CLOSING.get(line[at])
        if closing is None:
            while at < len(line) and not line[at].isspace():
                at += 1
            words.append(Word(line[start:at], start))
            continue
        text, at = [], at + 1
        while at < len(line) and not _closes(line, at, closing):
            if line[at] == "\\" and at + 1 < len(line):
                at += 1
            text.append(line[at])
            at += 1
        if at >= len(line):
            raise Misread("group-misread-quote")
        at += 1
        words.append(Word("".join(text), start, quoted=True))
    return words


def _closes(line: str, at: int, closing: str) -> bool:
    """Whether the quoted text ends here: only before a space or at the end, so `'it's'` works."""
    return line[at] in closing and (at + 1 == len(line) or line[at + 1].isspace())


def spelled(words: str) -> str:
    """A key as people may write it (`Crisis-Contact`), in its canonical spelling."""
    return words.strip().casefold().replace("-", "_")


def nearest(words: str, keys: Collection[str]) -> str | None:
    """The key that somebody probably meant, None where none is near.

    >>> nearest("gat", ("gate", "grace"))
    'gate'
    """
    wanted = spelled(words)
    if wanted in keys:
        return wanted
    close = difflib.get_close_matches(wanted, sorted(keys), n=1, cutoff=0.6)
    return close[0] if close else None


def unknown(words: str, keys: Collection[str]) -> Misread:
    """What to answer when a key does not exist."""
    key = nearest(words, keys)
    if key is None:
        return Misread("group-misread-key", word=words, keys=", ".join(sorted(keys)))
    return Misread("group-misread-key-nearest", word=words, nearest=key)


def read(line: str, keys: Mapping[str, bool]) -> dict[str, str]:
    """The values by key; `keys` says of each key whether its value may be several bare words.

    The value of the last key may be several words without quotes when it is free text, and a
    list may have spaces after its commas. Raises `Misread`: for a key that is not known, without
    a value, given twice, or a quote that is never closed. Never guesses where a text ends: bare
    words that are followed by another key's name must be put in quotes.

    >>> read("gate mute contact Ann, 555 0100", {"gate": False, "contact": True})
    {'gate': 'mute', 'contact': 'Ann, 555 0100'}
    """
    words, found, at = split(line), dict[str, str](), 0
    while at < len(words):
        key = spelled(words[at].text)
        if words[at].quoted or key not in keys:
            raise _not_a_key(words[at], keys, bool(found))
        if key in found:
            raise Misread("group-misread-twice", word=key)
        if at + 1 == len(words):
            raise Misread("group-misread-value", word=key)
        value, end = words[at + 1].text, at + 2
        if not words[at + 1].quoted:
            rest = words[at + 2 :]
            if keys[key] and rest and not any(spelled(w.text) in keys for w in rest):
                value, end = line[words[at + 1].start :].strip(), len(words)
            while not keys[key] and _goes_on(value, words[end:]):
                value, end = f"{value} {words[end].text}", end + 1
        found[key] = value
        at = end
    return found


def _goes_on(value: str, rest: list[Word]) -> bool:
    """Whether the next word still belongs to a list: there is a comma between the two."""
    return bool(rest) and (value.endswith(",") or rest[0].text.startswith(","))


def _not_a_key(word: Word, keys: Collection[str], later: bool) -> Misread:
    if later and nearest(word.text, keys) is None:
        # Most likely it belongs to the text before it, which needs quotes.
        return Misread("group-misread-quotes", word=word.text)
    return unknown(word.text, keys)
