"""One request of the bot, as the handlers get it."""

from dataclasses import dataclass, field
from typing import Any

from tests.localdiscord.messages import File
from tests.localdiscord.model import Channel, Guild, Json, User
from tests.localdiscord.refused import invalid, unknown
from tests.localdiscord.world import World


class Body(dict[str, Any]):
    """A JSON object of a request: a field that must be there and is not is 400."""

    def __missing__(self, key: str) -> Any:
        raise invalid(key, "This field is required", "BASE_TYPE_REQUIRED")


@dataclass
class Call:
    """The parts of a request. `body` is empty where none came."""

    world: World
    ids: dict[str, str]
    query: dict[str, str] = field(default_factory=dict)
    raw: Any = None
    files: dict[int, File] = field(default_factory=dict)

    @property
    def body(self) -> Json:
        return self.raw if isinstance(self.raw, Body) else Body()

    @property
    def bot(self) -> User:
        return self.world.bot

    def number(self, name: str) -> int:
        """An id of the path."""
        try:
            return int(self.ids[name])
        except ValueError:
            raise unknown("resource", 0) from None

    def guild(self) -> Guild:
        return self.world.guild(self.number("guild_id"), self.bot)

    def channel(self) -> Channel:
        """The channel of the path, which the bot must see."""
        return self.world.channel(self.number("channel_id"), self.bot)

    def limit(self, default: int, most: int) -> int:
        return max(1, min(most, int(self.query.get("limit", default))))


# What a handler gives back: a status and JSON, or None for no body.
Answer = tuple[int, Any]
NOTHING: Answer = (204, None)
