"""A raw event of a guarded room -> events of the core. Nothing here waits or fails.

Every timeline event that is neither state nor a redaction is a `MessagePosted`, whatever it holds:
other clients show much that libraries reject, and a gate must not have that hole.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from adapters.matrix.calls import in_call, recorders
from adapters.matrix.gates import Standing
from adapters.matrix.kinds import kind_of, networks
from adapters.matrix.levels import LEVELS, Power
from adapters.matrix.rooms import BRIDGE_TYPES, CALL_TYPES, FUNCTIONAL, MEMBER_TYPES, Room, is_state
from adapters.matrix.view import PLATFORM, lacking, member, muting, room_id
from adapters.matrix.words import Ear
from bot.boundary.events import (
    CallChanged,
    CallJoined,
    CallLeft,
    Event,
    MemberJoined,
    MemberKnocked,
    MemberLeft,
    MemberRenamed,
    MessagePosted,
    RoomChanged,
    SpeechGranted,
    SpeechTaken,
    WordsGiven,
)
from bot.boundary.ids import MessageId

CHANGES: Mapping[str, str] = {
    "m.room.join_rules": "joining",
    "m.room.history_visibility": "history",
    "m.room.encryption": "encryption",
    "m.room.name": "name",
    "m.room.canonical_alias": "name",
    FUNCTIONAL: "bots",
    **dict.fromkeys(BRIDGE_TYPES, "bridges"),
}
_ABOUT_THE_ROOM = frozenset(
    "m.room." + kind
    for kind in (
        *("create", "member", "power_levels", "join_rules", "history_visibility", "guest_access"),
        *("encryption", "server_acl", "tombstone", "canonical_alias", "aliases", "third_party_invite"),
        *("pinned_events", "retention", "preview_urls"),
    )
)
"""`m.room.` state that only says how the room is. All other state is something that was put into it:
clients show names, topics and unknown types too, and a `m.room.message` may come as state."""
_LISTS = ("m.space.", "m.policy.", "org.matrix.mjolnir.", *BRIDGE_TYPES, FUNCTIONAL)


class Reader:
    """Reads the events of guarded rooms, one after another, and keeps the room's model up to date."""

    def __init__(self, me: str, prefix: str, known: Callable[[str], bool]) -> None:
        self._me = me
        self._ear = Ear(me, prefix, known)

    def read(self, room: Room, event: Mapping[str, Any], gate: Standing | None) -> list[Event | WordsGiven]:
        """What an event means. The room's model has taken it in afterwards."""
        event_id, sender = event.get("event_id"), event.get("sender")
        if not isinstance(event_id, str) or not isinstance(sender, str):
            return []
        if is_state(event):
            return list(self._state(room, event, event_id, sender, gate))
        if sender == self._me or event.get("type") == "m.room.redaction":
            return []
        posted = MessagePosted(
            id=event_id, room=room_id(room.id), by=member(sender), message=MessageId(PLATFORM, event_id)
        )
        said = None if room.encrypted else self.said(room, event)
        if said is None:
            return [posted]
        return [posted, said]

    def said(self, room: Room, event: Mapping[str, Any]) -> WordsGiven | None:
        """The words for the bot in a message; in an encrypted room only what came encrypted is asked."""
        content = event.get("content")
        if event.get("type") != "m.room.message" or not isinstance(content, dict):
            return None
        me = room.members.get(self._me)
        said = self._ear.hears(content, me.name if me else "")
        if said is None:
            return None
        return WordsGiven(
            id=f"{event['event_id']} words",
            by=member(event["sender"]),
            words=said.words,
            room=room_id(room.id),
            message=MessageId(PLATFORM, event["event_id"]),
            addressed=said.addressed,
        )

    def _state(
        self, room: Room, event: Mapping[str, Any], event_id: str, sender: str, gate: Standing | None
    ) -> Iterator[Event | WordsGiven]:
        kind, key = event["type"], event["state_key"]
        here = room_id(room.id)
        if kind == "m.room.member":
            if key != self._me:
                yield from self._membership(room, event, event_id, sender)
            shown = recorders(room, PLATFORM)
            room.apply(event)
            if recorders(room, PLATFORM) != shown:  # a name in the call says that it records, or not any more
                yield CallChanged(id=f"{event_id} call", room=here)
            return
        if kind in CALL_TYPES:
            yield from self._call(room, event, event_id, sender)
            return
        stood = _stood(event, room.content(kind, key))
        was_bridged = networks(room)
        room.apply(event)
        if sender == self._me:
            return
        if kind == LEVELS:
            before, now = room.power_with(stood), room.power_with(event["content"])
            yield from self._powers(room, before, now, event_id, sender, gate)
        if kind in BRIDGE_TYPES:
            if networks(room) != was_bridged or not stood:
                yield RoomChanged(id=f"{event_id} bridges", room=here, what="bridges", by=member(sender))
        elif kind in CHANGES and stood != event["content"]:
            what = CHANGES[kind]
            yield RoomChanged(id=f"{event_id} {what}", room=here, what=what, by=member(sender))
        if event["content"] and _is_put_in(kind):
            yield MessagePosted(
                id=event_id, room=here, by=member(sender), message=MessageId(PLATFORM, event_id)
            )

    def _call(
        self, room: Room, event: Mapping[str, Any], event_id: str, sender: str
    ) -> Iterator[Event | WordsGiven]:
        """Somebody came into the call or left it, or a widget came or went; by the bot's own hand too."""
        here, member_of_call = room_id(room.id), event["type"] in MEMBER_TYPES
        calling, shown = in_call(room), recorders(room, PLATFORM)
        room.apply(event)
        for user in sorted(in_call(room) - calling):
            yield CallJoined(id=f"{event_id} call {user}", room=here, who=member(user))
        for user in sorted(calling - in_call(room)):
            yield CallLeft(id=f"{event_id} call {user}", room=here, who=member(user))
        if recorders(room, PLATFORM) != shown or (not member_of_call and sender == self._me):
            yield CallChanged(id=f"{event_id} call", room=here)
        if event["content"] and sender != self._me:
            yield MessagePosted(
                id=event_id, room=here, by=member(sender), message=MessageId(PLATFORM, event_id)
            )

    def _membership(
        self, room: Room, event: Mapping[str, Any], event_id: str, sender: str
    ) -> Iterator[Event]:
        who, here = event["state_key"], room_id(room.id)
        now = event["content"].get("membership")
        before, let_in_by = self._before(room, event)
        match before, now:
            case "join", "join":
                if self._renamed(event):
                    yield MemberRenamed(id=event_id, room=here, who=member(who))
            case _, "join":
                by = let_in_by if before == "invite" and let_in_by not in (None, self._me, who) else None
                yield MemberJoined(
                    id=event_id, room=here, who=member(who), let_in_by=member(by) if by else None
                )
                if kind_of(room, who) != "human":
                    yield RoomChanged(id=f"{event_id} bots", room=here, what="bots", by=member(by or sender))
            case _, "knock":
                if before != "knock":
                    yield MemberKnocked(id=event_id, room=here, who=member(who))
            case (("join" | "knock" | "invite"), ("leave" | "ban")):
                yield MemberLeft(id=event_id, room=here, who=member(who))
            case _:
                pass

    def _before(self, room: Room, event: Mapping[str, Any]) -> tuple[str, str | None]:
        """The membership before this event, and who had brought it about.

        The homeserver says it with the event; our own list may already be ahead of a replay.
        """
        unsigned = event.get("unsigned")
        said: Mapping[str, Any] = unsigned if isinstance(unsigned, dict) else {}
        content = said.get("prev_content")
        known = room.members.get(event["state_key"])
        if isinstance(content, dict) and isinstance(content.get("membership"), str):
            by = said.get("prev_sender")
            by = by if isinstance(by, str) else known.sender if known else None
            return content["membership"], by
        if known is None or "replaces_state" not in said:
            return "leave", None
        return known.membership, known.sender

    def _renamed(self, event: Mapping[str, Any]) -> bool:
        unsigned = event.get("unsigned")
        before = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
        return not isinstance(before, dict) or before.get("displayname") != event["content"].get(
            "displayname"
        )

    def _powers(
        self, room: Room, before: Power, now: Power, event_id: str, sender: str, gate: Standing | None
    ) -> Iterator[Event]:
        here, by = room_id(room.id), member(sender)
        if gate is not None and gate.level is not None:
            moved = sorted(u for u in room.with_membership("join", "invite", "knock") if u != self._me)
            for n, who in enumerate(moved):
                held, free = before.of(who) < gate.level, now.of(who) >= gate.level
                if held and free:
                    yield SpeechGranted(id=f"{event_id} given {n}", room=here, who=member(who), by=by)
                elif not held and not free:
                    yield SpeechTaken(id=f"{event_id} taken {n}", room=here, who=member(who), by=by)
        able = (muting(now, self._me), lacking(now, self._me))
        broken = gate is not None and gate.level is not None and now.to_send("m.room.message") < gate.level
        if able != (muting(before, self._me), lacking(before, self._me)) or broken:
            yield RoomChanged(id=f"{event_id} powers", room=here, what="powers", by=by)


def _stood(event: Mapping[str, Any], known: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """The content before this event, as the homeserver says; our own picture may be ahead of it."""
    unsigned = event.get("unsigned")
    said = unsigned.get("prev_content") if isinstance(unsigned, dict) else None
    return said if isinstance(said, dict) else known


def _is_put_in(kind: str) -> bool:
    return kind not in _ABOUT_THE_ROOM and not kind.startswith(_LISTS)
