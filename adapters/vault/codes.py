"""Receipt codes: six random words, and by Argon2id of them the place of what they stand for.

The words are the EFF's long list (7,776 words, 2016) as the package `diceware` ships it. Argon2id
is RFC 9106's second recommended choice of memory, 64 MiB, with a salt of this installation's own:
a stolen database cannot be tried against a list of codes made elsewhere.
"""

import asyncio
import re
import secrets
from functools import cache
from importlib import resources

import nacl.pwhash.argon2id as argon2id

from bot.boundary.codes import WORDS_IN_CODE, FreshCode
from bot.boundary.ports import Cabinet

SALT = "vault/receipt-codes"
"""Where the salt lies in the cabinet, sealed like everything there."""
MEMORY = 64 * 1024 * 1024
PASSES = 3
LOCATION_BYTES = 32
_BETWEEN = re.compile(r"[\s,.;]+")


@cache
def eff_words() -> tuple[str, ...]:
    """The 7,776 words, in the list's order."""
    text = resources.files("diceware").joinpath("wordlists", "wordlist_en_eff.txt").read_text("utf-8")
    return tuple(line.split()[-1] for line in text.splitlines() if line.strip())


class Codes:
    """Implements `CodeLocator`. `memory` and `passes` are lower in tests alone."""

    def __init__(self, salt: bytes, *, memory: int = MEMORY, passes: int = PASSES) -> None:
        self._salt, self._memory, self._passes = salt, memory, passes
        self._known = frozenset(eff_words())
        self._plain = tuple(w for w in eff_words() if w.isalpha())
        self._one_at_a_time = asyncio.Lock()

    async def fresh(self) -> FreshCode:
        """See `CodeLocator.fresh`."""
        words = " ".join(secrets.choice(eff_words()) for _ in range(WORDS_IN_CODE))
        label = "-".join(secrets.choice(self._plain) for _ in range(2))
        return FreshCode(words=words, location=await self.locate(words), label=label)

    async def locate(self, words: str) -> str:
        """See `CodeLocator.locate`. What cannot be a code costs nothing."""
        given = [w for w in _BETWEEN.split(words.casefold()) if w]
        if len(given) != WORDS_IN_CODE or not self._known.issuperset(given):
            return ""
        async with self._one_at_a_time:
            # 64 MiB each: however many ask at once, it is needed only once.
            return await asyncio.to_thread(self._derive, " ".join(given))

    def _derive(self, words: str) -> str:
        return argon2id.kdf(
            LOCATION_BYTES, words.encode(), self._salt, opslimit=self._passes, memlimit=self._memory
        ).hex()


async def open_codes(cabinet: Cabinet) -> Codes:
    """The codes of this installation, with its salt: made now where there is none yet."""
    salt = await cabinet.get(SALT)
    if salt is None:
        salt = secrets.token_bytes(argon2id.SALTBYTES)
        await cabinet.put(SALT, salt)
    return Codes(salt)
