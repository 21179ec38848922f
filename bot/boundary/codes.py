"""Receipt codes: six words that locate something without naming anybody.

A feature asks for one with `Command.mints_code`, and takes one with an option of the kind `code`.
The words themselves are shown to the person and kept by nobody: what a record is found by is
their `location`, from which nobody can find the words again.
"""

from typing import Protocol

import msgspec

WORDS_IN_CODE = 6
"""Of a list of 7,776 words: 77 bits, which nobody guesses (EFF, "Dice-Generated Passphrases", 2016)."""


class FreshCode(msgspec.Struct, frozen=True, kw_only=True):
    """A code that was just made, and is nobody's yet."""

    words: str
    """Six words with spaces between."""
    location: str
    """What a record is found by, in hex."""
    label: str
    """Two other random words with a hyphen: a name for talking about it, from which nothing follows."""


class CodeLocator(Protocol):
    """Makes codes and finds their locations. `adapters.vault` has the one that is used."""

    async def fresh(self) -> FreshCode:
        """A new code."""

    async def locate(self, words: str) -> str:
        """The location of a code, whatever its case and spacing. "": these words are no code.

        Slow on purpose (about 60 ms of one processor), beside the loop, one at a time.
        """
