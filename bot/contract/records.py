"""Records, and how they become bytes.

A record is a frozen struct with a tag. Each feature lists its own types in `records.py`, the
present version of each; `UPGRADES` there turns what older versions wrote into the present shape.
A record about a person lives in that person's rows (its `member`), so that export and erasure
can be written once, for everything.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Base of every record. Give each subclass `tag="name"` and `VERSION`."""


Upgrade = Callable[[dict[str, Any]], dict[str, Any]]
Upgrades = Mapping[tuple[str, int], Upgrade]
"""(tag, version) -> the function that makes the next version's fields from this one's."""


class Codec:
    """Turns the records of one feature into bytes and back.

    The bytes are msgpack of `[tag, version, fields]`.

    >>> class Standing(Record, tag="standing"):
    ...     since: int
    >>> codec = Codec((Standing,))
    >>> codec.decode(codec.encode(Standing(since=3)))
    Standing(since=3)
    """

    def __init__(self, types: tuple[type[Record], ...], upgrades: Upgrades | None = None) -> None:
        self._types = {_tag(t): t for t in types}
        self._upgrades = dict(upgrades or {})

    def encode(self, record: Record) -> bytes:
        """The record as bytes. Raises KeyError for a type that the feature did not list."""
        tag = _tag(type(record))
        if self._types[tag] is not type(record):
            raise KeyError(tag)
        fields = msgspec.to_builtins(record, builtin_types=(bytes,))
        fields.pop("type", None)
        return msgspec.msgpack.encode([tag, _version(type(record)), fields])

    def decode(self, body: bytes) -> Record:
        """The record, upgraded to the present version where an older one wrote it."""
        tag, version, fields = msgspec.msgpack.decode(body)
        kind = self._types[tag]
        while version < _version(kind):
            fields = self._upgrades[tag, version](fields)
            version += 1
        return msgspec.convert({"type": tag, **fields}, kind, builtin_types=(bytes,))


def _tag(kind: type[Record]) -> str:
    tag = kind.__struct_config__.tag
    if not isinstance(tag, str):
        raise TypeError(f"{kind.__name__} has no tag")
    return tag


def _version(kind: type[Record]) -> int:
    return int(getattr(kind, "VERSION", 1))
