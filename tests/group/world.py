"""The group feature alone, played as a story: events go in, rows are kept as bytes between them."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from bot.boundary.capabilities import Capabilities, Person
from bot.boundary.effects import AlertFacilitators, Announce, Effect, Whisper
from bot.boundary.events import CommandGiven, Event
from bot.contract.facts import Fact
from bot.contract.feature import Decision, Drop, Held, Here, Key, Rows
from bot.contract.group import FacilitatorRecord, Group, GroupRecord
from bot.contract.settings import Policy, Setting
from bot.engine.texts import Texts
from bot.group import FEATURE
from tests.support.here import NOON, ROOM, here, member, person

OTHERS = (
    Setting(
        key="gate", kind="choice", default="notice", choices=("notice", "mute", "door"), concerns_members=True
    ),
    Setting(key="grace", kind="duration", default="14d"),
    Setting(key="agreement", kind="text", default="", concerns_members=True),
    Setting(key="min_age", kind="number", default="18", least=13, most=99),
    Setting(key="crisis_contact", kind="text", default=""),
)
"""Settings like those that other features have."""
SETTINGS = (*FEATURE.settings, *OTHERS)

STUBS = """
setting-gate = The gate.
setting-grace = The grace.
setting-agreement = The agreement.
setting-min_age = The age.
setting-crisis_contact = The crisis contact.
test-missing-levels = I cannot change power levels. Click there.
test-missing-invite = I cannot invite. Click there.
engine-deaf = What you type in the room I cannot see, nor help to hide.
engine-days = { $count } days
engine-hours = { $count } hours
engine-minutes = { $count } minutes
engine-seconds = { $count } seconds
"""

ALL = Capabilities(door=True, mute="levels", take_down=True)


class Story:
    """A room with people in it, and everything the feature kept and did."""

    def __init__(
        self,
        people: Iterable[Person] = (person("ann", administrator=True), person("bob"), person("cleo")),
        can: Capabilities = ALL,
        **view: object,
    ) -> None:
        self.people = {p.id: p for p in people}
        self.can, self.view, self.now = can, dict(view), NOON
        self.kept: dict[Key, tuple[bytes, datetime | None, datetime | None]] = {}
        self.effects: list[Effect] = []
        self.facts: list[Fact] = []
        self.last = Decision()
        self.defaults = {s.key: s.default for s in SETTINGS}
        self.count = 0

    def rows(self) -> Rows:
        """What is kept, read back from its bytes: every step could be after a restart."""
        return Rows(
            {
                key: Held(FEATURE.codec.decode(body), 1, due, delete)
                for key, (body, due, delete) in self.kept.items()
                if delete is None or delete > self.now
            }
        )

    def group(self) -> Group:
        """The group as the engine reads it from the rows."""
        rows = self.rows()
        states = {k.member: r.state for k, r in rows.each(FacilitatorRecord) if k.member}
        record = rows.get(GroupRecord, "group")
        values = self.defaults | (record.settings if record else {})
        return Group(
            record=record,
            policy=Policy(values),
            facilitators=frozenset(m for m, s in states.items() if s == "accepted"),
            named=frozenset(m for m, s in states.items() if s == "named"),
        )

    def here(self) -> Here:
        """The world around the next decision."""
        base = here(self.people.values(), now=self.now, can=self.can, known=SETTINGS, **self.view)  # type: ignore[arg-type]
        group = self.group()

        def roles(who: object) -> frozenset[str]:
            found = {"facilitator"} if who in group.facilitators else set()
            return frozenset(
                found | {"administrator" for p in self.people.values() if p.id == who and p.administrator}
            )

        return msgspec.structs.replace(base, group=group, roles=roles)

    def happens(self, event: Event) -> Decision:
        """An event, and the facts that follow from it, as the engine would hand them in."""
        self.effects, self.facts = [], []
        todo, first = [event], None
        while todo:
            happened = todo.pop(0)
            if not FEATURE.wants(happened, self.group()):
                continue
            decision = FEATURE.decide(self.rows(), happened, self.here())
            first = first or decision
            for change in decision.changes:
                key = Key(change.member, change.key)
                if isinstance(change, Drop):
                    self.kept.pop(key, None)
                else:
                    self.kept[key] = (FEATURE.codec.encode(change.record), change.due_at, change.delete_at)
            self.effects.extend(decision.effects)
            self.facts.extend(decision.facts)
            todo.extend(decision.facts)
        self.last = first or Decision()
        return self.last

    def gives(self, who: str, words: str, values: Mapping[str, str] | None = None, **more: object) -> str:
        """A command such as `setup gate mute confirm`; back comes what its giver reads."""
        tokens = words.split()
        confirmed = tokens[-1] == "confirm"
        tokens = tokens[:-1] if confirmed else tokens
        subs = {c.sub for c in FEATURE.commands if c.name == tokens[0]}
        sub = tokens[1] if len(tokens) > 1 and tokens[1] in subs else ""
        given = dict(values or {})
        rest = words.removesuffix("confirm").split(None, 2 if sub else 1)[2 if sub else 1 :]
        if tokens[0] == "setup" and not sub and rest:
            given["values"] = rest[0].strip()
        if tokens[0] == "group" and sub == "set" and rest:
            given["key"], given["value"] = rest[0].strip().split(None, 1)
        if tokens[0] == "facilitator" and rest:
            given["who"] = f"@{rest[0].strip()}"
        if sub == "undo" and rest:
            given["leave"] = rest[0].strip()
        self.count += 1
        event = CommandGiven(
            id=f"e{self.count}", room=ROOM, by=member(who), name=tokens[0],
            sub=sub or ("" if given or tokens[0] == "setup" else "show"),
            values=given, confirmed=confirmed, **more,  # type: ignore[arg-type]
        )  # fmt: skip
        self.happens(event)
        return self.read_by(who)

    def read_by(self, who: str) -> str:
        """All that one person was told in private just now, but alerts."""
        return "\n\n".join(
            rendered(e, self) for e in self.effects if isinstance(e, Whisper) and e.to == member(who)
        )

    def alerts(self) -> str:
        """All that facilitators were told just now."""
        return "\n\n".join(rendered(e, self) for e in self.effects if isinstance(e, AlertFacilitators))

    def announced(self) -> str:
        """All that the room was told just now."""
        return "\n\n".join(rendered(e, self) for e in self.effects if isinstance(e, Announce))

    def fact(self, kind: type[Fact]) -> Fact | None:
        """The fact of this kind that just followed, if any."""
        return next((f for f in self.facts if isinstance(f, kind)), None)


def rendered(effect: Whisper | Announce | AlertFacilitators, story: Story) -> str:
    """The words as people read them: this fails where a text or an argument is missing."""
    view = story.here().room
    voice = texts().voice("en", view.can, view, ZoneInfo("UTC"))
    labels = [voice.text(choice.label) for choice in effect.choices]
    return "\n".join([voice.body(effect.body), *labels])


def texts() -> Texts:
    """This feature's texts with stubs for what is said elsewhere."""
    import tempfile
    from pathlib import Path

    if not _TEXTS:
        folder = Path(tempfile.mkdtemp())
        (folder / "en.ftl").write_text(STUBS, encoding="utf-8")
        assert FEATURE.texts is not None
        _TEXTS.append(Texts((FEATURE.texts, folder)))
    return _TEXTS[0]


_TEXTS: list[Texts] = []
