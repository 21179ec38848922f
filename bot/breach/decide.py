"""Which event means what. Pure. Nothing here is a fact for others: no feature learns of a report."""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from bot.boundary.effects import Choice, Unsay, Whisper, say
from bot.boundary.events import CommandGiven, Due, EffectFailed, Event, RoomSeen
from bot.boundary.ids import MemberId
from bot.boundary.ports import Read
from bot.breach.clocks import keep, ring
from bot.breach.drafting import report
from bot.breach.handling import confirmed, desk
from bot.breach.policy import SETTINGS, STAFFED_FOR
from bot.breach.records import DRAFT, NAME, STAFFED, Case, Staffed
from bot.breach.reporting import case_command
from bot.contract.facts import FacilitatorsChanged, SettingsChanged
from bot.contract.feature import NOTHING, Decision, Drop, Here, Put, Rows
from bot.contract.quiet import outside_quiet

CLOCKS = {s.key for s in SETTINGS} | {"quiet_hours", "timezone"}
"""Settings that move clocks."""


def wants(event: Event, _summary: Any) -> bool:
    """Its commands, its clocks, and who is a facilitator. Never a message."""
    match event:
        case CommandGiven(name=name):
            return name in ("report", "case", "cases")
        case FacilitatorsChanged() | RoomSeen():
            return True
        case SettingsChanged(after=after):
            return bool(CLOCKS & set(after))
        case EffectFailed(feature=feature, effect=effect):
            return feature == NAME and isinstance(effect, Unsay)
        case _:
            return False


def reads(event: Event) -> Sequence[Read]:
    """One person's draft, one case, or all cases: never more than the command is about."""
    room = event.room
    staff = Read(feature=NAME, room=room, key=STAFFED)
    match event:
        case CommandGiven(name="report", by=who):
            return (Read(feature=NAME, room=room, member=who, key=DRAFT), staff)
        case CommandGiven(name="case", values=values):
            return (Read(feature=NAME, room=room, member=None, key=values.get("code", "")),)
        case CommandGiven() | SettingsChanged():
            return (Read(feature=NAME, room=room, member=None), staff)
        case Due(member=who, key=key):
            return (Read(feature=NAME, room=room, member=who, key=key),)
        case RoomSeen():
            return (staff,)
        case _:
            return ()


def decide(rows: Rows, event: Event, here: Here) -> Decision:
    """What breach reports make of an event."""
    match event:
        case CommandGiven(name="report"):
            return report(rows, event, here)
        case CommandGiven(name="case"):
            return case_command(rows, event, here)
        case CommandGiven():
            return desk(rows, event, here)
        case Due(member=None, key=key):
            case = rows.get(Case, key)
            return ring(case, key, here) if case is not None else NOTHING
        case Due(member=who) if who is not None:
            return _ask_whether_ready(rows, who, here)
        case FacilitatorsChanged(who=who, now=now):
            # INTERFACE.md: accepting counts as the first confirmation of staffing.
            return Decision(changes=(confirmed(who, here) if now else Drop(key=STAFFED, member=who),))
        case SettingsChanged():
            return Decision(changes=tuple(keep(case, key.key, here) for key, case in rows.each(Case)))
        case RoomSeen():
            return _from_before(rows, here)
        case EffectFailed(effect=Unsay(to=who)):
            return Decision(effects=(Whisper(room=event.room, to=who, body=(say("breach-unsay-failed"),)),))
        case _:
            return NOTHING


def _ask_whether_ready(rows: Rows, who: MemberId, here: Here) -> Decision:
    held = rows.get(Staffed, STAFFED, who)
    if held is None or "facilitator" not in here.roles(who):
        return NOTHING
    ready = Choice(label="breach-choice-ready", name="cases", sub="ready")
    again = Put(
        record=replace(held),
        key=STAFFED,
        member=who,
        due_at=outside_quiet(here.now + STAFFED_FOR, here.policy),
    )
    asked = Whisper(
        room=here.room.id,
        to=who,
        body=(say("breach-ask-ready"),),
        choices=(ready,),
        unasked=True,
        subject="staffed",
    )
    return Decision(changes=(again,), effects=(asked,))


def _from_before(rows: Rows, here: Here) -> Decision:
    """Facilitators from before there were reports are asked once whether they look after them."""
    known = {key.member for key, _ in rows.each(Staffed)}
    return Decision(
        changes=tuple(
            Put(
                record=Staffed(confirmed_at=None),
                key=STAFFED,
                member=who,
                due_at=outside_quiet(here.now, here.policy),
            )
            for who in sorted(here.group.facilitators - known)
        )
    )
