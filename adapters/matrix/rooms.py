"""The room as its raw state says it is: the only model of a room that the adapter has."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from adapters.matrix.levels import LEVELS, Power, version
from adapters.matrix.parsing import clean

MEMBER_TYPES = (
    "org.matrix.msc3401.call.member",
    "org.matrix.msc4143.rtc.member",
    "m.call.member",
    "m.rtc.member",
)
WIDGET_TYPES = ("m.widget", "im.vector.modular.widgets")
CALL_TYPES = (*MEMBER_TYPES, *WIDGET_TYPES)
BRIDGE_TYPES = ("m.bridge", "uk.half-shot.bridge")
FUNCTIONAL = "io.element.functional_members"
MARK = "org.circlekeeper.direct"
"""In m.room.create of a direct chat that the bot made: a keyed hash of whom it is for."""
KEPT_TYPES = (
    "m.room.create",
    LEVELS,
    "m.room.member",
    "m.room.join_rules",
    "m.room.history_visibility",
    "m.room.name",
    "m.room.canonical_alias",
    "m.room.encryption",
    "m.room.tombstone",
    FUNCTIONAL,
    *BRIDGE_TYPES,
    *CALL_TYPES,
)
LONGEST_NAME = 200
"""Characters of a name that are shown. The homeserver allows far more."""


class Member(msgspec.Struct, frozen=True, gc=False):
    """One person's present membership, and who brought it about."""

    membership: str
    name: str
    sender: str


def is_state(event: Mapping[str, Any]) -> bool:
    """A state event, complete enough to be believed."""
    return (
        isinstance(event.get("type"), str)
        and isinstance(event.get("state_key"), str)
        and isinstance(event.get("sender"), str)
        and isinstance(event.get("content"), dict)
    )


def shown_name(content: Mapping[str, Any], user: str) -> str:
    """The display name in a membership, or the id where there is none."""
    name = content.get("displayname")
    if not isinstance(name, str) or not name.strip():
        return user
    return clean(name.strip()[:LONGEST_NAME])


Members = dict[str, Member]
"""User id -> that person's membership."""


def membership_in(event: Mapping[str, Any]) -> Member | None:
    """What a state event of type `m.room.member` says, None where it says nothing."""
    membership, user, sender = event["content"].get("membership"), event["state_key"], event["sender"]
    if not isinstance(membership, str):
        return None
    # A hundred thousand of these are kept: what is equal is kept once.
    by = user if sender == user else sender
    return Member(sys.intern(membership), shown_name(event["content"], user), by)


def members_in(events: Iterable[Mapping[str, Any]]) -> Members:
    """The members that these events name. Small beside the events, which need not be kept."""
    found = {}
    for event in events:
        if event.get("type") == "m.room.member" and is_state(event):
            member = membership_in(event)
            if member is not None:
                found[event["state_key"]] = member
    return found


