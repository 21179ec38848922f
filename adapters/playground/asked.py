"""What a page may send, and how it is refused."""

import unicodedata

import msgspec

from adapters.playground import words
from adapters.playground.state import Someone
from adapters.playground.world import World

LONGEST_WORDS = 4000
"""Characters of one message, as on Discord with its larger limit."""
LONGEST_NAME = 64


class Refused(Exception):
    """It cannot be done; `text` says why and what to do, for the visitor."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Asked(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One message of a page. Every field but `do` and `c` belongs to some of the doings."""

    do: str
    c: str = ""
    """The page's own number, so that what is sent again after a break is not done again."""
    who: str = ""
    to: str = ""
    text: str = ""
    item: str = ""
    button: int = 0
    values: dict[str, str] = {}
    seconds: float = 0
    switch: str = ""
    on: bool = False
    at: int = 0
    tab: str = ""
    """With `hello`: the start of the program that the page knows, and the last number it has."""
    since: int = 0


def named(text: str) -> str:
    """A name that can stand on one line. Raises `Refused`."""
    name = " ".join(clean(text).split())
    if not name:
        raise Refused(words.NO_NAME)
    if len(name) > LONGEST_NAME:
        raise Refused(words.NAME_TOO_LONG.format(most=LONGEST_NAME))
    return name


def filled_in(known: set[str], given: dict[str, str]) -> dict[str, str]:
    """What was filled in, of the fields that there are."""
    values = {name: clean(value) for name, value in given.items() if name in known and value.strip()}
    longest = max((len(value) for value in values.values()), default=0)
    if longest > LONGEST_WORDS:
        raise Refused(words.TOO_LONG.format(long=longest, most=LONGEST_WORDS))
    return values


def clean(text: str) -> str:
    """The words without what cannot be shown: control characters, lone halves of characters."""
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


def somebody(world: World, who: str) -> Someone:
    """Whom the page names. Raises `Refused`."""
    found = world.state.people.get(who)
    if found is None:
        raise Refused(words.GONE)
    return found


def consent_command(world: World) -> str:
    """What somebody who may not speak yet types, here and now."""
    return "/consent" if world.room.can.native_commands else "!consent to Circlekeeper in private"
