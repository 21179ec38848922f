"""What this feature keeps: the group itself, its facilitators, drafts of a set-up, what was told.

`GroupRecord` and `FacilitatorRecord` are shared (`bot.contract.group`); the others are its own.
Nothing here that belongs to no member holds a member's id.
"""

from datetime import datetime

import msgspec

from bot.contract.group import FacilitatorRecord, GroupRecord
from bot.contract.records import Codec, Record

GROUP_KEY = "group"
FACILITATOR_KEY = "facilitator"
DRAFT_KEY = "setup-draft"
NOMINEE_KEY = "setup-nominee"
WATCH_KEY = "watch"
LOST_KEY = "lost"
BOT_KEY = "bot"


class Draft(Record, frozen=True, kw_only=True, tag="draft"):
    """What somebody has chosen so far in the guided set-up: in that person's rows, for a day."""

    step: str
    """The question that waits for an answer: one of `bot.group.guide.STEPS`."""
    me: bool = False
    """Whoever runs the set-up is to be a facilitator."""
    settings: dict[str, str] = msgspec.field(default_factory=dict)
    """In canonical spelling."""


class Nominee(Record, frozen=True, kw_only=True, tag="nominee"):
    """Somebody whom a draft names as facilitator: in that person's own rows, for a day."""

    since: datetime


class Watch(Record, frozen=True, kw_only=True, tag="watch"):
    """How the room stood when facilitators were last told, so that each change is told once."""

    missing: tuple[str, ...] = ()
    """The abilities that the chosen gate needs and the bot lacks."""
    bridges: tuple[str, ...] = ()
    public: bool = False
    world_readable: bool = False
    past_visible: bool = True
    encrypted: bool = False
    notes: tuple[str, ...] = ()
    """The keys of what the adapter had to say about the room."""
    room: str = ""
    """The room's native id: an upgraded room has another one, and the rows move there with it."""
    name: str = ""
    """The room's name, on one line: once the bot is out nothing else tells which room it was."""


class KnownBot(Record, frozen=True, kw_only=True, tag="bot"):
    """Another bot that has been noticed in the room: in that bot's rows."""

    since: datetime


class Lost(Record, frozen=True, kw_only=True, tag="lost"):
    """The bot is not in the room any more. When its `due_at` comes, everything is erased."""

    since: datetime


CODEC = Codec((GroupRecord, FacilitatorRecord, Draft, Nominee, Watch, KnownBot, Lost))
