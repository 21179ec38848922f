"""`case`: what somebody can do who has the code. From any account; nobody is looked up."""

from msgspec.structs import replace

from bot.boundary.effects import Part, Verbatim, say
from bot.boundary.events import CommandGiven
from bot.boundary.ids import MemberId
from bot.breach.clocks import full_hour, keep, noticed, recipients, settled, taken_back, touched
from bot.breach.policy import LONGEST_ANSWER, MOST_FROM_REPORTER
from bot.breach.records import Case, Entry, Tombstone
from bot.breach.wording import outside, standing, tell
from bot.contract.feature import Decision, Here, Rows

SHOWN = ("asked", "added", "closed", "acknowledged", "addressed")
"""What the reporter sees of the history. Notes are among facilitators."""


def case_command(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """`case show`, `case add` and `case withdraw`."""
    location = event.values.get("code", "")
    if rows.get(Tombstone, location) is not None:
        return Decision(effects=(tell(event, (say("breach-case-deleted"),)),))
    case = rows.get(Case, location)
    if case is None:
        return Decision(effects=(tell(event, (say("breach-case-unknown"),)),))
    case = settled(case, here)
    match event.sub:
        case "add":
            return _add(case, location, event, here)
        case "withdraw":
            return _withdraw(case, location, event, here)
        case _:
            return Decision(
                effects=(tell(event, _shown(taken_back(case) if case.leaves_at else case, here)),)
            )


def _shown(case: Case, here: Here) -> tuple[Part, ...]:
    parts: list[Part] = [say("breach-case-head"), *standing(case, here)]
    for entry in case.entries:
        if entry.kind in SHOWN:
            parts.append(say(f"breach-for-reporter-{entry.kind}"))
            parts += [Verbatim(entry.words, code=True)] if entry.words else []
    if not case.over and not recipients(case, here):
        parts += [say("breach-case-nobody"), *outside(here)]
    elif case.state == "new" and case.escalated:
        parts += outside(here)
    look = say("breach-case-look-named") if case.reporter is not None else say("breach-case-look")
    return tuple(parts) if case.over else (*parts, look, say("breach-case-how"))


def _add(case: Case, location: str, event: CommandGiven, here: Here) -> Decision:
    words = event.values["words"]
    mine = sum(e.kind == "added" for e in case.entries)
    if case.muted or mine >= MOST_FROM_REPORTER:
        return Decision(effects=(tell(event, (say("breach-add-full"), *outside(here))),))
    if len(words) > LONGEST_ANSWER:
        return Decision(effects=(tell(event, (say("breach-too-long", most=LONGEST_ANSWER),)),))
    if any(e.kind == "added" and e.words == words for e in case.entries[-3:]):
        return Decision(effects=(tell(event, (say("breach-added"),)),))  # the same again: kept once
    case = replace(case, entries=(*case.entries, Entry(kind="added", words=words, at=full_hour(here.now))))
    case = noticed(touched(case, here), here, *_who_is_told(case, here))
    return Decision(changes=(keep(case, location, here),), effects=(tell(event, (say("breach-added"),)),))


def _withdraw(case: Case, location: str, event: CommandGiven, here: Here) -> Decision:
    """That there was one stays until the usual time. The words go at once where no facilitator can have
    seen them yet, or the report has a name; else at the full hour, or whoever looks every minute would
    see who took it back just then."""
    if case.state == "closed":
        return Decision(effects=(tell(event, (say("breach-withdraw-closed"),)),))
    if case.state == "withdrawn":
        return Decision(effects=(tell(event, (say("breach-withdrawn"),)),))
    if case.leaves_at is not None:
        return Decision(effects=(tell(event, (say("breach-withdrawn-soon"),)),))
    whom = _who_is_told(case, here)
    if case.reporter is None and here.now >= case.opened_at:
        unseen = tuple(e for e in case.entries if e.kind == "added" and e.at and e.at > here.now)
        entries = tuple(e for e in case.entries if e not in unseen)
        case, words = replace(case, entries=entries, leaves_at=full_hour(here.now)), "breach-withdrawn-soon"
    else:
        case, words = taken_back(case), "breach-withdrawn"
    case = noticed(touched(case, here), here, *whom)
    return Decision(changes=(keep(case, location, here),), effects=(tell(event, (say(words),)),))


def _who_is_told(case: Case, here: Here) -> tuple[MemberId, ...]:
    """Who looks after the case; while nobody does, all who may see it."""
    whom = recipients(case, here)
    return (case.holder,) if case.holder in whom else whom
