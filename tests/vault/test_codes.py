"""Receipt codes: the EFF's words, Argon2id with the installation's own salt, and nothing kept."""

import asyncio
import time

import pytest

from adapters.memory import MemoryStore
from adapters.vault import Codes, open_codes
from adapters.vault.codes import MEMORY, PASSES, SALT, eff_words
from bot.boundary.codes import WORDS_IN_CODE

QUICK = Codes(b"one salt 16 byte", memory=8192, passes=1)


def test_the_words_are_the_effs_long_list() -> None:
    """7,776 of them: six are 77 bits. Each once, in small letters, so that they can be told by phone."""
    words = eff_words()
    assert len(words) == len(set(words)) == 7776
    assert (words[0], words[-1]) == ("abacus", "zoom")
    assert all(word == word.casefold() and " " not in word for word in words)


async def test_a_fresh_code_is_found_by_its_words_alone() -> None:
    """However they are spelled; its label says nothing of it."""
    fresh = await QUICK.fresh()
    words = fresh.words.split()
    assert len(words) == WORDS_IN_CODE
    assert set(words) <= set(eff_words())
    assert not set(words) & set(fresh.label.split("-")) or len(set(words)) < WORDS_IN_CODE
    for typed in (fresh.words, fresh.words.upper(), f"  {',  '.join(words)}.\n"):
        assert await QUICK.locate(typed) == fresh.location
    assert len(bytes.fromhex(fresh.location)) == 32


@pytest.mark.parametrize(
    "words", ["", "abacus", "abacus " * 5, "abacus " * 7, "abacus " * 5 + "nosuchword", "x" * 10**6]
)
async def test_what_is_no_code_has_no_location(words: str) -> None:
    """And costs nothing: nobody can make the bot work by sending nonsense."""
    begun = time.monotonic()
    assert await QUICK.locate(words) == ""
    assert time.monotonic() - begun < 0.5


async def test_two_installations_locate_the_same_words_elsewhere() -> None:
    """A list of locations that was made elsewhere is worth nothing."""
    one, other = await open_codes(MemoryStore()), await open_codes(MemoryStore())
    words = "abacus abdomen abdominal abide abiding ability"
    assert await one.locate(words) != await other.locate(words)


async def test_the_salt_is_made_once() -> None:
    """Otherwise no code would work after a restart."""
    store = MemoryStore()
    words = "abacus abdomen abdominal abide abiding ability"
    first = await (await open_codes(store)).locate(words)
    assert await (await open_codes(store)).locate(words) == first
    assert len(await store.get(SALT) or b"") == 16


async def test_locating_is_slow_on_purpose_and_beside_the_loop() -> None:
    """64 MiB and three passes; meanwhile the bot goes on with everything else."""
    assert MEMORY == 64 * 2**20
    assert PASSES >= 3
    codes = await open_codes(MemoryStore())
    turns = 0

    async def goes_on() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    going = asyncio.create_task(goes_on())
    await codes.locate("abacus abdomen abdominal abide abiding ability")
    going.cancel()
    assert turns > 20
