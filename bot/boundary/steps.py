"""What an adapter performs: an effect after it has been rendered and fitted to the room."""

from typing import Literal

import msgspec

from bot.boundary.effects import (
    Admit,
    Attachment,
    BlockRecorder,
    Choice,
    Hold,
    Leave,
    Remove,
    RestoreRoom,
    SetGate,
    SetHearing,
    TakeDown,
    Unsay,
)
from bot.boundary.ids import MemberId, ReplyHandle, RoomId


class Button(msgspec.Struct, frozen=True, kw_only=True):
    """A choice with its label written out."""

    label: str
    choice: Choice


class Tell(msgspec.Struct, frozen=True, kw_only=True):
    """Words for one person alone: by the interaction that is waiting, or a direct chat.

    `text` is plain text with a very small markup: `` `code` ``, ``` ```blocks``` ``` and
    `**bold**`. Everything that came from people is already cleaned of control and bidirectional
    characters. An adapter that cannot keep it private must raise `Undeliverable("closed")`.
    """

    room: RoomId
    to: MemberId
    text: str
    buttons: tuple[Button, ...] = ()
    files: tuple[Attachment, ...] = ()
    reply: ReplyHandle | None = None


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """Words for everybody in the room. They never ping anybody."""

    room: RoomId
    text: str
    buttons: tuple[Button, ...] = ()


class Bell(msgspec.Struct, frozen=True, kw_only=True):
    """The one message with buttons that stands where newcomers see it, in place of an earlier one."""

    room: RoomId
    text: str
    buttons: tuple[Button, ...]


class FormField(msgspec.Struct, frozen=True, kw_only=True):
    """A field of a form, written out. See `Field`."""

    name: str
    label: str
    kind: Literal["words", "people", "ticks"]
    ticks: tuple[str, ...] = ()
    now: str = ""
    required: bool = False


class ShowForm(msgspec.Struct, frozen=True, kw_only=True):
    """A form for a command's options, as the answer to an interaction."""

    room: RoomId
    to: MemberId
    name: str
    sub: str
    title: str
    labels: dict[str, str]
    """Option name -> its label, in the group's language."""
    values: dict[str, str] = {}
    """What was given before: it comes back with the form, and is not asked."""
    fields: tuple[FormField, ...] = ()
    """Asked in place of the options, where there are any."""
    reply: ReplyHandle | None = None


class ShowStatus(msgspec.Struct, frozen=True, kw_only=True):
    """The standing line of the room's call, written out; "" for none."""

    room: RoomId
    text: str


Action = (
    Tell
    | Unsay
    | Post
    | Bell
    | ShowForm
    | ShowStatus
    | Admit
    | Hold
    | Remove
    | TakeDown
    | SetGate
    | RestoreRoom
    | SetHearing
    | BlockRecorder
    | Leave
)


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """One action with the outbox id that makes it idempotent: the same id again does nothing."""

    id: str
    action: Action
