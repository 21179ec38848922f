"""The guided set-up: one question at a time, each with what to type next.

Nothing is changed before the last step. What was chosen so far is kept in a row of the person,
so a restart in the middle loses nothing, and any step can be answered again at any time.
"""

import msgspec

from bot.boundary.effects import Choice, Name, Part, Words, say
from bot.boundary.events import CommandGiven
from bot.boundary.ids import MemberId
from bot.contract.feature import Decision, Drop, Here, Put, Rows
from bot.group import forms
from bot.group.plan import FACILITATORS, Plan, outline
from bot.group.policy import DRAFT_FOR
from bot.group.records import DRAFT_KEY, NOMINEE_KEY, Draft, Nominee
from bot.group.reply import answer
from bot.group.standing import described
from bot.group.values import lacking, possible, shown

PREVIEW = "preview"
STEPS = (FACILITATORS, "gate", "agreement", "contact", "crisis_contact", "outside_contact", PREVIEW)
GATES = ("door", "mute", "notice")
"""In the order in which they are proposed: the door shows least and protects most newcomers."""

WRITTEN = {
    "agreement": "group-guide-agreement",
    "contact": "group-guide-contact",
    "crisis_contact": "group-guide-crisis",
    "outside_contact": "group-guide-outside",
}
"""Steps whose answer is typed in one's own words -> what is asked."""

LABELS = {
    "door": "group-choice-door",
    "mute": "group-choice-mute",
    "notice": "group-choice-notice",
}


def steps(here: Here) -> tuple[str, ...]:
    """The steps that there are here: those of settings that no feature has are left out."""
    left_out = frozenset(forms.CONTACTS[1:]) if here.room.can.rich_forms else frozenset[str]()
    return tuple(
        s for s in STEPS if s not in left_out and (s in (FACILITATORS, PREVIEW) or s in here.settings)
    )


def following(here: Here, step: str) -> str:
    """The step after this one; the last is followed by itself."""
    after = STEPS[STEPS.index(step) + 1 :]
    return next((s for s in steps(here) if s in after), PREVIEW)


def plan_of(draft: Draft, rows: Rows) -> Plan:
    """What a draft would do when applied."""
    others = tuple(sorted(key.member for key, _ in rows.each(Nominee) if key.member is not None))
    return Plan(settings=draft.settings, me=draft.me, others=others)


def answered(draft: Draft, given: Plan, here: Here) -> Draft:
    """The draft with what was just said; the step goes on when its own question was answered."""
    said_who = given.others is not None
    keys = {*given.settings, *((FACILITATORS,) if said_who else ())}
    return msgspec.structs.replace(
        draft,
        step=following(here, draft.step) if draft.step in keys else draft.step,
        me=given.me if said_who else draft.me,
        settings={**draft.settings, **given.settings},
    )


def keep(event: CommandGiven, here: Here, rows: Rows, draft: Draft, given: Plan | None) -> Decision:
    """Keep the draft and ask the step that it stands at."""
    until = here.now + DRAFT_FOR
    changes: list[Put | Drop] = [Put(record=draft, key=DRAFT_KEY, member=event.by, delete_at=until)]
    plan = plan_of(draft, rows)
    if given is not None and given.others is not None:
        plan = msgspec.structs.replace(plan, others=given.others)
        changes.extend(
            Drop(key=NOMINEE_KEY, member=key.member)
            for key, _ in rows.each(Nominee)
            if key.member not in given.others
        )
        nominee = Nominee(since=here.now)
        changes.extend(
            Put(record=nominee, key=NOMINEE_KEY, member=who, delete_at=until) for who in given.others
        )
    parts, choices = question(draft.step, plan, here, event.by)
    if given is not None and draft.step != PREVIEW:
        named = (FACILITATORS,) if given.others is not None else ()
        parts = (say("group-guide-noted", what=", ".join((*named, *given.settings))), *parts)
    at = steps(here)
    return answer(
        here,
        event,
        say("group-guide-step", step=at.index(draft.step) + 1, steps=len(at)),
        *parts,
        choices=choices,
        changes=tuple(changes),
        awaits_confirm=draft.step == PREVIEW,
    )


def question(step: str, plan: Plan, here: Here, by: MemberId) -> tuple[tuple[Part, ...], tuple[Choice, ...]]:
    """What a step says, and what can be chosen there."""
    skip = Choice(label="group-choice-skip", name="setup", sub="skip")
    if step == FACILITATORS:
        me = Choice(label="group-choice-me", name="setup", values={"values": f"{FACILITATORS} me"})
        present = tuple(say("group-facilitator-line", who=Name(w)) for w in sorted(here.group.facilitators))
        if here.room.can.rich_forms:
            return (say("group-guide-facilitators-form"), *present), (me, forms.pick("facilitators"), skip)
        return (say("group-guide-facilitators"), *present), (me, skip)
    if step == "gate":
        return _gates(here), (*_gate_choices(here), skip)
    if step in WRITTEN and here.room.can.rich_forms:
        return forms.asked(step, plan, here), (forms.pick(step), skip)
    if step in WRITTEN:
        value = plan.settings.get(step, here.policy.text(step))
        now = (say("group-guide-now", value=shown(value)),) if value else ()
        return (Words(WRITTEN[step]), *now), (skip,)
    choices = (
        Choice(label="group-choice-apply", name="setup", sub="apply"),
        Choice(label="group-choice-cancel", name="setup", sub="cancel"),
    )
    how = say("group-guide-apply-form") if here.room.can.rich_forms else say("group-guide-apply")
    return (*outline(here, plan, by), how), choices


def _gates(here: Here) -> tuple[Part, ...]:
    """What each gate protects and what it shows; which are possible here, and what others need."""
    parts: list[Part] = [say("group-guide-gate", gate=here.policy.text("gate"))]
    lacks: list[Part] = []
    for gate in GATES:
        if possible(here.room.can, gate):
            parts.append(described(here, gate))
        else:
            parts.append(say("group-gate-impossible", gate=gate))
        lacks.extend(part for part in lacking(here.room, gate) if part not in lacks)
    if lacks:
        parts.extend((say("group-lacks"), *lacks))
    return tuple(parts)


def _gate_choices(here: Here) -> tuple[Choice, ...]:
    return tuple(
        Choice(label=LABELS[gate], name="setup", values={"values": f"gate {gate}"})
        for gate in GATES
        if possible(here.room.can, gate)
    )
