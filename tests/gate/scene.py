"""A room that does what the gate decides, so that histories can be told as stories."""

import itertools
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from bot.boundary.capabilities import Capabilities, Gate, Missing, Person
from bot.boundary.effects import (
    Admit,
    AlertFacilitators,
    Announce,
    Effect,
    Hold,
    Remove,
    RestoreRoom,
    SetGate,
    TakeDown,
    Whisper,
)
from bot.boundary.events import CommandGiven, Due, EffectFailed, Event, MessagePosted, RoomSeen
from bot.boundary.ids import MemberId, MessageId
from bot.contract.facts import ConsentGiven, GateOpened, SettingsChanged, SetupFinished
from bot.contract.feature import Decision, Drop, Held, Here, Key, Rows
from bot.contract.group import Group
from bot.contract.settings import Policy
from bot.engine import TEXTS, Texts
from bot.gate import FEATURE
from tests.support.here import NOON, ROOM, here, member

FAY = "fay"
"""The facilitator of every scene, inside from the start."""

FULL = Capabilities(door=True, mute="levels", take_down=True)
NO_LEVELS = Capabilities(door=True, mute="takedown", take_down=True)
POWERLESS = Capabilities(door=False, mute="no", take_down=False)

MISSING = (
    Missing(ability="levels", words="test-missing-levels"),
    Missing(ability="join_rules", words="test-missing-door"),
    Missing(ability="take_down", words="test-missing-take-down"),
)

_texts = Texts([TEXTS, Path(FEATURE.texts or "."), Path(__file__).parent / "texts"])


