"""The gate: the right part for each event. All of it is pure."""

from collections.abc import Sequence

import msgspec

from bot.boundary.capabilities import Gate
from bot.boundary.events import (
    CommandGiven,
    Due,
    EffectFailed,
    Event,
    MemberJoined,
    MemberKnocked,
    MemberLeft,
    MessagePosted,
    RoomAdopted,
    RoomChanged,
    RoomLost,
    RoomSeen,
    SpeechGranted,
    SpeechTaken,
)
from bot.boundary.ids import MemberId
from bot.boundary.ports import Read
from bot.contract.facts import (
    ConsentDeclined,
    ConsentEnded,
    ConsentGiven,
    GraceEnded,
    MemberForgotten,
    PrivacyShown,
    SessionEnded,
    SessionStarted,
    SettingsChanged,
    SetupFinished,
    SetupUndone,
)
from bot.contract.feature import NOTHING, Decision, Drop, Here, Put, Rows, all_of
from bot.contract.group import Group
from bot.gate import coming, consenting, enforcing, failing, hands, members, posting, reconciling, steering
from bot.gate.passes import Passes
from bot.gate.records import GATE, MEETING, Meeting

WANTED = (
    ConsentDeclined,
    ConsentEnded,
    ConsentGiven,
    Due,
    EffectFailed,
    GraceEnded,
    MemberForgotten,
    MemberJoined,
    MemberKnocked,
    MemberLeft,
    PrivacyShown,
    RoomAdopted,
    RoomLost,
    RoomSeen,
    SessionEnded,
    SessionStarted,
    SettingsChanged,
    SetupFinished,
    SetupUndone,
    SpeechGranted,
    SpeechTaken,
)
MINE = frozenset(
    {("members", ""), ("members", "show"), ("members", "admit"), ("group", "enforce"), ("group", "open")}
)


class Summary(msgspec.Struct, frozen=True):
    """What a message costs: one look at the gate, and under `mute` one into a set."""

    gate: Gate
    passed: frozenset[MemberId]


def summarise(rows: Rows, _group: Group) -> Summary:
    """Who may take part, from all rows of a room."""
    passed = (key.member for key in rows.held if key.key in ("pass", "guest") and key.member is not None)
    return Summary(Passes(rows).state.gate, frozenset(passed))


def wants(event: Event, summary: object) -> bool:
    """A message only under `mute`, from somebody without a pass."""
    if isinstance(event, MessagePosted):
        return isinstance(summary, Summary) and summary.gate == "mute" and event.by not in summary.passed
    if isinstance(event, CommandGiven):
        return (event.name, event.sub) in MINE
    if isinstance(event, RoomChanged):
        return event.what == "powers"
    return isinstance(event, WANTED)


def reads(event: Event) -> Sequence[Read]:
    """All of the gate's rows: they are in the room's cache, so nothing is loaded for them."""
    return (all_of(GATE, event.room),)


def decide(rows: Rows, event: Event, here: Here) -> Decision:
    """What this event changes at the gate."""
    passes = Passes(rows)
    match event:
        case MessagePosted():
            return posting.posted(passes, event, here)
        case ConsentGiven():
            return consenting.given(passes, event, here)
        case ConsentEnded():
            return consenting.ended(passes, event, here)
        case ConsentDeclined():
            return consenting.declined(passes, event, here)
        case GraceEnded():
            return consenting.grace_over(passes, event, here)
        case MemberForgotten():
            return consenting.forgotten(passes, event, here)
        case MemberJoined():
            return coming.joined(passes, event, here)
        case MemberKnocked():
            return coming.knocked(passes, event, here)
        case MemberLeft():
            return coming.left(passes, event)
        case SpeechGranted():
            return hands.granted(passes, event, here)
        case SpeechTaken():
            return hands.taken(passes, event, here)
        case SetupFinished():
            return steering.set_up(passes, event, here)
        case SessionStarted():
            return Decision(changes=(Put(record=Meeting(since=here.now), key=MEETING),))
        case SessionEnded():
            return Decision(changes=(Drop(key=MEETING),))
        case SettingsChanged():
            return steering.changed(passes, event, here)
        case SetupUndone():
            return steering.undone(passes, event, here)
        case RoomSeen() | RoomChanged() | RoomAdopted():
            return reconciling.reconciled(passes, here)
        case RoomLost():
            return reconciling.lost(passes)
        case EffectFailed():
            return failing.failed(passes, event, here)
        case PrivacyShown():
            return members.privacy(passes, event, here)
        case Due(key="leaving"):
            return coming.time_to_leave(passes, event, here)
        case Due(key="guest"):
            return members.guest_over(passes, event, here)
        case CommandGiven():
            return _command(passes, event, here)
        case _:
            return NOTHING


def _command(passes: Passes, event: CommandGiven, here: Here) -> Decision:
    match event.name, event.sub:
        case "members", "" | "show":
            return members.show(passes, event, here)
        case "members", "admit":
            return members.admit(passes, event, here)
        case "group", "enforce":
            return enforcing.enforce(passes, event, here)
        case "group", "open":
            return enforcing.open_gate(passes, event, here)
        case _:
            return NOTHING
