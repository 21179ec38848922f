"""The law of the logs: kinds and counts, never an id, a name, a word or a secret."""

import asyncio
import io
import logging
import re
import sys
from collections.abc import Iterator

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from bot.operator import log

IDS = (
    "@ann:example.org",
    "@Ann.B=c/d-e_1:example.org:8448",
    "!abcDEF:example.org",
    "#circle:example.org",
    "$abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ-_0",
    "!abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ-_0",
    "@[2001:db8::1]:8448",
    "123456789012345678",
)


class Lines:
    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def text(self) -> str:
        return self.stream.getvalue()


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """What is logged at the lowest level, and everything back as it was afterwards."""
    root, hook = logging.getLogger(), sys.excepthook
    before, level = list(root.handlers), root.level
    lines = Lines()
    monkeypatch.setattr(sys, "stderr", lines.stream)
    log.set_up("debug")
    yield lines
    root.handlers[:] = before
    root.setLevel(level)
    sys.excepthook = hook
    structlog.reset_defaults()


def test_a_line_has_time_level_place_and_kind(lines: Lines) -> None:
    """One `key=value` line, also for the engine's plain loggers."""
    logging.getLogger("bot.engine.engine").error("not_kept event=%s tries=%s", "MemberJoined", 3)
    structlog.get_logger("bot.operator").info("started", platforms="matrix")
    first, second = lines.text.splitlines()
    assert re.fullmatch(
        r"time=\S+Z level=error logger=bot\.engine\.engine event=not_kept about=MemberJoined tries=3", first
    )
    assert re.fullmatch(r"time=\S+Z level=info logger=bot\.operator event=started platforms=matrix", second)


@pytest.mark.parametrize("native", IDS)
def test_no_id_leaves_the_program(lines: Lines, native: str) -> None:
    """Even where somebody forgot themselves and logged one."""
    logging.getLogger("bot.engine").warning("moved %s", native)
    structlog.get_logger("adapters.matrix").warning("moved", room=native)
    assert native not in lines.text
    assert lines.text.count("[removed]") == 2


def test_more_fields_are_shown_too(lines: Lines) -> None:
    """What a full disk says to the operator stands in the log, with the next step."""
    logging.getLogger("bot.engine").error("not_kept event=Due", extra={"what": "The disk is full."})
    assert 'event=not_kept what="The disk is full." about=Due' in lines.text


def test_an_error_is_its_kind_and_place(lines: Lines) -> None:
    """A traceback holds values: words of people, tokens."""
    try:
        raise KeyError("what Ann said")
    except KeyError:
        logging.getLogger("bot.engine").exception("decision_failed")
        structlog.get_logger("bot.operator").exception("decision_failed")
    assert "Ann" not in lines.text
    assert "Traceback" not in lines.text
    assert lines.text.count("error=KeyError") == 2


def test_other_libraries_are_silenced(lines: Lines) -> None:
    """nio writes message content at WARNING; of others one line tells that they warned."""
    logging.getLogger("nio.rooms").critical("secret words")
    for _ in range(3):
        logging.getLogger("chatty.server").error("secret words", exc_info=ValueError("secret"))
    logging.getLogger("asyncio").debug("secret words")
    assert "secret" not in lines.text
    assert lines.text.count("library_warned") == 1
    assert "library=chatty" in lines.text


def test_what_nobody_caught_is_its_kind(lines: Lines) -> None:
    """Neither a fault at the top nor one in a forgotten task shows its values."""

    async def forgotten() -> None:
        log.watch(asyncio.get_running_loop())
        asyncio.get_running_loop().call_soon(dict[str, str]().__getitem__, "secret")
        await asyncio.sleep(0.01)

    asyncio.run(forgotten())
    error = ValueError("secret")
    sys.excepthook(ValueError, error, None)
    assert "secret" not in lines.text
    assert "error=KeyError" in lines.text
    assert "error=ValueError" in lines.text


@given(st.text(max_size=200))
def test_a_record_is_always_one_line(words: str) -> None:
    """Nobody can forge a line of the log."""
    handler = logging.getLogger().handlers
    before, stream, err = list(handler), io.StringIO(), sys.stderr
    sys.stderr = stream
    try:
        log.set_up("debug")
        structlog.get_logger("bot.operator").info("kind", about=words)
        logging.getLogger("bot.engine").info("kind %s", words)
    finally:
        sys.stderr = err
        handler[:] = before
        structlog.reset_defaults()
    assert len(stream.getvalue().splitlines()) == 2
