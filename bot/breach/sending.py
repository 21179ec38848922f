"""A draft becomes a case: in one commit, after which nothing says who wrote it."""

from bot.boundary.effects import Choice, When, say
from bot.boundary.events import CommandGiven
from bot.breach.asking import CLEAR, ask, readers
from bot.breach.clocks import full_hour, keep, noticed, recipients, remind_at
from bot.breach.policy import REPORTS_AN_HOUR
from bot.breach.records import DRAFT, Case, Draft
from bot.breach.wording import tell, unsay
from bot.contract.feature import Decision, Drop, Here, Put


def send(draft: Draft, event: CommandGiven, here: Here) -> Decision:
    """Send it, or say why that would help nobody."""
    if draft.named is None:
        raise ValueError("the question about the name comes before sending")
    if not readers(draft, here):
        return Decision(effects=(ask(event, draft, here),))
    if here.spent >= REPORTS_AN_HOUR:
        return Decision(effects=(tell(event, (say("breach-too-many", most=REPORTS_AN_HOUR),)),))
    at = full_hour(here.now)
    case = Case(
        label=draft.label,
        told=draft.told,
        opened_at=at,
        touched_on=at,
        reporter=event.by if draft.named else None,
    )
    case = noticed(case, here, *recipients(case, here))
    changes: tuple[Put | Drop, ...] = (
        keep(case, draft.location, here),
        Drop(key=DRAFT, member=event.by),
    )
    look = say("breach-sent-named") if draft.named else say("breach-sent-anonymous")
    body = (
        say("breach-sent", code=draft.code),
        look,
        say("breach-sent-clock", by=When(remind_at(case, here.policy), only_date=True)),
        say("breach-sent-down"),
    )
    clear = Choice(label="breach-choice-clear", name="report", values={"answer": CLEAR})
    down = unsay(event, draft, here)
    return Decision(changes=changes, effects=(down, tell(event, body, (clear,))), spends=True)
