"""What should happen: intent rather than mechanism. The engine persists and delivers these."""

from datetime import datetime
from typing import Literal

import msgspec

from bot.boundary.ids import MemberId, MessageId, ReplyHandle, RoomId

Gate = Literal["notice", "mute", "door"]
"""`notice`: asked, nothing enforced. `mute`: agree before speaking. `door`: agree before coming in."""


class When(msgspec.Struct, frozen=True, tag="when"):
    """A moment, written out in the group's time zone at delivery: date and time, or date alone."""

    at: datetime
    only_date: bool = False


class Name(msgspec.Struct, frozen=True, tag="name"):
    """Somebody's present name with their id beside it, so that nobody can pass as another."""

    of: MemberId


class Lasting(msgspec.Struct, frozen=True, tag="lasting"):
    """A length of time in seconds, written out in words at delivery: "14 days"."""

    seconds: int


class Text(msgspec.Struct, frozen=True, tag="text"):
    """Another text as an argument: its Fluent key (without arguments)."""

    key: str


Arg = str | int | When | Name | Lasting | Text


class Words(msgspec.Struct, frozen=True, tag="words"):
    """A text by its Fluent key and arguments, rendered at delivery in the group's language."""

    key: str
    args: dict[str, Arg] = {}


class Verbatim(msgspec.Struct, frozen=True, tag="verbatim"):
    """Words of a group or a machine, shown as they are; `code` in a fixed-width block."""

    text: str
    code: bool = False


Part = Words | Verbatim
Body = tuple[Part, ...]
"""Parts of a message, one paragraph each."""


def say(key: str, /, **args: Arg) -> Words:
    """`Words`, short: `say("consent-welcome", group=name)`. A test checks every key and argument."""
    return Words(key, args)


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """Something a person can choose: a button where there are buttons, a command everywhere.

    A choice *is* the command that it stands for, so it works after any restart, and on any rung.
    """

    label: str
    """The Fluent key of its label."""
    name: str
    sub: str = ""
    values: dict[str, str] = {}
    confirmed: bool = False


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A small file that comes with a private message."""

    name: str
    media_type: str
    content: bytes


class Effect(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something that the bot means to do in a room."""

    room: RoomId


class Whisper(Effect, frozen=True, kw_only=True, tag=True):
    """Words for one person alone. `unasked`: nobody is waiting for it, so it is paced."""

    to: MemberId
    body: Body
    choices: tuple[Choice, ...] = ()
    files: tuple[Attachment, ...] = ()
    reply: ReplyHandle | None = None
    unasked: bool = False
    subject: str = ""
    """For unasked ones: what it is about (`consent`), so that an answer overtakes it."""
    awaits: Choice | None = None
    """What the person's next plain words in the direct chat are, within ten minutes: the last option
    of this command. Commands are still commands."""
    words_first: bool = False
    """The group is named behind the words, not before: for words that must not wait to be read."""


class Field(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a form that is no option of the command, where the room has `rich_forms`.

    What is filled in comes back as one of the command's values, under `name`: `words` as they are,
    `people` as ids with commas between, `ticks` as `TICKED` when every box is ticked.
    """

    name: str
    label: str
    """The Fluent key of its label."""
    kind: Literal["words", "people", "ticks"] = "words"
    ticks: tuple[Words, ...] = ()
    """Beside each box."""
    now: str = ""
    """What stands there before anything is filled in."""
    required: bool = False


TICKED = "all"
"""The value of a field of boxes in which each is ticked."""


class Unsay(Effect, frozen=True, kw_only=True, tag=True):
    """Take down what the bot and this person wrote to each other in private.

    From the message `first` to the message `last`; where one is None, from the moment `since`, or to
    the moment `until`. What the bot is not allowed to take down fails as `forbidden`, after all the
    rest is down; where it can take down nothing at all, it fails as `unsupported`.
    """

    to: MemberId
    since: datetime
    until: datetime
    first: MessageId | None = None
    last: MessageId | None = None


class OpenForm(Effect, frozen=True, kw_only=True, tag=True):
    """Ask for a command's options in one form; where there are none, the options are explained.

    `values` were given before: they are kept and not asked again. `fields`, where there are any,
    are asked in place of the options.
    """

    to: MemberId
    name: str
    sub: str
    values: dict[str, str] = {}
    fields: tuple[Field, ...] = ()
    reply: ReplyHandle | None = None


class Announce(Effect, frozen=True, kw_only=True, tag=True):
    """Words for everybody in the room."""

    body: Body
    choices: tuple[Choice, ...] = ()


class Doorbell(Effect, frozen=True, kw_only=True, tag=True):
    """Keep one message with these words where newcomers see it, in place of an earlier one.

    It is put back when it is deleted, and goes with `RestoreRoom` and `Leave`.
    """

    body: Body
    choices: tuple[Choice, ...]


class AlertFacilitators(Effect, frozen=True, kw_only=True, tag=True):
    """Words for each facilitator, in private. One per `subject` in ten minutes."""

    subject: str
    body: Body
    choices: tuple[Choice, ...] = ()
    but_not: tuple[MemberId, ...] = ()


class Admit(Effect, frozen=True, kw_only=True, tag=True):
    """Let somebody speak (`mute`) or come in (`door`). Done already: nothing happens."""

    who: MemberId
    gate: Gate


class Hold(Effect, frozen=True, kw_only=True, tag=True):
    """Take back what `Admit` gave under `mute`. Nobody is removed by it."""

    who: MemberId
    gate: Gate


class Remove(Effect, frozen=True, kw_only=True, tag=True):
    """Show somebody out, or refuse their knock or invitation, without a reason that others see."""

    who: MemberId


class TakeDown(Effect, frozen=True, kw_only=True, tag=True):
    """Take a message down for everybody."""

    message: MessageId


class SetGate(Effect, frozen=True, kw_only=True, tag=True):
    """Put a gate up, or take it down (`notice`). `inside` may speak from the start."""

    gate: Gate
    inside: tuple[MemberId, ...] = ()


class RestoreRoom(Effect, frozen=True, kw_only=True, tag=True):
    """Put the room's native settings back exactly as `RoomView.snapshot` had them."""

    snapshot: bytes


class SetHearing(Effect, frozen=True, kw_only=True, tag=True):
    """Hear the commands that are typed in an encrypted room from now on, or (False) throw its keys away."""

    on: bool


class BlockRecorder(Effect, frozen=True, kw_only=True, tag=True):
    """Stop a recorder so that it can be taken back, or (`on` False) take that back.

    A bot is deafened, a widget put away; nobody is removed. Done already: nothing happens.
    """

    recorder: str
    """`Recorder.id`."""
    who: MemberId | None = None
    on: bool = True


class SetStatus(Effect, frozen=True, kw_only=True, tag=True):
    """The short standing line of the room's call, such as a voice channel's status; None: no line."""

    line: Words | None = None


class Leave(Effect, frozen=True, kw_only=True, tag=True):
    """Leave the room."""


AnyEffect = (
    Whisper
    | Unsay
    | OpenForm
    | Announce
    | Doorbell
    | AlertFacilitators
    | Admit
    | Hold
    | Remove
    | TakeDown
    | SetGate
    | RestoreRoom
    | SetHearing
    | BlockRecorder
    | SetStatus
    | Leave
)
