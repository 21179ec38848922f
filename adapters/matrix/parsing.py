"""Bytes from a homeserver -> plain JSON values, whatever people put into their events.

One event with a silly shape must not hide all the others in the same answer.
"""

import json
import re
from collections.abc import Mapping
from typing import Any

DEEPEST = 100
"""Levels of nesting that are kept. Real events need fewer than twenty, with the answer around."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def parse(answer: bytes) -> Any:
    """The JSON value. Raises ValueError where it is not JSON. What is too deep becomes null."""
    text = answer.decode("utf-8", "replace")
    try:
        return _JSON.decode(text)
    except RecursionError:
        return _JSON.decode(flattened(text))


def flattened(text: str) -> str:
    """The same JSON text with everything that lies deeper than `DEEPEST` replaced by null.

    >>> flattened("[" * 200 + "]" * 200).count("[") == DEEPEST
    True
    """
    kept: list[str] = []
    depth = start = 0
    for found in _TOKEN.finditer(text):
        sign = found[0]
        if sign in "[{":
            if depth == DEEPEST:
                kept.append(text[start : found.start()] + "null")
            depth += 1
        elif sign in "]}":
            depth -= 1
            if depth == DEEPEST:
                start = found.end()
    if depth > DEEPEST:
        raise ValueError("cut off")
    kept.append(text[start:])
    return "".join(kept)


def table(value: object) -> dict[str, Any]:
    """The value where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def events(part: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects in `part[name].events`; whatever else stands there is passed over."""
    return objects(table(part.get(name)).get("events"))


def objects(value: object) -> list[dict[str, Any]]:
    """The objects in a list; none where it is no list."""
    return [v for v in value if isinstance(v, dict)] if isinstance(value, list) else []


def clean(words: str) -> str:
    """Words that can be written as UTF-8: half characters become a question mark."""
    return words.encode("utf-8", "replace").decode()


def _number(digits: str) -> int:
    return int(digits) if len(digits) < 20 else 0


def _nothing(_: str) -> None:
    return None


_JSON = json.JSONDecoder(parse_int=_number, parse_constant=_nothing)
