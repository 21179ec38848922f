"""The agreement file: shipped text, minimum age, and the group's own words, as exact bytes.

Shipped texts are append-only: `texts/agreement/<number>.<language>.md`. A text is never edited in
place (a test pins each by its SHA-256); a better one gets the next number.
"""

import hashlib
from pathlib import Path

import msgspec

from bot.contract.settings import Policy

FOLDER = Path(__file__).parent / "texts"


class Base(msgspec.Struct, frozen=True):
    """A shipped text."""

    id: str
    """`1.en`"""
    number: int
    language: str
    body: bytes


def _shipped() -> tuple[Base, ...]:
    found = []
    for file in sorted((FOLDER / "agreement").glob("*.md")):
        number, language, _ = file.name.split(".")
        found.append(Base(f"{number}.{language}", int(number), language, file.read_bytes()))
    return tuple(found)


BASES = _shipped()

AGE = {"en": "I am at least {age} years old."}
OWN = {"en": "This group also says:"}
"""Words of the file around the shipped text, by language. Changing one makes a new version."""


def base_for(policy: Policy) -> Base:
    """The newest shipped text in the group's language, in English where there is none."""
    for language in (policy.text("language"), "en"):
        known = [b for b in BASES if b.language == language and language in AGE]
        if known:
            return max(known, key=lambda b: b.number)
    raise LookupError("the English agreement is missing from the package")


def own_words(policy: Policy) -> str:
    """The group's own addition; "" where there is none (also for the word `none`)."""
    words = "\n".join(line.rstrip() for line in policy.text("agreement").splitlines()).strip()
    return "" if words.casefold() == "none" else words


def agreement_file(base: Base, min_age: int, own: str) -> bytes:
    """The bytes that people agree to: the same for the same arguments, for ever.

    >>> agreement_file(Base("1.en", 1, "en", b"Hush.\\n"), 18, "Be kind.")
    b'Hush.\\n\\nI am at least 18 years old.\\n\\nThis group also says:\\n\\nBe kind.\\n'
    """
    body = base.body.decode().rstrip("\n") + f"\n\n{AGE[base.language].format(age=min_age)}\n"
    if own:
        body += f"\n{OWN[base.language]}\n\n{own}\n"
    return body.encode()


def sha256(body: bytes) -> str:
    """The hex SHA-256 that receipts name."""
    return hashlib.sha256(body).hexdigest()
