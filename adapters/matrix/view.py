"""A room's raw state -> `RoomView`: what the core may know of a room."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from adapters.matrix.calls import in_call, recorders
from adapters.matrix.kinds import kind_of, networks
from adapters.matrix.levels import LEVELS, Power
from adapters.matrix.rooms import WIDGET_TYPES, Room
from bot.boundary.capabilities import Capabilities, Missing, Muting, Person, RoomView
from bot.boundary.ids import MemberId, RoomId

PLATFORM = "matrix"
PRESENCE: Mapping[str, Literal["inside", "knocking", "invited"]] = {
    "join": "inside",
    "knock": "knocking",
    "invite": "invited",
}
JOINING = "m.room.join_rules"


class Snapshot(msgspec.Struct, frozen=True):
    """The raw contents that a gate changes. None: there was no such state event."""

    levels: dict[str, Any] | None
    join_rules: dict[str, Any] | None
    history: dict[str, Any] | None


def member(user: str) -> MemberId:
    """The core's id for a Matrix user."""
    return MemberId(PLATFORM, user)


def room_id(native: str) -> RoomId:
    """The core's id for a Matrix room."""
    return RoomId(PLATFORM, native)


def can_change_levels(power: Power, me: str) -> bool:
    """The bot may write the levels, and stands above the level that divides who may speak."""
    level = power.gate_level()
    return power.may_send(me, LEVELS, state=True) and level is not None and power.of(me) > level


def can_take_down(power: Power, me: str) -> bool:
    """The bot may take other people's messages down."""
    return power.of(me) >= power.to("redact") and power.may_send(me, "m.room.redaction")


def can_hold_door(power: Power, me: str) -> bool:
    """The bot may change the join rule, invite and show out."""
    own = power.of(me)
    return power.may_send(me, JOINING, state=True) and own >= power.to("invite") and own >= power.to("kick")


def muting(power: Power, me: str) -> Muting:
    """How `mute` can be held here."""
    if can_change_levels(power, me):
        return "levels"
    return "takedown" if can_take_down(power, me) else "no"


def lacking(power: Power, me: str) -> tuple[Missing, ...]:
    """The powers that the bot would need and lacks, each with the words that say where to click."""
    own = power.of(me)
    has = {
        "levels": power.may_send(me, LEVELS, state=True),
        "take_down": can_take_down(power, me),
        "invite": own >= power.to("invite"),
        "remove": own >= power.to("kick"),
        "join_rules": power.may_send(me, JOINING, state=True),
        "speak": power.may_send(me, "m.room.message"),
    }
    return tuple(Missing(ability=a, words=WORDS[a]) for a, there in has.items() if not there)


WORDS: Mapping[str, str] = {
    "levels": "matrix-missing-levels",
    "take_down": "matrix-missing-take-down",
    "invite": "matrix-missing-invite",
    "remove": "matrix-missing-remove",
    "join_rules": "matrix-missing-join-rules",
    "speak": "matrix-missing-speak",
}


def grouped(key: str) -> str:
    """A key as people's apps show it, so that it can be compared by eye.

    >>> grouped("AbCdEfGhIj")
    'AbCd EfGh Ij'
    """
    return " ".join(key[n : n + 4] for n in range(0, len(key), 4))


def snapshot(room: Room) -> bytes:
    """The native settings that a gate changes, exactly as they are now."""
    kinds = (LEVELS, JOINING, "m.room.history_visibility")
    return msgspec.json.encode(
        Snapshot(*(None if (c := room.content(k)) is None else dict(c) for k in kinds))
    )


def person(room: Room, user: str, calling: frozenset[str] = frozenset()) -> Person | None:
    """One member as the core sees them, None for who is outside. `calling`: who is in the call."""
    found = room.members.get(user)
    presence = PRESENCE.get(found.membership) if found else None
    if found is None or presence is None:
        return None
    return Person(
        id=member(user),
        name=found.name,
        kind=kind_of(room, user),
        presence=presence,
        administrator=room.power.may_send(user, LEVELS, state=True),
        may_speak=room.power.may_send(user, "m.room.encrypted" if room.encrypted else "m.room.message"),
        in_call=user in calling,
    )


def look(
    room: Room, me: str, prefix: str, max_upload: int, *, hears: bool = False, fingerprint: str = ""
) -> RoomView:
    """The room as it is now. `hears`: the group lets the bot hear commands where it is encrypted."""
    calling = in_call(room)
    people = (person(room, user, calling) for user in room.members if user != me)
    power = room.power
    return RoomView(
        id=room_id(room.id),
        name=room.name,
        people={p.id: p for p in people if p is not None},
        can=Capabilities(
            private=True,
            files=True,
            door=can_hold_door(power, me),
            mute=muting(power, me),
            take_down=can_take_down(power, me),
            pins=False,
            calls_seen=True,
            blocks_recorders=all(power.may_send(me, kind, state=True) for kind in WIDGET_TYPES),
            hears_words=not room.encrypted or hears,
            hearing=room.encrypted,
            command_prefix=prefix,
        ),
        me=member(me),
        missing=lacking(power, me),
        encrypted=room.encrypted,
        public=room.join_rule == "public" or room.listed,
        world_readable=room.history == "world_readable",
        past_visible=room.history in ("shared", "world_readable"),
        recorders=recorders(room, PLATFORM),
        bridges=networks(room),
        max_upload=max_upload,
        fingerprint=grouped(fingerprint) if room.encrypted else "",
        snapshot=snapshot(room),
    )
