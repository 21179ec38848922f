"""A choice as a button's id, and back: whatever is pressed after a restart is a whole command.

Ids of a hundred characters hold nearly every choice. What does not fit (a long text that waits for
`confirm`) is kept in a drawer of a few places, for as long as its turn takes to come again.
"""

import secrets
from urllib.parse import parse_qsl, urlencode

import msgspec

from adapters.discord.groups import PLATFORM, number
from bot.boundary.effects import Choice
from bot.boundary.ids import RoomId
from bot.boundary.ports import Cabinet

LONGEST = 100
"""Discord's limit for a custom id."""
PLACES = 128
"""Long choices that wait at the same time; the oldest makes room."""
COMMAND, KEPT = "c", "k"
FORM = "f"
"""Marks the id of a form that asks for a command's values, in place of `COMMAND`."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """What a button stands for. The room's native id is "" for a choice of no group."""

    room: RoomId
    choice: Choice


def custom_id(room: RoomId, choice: Choice, mark: str = COMMAND) -> str | None:
    """The id of a choice's button; None where it is too long.

    `c:123:consent.agree::_version=3` for `consent agree` in the group of channel 123.
    """
    values = urlencode(choice.values)
    sure = "!" if choice.confirmed else ""
    found = f"{mark}:{room.native}:{choice.name}.{choice.sub}:{sure}:{values}"
    return found if len(found) <= LONGEST else None


def read(words: str, mark: str = COMMAND) -> Given | None:
    """The choice of an id; None where it is not one of ours."""
    parts = words.split(":", 4)
    if len(parts) != 5 or parts[0] != mark or (parts[1] and not number(parts[1])):
        return None
    _, native, command, sure, values = parts
    name, dot, sub = command.partition(".")
    if not dot or not name or sure not in ("", "!"):
        return None
    choice = Choice(
        label="",
        name=name,
        sub=sub,
        values=dict(parse_qsl(values, keep_blank_values=True)),
        confirmed=bool(sure),
    )
    return Given(room=RoomId(PLATFORM, native), choice=choice)


class Drawer:
    """Where long choices are kept."""

    def __init__(self, cabinet: Cabinet) -> None:
        self._cabinet = cabinet
        self._next = secrets.randbelow(PLACES)

    async def put(self, room: RoomId, choice: Choice) -> str:
        """Keep a choice, and give back its button's id. Raises `StorageTrouble`."""
        place, nonce = self._next, secrets.token_hex(8)
        self._next = (place + 1) % PLACES
        kept = (nonce, room.native, choice)
        await self._cabinet.put(f"choice {place}", msgspec.json.encode(kept))
        return f"{KEPT}:{place}:{nonce}"

    async def get(self, words: str) -> Given | None:
        """The choice of such an id; None where it is gone. Raises `StorageTrouble`."""
        mark, _, rest = words.partition(":")
        place, _, nonce = rest.partition(":")
        if mark != KEPT or not (place.isascii() and place.isdigit()) or int(place) >= PLACES:
            return None
        found = await self._cabinet.get(f"choice {int(place)}")
        if found is None:
            return None
        kept, native, choice = msgspec.json.decode(found, type=tuple[str, str, Choice])
        if not secrets.compare_digest(kept, nonce):
            return None
        return Given(room=RoomId(PLATFORM, native), choice=choice)
