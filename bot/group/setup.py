"""`setup`: how the room stands, the guided set-up, the long form, and undoing it all."""

import msgspec

from bot.boundary.effects import say
from bot.boundary.events import CommandGiven
from bot.contract.feature import Decision, Here, Rows
from bot.group import forms, guide, standing
from bot.group.apply import apply, cleared, undo
from bot.group.commands import COMMANDS
from bot.group.longform import nearest
from bot.group.plan import Plan, Refused, holdable, outline, planned
from bot.group.records import DRAFT_KEY, Draft
from bot.group.reply import answer, preview

_SUBS = frozenset(c.sub for c in COMMANDS if c.name == "setup" and c.sub)


def decide(event: CommandGiven, here: Here, rows: Rows) -> Decision:
    """What a `setup` command does."""
    line = event.values.get("values", "").strip() or forms.filled_in(event.values)
    draft = rows.get(Draft, DRAFT_KEY, event.by)
    if draft is not None and event.reply and (form := forms.form(event, here, guide.plan_of(draft, rows))):
        return Decision(effects=(form,))
    if event.sub == "undo":
        return undo(event, here, rows)
    if event.sub == "cancel":
        gone = cleared(event, rows) if draft else ()
        return answer(here, event, say("group-guide-cancelled"), changes=gone)
    seen = event.confirmed and draft is not None and draft.step == guide.PREVIEW
    if event.sub == "show" or (not event.sub and not line and not seen):
        return standing.show(event, here, begun=draft is not None)
    if not event.sub and (near := _meant_sub(line, here)):
        return answer(here, event, say("group-misread-sub", word=line, nearest=f"setup {near}"))
    try:
        if draft is not None and seen:
            return apply(event, here, rows, _with(guide.plan_of(draft, rows), line, event, here))
        if event.sub == "" and (event.confirmed or draft is None):
            return _long_form(event, here, rows, line)
        if draft is None:
            return _begin(event, here, rows)
        return _go_on(event, here, rows, draft, line)
    except Refused as refused:
        return answer(here, event, *refused.parts)


def _meant_sub(line: str, here: Here) -> str | None:
    """The sub-word that one single word was probably meant to be: `apply` for `aply`."""
    words = line.split()
    if len(words) != 1 or words[0].casefold() in here.settings:
        return None
    return nearest(words[0], _SUBS)


def _with(plan: Plan, line: str, event: CommandGiven, here: Here) -> Plan:
    """A plan that was seen, with what the confirmed command says once more."""
    if not line:
        return plan
    given = planned(line, here, event.by)
    return Plan(
        settings={**plan.settings, **given.settings},
        me=plan.me if given.others is None else given.me,
        others=plan.others if given.others is None else given.others,
    )


def _long_form(event: CommandGiven, here: Here, rows: Rows, line: str) -> Decision:
    plan = planned(line, here, event.by)
    # INTERFACE.md: who runs the long form is a facilitator. Naming oneself in private is accepting.
    if event.private:
        plan = msgspec.structs.replace(plan, me=True)
    elif event.by not in here.group.facilitators:
        plan = msgspec.structs.replace(plan, me=False, others=(*(plan.others or ()), event.by))
    if event.confirmed:
        return apply(event, here, rows, plan)
    if not here.group.set_up:
        holdable(here, plan.settings.get("gate", here.policy.text("gate")))
    return preview(here, event, *outline(here, plan, event.by))


def _begin(event: CommandGiven, here: Here, rows: Rows) -> Decision:
    if event.sub == "apply":
        return answer(here, event, say("group-guide-nothing"))
    step = guide.STEPS[0]
    return guide.keep(event, here, rows, Draft(step=step), None)


def _go_on(event: CommandGiven, here: Here, rows: Rows, draft: Draft, line: str) -> Decision:
    """The next step of a draft: answered, skipped, asked again, or applied once it was seen."""
    given: Plan | None = None
    match event.sub:
        case "apply" if draft.step == guide.PREVIEW or event.confirmed:
            return apply(event, here, rows, guide.plan_of(draft, rows))
        case "apply":
            draft = msgspec.structs.replace(draft, step=guide.PREVIEW)
        case "skip":
            draft = msgspec.structs.replace(draft, step=guide.following(here, draft.step))
        case "":
            given = planned(line, here, event.by)
            draft = guide.answered(draft, given, here)
        case _:
            pass  # `setup start` again: go on where it was left
    return guide.keep(event, here, rows, draft, given)
