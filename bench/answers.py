"""Answers of a homeserver as Synapse 1.163 writes them, for rooms that no homeserver has to make.

The shapes were taken from Synapse's own answers (state, `unsigned`, version 11 rooms). Everything is
the same in every run.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

Json = dict[str, Any]

SERVER = "bench.test"
KEEPER = f"@keeper:{SERVER}"
FACILITATOR = f"@fay:{SERVER}"
DEVICE = "BENCHDEV"
STARTED = 1_790_000_000_000
"""Milliseconds since 1970, when everything began."""

WORDS = (
    "I did not sleep much, but I went for a walk this morning and that helped.",
    "Thank you for saying that.",
    "Same here. It is the evenings that are long.",
    "What do you do with the empty chair on Sundays? I still lay the table for two, and do not want to stop.",
)


def opaque(*parts: object) -> str:
    """43 characters that look like an event's or a room's hash."""
    found = hashlib.sha256(repr(parts).encode()).digest()
    return urlsafe_b64encode(found).decode().rstrip("=")


def room(number: int) -> str:
    """The id of a room."""
    return f"!{opaque('room', number)}"


def person(number: int) -> str:
    """The id of a member: the same people are in every room."""
    return f"@p{number}:{SERVER}"


def event(kind: str, sender: str, content: Json, *about: object, **more: Any) -> Json:
    """An event of a timeline."""
    return {
        "content": content,
        "event_id": f"${opaque(kind, sender, *about)}",
        "origin_server_ts": STARTED,
        "sender": sender,
        "type": kind,
        "unsigned": {"age": 4321, "membership": "join"},
    } | more


def state(where: str, kind: str, content: Json, key: str = "", sender: str = FACILITATOR) -> Json:
    """A state event."""
    return event(kind, sender, content, where, key, state_key=key, unsigned={"age": 4321})


def membership(where: str, who: str) -> Json:
    """Somebody is inside, whom the facilitator invited."""
    local = who[1:].partition(":")[0]
    made = state(where, "m.room.member", {"displayname": local.title(), "membership": "join"}, who, who)
    made["unsigned"] |= {
        "prev_content": {"displayname": local.title(), "membership": "invite"},
        "prev_sender": FACILITATOR,
        "replaces_state": f"${opaque('invited', where, who)}",
    }
    return made


def settings(where: str, *, encrypted: bool = False) -> list[Json]:
    """The state of a room besides its members: the bot can take down and not change levels."""
    levels = {
        "ban": 50,
        "events": {
            "m.room.avatar": 50,
            "m.room.canonical_alias": 50,
            "m.room.encryption": 100,
            "m.room.history_visibility": 100,
            "m.room.name": 50,
            "m.room.power_levels": 100,
            "m.room.server_acl": 100,
            "m.room.tombstone": 100,
        },
        "events_default": 0,
        "historical": 100,
        "invite": 0,
        "kick": 50,
        "redact": 50,
        "state_default": 50,
        "users": {FACILITATOR: 100, KEEPER: 50},
        "users_default": 0,
    }
    made = [
        state(where, "m.room.create", {"room_version": "11"}),
        state(where, "m.room.power_levels", levels),
        state(where, "m.room.join_rules", {"join_rule": "invite"}),
        state(where, "m.room.history_visibility", {"history_visibility": "shared"}),
        state(where, "m.room.guest_access", {"guest_access": "can_join"}),
        state(where, "m.room.name", {"name": "Evening"}),
    ]
    if encrypted:
        made.append(state(where, "m.room.encryption", {"algorithm": "m.megolm.v1.aes-sha2"}))
    return made


def people(where: str, members: int) -> list[Json]:
    """The members of a room: the bot, the facilitator, and so many people that there are `members`."""
    return [membership(where, who) for who in inside(members)]


def inside(members: int) -> list[str]:
    """Who is in a room of so many members."""
    return [KEEPER, FACILITATOR, *(person(n) for n in range(members - 2))]


def said(where: str, number: int, sender: str) -> Json:
    """A message."""
    content = {"body": WORDS[number % len(WORDS)], "m.mentions": {}, "msgtype": "m.text"}
    return event("m.room.message", sender, content, where, number)


def joined(timeline: Iterable[Json], before: Iterable[Json] = (), **more: Any) -> Json:
    """One room's part of an answer."""
    return {
        "timeline": {"events": list(timeline), "prev_batch": "s1_1_0_1", "limited": False},
        "state": {"events": list(before)},
        "account_data": {"events": []},
        "ephemeral": {"events": []},
        "unread_notifications": {"notification_count": 0, "highlight_count": 0},
        "summary": more,
    }


def answer(position: str, rooms: dict[str, Json]) -> Json:
    """A whole answer of `/sync`."""
    return {
        "next_batch": position,
        "device_one_time_keys_count": {"signed_curve25519": 50},
        "device_unused_fallback_key_types": ["signed_curve25519"],
        "rooms": {"join": rooms} if rooms else {},
    }


def first(rooms: int, members: int, *, lazy: bool, encrypted: bool = False) -> bytes:
    """A first answer. `lazy`: with the member who spoke last and the bot alone, as Synapse does it."""

    def part(number: int) -> Json:
        where = room(number)
        everybody = people(where, members)
        shown = everybody[:2] if lazy else everybody
        last = said(where, 0, FACILITATOR)
        more: Json = {"m.joined_member_count": members, "m.invited_member_count": 0} if lazy else {}
        return joined([last], [*settings(where, encrypted=encrypted), *shown], **more)

    return msgspec.json.encode(answer("s2", {room(n): part(n) for n in range(rooms)}))


def members_of(where: str, members: int) -> bytes:
    """The answer to `/members`, where Synapse writes some fields twice."""
    chunk = [
        e
        | {"age": 4321, "room_id": where, "user_id": e["sender"]}
        | {key: e["unsigned"][key] for key in ("prev_content", "replaces_state")}
        for e in people(where, members)
    ]
    return msgspec.json.encode({"chunk": chunk})


def talk(
    rooms: int,
    members: int,
    answers: range,
    each: int,
    as_sent: Callable[[str, Json], Json] = lambda _, made: made,
) -> list[bytes]:
    """Answers of these numbers with `each` messages in every room, `as_sent` by their authors' clients."""
    everybody = inside(members)[1:]

    def messages(where: str, number: int) -> list[Json]:
        places = range(number * each, (number + 1) * each)
        return [as_sent(where, said(where, 1 + n, everybody[n % len(everybody)])) for n in places]

    def one(number: int) -> bytes:
        parts = {room(n): joined(messages(room(n), number)) for n in range(rooms)}
        return msgspec.json.encode(answer(f"s{number + 3}", parts))

    return [one(number) for number in answers]
