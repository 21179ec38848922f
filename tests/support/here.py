"""Builders for pure decisions: a room, a moment, a group, as small values."""

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.boundary.capabilities import Capabilities, Person, RoomView
from bot.boundary.ids import MemberId, RoomId
from bot.contract.feature import Here, Operator, Stamp
from bot.contract.group import FacilitatorRecord, Group, GroupRecord
from bot.contract.settings import Policy, Setting

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROOM = RoomId("test", "!room")
BOT = MemberId("test", "@keeper")
IDS = tuple(f"{number:032x}" for number in range(1, 17))


IDS = tuple(f"{n:032x}" for n in range(1, 17))


def member(name: str) -> MemberId:
    """The id of a person in the test room."""
    return MemberId("test", f"@{name}")


def person(name: str, **changes: object) -> Person:
    """Somebody in the test room."""
    return Person(id=member(name), name=name.title(), **changes)  # type: ignore[arg-type]


def here(
    people: Iterable[Person] = (),
    *,
    now: datetime = NOON,
    settings: dict[str, str] | None = None,
    facilitators: Iterable[str] = (),
    administrators: Iterable[str] = (),
    set_up: bool = True,
    can: Capabilities | None = None,
    known: Iterable[Setting] = (),
    ids: tuple[str, ...] = IDS,
    **view: object,
) -> Here:
    """The world around a decision. `settings` are over the defaults of the `known` settings."""
    admins = {member(a) for a in administrators}
    faces = {p.id: p for p in people}
    room = RoomView(
        id=ROOM,
        name="Evening group",
        people=faces,
        can=can or Capabilities(door=True, mute="levels", take_down=True),
        me=BOT,
        **view,  # type: ignore[arg-type]
    )
    record = GroupRecord(adopted_at=now, set_up_at=now if set_up else None, settings=settings or {})
    values = {s.key: s.default for s in known} | {"gate": "notice", "timezone": "UTC", "language": "en"}
    group = Group(
        record=record,
        policy=Policy(values | (settings or {})),
        facilitators=frozenset(member(f) for f in facilitators),
    )

    def roles(who: MemberId) -> frozenset[str]:
        found = set()
        if who in group.facilitators:
            found.add("facilitator")
        if who in admins:
            found.add("administrator")
        if who in faces and faces[who].kind == "human":
            found.add("member")
        return frozenset(found)

    return Here(
        room=room,
        group=group,
        stamp=Stamp(now, ids),
        operator=Operator(name="Example Peer Support", contact="privacy@example.org"),
        roles=roles,
        settings={s.key: s for s in known},
    )


__all__ = ["BOT", "NOON", "ROOM", "FacilitatorRecord", "here", "member", "person"]
