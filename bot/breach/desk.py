"""The case desk: what facilitators see of cases that they may see. Others see no gap."""

from bot.boundary.effects import Body, Choice, Name, Part, Text, Verbatim, When, say
from bot.boundary.events import CommandGiven
from bot.boundary.ids import MemberId
from bot.breach.asking import staffed
from bot.breach.clocks import may_see, settled
from bot.breach.records import Case, Entry
from bot.breach.steps import STEPS
from bot.breach.wording import standing, tell, what_was_told
from bot.contract.feature import Decision, Here, Rows

Found = tuple[str, Case]
"""A case with its location."""


def visible(rows: Rows, who: MemberId, here: Here) -> list[Found]:
    """Every case that this facilitator may see, by label: an order in which nothing is missing."""
    found = [(key.key, settled(case, here)) for key, case in rows.each(Case) if may_see(case, who, here)]
    return sorted(found, key=lambda pair: pair[1].label)


def find(rows: Rows, event: CommandGiven, here: Here) -> Found | None:
    """The case of this label; None also where the person may not see it: there is no difference."""
    wanted = event.values.get("case", "").casefold()
    return next((pair for pair in visible(rows, event.by, here) if pair[1].label == wanted), None)


def listed(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """`cases list`: open ones first, each with its clocks."""
    found = visible(rows, event.by, here)
    parts: list[Part] = [say("breach-desk-head", count=sum(not case.over for _, case in found))]
    for _, case in sorted(found, key=lambda pair: pair[1].over):
        parts.append(say("breach-desk-line", label=case.label, kind=Text(f"breach-kind-{case.told.kind}")))
        parts += standing(case, here)
    parts.append(say("breach-desk-how") if found else say("breach-desk-empty"))
    ready: tuple[Choice, ...] = ()
    if not staffed(rows, here):
        parts.append(say("breach-desk-unstaffed"))
        ready = (Choice(label="breach-choice-ready", name="cases", sub="ready"),)
    return Decision(effects=(tell(event, tuple(parts), ready),))


def shown(case: Case, event: CommandGiven, here: Here) -> Decision:
    """`cases show`: the report, where it stands, its history, and what comes next."""
    return Decision(effects=(tell(event, whole(case, here), next_choices(case)),))


def whole(case: Case, here: Here) -> Body:
    """All of a case in words."""
    by = say("breach-from", who=Name(case.reporter)) if case.reporter else say("breach-from-nobody")
    parts: list[Part] = [say("breach-desk-case", label=case.label), by, *what_was_told(case.told)]
    parts += standing(case, here)
    if case.holder is not None:
        parts.append(say("breach-holder", who=Name(case.holder)))
    # What the reporter adds shows at the full hour, like the report itself.
    history = [e for e in case.entries if e.by is not None or e.at is None or e.at <= here.now]
    if history:
        parts.append(say("breach-history"))
        for entry in history:
            parts += _entry(entry)
    if not case.over:
        parts.append(say("breach-desk-next"))
    return tuple(parts)


def next_choices(case: Case) -> tuple[Choice, ...]:
    """What can be pressed now."""
    if case.over:
        return ()
    pin = {"case": case.label}
    if case.state == "new":
        return (Choice(label="breach-choice-acknowledge", name="cases", sub="acknowledge", values=pin),)
    return (Choice(label="breach-choice-step", name="cases", sub="step", values=pin),)


def _entry(entry: Entry) -> list[Part]:
    words: list[Part] = [Verbatim(entry.words, code=True)] if entry.words and entry.kind != "step" else []
    if entry.by is None or entry.at is None:
        return [say("breach-entry-added"), *words]
    by, on = Name(entry.by), When(entry.at, only_date=True)
    match entry.kind:
        case "handover" if entry.to is not None:
            return [say("breach-entry-handover", by=by, on=on, to=Name(entry.to))]
        case "step":
            step = entry.words if entry.words in STEPS else STEPS[0]
            return [say("breach-entry-step", by=by, on=on, step=Text(f"breach-step-name-{step}"))]
        case kind:
            return [say(f"breach-entry-{kind}", by=by, on=on), *words]
