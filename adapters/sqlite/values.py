"""Small conversions between the port's values and what stands in a column."""

from datetime import UTC, datetime, timedelta
from typing import overload

import msgspec

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@overload
def micros(moment: datetime) -> int: ...
@overload
def micros(moment: None) -> None: ...
@overload
def micros(moment: datetime | None) -> int | None: ...
def micros(moment: datetime | None) -> int | None:
    """Microseconds since 1970, UTC. Raises ValueError for a moment without a time zone."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return (moment - _EPOCH) // _MICROSECOND


@overload
def moment(since_1970: int) -> datetime: ...
@overload
def moment(since_1970: None) -> None: ...
@overload
def moment(since_1970: int | None) -> datetime | None: ...
def moment(since_1970: int | None) -> datetime | None:
    """The moment again, exactly, in UTC.

    >>> moment(micros(datetime(2026, 3, 2, 12, tzinfo=UTC)))
    datetime.datetime(2026, 3, 2, 12, 0, tzinfo=datetime.timezone.utc)
    """
    return None if since_1970 is None else _EPOCH + timedelta(microseconds=since_1970)


def bound_to(*place: str | int | bytes | None) -> bytes:
    """The associated data that ties sealed bytes to their row: moved elsewhere they don't open."""
    return msgspec.msgpack.encode(place)
