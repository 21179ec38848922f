"""Words -> messages: pages of at most 2,000 characters, buttons, files, and never a mention."""

import json
from typing import Any

import msgspec

from adapters.discord.choices import custom_id
from bot.boundary.effects import Attachment
from bot.boundary.ids import RoomId
from bot.boundary.steps import Button

Raw = dict[str, Any]

LONGEST = 2000
"""Discord's limit for one message, in UTF-16 code units to be safe."""
LONGEST_LABEL = 80
IN_A_ROW = 5
"""Buttons in one row."""
NOBODY: Raw = {"parse": []}
"""`allowed_mentions`: no mention in any of the bot's words ever pings anybody."""
EPHEMERAL = 1 << 6
FENCE = "```"


class Page(msgspec.Struct, frozen=True):
    """One message, ready to be sent."""

    body: Raw
    files: tuple[Attachment, ...] = ()

    def request(self, **more: Any) -> Raw:
        """What a request is made with: JSON, or a form where there are files. `more` goes into the body."""
        return request({**self.body, **more}, self.files)


def request(body: Raw, files: tuple[Attachment, ...], wrap: str = "") -> Raw:
    """The same; with `wrap` the message is the value of that key, beside what else `body` has."""
    if not files:
        return {"json": body}
    inner = body[wrap] if wrap else body
    inner["attachments"] = [{"id": n, "filename": f.name} for n, f in enumerate(files)]
    form: list[Raw] = [
        {"name": "payload_json", "value": json.dumps(body), "content_type": "application/json"}
    ]
    form.extend(
        {
            "name": f"files[{n}]",
            "value": file.content,
            "filename": file.name,
            "content_type": file.media_type,
        }
        for n, file in enumerate(files)
    )
    return {"form": form}


def pages(
    text: str,
    room: RoomId | None = None,
    buttons: tuple[Button, ...] = (),
    files: tuple[Attachment, ...] = (),
    ids: tuple[str, ...] = (),
) -> list[Page]:
    """The messages of a text: buttons and files come with the last. `ids` are the buttons' custom ids."""
    parts = split(harmless(text))
    found = [Page({"content": part, "allowed_mentions": NOBODY}) for part in parts[:-1]]
    last: Raw = {"content": parts[-1], "allowed_mentions": NOBODY}
    if buttons and room is not None:
        made = ids or tuple(custom_id(room, b.choice) or "" for b in buttons)
        last["components"] = rows([(b.label, i) for b, i in zip(buttons, made, strict=True) if i])
    return [*found, Page(last, files)]


def rows(buttons: list[tuple[str, str]]) -> list[Raw]:
    """Rows of buttons: (label, custom id). The first stands out."""
    made = [
        {
            "type": 2,
            "style": 1 if n == 0 else 2,
            "label": label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1] + "…",
            "custom_id": id_,
        }
        for n, (label, id_) in enumerate(buttons)
    ]
    return [{"type": 1, "components": made[n : n + IN_A_ROW]} for n in range(0, len(made), IN_A_ROW)]


def harmless(text: str) -> str:
    """No masked links: what people are called must not become a link with other words on it."""
    return text.replace("](", "]\\(")


def length(text: str) -> int:
    """Characters as Discord may count them: those outside the basic plane count twice."""
    return len(text.encode("utf-16-le")) // 2


def split(text: str, longest: int = LONGEST) -> list[str]:
    """Parts that fit, broken between paragraphs, lines or words; a code block goes on in the next part."""
    text = text.strip("\n") or "…"
    parts: list[str] = []
    while length(text) > longest:
        room = longest - len(FENCE) - 1
        cut = _cut(text, room)
        head, text = text[:cut].rstrip(), text[cut:].lstrip("\n")
        if head.count(FENCE) % 2:
            head, text = f"{head}\n{FENCE}", f"{FENCE}\n{text}"
        parts.append(head)
    if text.strip():
        parts.append(text)
    return parts


def _cut(text: str, room: int) -> int:
    """Where to break: as late as possible, at the best place there is."""
    end = min(len(text), room)
    while length(text[:end]) > room:
        end -= max(1, (length(text[:end]) - room) // 2)
    for mark in ("\n\n", "\n", " "):
        at = text.rfind(mark, end // 2, end)
        if at > 0:
            return at + (0 if mark != " " else 1)
    return end
