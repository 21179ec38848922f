"""The small markup of the core -> the content of Matrix messages, split where they are too long."""

import re
from collections.abc import Iterator
from html import escape
from typing import Any

LONGEST = 7000
"""Bytes of text in one event. The homeserver's limit is 65,536 for the whole event, which holds the
text twice, once as HTML where one sign can become six."""
_BLOCK = re.compile(r"```\n?(.*?)\n?```", re.DOTALL)
_INLINE = re.compile(r"`([^`\n]+)`|\*\*([^*\n][^*]*?)\*\*")


def contents(text: str, msgtype: str) -> list[dict[str, Any]]:
    """One message content for each part that `text` must be split into.

    `m.mentions` is there and empty, so that no name in the words pings anybody (API v1.7).
    """
    return [
        {
            "msgtype": msgtype,
            "body": part,
            "format": "org.matrix.custom.html",
            "formatted_body": html(part),
            "m.mentions": {},
        }
        for part in split(text)
    ]


def html(text: str) -> str:
    """The text as Matrix's HTML, everything in it escaped.

    >>> html("**a** <b>")
    '<strong>a</strong> &lt;b&gt;'
    """
    made, last = [], 0
    for block in _BLOCK.finditer(text):
        made.append(_inline(text[last : block.start()].rstrip("\n")))
        made.append(f"<pre><code>{escape(block[1])}</code></pre>")
        last = block.end()
        while text[last : last + 1] == "\n":
            last += 1
    made.append(_inline(text[last:]))
    return "".join(made)


def _inline(text: str) -> str:
    made, last = [], 0
    for found in _INLINE.finditer(text):
        made.append(escape(text[last : found.start()]))
        if found[1] is not None:
            made.append(f"<code>{escape(found[1])}</code>")
        else:
            made.append(f"<strong>{_inline(found[2])}</strong>")
        last = found.end()
    made.append(escape(text[last:]))
    return "".join(made).replace("\n", "<br>")


def split(text: str) -> Iterator[str]:
    """The text in parts of at most `LONGEST` bytes, cut at line ends where there are any.

    A block that is cut is closed in one part and opened again in the next.
    """
    part: list[str] = []
    size, inside = 0, False
    for line in _lines(text):
        weight = len(line.encode()) + 1
        if part and size + weight > LONGEST - 8:
            yield "\n".join([*part, "```"] if inside else part)
            part, size = (["```"], 4) if inside else ([], 0)
        part.append(line)
        size += weight
        if line.count("```") % 2:
            inside = not inside
    yield "\n".join(part)


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        while len(line.encode()) > LONGEST // 2:
            cut = line.encode()[: LONGEST // 2].decode("utf-8", "ignore")
            yield cut
            line = line[len(cut) :]
        yield line
