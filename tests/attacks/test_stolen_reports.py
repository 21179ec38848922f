"""Law 1 and 4 with reports in the database: the data folder, and one facilitator's account beside it."""

import logging
from pathlib import Path

import pytest

from adapters.sqlite import open_store
from adapters.vault import Vault
from bot.boundary.codes import WORDS_IN_CODE
from bot.boundary.ports import Read
from tests.attacks.test_stolen_database import anywhere, forms
from tests.breach.story import CODE, GUS, group, label, report, say
from tests.laws.stories import FAY
from tests.support.house import House

MASTER = bytes(range(31, 63))
REPORTER, WRITING = "marguerite-reporter", "benedetta-writing"
WORDS = ("zinnia-harbour-lantern", "showed her photographs at work", "last Thursday evening")


async def _stolen(folder: Path) -> tuple[House, list[str]]:
    """A group in the middle of it: a case that is handled, one without Gus, and a draft. And its secrets."""
    store = await open_store(folder, Vault(MASTER, "a test"))
    house = House(store=store)
    await house.start()
    await group(house, REPORTER, WRITING)
    before = ("!report", "gossip", WORDS[2], "another", "ask", WORDS[0])
    shown = await say(house, REPORTER, *before, "gus", "anonymous", "send")
    code = CODE.search(shown)
    assert code
    await house.later(hours=1)
    case = await label(house)
    await say(house, FAY, f"!cases acknowledge {case}", f"!cases note {case} {WORDS[1]}")
    named = await report(house, REPORTER, named=True)
    await say(house, WRITING, "!report", "screenshot", WORDS[1])
    secrets = [
        *WORDS,
        REPORTER,
        WRITING,
        case,
        code[1],
        *code[1].split(),
        *named.split(),
        "gossip",
        "anonymous",
    ]
    return house, [s for s in secrets if len(s) > 5]  # shorter ones random bytes may have by chance


async def test_a_stolen_database_with_reports_in_it_tells_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """No word, no kind, no code and no name in any file in any form, nor in the log."""
    caplog.set_level(logging.DEBUG)
    house, secrets = await _stolen(tmp_path / "data")
    for secret in secrets:
        assert not any(anywhere(tmp_path / "data", form) for form in forms(secret)), secret
        assert secret not in caplog.text
    await house.stop()
    await house.store.close()


async def test_the_account_of_a_facilitator_who_was_left_out_adds_nothing(tmp_path: Path) -> None:
    """With the folder and Gus's account: nothing of the case that leaves him out, and nobody's name."""
    house, _ = await _stolen(tmp_path / "data")
    case = await label(house)
    taken = ""
    for words in ("!cases", f"!cases show {case}", f"!cases acknowledge {case}", f"!cases note {case} x",
                  f"!cases ask {case} x", f"!cases step {case}", f"!cases address {case} confirm",
                  f"!cases handover {case} gus", f"!cases recuse {case} confirm", f"!cases mute {case}",
                  f"!cases close {case} x", "!mydata", "!members", "!privacy"):  # fmt: skip
        taken += await say(house, GUS, words)
    assert all(secret not in taken for secret in (*WORDS, REPORTER, case, "gossip", "behind their back"))
    await house.stop()
    await house.store.close()


async def test_the_account_of_a_facilitator_who_handles_it_does_not_name_who_wrote_it(tmp_path: Path) -> None:
    """What a compromised facilitator surrenders is the words of the case, and no more."""
    house, _ = await _stolen(tmp_path / "data")
    case = await label(house)
    taken = ""
    for words in ("!cases", f"!cases show {case}", f"!cases ask {case} who are you?", "!mydata", "!members"):
        taken += await say(house, FAY, words)
    assert WORDS[0] in taken
    assert REPORTER not in taken
    assert "marguerite" not in taken.casefold()
    await house.stop()
    await house.store.close()


async def test_with_the_key_but_without_a_code_the_rows_name_nobody(tmp_path: Path) -> None:
    """Even who has data and key finds neither the reporter of an anonymous case nor its code."""
    house, secrets = await _stolen(tmp_path / "data")
    (room,) = await house.store.rooms()

    rows = await house.store.load([Read(feature="breach", room=room, member=None)])
    anonymous = [row for row in rows if WORDS[0].encode() in row.body]
    assert len(anonymous) == 1
    assert REPORTER.encode() not in anonymous[0].body
    (code,) = [secret for secret in secrets if secret.count(" ") == WORDS_IN_CODE - 1]
    for row in rows:
        assert not any(word in f"{row.key} {row.body!r}" for word in code.split()), "no code is kept"
    await house.stop()
    await house.store.close()
