"""What happened, in the past tense. Adapters make these; `Due`, `EffectFailed` the engine.

An event's `id` is the platform's own where there is one, so that a replay is recognised.
"""

from typing import Literal

import msgspec

from bot.boundary.codes import FreshCode
from bot.boundary.effects import Effect
from bot.boundary.ids import MemberId, MessageId, ReplyHandle, RoomId


class Event(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened in a guarded room."""

    id: str
    """Unique for ever on this platform. The same id again is the same event again: ignored."""
    room: RoomId


class RoomAdopted(Event, frozen=True, kw_only=True):
    """The bot was added to a room by somebody who may add it, and is inside now."""

    by: MemberId
    reply: ReplyHandle | None = None
    """Where they added it by something that can be answered."""


class RoomSeen(Event, frozen=True, kw_only=True):
    """First look at a room after a start or a gap: what changed meanwhile is in its view."""


class RoomLost(Event, frozen=True, kw_only=True):
    """The bot is not in the room any more: removed, banned, or the room is gone."""


class RoomMoved(Event, frozen=True, kw_only=True):
    """The room was upgraded: everything about it now belongs to `to`."""

    to: RoomId


class RoomChanged(Event, frozen=True, kw_only=True):
    """A setting of the room that concerns who can see it or what the bot may do has changed.

    `what` is one of: `powers` (what the bot may do), `owner` (who has the last word there), `bots`,
    `bridges`, `history`, `joining`, `encryption`, `name`. `by` is who changed it, None
    where that is not known. Changes that the bot made itself are not reported.
    """

    what: str
    by: MemberId | None = None


class MemberJoined(Event, frozen=True, kw_only=True):
    """Somebody came in. `let_in_by`: who invited them or let them past the door, if not the bot."""

    who: MemberId
    let_in_by: MemberId | None = None


class MemberKnocked(Event, frozen=True, kw_only=True):
    """Somebody outside asks to come in."""

    who: MemberId


class MemberLeft(Event, frozen=True, kw_only=True):
    """Somebody left, was removed, or took back their knock."""

    who: MemberId


class MemberRenamed(Event, frozen=True, kw_only=True):
    """Somebody changed the name that others see."""

    who: MemberId


class CallJoined(Event, frozen=True, kw_only=True):
    """Somebody is in the room's call now."""

    who: MemberId


class CallLeft(Event, frozen=True, kw_only=True):
    """Somebody is not in the room's call any more."""

    who: MemberId


class CallChanged(Event, frozen=True, kw_only=True):
    """Something about the room's call changed that is neither coming nor going: a name, a bot's
    hearing, a shared screen, a widget; also what the bot's own `BlockRecorder` did. What is so now is
    in the view (`RoomView.recorders`)."""


class SpeechGranted(Event, frozen=True, kw_only=True):
    """Somebody with power let a person speak (or come in) by hand, past the gate."""

    who: MemberId
    by: MemberId | None = None


class SpeechTaken(Event, frozen=True, kw_only=True):
    """Somebody with power took away by hand what the gate had given."""

    who: MemberId
    by: MemberId | None = None


class MessagePosted(Event, frozen=True, kw_only=True):
    """Anything that somebody put into the room, readable or not. It carries no words."""

    by: MemberId
    message: MessageId


class MemberUnheard(Event, frozen=True, kw_only=True):
    """The group lets the bot hear commands in its encrypted room, but this person's device gives it no
    key. Told once for each person until the next start."""

    who: MemberId


class CommandGiven(Event, frozen=True, kw_only=True):
    """A command, given as words, a native command, a button or a form: all mean the same.

    `name` and `sub` are the English words of the command table, `sub` "" for a bare form that
    has none. `values` has what was given for each option, unchecked words.
    """

    by: MemberId
    name: str
    sub: str = ""
    values: dict[str, str] = {}
    confirmed: bool = False
    """The person has seen what will change and said `confirm`."""
    private: bool = True
    """False: it stands in the room where everybody can read it."""
    message: MessageId | None = None
    """The message that it was given with: in the room, or in the direct chat."""
    reply: ReplyHandle | None = None
    code: FreshCode | None = None
    """For a command that `mints_code`. The engine puts it there, never an adapter."""


class WordsGiven(msgspec.Struct, frozen=True, kw_only=True):
    """Words that somebody addressed to the bot, not yet understood. The engine reads them.

    Not an `Event`: in a direct chat nobody knows yet which group is meant (`room` None).
    """

    id: str
    by: MemberId
    words: str
    room: RoomId | None = None
    """The room where the words stand; None for a direct chat."""
    message: MessageId | None = None
    """The message that they are, in the room or in the direct chat."""
    reply: ReplyHandle | None = None
    addressed: bool = False
    """In the room: the bot was named, not only the prefix used."""
    exposed: bool = False
    """In a direct chat that ought to be encrypted, these words were not: others could read them, and
    could have made them."""


class CannotRead(msgspec.Struct, frozen=True, kw_only=True):
    """A message in a direct chat that the bot could not read, or must not act on.

    `why`: `encrypted` (it has no key), `withheld` (the person's app does not give the bot the key),
    `unverified` (the person's own devices do not vouch for the one that sent it), `other_kind` (a
    picture, a voice message), `edited`.
    """

    id: str
    by: MemberId
    why: Literal["encrypted", "withheld", "unverified", "other_kind", "edited"]


class PicturesShown(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody's app compares pictures with the bot, to prove that nobody stands between the two."""

    id: str
    by: MemberId
    pictures: str
    """The bot's, in order, each with its name."""


class Due(Event, frozen=True, kw_only=True):
    """A record's time has come. Stale when the record has another version by now."""

    feature: str
    member: MemberId | None
    key: str
    version: int


class EffectFailed(Event, frozen=True, kw_only=True):
    """An effect finally failed. Only the feature that asked for it hears of it."""

    feature: str
    effect: Effect
    reason: str
    """One of `Undeliverable.REASONS`."""


Inbound = Event | WordsGiven | CannotRead | PicturesShown
"""All that an adapter may hand to the engine."""
