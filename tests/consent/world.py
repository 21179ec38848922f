"""A small world around the pure feature: rows that go through their bytes, a clock, and timers."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from msgspec.structs import replace

from bot.boundary.capabilities import Capabilities, Person
from bot.boundary.effects import AlertFacilitators, Announce, Effect, Verbatim, Whisper, Words
from bot.boundary.events import CommandGiven, Due, Event, MemberJoined, MemberKnocked, MemberLeft
from bot.boundary.ids import MemberId
from bot.boundary.ports import ANY, Read
from bot.consent import FEATURE
from bot.consent.records import ReceiptRecord, Standing, TermsRecord, TextRecord
from bot.contract.facts import ConsentGiven, Fact, SettingsChanged, SetupFinished
from bot.contract.feature import Decision, Drop, Held, Here, Key, Rows
from bot.contract.quiet import quiet_at
from bot.contract.settings import check
from tests.support.here import NOON, ROOM, here, member, person

F = TypeVar("F", bound=Fact)
SETTINGS = {s.key: s for s in FEATURE.settings}


@dataclass
class World:
    """One group, as the consent feature sees it."""

    now: datetime = NOON
    people: dict[MemberId, Person] = field(default_factory=dict)
    settings: dict[str, str] = field(default_factory=dict)
    facilitators: tuple[str, ...] = ("fay",)
    named: tuple[str, ...] = ()
    rows: dict[Key, Held] = field(default_factory=dict)
    set_up: bool = True
    files: bool = True
    bridges: tuple[str, ...] = ()
    effects: list[Effect] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def here(self) -> Here:
        """What the feature is shown."""
        can = Capabilities(door=True, mute="levels", take_down=True, files=self.files)
        view = here(
            self.people.values(),
            now=self.now,
            settings=self.settings,
            facilitators=self.facilitators,
            set_up=self.set_up,
            can=can,
            known=FEATURE.settings,
            ids=tuple(f"{next(self.numbers):032x}" for _ in range(16)),
            bridges=self.bridges,
        )
        return replace(view, group=replace(view.group, named=frozenset(member(n) for n in self.named)))

    def send(self, event: Event) -> Decision:
        """Hand an event in, as the engine would: only wanted ones, only the rows that are read."""
        at = self.here()
        if not FEATURE.wants(event, at.group):
            return Decision()
        found = {k: h for k, h in self.rows.items() if _named(FEATURE.reads(event), k)}
        decision = FEATURE.decide(Rows(found), event, at)
        if isinstance(event, Due) and quiet_at(self.now, at.policy):
            back = any(isinstance(h.record, Standing) and h.record.left_at for h in found.values())
            assert back or not (decision.effects or decision.facts), "unasked in quiet hours"
        for change in decision.changes:
            key = Key(change.member, change.key)
            if isinstance(change, Drop):
                self.rows.pop(key, None)
                continue
            record = FEATURE.codec.decode(FEATURE.codec.encode(change.record))
            assert record == change.record
            version = self.rows[key].version + 1 if key in self.rows else 1
            self.rows[key] = Held(record, version, change.due_at, change.delete_at)
        self.effects += decision.effects
        self.facts += decision.facts
        return decision

    def give(
        self, who: str, sub: str, *, private: bool = True, name: str = "consent", **values: str
    ) -> Decision:
        """Somebody gives a command."""
        return self.send(
            CommandGiven(
                id=self.id(), room=ROOM, by=member(who), name=name, sub=sub, values=values, private=private
            )
        )

    def answer(self, who: str, sub: str, values: dict[str, str]) -> Decision:
        """Somebody presses a button that carries these values."""
        return self.send(
            CommandGiven(id=self.id(), room=ROOM, by=member(who), name="consent", sub=sub, values=values)
        )

    def id(self) -> str:
        """A fresh event id."""
        return f"$e{next(self.numbers)}"

    def inside(self, *names: str) -> None:
        """Put people inside without any event."""
        for name in names:
            self.people[member(name)] = person(name)

    def set_up_now(self) -> Decision:
        """The facilitator finishes the set-up."""
        return self.send(SetupFinished(id=self.id(), room=ROOM, by=member("fay"), first=True))

    def join(self, name: str) -> Decision:
        """Somebody comes in."""
        self.inside(name)
        return self.send(MemberJoined(id=self.id(), room=ROOM, who=member(name)))

    def knock(self, name: str) -> Decision:
        """Somebody asks to come in."""
        self.people[member(name)] = person(name, presence="knocking")
        return self.send(MemberKnocked(id=self.id(), room=ROOM, who=member(name)))

    def leave(self, name: str) -> Decision:
        """Somebody leaves."""
        self.people.pop(member(name), None)
        return self.send(MemberLeft(id=self.id(), room=ROOM, who=member(name)))

    def change(self, key: str, value: str) -> Decision:
        """A facilitator changes a setting."""
        value = check(SETTINGS[key], value) if key in SETTINGS else value
        before, self.settings = dict(self.settings), {**self.settings, key: value}
        return self.send(
            SettingsChanged(
                id=self.id(),
                room=ROOM,
                by=member("fay"),
                before={key: before.get(key, "")},
                after={key: value},
            )
        )

    def agreed(self, name: str) -> Decision:
        """Somebody goes through both steps."""
        self.give(name, "show")
        self.give(name, "understood")
        return self.give(name, "agree")

    def run_due(self) -> None:
        """Fire every timer whose time has come, until none is left. Swept rows go first."""
        for _ in range(1000):
            self.rows = {k: h for k, h in self.rows.items() if h.delete_at is None or h.delete_at > self.now}
            ripe = sorted(
                (h.due_at, k.key, k.member.native, k, h)
                for k, h in self.rows.items()
                if h.due_at is not None and h.due_at <= self.now and k.member is not None
            )
            if not ripe:
                return
            *_, key, held = ripe[0]
            self.rows[key] = replace(held, due_at=None)
            self.send(
                Due(
                    id=self.id(),
                    room=ROOM,
                    feature="consent",
                    member=key.member,
                    key=key.key,
                    version=held.version,
                )
            )
        raise AssertionError("timers that never end")

    def wait(self, length: timedelta) -> None:
        """Time passes; timers fire when they are due."""
        end = self.now + length
        self.run_due()
        while self.now < end:
            later = [h.due_at for h in self.rows.values() if h.due_at is not None and h.due_at <= end]
            self.now = max(self.now, min(later)) if later else end
            self.run_due()

    def standing(self, name: str) -> Standing | None:
        """Where somebody stands."""
        held = self.rows.get(Key(member(name), "standing"))
        assert held is None or isinstance(held.record, Standing)
        return held.record if held else None  # type: ignore[return-value]

    def terms(self) -> TermsRecord:
        """The terms in force."""
        record = self.rows[Key(None, "terms")].record
        assert isinstance(record, TermsRecord)
        return record

    def rows_text(self, version: int) -> bytes:
        """The bytes of a version of the agreement file."""
        record = self.rows[Key(None, f"text:{version}")].record
        assert isinstance(record, TextRecord)
        return record.body

    def receipts(self, name: str) -> list[ReceiptRecord]:
        """Somebody's log of receipts, the oldest first."""
        found = [(k.key, h.record) for k, h in self.rows.items() if k.member == member(name)]
        return [
            record for _, record in sorted(found, key=lambda f: f[0]) if isinstance(record, ReceiptRecord)
        ]

    def told(self, name: str) -> list[Whisper]:
        """Everything that was said to somebody in private."""
        return [e for e in self.effects if isinstance(e, Whisper) and e.to == member(name)]

    def prompts(self, name: str) -> list[Whisper]:
        """What was said to somebody unasked."""
        return [w for w in self.told(name) if w.unasked]

    def announced(self) -> list[Announce]:
        """Everything that was said to the room."""
        return [e for e in self.effects if isinstance(e, Announce)]

    def alerts(self) -> list[AlertFacilitators]:
        """Everything that facilitators were told."""
        return [e for e in self.effects if isinstance(e, AlertFacilitators)]

    def facts_of(self, kind: type[F]) -> list[F]:
        """All facts of a kind."""
        return [f for f in self.facts if isinstance(f, kind)]

    def given(self, name: str) -> int:
        """How often it was said that somebody agreed."""
        return sum(f.who == member(name) for f in self.facts_of(ConsentGiven))


def _named(reads: object, key: Key) -> bool:
    assert isinstance(reads, tuple | list)
    return any(
        isinstance(r, Read)
        and (r.member is ANY or r.member == key.member)
        and (r.key is ANY or r.key == key.key)
        for r in reads
    )


def keys(whisper: Whisper | Announce) -> list[str]:
    """The keys of a message's texts."""
    return [part.key for part in whisper.body if not isinstance(part, Verbatim)]


def limits_in(whisper: Whisper) -> list[str]:
    """The limits that a message shows."""
    lists = [part.args for part in whisper.body if isinstance(part, Words) and part.key == "consent-limits"]
    return [limit for args in lists for limit, text in args.items() if text]


def verbatim(whisper: Whisper | Announce) -> list[str]:
    """The words of a message that are not Fluent's."""
    return [part.text for part in whisper.body if isinstance(part, Verbatim)]


def group(*names: str, **settings: str) -> World:
    """A group that was just set up, with these people inside."""
    world = World(settings=settings)
    world.inside(*names)
    world.set_up_now()
    return world
