"""What facilitators do with a case. Each is decided in the room's turn: two at once do nothing twice."""

from msgspec.structs import replace

from bot.boundary.effects import Body, Choice, Name, Part, say
from bot.boundary.events import CommandGiven
from bot.boundary.ids import MemberId
from bot.breach.addressing import address, renew
from bot.breach.clocks import keep, may_see, noticed, recipients, touched, with_entry
from bot.breach.desk import find, listed, next_choices, shown
from bot.breach.policy import LONGEST_ANSWER, MOST_ENTRIES, STAFFED_FOR
from bot.breach.records import STAFFED, Case, Entry, Staffed
from bot.breach.steps import guidance, moved
from bot.breach.wording import tell
from bot.contract.feature import Decision, Here, Put, Rows
from bot.contract.quiet import outside_quiet


def desk(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    """`cases ...`, from a facilitator."""
    if event.sub in ("", "list"):
        return listed(rows, event, here)
    if event.sub == "ready":
        return _ready(event, here)
    found = find(rows, event, here)
    if found is None:
        return _said(event, say("breach-desk-unknown"))
    location, case = found
    if event.sub == "show":
        return shown(case, event, here)
    if case.over and event.sub != "recuse":
        return _said(event, say("breach-desk-over"))
    if len(event.values.get("words", "")) > LONGEST_ANSWER:
        return _said(event, say("breach-too-long", most=LONGEST_ANSWER))
    if len(case.entries) >= MOST_ENTRIES and event.sub not in ("close", "recuse", "mute"):
        return _said(event, say("breach-desk-full"))
    return ACTIONS[event.sub](case, location, event, here)


def _acknowledge(case: Case, location: str, event: CommandGiven, here: Here) -> Decision:
    if case.state != "new":
        done = next((e for e in case.entries if e.kind == "acknowledged"), None)
        by = Name(done.by) if done and done.by else Name(event.by)
        return _told(event, (say("breach-acknowledged-before", by=by),), next_choices(case))
    entry = Entry(kind="acknowledged", by=event.by, at=here.now)
    case = with_entry(replace(case, state="open", holder=event.by), entry, here)
    case = noticed(case, here, reporter=True)
    return _kept(case, location, event, here, (say("breach-acknowledged"),))


def _note(case: Case, location: str, event: CommandGiven, here: Here) -> Decision:
    entry = Entry(kind="note", words=event.values["words"], by=event.by, at=here.now)
    return _kept(with_entry(case, entry, here), location, event, here, (say("breach-noted"),))


def _ask(case: Case, location: str, event: CommandGiven, here: Here) -> Decision:
    entry = Entry(kind="asked", words=event.values["words"], by=event.by, at=here.now)
    asked = noticed(with_entry(case, entry, here), here, reporter=True)
    words = say("breach-asked-named") if case.reporter else say("breach-asked")
    return _kept(asked, location, event, here, (words,))


def _step(case: Case, location: str, event: CommandGiven, here: Here) -> Decision:
    if case.state == "new":
        return _told(event, (say("breach-acknowledge-first"),), next_choices(case))
    after = moved(case, event, here)
    body, choices = guidance(after)
    changes = (keep(touched(after, here), location, here),) if after != case else ()
    return Decision(changes=changes, effects=(tell(event, body, choices),))


def _handover(case: Case, location: str, event: CommandGiven, here: Here) -> Decision:
    to = MemberId(here.room.id.platform, event.values["who"])
    if not may_see(case, to, here):
        # The same words for a member, for one who was left out and for one who stepped back.
        return _said(event, say("breach-handover-cannot"))
    entry = Entry(kind="handover", by=event.by, to=to, at=here.now)
    case = noticed(with_entry(replace(case, holder=to), entry, here), here, to)
    return _kept(case, location, event, here, (say("breach-handed-over", who=Name(to)),))


def _recuse(case: Case, location: str, event: CommandGiven, here: Here) -> Decision:
    others = [who for who in recipients(case, here) if who != event.by]
    if not event.confirmed:
        pin = {"case": case.label}
        choice = Choice(label="breach-choice-recuse", name="cases", sub="recuse", values=pin, confirmed=True)
        alone = (say("breach-recuse-alone"),) if not others else ()
        body = (say("breach-recuse-preview", count=len(others)), *alone)
        return Decision(effects=(tell(event, body, (choice,)),), awaits_confirm=True)
    holder = None if case.holder == event.by else case.holder
    state = "new" if case.state == "open" and holder is None else case.state
    case = replace(case, recused=(*case.recused, event.by), holder=holder, state=state)
    case = noticed(touched(case, here), here, *others)
    return Decision(changes=(keep(case, location, here),), effects=(tell(event, (say("breach-recused"),)),))


def _mute(case: Case, location: str, event: CommandGiven, here: Here) -> Decision:
    if not event.confirmed:
        pin = {"case": case.label}
        choice = Choice(label="breach-choice-mute", name="cases", sub="mute", values=pin, confirmed=True)
        return Decision(effects=(tell(event, (say("breach-mute-preview"),), (choice,)),), awaits_confirm=True)
    return _kept(replace(case, muted=True), location, event, here, (say("breach-muted"),))


def _close(case: Case, location: str, event: CommandGiven, here: Here) -> Decision:
    if case.state == "new":
        return _told(event, (say("breach-acknowledge-first"),), next_choices(case))
    entry = Entry(kind="closed", words=event.values["words"], by=event.by, at=here.now)
    case = noticed(with_entry(replace(case, state="closed"), entry, here), here, reporter=True)
    return _kept(case, location, event, here, (say("breach-closed"),))


ACTIONS = {
    "acknowledge": _acknowledge,
    "note": _note,
    "ask": _ask,
    "step": _step,
    "address": address,
    "handover": _handover,
    "renew": renew,
    "recuse": _recuse,
    "mute": _mute,
    "close": _close,
}


def _ready(event: CommandGiven, here: Here) -> Decision:
    return Decision(changes=(confirmed(event.by, here),), effects=(tell(event, (say("breach-ready"),)),))


def confirmed(who: MemberId, here: Here) -> Put:
    """This facilitator looks after reports from now on, and is asked again in 30 days."""
    again = outside_quiet(here.now + STAFFED_FOR, here.policy)
    return Put(record=Staffed(confirmed_at=here.now), key=STAFFED, member=who, due_at=again)


def _kept(case: Case, location: str, event: CommandGiven, here: Here, body: Body) -> Decision:
    return Decision(changes=(keep(case, location, here),), effects=(tell(event, body, next_choices(case)),))


def _told(event: CommandGiven, body: Body, choices: tuple[Choice, ...]) -> Decision:
    return Decision(effects=(tell(event, body, choices),))


def _said(event: CommandGiven, *body: Part) -> Decision:
    return Decision(effects=(tell(event, body),))