class Scene:
    """The gate's rows, the room around them, and all that people were told."""

    def __init__(
        self, *inside: str, gate: Gate = "notice", can: Capabilities = FULL, set_up: bool = True
    ) -> None:
        self.people: dict[MemberId, Person] = {}
        self.rows: dict[Key, Held] = {}
        self.now = NOON
        self.can = can
        self.setting: str = gate
        self.native: Gate = "notice"
        """The gate that stands in the room itself."""
        self.voices: set[MemberId] = set()
        """Whom the room itself lets speak while the native gate is `mute`."""
        self.restored: bytes | None = None
        self.done: list[Effect] = []
        self.last: Decision = Decision()
        self.view: dict[str, Any] = {}
        self._number = itertools.count(1)
        for name in (FAY, *inside):
            self.enter(name)
        if set_up:
            self.fact(SetupFinished, by=member(FAY), first=True)

    # --- the room

    def enter(self, name: str, **changes: Any) -> MemberId:
        """Put somebody into the room, without any event."""
        self.people[member(name)] = Person(id=member(name), name=name.title(), **changes)
        return member(name)

    def here(self) -> Here:
        """The world as it is now."""
        people = [msgspec.structs.replace(p, may_speak=self.speaks(p.id)) for p in self.people.values()]
        missing = () if self.can == FULL else MISSING
        return here(
            people,
            now=self.now,
            settings={"gate": self.setting},
            facilitators=(FAY,),
            can=self.can,
            missing=missing,
            **self.view,
        )

    def speaks(self, who: MemberId) -> bool:
        """The room itself lets this person's words through."""
        return self.native != "mute" or who in self.voices

    def takes_part(self, name: str) -> bool:
        """Is inside, may speak, and what they say stays."""
        who = member(name)
        person = self.people.get(who)
        inside = person is not None and person.presence == "inside"
        return inside and self.speaks(who) and not self.taken_down(name)

    def taken_down(self, name: str) -> bool:
        """What this person says now would be taken down. Nothing changes by looking."""
        posted = MessagePosted(
            id="look", room=ROOM, by=member(name), message=MessageId(ROOM.platform, "$look")
        )
        if not FEATURE.wants(posted, self.summary()):
            return False
        decision = FEATURE.decide(Rows(self.rows), posted, self.here())
        return any(isinstance(e, TakeDown) for e in decision.effects)

    def summary(self) -> Any:
        """What `wants` is given."""
        assert FEATURE.summarise is not None
        return FEATURE.summarise(Rows(self.rows), Group(record=None, policy=Policy({})))

    # --- what happens

    def happen(self, event: Event, *, fails: str = "") -> Decision:
        """Let the gate decide, and the room follow; `fails`: every native effect fails like this."""
        if not isinstance(event, Due | EffectFailed) and not FEATURE.wants(event, self.summary()):
            self.last = Decision()
            return self.last
        before = self.here()
        decision = FEATURE.decide(Rows(dict(self.rows)), event, before)
        assert decision == FEATURE.decide(Rows(dict(self.rows)), event, before), "decide is pure"
        self.last = decision
        self._keep(decision)
        for effect in decision.effects:
            self._words(effect, before)
        for fact in decision.facts:
            if isinstance(fact, GateOpened):
                self.setting = "notice"
        for effect in decision.effects:
            if isinstance(effect, Whisper | Announce | AlertFacilitators):
                self.done.append(effect)
            elif fails or not self._able(effect):
                reason = fails or "unsupported"
                failed = EffectFailed(id=self.id(), room=ROOM, feature="gate", effect=effect, reason=reason)
                self.happen(failed)
            else:
                self._do(effect)
                self.done.append(effect)
        self.last = decision
        return decision

    def id(self) -> str:
        """A new event id."""
        return f"e{next(self._number)}"

    def event(self, kind: type[Event], *, fails: str = "", **fields: Any) -> Decision:
        """Something happens in the room."""
        return self.happen(kind(id=self.id(), room=ROOM, **fields), fails=fails)

    fact = event

    def command(self, words: str, *, by: str = FAY, confirmed: bool = False, **values: str) -> Decision:
        """Somebody who may gives a command."""
        name, _, sub = words.partition(" ")
        return self.event(CommandGiven, by=member(by), name=name, sub=sub, values=values, confirmed=confirmed)

    def posts(self, name: str) -> Decision:
        """Somebody puts something into the room."""
        number = self.id()
        message = MessageId(ROOM.platform, f"${number}")
        return self.happen(MessagePosted(id=number, room=ROOM, by=member(name), message=message))

    def agrees(self, *names: str) -> None:
        """People agree."""
        for name in names:
            self.fact(ConsentGiven, who=member(name))

    def set_gate(self, gate: Gate) -> Decision:
        """`group set gate`, as the group feature passes it on."""
        before, self.setting = self.setting, gate
        return self.fact(SettingsChanged, by=member(FAY), before={"gate": before}, after={"gate": gate})

    def seen_again(self) -> Decision:
        """The bot starts again."""
        return self.event(RoomSeen)

    def later(self, **length: float) -> None:
        """Time passes; what is due happens, and what is past its time is swept."""
        until = self.now + timedelta(**length)
        while True:
            due = sorted(
                (h.due_at, k.key, k.member)
                for k, h in self.rows.items()
                if h.due_at is not None and k.member is not None
            )
            if not due or due[0][0] > until:
                break
            at, key, who = due[0]
            self.now = max(self.now, at)
            place = Key(who, key)
            held = self.rows[place]
            self.rows[place] = msgspec.structs.replace(held, due_at=None)
            self.happen(
                Due(id=self.id(), room=ROOM, feature="gate", member=who, key=key, version=held.version)
            )
        self.now = until
        for place in [k for k, h in self.rows.items() if h.delete_at is not None and h.delete_at <= until]:
            del self.rows[place]

    # --- what follows

    def _keep(self, decision: Decision) -> None:
        for change in decision.changes:
            place = Key(change.member, change.key)
            if isinstance(change, Drop):
                self.rows.pop(place, None)
                continue
            record = FEATURE.codec.decode(FEATURE.codec.encode(change.record))
            assert record == change.record
            version = self.rows[place].version + 1 if place in self.rows else 1
            self.rows[place] = Held(record, version, change.due_at, change.delete_at)

    def _able(self, effect: Effect) -> bool:
        match effect:
            case TakeDown():
                return self.can.take_down
            case SetGate(gate="mute") | Admit(gate="mute") | Hold(gate="mute"):
                return self.can.mute != "no"
            case SetGate(gate="door") | Admit(gate="door") | Remove():
                return self.can.door
            case _:
                return True

    def _do(self, effect: Effect) -> None:
        match effect:
            case SetGate():
                self.native = "notice" if effect.gate == "mute" and self.can.mute != "levels" else effect.gate
                self.voices = set(effect.inside)
            case Admit(gate="door"):
                if effect.who in self.people:
                    arrived = msgspec.structs.replace(self.people[effect.who], presence="inside")
                    self.people[effect.who] = arrived
            case Admit():
                self.voices.add(effect.who)
            case Hold():
                self.voices.discard(effect.who)
            case Remove():
                self.people.pop(effect.who, None)
            case RestoreRoom():
                self.native, self.restored = "notice", effect.snapshot
            case _:
                pass

    # --- what was said

    def _words(self, effect: Effect, world: Here) -> str:
        if not isinstance(effect, Whisper | Announce | AlertFacilitators):
            return ""
        voice = _texts.voice("en", world.room.can, world.room, world.policy.zone)
        labels = [voice.text(c.label) for c in effect.choices]
        return "\n".join([voice.body(effect.body), *labels])

    def told(self, name: str) -> list[str]:
        """All private words to somebody; a facilitator's alerts with them."""
        who = member(name)
        return [
            self._words(e, self.here())
            for e in self.done
            if (isinstance(e, Whisper) and e.to == who) or (isinstance(e, AlertFacilitators) and name == FAY)
        ]

    def alerts(self) -> list[str]:
        """All words to facilitators that nobody had asked for."""
        return [self._words(e, self.here()) for e in self.done if isinstance(e, AlertFacilitators)]

    def announced(self) -> list[str]:
        """All words to the room."""
        return [self._words(e, self.here()) for e in self.done if isinstance(e, Announce)]

    def effects(self, kind: type[Effect]) -> list[Effect]:
        """What was done of this kind."""
        return [e for e in self.done if isinstance(e, kind)]


def moment(day: int, hour: int = 12) -> datetime:
    """A moment in the month of the scenes."""
    return datetime(2026, 3, day, hour, tzinfo=UTC)
