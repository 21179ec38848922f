"""Every command with every odd word: always an answer, never a fault."""

import pytest

from bot.engine.commands import Book
from bot.features import FEATURES
from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson

ODD = (
    "",
    "confirm",
    "confirm confirm",
    "💥",
    "0",
    "-1",
    "99999999999d",
    '"',
    "' “ „",
    "@",
    "@nobody:keeper.test",
    "{ $group } { CMD(1) }",
    "<b>&amp;</b> [x](https://evil.example) `code` ```",
    "gate",
    "gate gate gate",
    "language xx",
    "timezone Europe/../../etc",
    "quiet_hours 25-99",
    "min_age ١٢",
    "show\nagree\nconfirm",
    "ﬁ İ ß \ud7ff",
)
"""Words, each a trap somewhere: quotes, markup, Fluent, digits of other scripts, folding that lengthens."""
SPARED = ("forget", "setup undo", "setup")
"""Confirmed, they would end the story: `confirm` is left out for them."""


@pytest.mark.parametrize("part", [0, 1])
@pytest.mark.parametrize("role", ["member", "facilitator"])
async def test_every_odd_word_gets_an_answer(
    keeper: BotProcess, someone: MakePerson, role: str, part: int
) -> None:
    """A refusal, a usage or a result, in words; nothing goes wrong inside."""
    circle = await Circle.guarded(someone, keeper, "ben", gate="mute")
    person = circle.admin if role == "facilitator" else circle.members[0]
    if role == "member":
        await person.asked()
    for command in Book(c for f in FEATURES for c in f.commands).all[part::2]:
        refused = role == "member" and command.who in ("facilitator", "steward")
        for words in ODD if command.options and not refused else ODD[:4]:
            if command.full in SPARED and "confirm" in words:
                continue
            said = await person.ask_bot(f"!{command.full} {words}".strip())
            assert "went wrong" not in said, f"{command.full} {words}"
            assert "{$" not in said, "an argument that Fluent did not get"
    faults = [line for line in keeper.logs().splitlines() if "level=error" in line]
    assert not faults
