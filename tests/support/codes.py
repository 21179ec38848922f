"""Receipt codes in a fixed order, for stories that are laid side by side or written down."""

import random

from adapters.vault.codes import eff_words
from bot.boundary.codes import FreshCode
from tests.support.house import CODES


class Seeded:
    """Codes in a fixed order, so that two histories can be laid side by side. Real Argon2id."""

    def __init__(self) -> None:
        self._random = random.Random(7)
        self.labels: list[str] = []

    async def fresh(self) -> FreshCode:
        """The next one."""
        words = " ".join(self._random.choice(eff_words()) for _ in range(6))
        label = "-".join(self._random.choice([w for w in eff_words() if w.isalpha()]) for _ in range(2))
        self.labels.append(label)
        return FreshCode(words=words, location=await CODES.locate(words), label=label)

    async def locate(self, words: str) -> str:
        """See `CodeLocator.locate`."""
        return await CODES.locate(words)
