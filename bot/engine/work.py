"""What one event has led to so far. It becomes one `Batch`: kept whole or not at all."""

import secrets
from datetime import datetime, timedelta

from bot.boundary.capabilities import RoomView
from bot.boundary.effects import AlertFacilitators, Effect, Whisper
from bot.boundary.events import EffectFailed, Event
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import Batch, Gone, Outgoing, Row
from bot.contract.feature import Decision, Drop, Feature, Held, Key
from bot.contract.group import Group
from bot.engine.outbox import lane_of, pack, person_of
from bot.engine.rooms import Room

ALERT_EVERY = timedelta(minutes=10)
"""INTERFACE.md, "Alerts": one per subject in ten minutes."""

FAILED = "failed:"
"""Before the outbox id, this is the id of the `EffectFailed` of that effect."""


class Work:
    """The decisions about one event, gathered in its room's turn."""

    def __init__(self, room: Room, event: Event, now: datetime, view: RoomView) -> None:
        self.room, self.event, self.now, self.view = room, event, now, view
        self.changes: dict[tuple[str, Key], Held | None] = {}
        self.effects: list[tuple[str, Effect]] = []
        self.decisions: list[tuple[str, Decision]] = []
        self.forget: MemberId | None = None
        self.erase_room = False
        self.move_to: RoomId | None = None
        self.awaits_confirm = False
        self.alerted: set[str] = set()
        """What facilitators are alerted to by this: it counts as said when it is kept."""
        self.versions: dict[tuple[str, Key], int] = {}
        """Versions in the storage of the rows that were read."""
        self._bodies: dict[tuple[str, Key], bytes] = {}

    def add(self, feature: Feature, decision: Decision) -> None:
        """Take up a feature's decision. Raises ValueError for an effect in another room."""
        self.decisions.append((feature.name, decision))
        for change in decision.changes:
            if isinstance(change, Drop):
                self.changes[feature.name, Key(change.member, change.key)] = None
            else:
                held = Held(change.record, 0, change.due_at, change.delete_at)
                self.keep(feature, Key(change.member, change.key), held)
        for effect in decision.effects:
            if effect.room != self.room.id:
                raise ValueError("an effect in another room")
            self.effects.append((feature.name, effect))
        self.awaits_confirm = self.awaits_confirm or decision.awaits_confirm
        self.forget = decision.forget or self.forget
        self.erase_room = self.erase_room or decision.erase_room

    def keep(self, feature: Feature, key: Key, held: Held) -> None:
        """Put a record into the batch."""
        self._bodies[feature.name, key] = feature.codec.encode(held.record)
        self.changes[feature.name, key] = held

    def batch(self, group: Group) -> Batch:
        """All of it, ready to be kept."""
        return Batch(
            event_id=self.event.id,
            room=self.room.id,
            now=self.now,
            puts=tuple(
                Row(
                    feature=name,
                    room=self.room.id,
                    member=key.member,
                    key=key.key,
                    version=held.version,
                    body=self._bodies[name, key],
                    due_at=held.due_at,
                    delete_at=held.delete_at,
                )
                for (name, key), held in self.changes.items()
                if held is not None and not self.erase_room
            ),
            gone=tuple(
                Gone(feature=name, room=self.room.id, member=key.member, key=key.key)
                for (name, key), held in self.changes.items()
                if held is None
            ),
            outgoing=tuple(
                self._outgoing(feature, single)
                for feature, effect in self.effects
                for single in self._spread(effect, group)
            ),
            delivered=(self.event.id.removeprefix(FAILED),) if isinstance(self.event, EffectFailed) else (),
            forget=self.forget,
            erase_room=self.erase_room,
            move_room_to=self.move_to,
        )

    def _outgoing(self, feature: str, effect: Effect) -> Outgoing:
        return Outgoing(
            id=secrets.token_hex(16),
            room=self.room.id,
            lane=lane_of(effect),
            body=pack(feature, effect),
            member=person_of(effect),
            due_at=self.now,
        )

    def _spread(self, effect: Effect, group: Group) -> list[Effect]:
        """An alert as one private word for each facilitator; nothing when it was said lately."""
        if not isinstance(effect, AlertFacilitators):
            return [effect]
        last = self.room.alerted.get(effect.subject)
        lately = last is not None and timedelta(0) <= self.now - last < ALERT_EVERY
        if lately or effect.subject in self.alerted:
            return []
        whom = sorted(group.facilitators - frozenset(effect.but_not))
        if whom:
            self.alerted.add(effect.subject)
        return [Whisper(room=effect.room, to=who, body=effect.body, choices=effect.choices) for who in whom]
