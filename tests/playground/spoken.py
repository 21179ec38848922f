"""The bot's own words by their key, so that a test does not repeat a text that may be put better."""

import functools
import re
from pathlib import Path

from fluent.syntax import FluentParser, ast

BOT = Path(__file__).resolve().parents[2] / "bot"


@functools.cache
def _texts() -> dict[str, str]:
    found = {}
    for path in sorted(BOT.glob("*/texts/en.ftl")):
        for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
            if isinstance(entry, ast.Message) and entry.value is not None:
                plain = [e.value for e in entry.value.elements if isinstance(e, ast.TextElement)]
                lines = [line for text in plain for line in re.split(r"[\n*`]", text)]
                found[entry.id.name] = max((line.strip() for line in lines), key=len, default="")
    return found


def spoken(key: str) -> str:
    """The longest piece of this text that has no argument in it."""
    return _texts()[key]
