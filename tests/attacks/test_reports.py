"""Attacks on reports: guessing codes, floods, and words that are meant to do something."""

import asyncio
import logging
from datetime import timedelta

import pytest

from adapters.vault import Codes
from bot.boundary.errors import Undeliverable
from bot.engine.codes import ALWAYS_LEFT, MOST_AT_ONCE, WRONG_CODES, WRONG_CODES_OF_ALL
from tests.breach.story import cases, group, label, report, say
from tests.laws.stories import FAY
from tests.support.house import House

NOBODYS = ("abacus abdomen abdominal abide abiding {}", ("ability", "ablaze", "able", "abnormal", "abrasion"))


def _codes() -> Codes:
    """Of this test alone: where many wait at once, what they wait for belongs to one event loop."""
    return Codes(b"salt of a test..", memory=8192, passes=1)


def _guess(number: int) -> str:
    words, last = NOBODYS
    return words.format(last[number % len(last)])


async def test_guessing_is_limited_for_each_account_and_never_locks_a_reporter_out() -> None:
    """Ten wrong ones an hour; a right one costs nothing and others' guesses take nothing away."""
    async with House() as house:
        await group(house, "ann", "mal")
        code = await report(house, "ann")
        for number in range(WRONG_CODES):
            assert "find no report" in await say(house, "mal", f"!case show {_guess(number)}")
        assert "too many codes" in await say(house, "mal", f"!case show {_guess(0)}")
        assert "too many codes" in await say(house, "mal", f"!case show {code}"), "no oracle either"
        for _ in range(2 * WRONG_CODES):
            assert "waiting for somebody" in await say(house, "ann", f"!case show {code}")
        house.clock.move(timedelta(minutes=61))
        assert "find no report" in await say(house, "mal", f"!case show {_guess(1)}")


