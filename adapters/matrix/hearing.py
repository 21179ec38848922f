"""A raw event of a direct chat -> words, or the reason why there are none."""

from collections.abc import Mapping
from typing import Any

from adapters.matrix.rooms import Room
from adapters.matrix.view import member
from adapters.matrix.words import is_edit, is_reply, own_words, plain_text
from bot.boundary.events import CannotRead, WordsGiven
from bot.boundary.ids import MessageId

_SHOWN = ("m.sticker", "m.poll.start", "org.matrix.msc3381.poll.start")
"""What a person puts into a chat and expects an answer to. Everything else is passed over."""


def hear(
    room: Room, event: Mapping[str, Any], me: str, *, exposed: bool = False
) -> WordsGiven | CannotRead | None:
    """What somebody said to the bot in a direct chat. None: nothing that wants an answer.

    `exposed`: it should have been encrypted, and was not.
    """
    event_id, sender, kind = event.get("event_id"), event.get("sender"), event.get("type")
    content = event.get("content")
    if not isinstance(event_id, str) or not isinstance(sender, str) or sender == me or "state_key" in event:
        return None
    by = member(sender)
    if kind in _SHOWN:
        return CannotRead(id=event_id, by=by, why="other_kind")
    if kind != "m.room.message" or not isinstance(content, dict) or not content:
        return None
    if content.get("msgtype") == "m.notice":
        return None  # by its definition never answered, so that two bots do not talk for ever
    if is_edit(content):
        return CannotRead(id=event_id, by=by, why="edited")
    words = plain_text(content)
    if words is None:
        return CannotRead(id=event_id, by=by, why="other_kind")
    if is_reply(content) or words.startswith("> "):
        words = own_words(words)
    words = words.strip()
    if _overheard(room, sender, me) and words[:1].isalnum():
        return None
    if not words:
        return None
    message = MessageId(by.platform, event_id)
    return WordsGiven(id=event_id, by=by, words=words, message=message, exposed=exposed)


def _overheard(room: Room, sender: str, me: str) -> bool:
    """Somebody else is in this chat: `agree` there may be said to them, so only commands count."""
    return bool(room.with_membership("join") - {sender, me})