class Room:
    """One room that the bot is in. `changed` counts up with everything that its view shows."""

    def __init__(self, room_id: str) -> None:
        self.id = room_id
        self.members: Members = {}
        self.changed = 0
        self.listed = False
        """Found in the homeserver's public directory."""
        self.complete = False
        """Every member is known (not only those whom lazy loading showed)."""
        self.expected = False
        """Just made by the bot itself: the homeserver has not shown it yet."""
        self._state: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._power: Power | None = None

    def apply(self, event: Mapping[str, Any]) -> None:
        """Take a state event in. Others are ignored."""
        if not is_state(event) or event["type"] not in KEPT_TYPES:
            return
        kind, key = event["type"], event["state_key"]
        if kind == "m.room.member":
            member = membership_in(event)
            if member is not None:
                self.members[key] = member
        else:
            self._state[kind, key] = event
        self._power = None
        self.changed += 1

    def apply_all(self, events: Iterable[Mapping[str, Any]]) -> None:
        """Take state events in, one after another."""
        for event in events:
            self.apply(event)

    def replace_members(self, members: Members) -> None:
        """Take the complete list of members in."""
        self.members = members
        self.complete = True
        self._power = None
        self.changed += 1

    def content(self, kind: str, key: str = "") -> Mapping[str, Any] | None:
        """The content of a state event, None where there is none."""
        event = self._state.get((kind, key))
        content = event["content"] if event else None
        return content if isinstance(content, dict) else None

    def each(self, *kinds: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Sender and content of every state event of these types that is not empty."""
        for (kind, _), event in self._state.items():
            if kind in kinds and event["content"]:
                yield event["sender"], event["content"]

    def events(self, *kinds: str) -> Iterator[Mapping[str, Any]]:
        """Every state event of these types that is not empty, as it is now."""
        return (e for (kind, _), e in self._state.items() if kind in kinds and e["content"])

    @property
    def power(self) -> Power:
        """The power as the raw state gives it."""
        if self._power is None:
            self._power = self.power_with(self.content(LEVELS))
        return self._power

    def power_with(self, levels: object) -> Power:
        """The power as it would be with these raw levels."""
        create = self._state.get(("m.room.create", ""))
        content: Mapping[str, Any] = create["content"] if create else {}
        return Power(content, self.creator, levels if isinstance(levels, dict) else None)

    @property
    def version(self) -> int:
        """The room version as a number, 0 where it is none."""
        return version(self.content("m.room.create") or {})

    @property
    def name(self) -> str:
        """The room's name or alias, or its id."""
        for kind, field in (("m.room.name", "name"), ("m.room.canonical_alias", "alias")):
            found = (self.content(kind) or {}).get(field)
            if isinstance(found, str) and found.strip():
                return clean(found.strip()[:LONGEST_NAME])
        return self.id

    @property
    def join_rule(self) -> str:
        """`public`, `knock`, `invite`, `restricted`, `knock_restricted`; `invite` where none is set."""
        found = (self.content("m.room.join_rules") or {}).get("join_rule")
        return found if isinstance(found, str) else "invite"

    @property
    def history(self) -> str:
        """`world_readable`, `shared`, `invited`, `joined`; `shared` where none is set."""
        found = (self.content("m.room.history_visibility") or {}).get("history_visibility")
        return found if isinstance(found, str) else "shared"

    @property
    def encrypted(self) -> bool:
        """Encryption was ever switched on: it cannot be switched off again."""
        return ("m.room.encryption", "") in self._state

    @property
    def replacement(self) -> str:
        """The room that the tombstone points to, "" where there is none."""
        found = (self.content("m.room.tombstone") or {}).get("replacement_room")
        return found if isinstance(found, str) else ""

    @property
    def ended_by(self) -> str:
        """Who upgraded the room, "" where nobody did."""
        event = self._state.get(("m.room.tombstone", ""))
        return str(event["sender"]) if event else ""

    @property
    def predecessor(self) -> str:
        """The room that this one says it follows, "" where it says none."""
        before = (self.content("m.room.create") or {}).get("predecessor")
        found = before.get("room_id") if isinstance(before, dict) else None
        return found if isinstance(found, str) else ""

    @property
    def mark(self) -> str:
        """The bot's own mark on a direct chat that it made, "" where there is none."""
        found = (self.content("m.room.create") or {}).get(MARK)
        return found if isinstance(found, str) else ""

    @property
    def creator(self) -> str:
        """Who made the room."""
        create = self._state.get(("m.room.create", ""))
        return str(create["sender"]) if create else ""

    def membership(self, user: str) -> str:
        """`join`, `invite`, `knock`, `ban` or `leave`, which also stands for never having been here."""
        found = self.members.get(user)
        return found.membership if found else "leave"

    def with_membership(self, *which: str) -> frozenset[str]:
        """Everybody whose membership is one of these."""
        return frozenset(u for u, m in self.members.items() if m.membership in which)
