"""Ids: opaque to the core, minted and understood by adapters alone.

Values of which there are many (a hundred thousand members) are no business of the garbage collector
(`gc=False`): they cannot be part of a cycle, and looking at all of them stops everything else.
"""

import msgspec


class RoomId(msgspec.Struct, frozen=True, order=True, gc=False):
    """A guarded room. `native` is the platform's own id, such as `!abc:example.org`.

    The core compares ids and passes them on. It never parses one.
    """

    platform: str
    native: str


class MemberId(msgspec.Struct, frozen=True, order=True, gc=False):
    """A person or a bot, as the platform knows them: `@ann:example.org`."""

    platform: str
    native: str


class MessageId(msgspec.Struct, frozen=True, order=True, gc=False):
    """One message in a room: `$event_id` on Matrix, a snowflake on Discord."""

    platform: str
    native: str


class ReplyHandle(msgspec.Struct, frozen=True):
    """An opaque token with which an interaction can still be answered privately.

    It is sealed in the outbox. After `expires_at` (seconds since 1970, UTC) the effect takes
    the next rung: a direct message, or the doorbell.
    """

    token: str
    expires_at: float
