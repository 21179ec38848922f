"""What a set-up is going to do: read from words, shown before anything happens."""

from collections.abc import Mapping

import msgspec

from bot.boundary.effects import Lasting, Name, Part, say
from bot.boundary.ids import MemberId
from bot.contract.feature import Here
from bot.contract.settings import BadValue
from bot.group.change import for_others, gate_effect
from bot.group.longform import Misread, read
from bot.group.people import unfit
from bot.group.standing import exposure, not_asked
from bot.group.values import canonical, lacking, meanings, possible, refusal, shown

FACILITATORS = "facilitators"
"""The one key of the long form that is no setting."""
ME = "me"
NOBODY = "none"


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be applied."""

    settings: Mapping[str, str] = {}
    me: bool = False
    """Whoever runs the set-up is to be a facilitator."""
    others: tuple[MemberId, ...] | None = None
    """Who else is to be asked; None where nothing was said about it."""


class Refused(Exception):
    """A plan that cannot be; `parts` say why and what to do."""

    def __init__(self, *parts: Part) -> None:
        super().__init__()
        self.parts = parts


def planned(line: str, here: Here, by: MemberId) -> Plan:
    """The plan of `KEY VALUE KEY VALUE ...`. Raises `Refused`; then nothing of it counts."""
    keys = {key: setting.kind == "text" for key, setting in here.settings.items()} | {FACILITATORS: False}
    try:
        values = read(line, keys)
    except Misread as wrong:
        raise Refused(*refusal(wrong)) from None
    others, me = None, False
    if FACILITATORS in values:
        found = _people(values.pop(FACILITATORS), here, by)
        me, others = by in found, tuple(who for who in found if who != by)
    settings = {}
    for key, words in values.items():
        try:
            settings[key] = canonical(here.settings[key], words)
        except BadValue as wrong:
            raise Refused(*refusal(wrong, key), *meanings((key,))) from None
    if "gate" in settings:
        holdable(here, settings["gate"])
    return Plan(settings=settings, me=me, others=others)


def holdable(here: Here, gate: str) -> None:
    """Raises `Refused` for a gate that cannot be held here, with what is missing for it."""
    if not possible(here.room.can, gate):
        raise Refused(say("group-gate-impossible", gate=gate), *lacking(here.room, gate))


def _people(words: str, here: Here, by: MemberId) -> tuple[MemberId, ...]:
    found: list[MemberId] = []
    for single in (w.strip() for w in words.split(",")):
        if not single or single.casefold() == NOBODY:
            continue
        who = by if single.casefold() == ME else _person(single, here)
        if who is None:
            raise Refused(say("group-misread-who", word=single))
        if reason := unfit(here, who):
            raise Refused(reason)
        found.append(who)
    return tuple(dict.fromkeys(found))


def _person(words: str, here: Here) -> MemberId | None:
    """Whom words mean: an id, or a name that only one person in the room has."""
    for who in here.room.people:
        if who.native == words:
            return who
    named = [p.id for p in here.room.people.values() if p.name.casefold() == words.casefold()]
    return named[0] if len(named) == 1 else None


def outline(here: Here, plan: Plan, by: MemberId) -> tuple[Part, ...]:
    """Every change with its numbers, before it happens."""
    changed = {k: v for k, v in sorted(plan.settings.items()) if v != here.policy.text(k)}
    parts: list[Part] = [say("group-plan")]
    parts.extend(
        say("group-set-line", key=k, before=shown(here.policy.text(k)), after=shown(v))
        for k, v in changed.items()
    )
    gate = plan.settings.get("gate", here.policy.text("gate"))
    if not here.group.set_up:
        parts.append(_asked(here, plan.settings.get("grace")))
        parts.extend(not_asked(here))
        parts.extend(gate_effect(here, gate))
    else:
        for key, value in changed.items():
            parts.extend(for_others(here, here.settings[key], value))
    if not here.group.set_up or "gate" in changed:
        parts.extend(here.room.changes.get(gate, ()))  # type: ignore[call-overload]
    parts.extend(_facilitators(here, plan, by))
    crisis = plan.settings.get("crisis_contact", here.policy.text("crisis_contact"))
    if "crisis_contact" in here.settings and not crisis:
        parts.append(say("group-plan-no-crisis"))
    parts.extend(exposure(here))
    return tuple(parts)


def _asked(here: Here, grace: str | None) -> Part:
    people = len(here.room.humans())
    if grace is None and "grace" not in here.settings:
        return say("group-plan-asked-soon", people=people)
    policy = here.policy if grace is None else type(here.policy)({"grace": grace})
    return say("group-plan-asked", people=people, grace=Lasting(int(policy.length("grace").total_seconds())))


def _facilitators(here: Here, plan: Plan, by: MemberId) -> tuple[Part, ...]:
    parts: list[Part] = []
    if plan.me and by not in here.group.facilitators:
        parts.append(say("group-plan-me"))
    asked = [w for w in plan.others or () if w not in here.group.facilitators]
    parts.extend(say("group-plan-named", who=Name(who)) for who in asked)
    if not plan.me and not here.group.facilitators:
        parts.append(say("group-plan-nobody-yet") if asked else say("group-plan-nobody"))
    return tuple(parts)