async def test_many_accounts_together_are_limited_and_everybody_keeps_some_tries() -> None:
    """Whoever has a code gets in, however many others guess."""
    async with House() as house:
        await group(house, "ann")
        code = await report(house, "ann")
        for number in range(WRONG_CODES_OF_ALL // WRONG_CODES):
            for _ in range(WRONG_CODES):
                await say(house, f"mal{number}", f"!case show {_guess(number)}")
        for _ in range(ALWAYS_LEFT):
            assert "find no report" in await say(house, "late", f"!case show {_guess(2)}")
        assert "too many codes" in await say(house, "late", f"!case show {_guess(2)}")
        assert "waiting for somebody" in await say(house, "ann", f"!case show {code}")


async def test_words_that_are_no_code_cost_nothing_and_tell_nothing() -> None:
    """Control characters, other alphabets, too few, too many, a hundred thousand characters."""
    async with House() as house:
        await group(house, "ann")
        code = await report(house, "ann")
        first, *rest = code.split()
        for words in ("x", first, " ".join(rest), "а " * 6, "'; DROP TABLE records; -- a b c", "\u202e" * 40,
                      "abacus " * 20_000, "../../etc/passwd 1 2 3 4 5"):  # fmt: skip
            said = await say(house, "ann", f"!case show {words}")
            assert "Your report" not in said
            assert "went wrong" not in said
        zero_width = "\u200b".join(code.split()[0]) + " " + " ".join(rest)
        assert "waiting for somebody" in await say(house, "ann", f"!case show {zero_width}")


async def test_a_flood_of_words_is_refused_and_nothing_of_it_kept() -> None:
    """A hundred thousand characters in one answer, and more additions than a case takes."""
    async with House() as house:
        room = await group(house, "ann")
        await say(house, "ann", "!report", "other")
        assert "too long" in await say(house, "ann", "x" * 100_000)
        assert "too long" in await say(house, "ann", "x" * 3000)
        assert "Who is harmed" in await say(house, "ann", "here\u202eereht\x07")
        await say(house, "ann", "skip", "skip", "skip", "nobody", "anonymous")
        code = (await say(house, "ann", "send")).split("`")[1]
        for number in range(25):
            await say(house, "ann", f"!case add {code} more {number} {'y' * 1500}")
        (case,) = await cases(house, room)
        assert case.told.when == "hereereht"
        assert len(case.entries) == 20


async def test_a_very_long_case_can_still_be_read() -> None:
    """What a facilitator reads fits what a platform can carry in several messages."""
    async with House() as house:
        await group(house, "ann")
        code = await report(house, "ann")
        for number in range(20):
            await say(house, "ann", f"!case add {code} {number} {'y' * 1900}")
        await house.later(hours=1)
        assert "yyyy" in await say(house, FAY, f"!cases show {await label(house)}")


async def test_the_same_report_twice_is_one_report() -> None:
    """The same message handed in again, and `send` said twice."""
    async with House() as house:
        room = await group(house, "ann")
        await say(house, "ann", "!report", "other", "skip", "skip", "skip", "skip", "nobody", "anonymous")
        for event in ("$once", "$once"):
            await house.platform.write("ann", "send", event_id=event)
            await house.settle()
        assert "no report under way" in await say(house, "ann", "!report send")
        assert len(await cases(house, room)) == 1


async def test_a_member_gets_nothing_out_of_the_case_desk() -> None:
    """Every command of the desk, from somebody who is no facilitator: one refusal, the same for all."""
    async with House() as house:
        await group(house, "ann", "mal")
        await report(house, "ann")
        await house.later(hours=1)
        case = await label(house)
        said = {
            await say(house, "mal", f"!cases {words}")
            for words in (
                "",
                f"show {case}",
                "show no-such",
                f"close {case} x",
                f"recuse {case} confirm",
                "ready",
            )
        }
        assert len(said) == 1
        assert "Only facilitators" in said.pop()


async def test_a_facilitator_cannot_make_the_bot_name_the_reporter() -> None:
    """Not by handing over, not by muting, not by asking, not by muting again."""
    async with House() as house:
        await group(house, "ann")
        await report(house, "ann")
        await house.later(hours=1)
        case = await label(house)
        for words in (f"handover {case} ann", f"mute {case}", f"mute {case} confirm", f"mute {case} confirm",
                      f"ask {case} who is it?", f"show {case}", f"recuse {case}"):  # fmt: skip
            said = await say(house, FAY, f"!cases {words}")
            assert "ann" not in said.casefold().replace("cannot", "").split(), words
            assert "@ann" not in said


async def test_a_code_that_is_typed_in_another_groups_room_is_taken_down_there() -> None:
    """The case lies elsewhere; the words that would open it stand here, where others read."""
    async with House() as house:
        room = await group(house, "ann")
        code = await report(house, "ann")
        other = house.platform.room("morning", "ann", "zed", administrators=("zed",))
        await house.platform.adopt(other, "zed")
        await house.settle()
        for words in (f"!case show {code}", f"!case add {code} more", f"!case withdraw {code}"):
            await house.platform.post(other, "ann", words)
            await house.settle()
            assert not any(code in seen for seen in house.platform.seen_in(other)), words
            assert "typed a code in a room" in house.platform.said_to("ann")[-1]
        (case,) = await cases(house, room)
        assert (case.state, case.entries) == ("new", ())
        assert "waiting for somebody" in await say(house, "ann", f"!case show {code}"), "it cost no try"


async def test_many_guesses_at_once_are_not_more_than_one_after_the_other() -> None:
    """All that come while the first is being looked at count as well."""
    async with House(codes=_codes()) as house:
        await group(house, "ann", "mal")
        before = len(house.platform.said_to("mal"))
        await asyncio.gather(
            *(house.platform.write("mal", f"!case show {_guess(n)}") for n in range(4 * WRONG_CODES))
        )
        await house.settle()
        said = house.platform.said_to("mal")[before:]
        assert sum("find no report" in words for words in said) == WRONG_CODES
        assert len(said) == 4 * WRONG_CODES, "each is answered"
        assert "too many codes" in await say(house, "mal", f"!case show {_guess(0)}")


async def test_a_flood_of_reports_keeps_nobody_else_waiting() -> None:
    """Of one account few are looked at at a time, so whoever comes then is soon answered."""
    async with House(codes=_codes()) as house:
        await group(house, "ann", "mal")
        flood = [asyncio.ensure_future(house.platform.write("mal", "!report")) for _ in range(200)]
        await asyncio.sleep(0)
        await house.platform.write("ann", "!report")
        waiting = sum(not each.done() for each in flood)
        await asyncio.gather(*flood)
        await house.settle()
        told = house.platform.said_to("mal")
        assert waiting == 0
        assert sum("too much at once" in words for words in told) == 200 - MOST_AT_ONCE
        assert "something left this group" in house.platform.said_to("ann")[-1]


async def test_no_log_tells_that_somebody_reports(caplog: pytest.LogCaptureFixture) -> None:
    """Also not by the kind of what failed: only reports have words taken down on both sides."""
    caplog.set_level(logging.DEBUG)
    async with House() as house:
        room = await group(house, "ann")
        await say(house, "ann", "!report", "other")
        house.platform.trouble = Undeliverable("forbidden")
        await say(house, "ann", "cancel")
        house.platform.trouble = None
        assert "effect_failed" in caplog.text
        for telling in ("unsay", "report", "case", "breach", "ann", room.native):
            assert telling not in caplog.text.casefold(), telling
