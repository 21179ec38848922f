"""Which words of a raw event are for the bot. Everything else is dropped here, at once (law 2)."""

import re
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from adapters.matrix.parsing import clean

LONGEST_BODY = 5000
"""Characters that are passed on. The engine refuses what is longer than 4,000, with a word why."""
_COMMAND = re.compile(r"/([a-z]{2,32})(?=\s|$)", re.IGNORECASE)


class Said(msgspec.Struct, frozen=True):
    """Words for the bot; `addressed`: it was named, not only the prefix used."""

    words: str
    addressed: bool = False


def relation(content: Mapping[str, Any]) -> Mapping[str, Any]:
    """`m.relates_to` where it is an object, else nothing."""
    found = content.get("m.relates_to")
    return found if isinstance(found, dict) else {}


def is_edit(content: Mapping[str, Any]) -> bool:
    """Changes an earlier message: never a command, whatever it says now."""
    return relation(content).get("rel_type") == "m.replace" or "m.new_content" in content


def is_reply(content: Mapping[str, Any]) -> bool:
    """Answers another message. In a thread the same field may only be there for old clients."""
    found = relation(content)
    falls_back = found.get("rel_type") == "m.thread" and found.get("is_falling_back") is True
    return "m.in_reply_to" in found and not falls_back


def plain_text(content: Mapping[str, Any]) -> str | None:
    """The body of an `m.text` message, None for everything else."""
    body = content.get("body")
    if content.get("msgtype") != "m.text" or not isinstance(body, str):
        return None
    return clean(body[:LONGEST_BODY])


def own_words(body: str) -> str:
    """What a reply says itself: old clients put the quoted message in front, with "> " on each line.

    >>> own_words("> <@ann:x> !consent agree\\n\\nthank you")
    'thank you'
    """
    lines = body.split("\n")
    while lines and lines[0].startswith(">"):
        lines.pop(0)
    return "\n".join(lines).strip()


class Ear:
    """What the bot hears in a room where it can hear.

    `names` are the bot's own: its display name and the first part of its id. `known` tells
    whether a word is the name of a command.
    """

    def __init__(self, me: str, prefix: str, known: Callable[[str], bool]) -> None:
        self._me, self._prefix, self._known = me, prefix, known
        self._localpart = me[1:].partition(":")[0]

    def hears(self, content: Mapping[str, Any], shown: str) -> Said | None:
        """The words for the bot in this message; `shown` is its display name in the room."""
        body = plain_text(content)
        if body is None or is_edit(content) or is_reply(content):
            return None
        body = body.strip()
        names = self._names(shown)
        rest = self._after_name(body, names, mentioned=self._mentioned(content))
        if rest is not None:
            return Said(rest, addressed=True)
        if body.startswith(self._prefix) and body[len(self._prefix) :].strip():
            return Said(body)
        found = _COMMAND.match(body)
        if found and self._known(found[1].casefold()):
            return Said(body)
        return None

    def _names(self, shown: str) -> tuple[str, ...]:
        names = {shown.strip(), self._localpart, self._me, "keeper"} - {""}
        return tuple(sorted(names, key=len, reverse=True))

    def _mentioned(self, content: Mapping[str, Any]) -> bool:
        """Intentional mentions (Client-Server API v1.7)."""
        mentions = content.get("m.mentions")
        users = mentions.get("user_ids") if isinstance(mentions, dict) else None
        return isinstance(users, list) and self._me in users

    def _after_name(self, body: str, names: tuple[str, ...], *, mentioned: bool) -> str | None:
        """What follows the bot's name at the beginning; None where it is not addressed."""
        folded = body.casefold()
        for name in names:
            for mark in (self._prefix, "@", ""):
                start = (mark + name).casefold()
                if not folded.startswith(start) or len(body.casefold()) != len(body):
                    continue
                rest = body[len(start) :]
                if rest[:1] in (":", ","):
                    return rest[1:].strip()
                if (mark or mentioned or name == self._me) and (not rest or rest[0].isspace()):
                    return rest.strip()
        return body if mentioned else None
