"""What the playground's world is made of. All of it can be written down and read back."""

from typing import Any, Literal

import msgspec

from bot.boundary.capabilities import Capabilities, Gate

PLATFORM = "playground"
KEEPER = "circlekeeper"
"""The native id of the bot itself."""

Presence = Literal["inside", "knocking", "invited", "outside"]


class Someone(msgspec.Struct, kw_only=True):
    """A person, or another bot, whom the visitor plays."""

    id: str
    """Made from the first name; never used for anybody else, so it may be shown beside a name."""
    name: str
    kind: Literal["human", "bot"] = "human"
    administrator: bool = False
    presence: Presence = "outside"
    away: bool = False
    """Has closed their device. What is said meanwhile waits for them; the platform tells nobody."""
    in_call: bool = False
    """Is in the room's call."""
    deafened: bool = False
    """A bot that Circlekeeper has stopped from hearing the call."""
    shares_screen: bool = False
    """Shows their screen in the call."""


class Room(msgspec.Struct, kw_only=True):
    """The support group's room."""

    id: str
    name: str
    gate: Gate = "notice"
    speakers: set[str] = msgspec.field(default_factory=set)
    """Who may speak while the gate is `mute` and held by the platform."""
    keeper_inside: bool = True
    adopted: bool = False
    """The engine has kept that the bot was added."""
    can: Capabilities
    status: str = ""
    """The standing line of the call, which Circlekeeper writes."""


class Item(msgspec.Struct, kw_only=True):
    """One thing that stands in a pane: words, a private word, a form, or what happened."""

    n: int
    """Its place: counts up from 0."""
    id: str
    at: str
    """RFC 3339, UTC, by the playground's clock."""
    kind: Literal["said", "post", "tell", "ask", "form", "notice"]
    """`said`: by a person to the room. `post`: by the bot to the room. `tell`: by the bot to one
    person. `ask`: by a person to the bot, in private. `form`: by the bot to one person.
    `notice`: by the platform."""
    room: str
    by: str = ""
    to: str = ""
    """The only one who sees it; "" for everybody in the room."""
    text: str = ""
    buttons: list[dict[str, Any]] = msgspec.field(default_factory=list)
    """`label`, and `choice`: the command that it stands for."""
    files: list[dict[str, str]] = msgspec.field(default_factory=list)
    """`name`, `media_type`, `text`."""
    form: dict[str, Any] = msgspec.field(default_factory=dict)
    """`name`, `sub`, `fields`."""
    gone: bool = False
    """Taken down: the words are not kept any more."""
    done: bool = False
    """A form that was sent."""
    cause: str = ""
    """The step, or the page's own number, that it came from."""


class State(msgspec.Struct, kw_only=True):
    """Everything but the messages."""

    version: int = 1
    token: str
    """Stands in the page's address, so that a page that stays open finds the next start."""
    room: Room
    people: dict[str, Someone] = msgspec.field(default_factory=dict)
    names_used: dict[str, int] = msgspec.field(default_factory=dict)
    next: int = 0
    first: int = 0
    """The oldest message that is still kept."""
    steps: list[str] = msgspec.field(default_factory=list)
    """The last steps performed, so that none is done twice."""
    given: list[str] = msgspec.field(default_factory=list)
    """What the page sent last, by its own numbers, so that nothing is done twice."""
    story: int = 0
    """Where the visitor is in the story; -1: left it."""
    ahead: float = 0.0
    """By how many seconds the clock was moved forward."""


ALL_CAN = Capabilities(
    private=True,
    ephemeral=True,
    buttons=True,
    forms=True,
    files=True,
    door=True,
    mute="levels",
    take_down=True,
    pins=False,
    calls_seen=True,
    blocks_recorders=True,
    status=True,
    hears_words=True,
    command_prefix="/",
    native_commands=True,
)
"""All that the playground can do: as much as Discord, and direct chats besides."""


def pretend(now: Capabilities, switch: str, on: bool) -> Capabilities:
    """The capabilities with one of them switched on or off. Raises KeyError for no such switch."""
    change: dict[str, Any]
    match switch:
        case "private" | "ephemeral" | "buttons" | "forms" | "files" | "door" | "take_down":
            change = {switch: on}
        case "levels":
            change = {"mute": "levels" if on else ("takedown" if now.take_down else "no")}
        case "native_commands":
            change = {"native_commands": on, "command_prefix": "/" if on else "!"}
        case _:
            raise KeyError(switch)
    after = msgspec.structs.replace(now, **change)
    if after.mute != "levels":
        after = msgspec.structs.replace(after, mute="takedown" if after.take_down else "no")
    return after
