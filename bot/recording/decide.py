"""Which part of recording decides about which event."""

from collections.abc import Callable, Sequence

import msgspec

from bot.boundary.effects import Announce, BlockRecorder, Whisper
from bot.boundary.events import (
    CallChanged,
    CallJoined,
    CallLeft,
    CommandGiven,
    Due,
    EffectFailed,
    Event,
    MemberJoined,
    MemberLeft,
    RoomChanged,
    RoomSeen,
)
from bot.boundary.ids import MemberId
from bot.boundary.ports import Read
from bot.contract.facts import (
    AgreementsTold,
    ConsentEnded,
    MemberForgotten,
    PrivacyShown,
    SessionEnded,
    SessionStarted,
    SettingsChanged,
    SetupFinished,
    SetupUndone,
)
from bot.contract.feature import NOTHING, Decision, Drop, Held, Here, Key, Put, Rows, all_of
from bot.contract.group import Group
from bot.recording import asking, calls, recorders, stopping, wording
from bot.recording.asking import NAME
from bot.recording.present import may_record
from bot.recording.records import CALL, STATE, Agreed, Call, Kept, Seen, State

ALWAYS = (
    CallChanged,
    CallJoined,
    CallLeft,
    ConsentEnded,
    MemberForgotten,
    PrivacyShown,
    RoomSeen,
    SessionEnded,
    SessionStarted,
    SetupFinished,
    SetupUndone,
)


def summarise(rows: Rows, group: Group) -> bool:
    """Whether it matters here who comes and goes: a meeting or a call is on, or a recorder was seen."""
    on = rows.get(State, STATE) is not None or rows.get(Call, CALL) is not None
    return group.set_up and (on or any(True for _ in rows.each(Seen)))


def wants(event: Event, on: object) -> bool:
    """Calls always; who comes and goes while something is on. Never a message."""
    match event:
        case CommandGiven(name=name):
            return name == NAME
        case MemberJoined() | MemberLeft() | RoomChanged():
            return on is True
        case AgreementsTold(asker=asker):
            return asker == NAME
        case SettingsChanged(after=after):
            return "recorder_policy" in after
        case Due(feature=feature) | EffectFailed(feature=feature):
            return feature == NAME
        case _:
            return isinstance(event, ALWAYS)


def reads(event: Event) -> Sequence[Read]:
    """All of it: these rows are few, and the engine keeps them at hand."""
    return (all_of(NAME, event.room),)


Step = Callable[[Rows], Decision]


def decide(rows: Rows, event: Event, here: Here) -> Decision:
    """What recording makes of an event. Whatever it changes, recorders are looked at once more."""
    if isinstance(event, CommandGiven) and event.sub in ("show", ""):
        return _show(rows, event, here)
    if isinstance(event, PrivacyShown):
        body = wording.cannot_see(here)
        return Decision(effects=(Whisper(room=event.room, to=event.to, body=body, reply=event.reply),))
    if isinstance(event, SetupUndone):
        return _undone(rows, here)
    if not here.group.set_up and isinstance(event, CallJoined | CallLeft | CallChanged | RoomSeen):
        return NOTHING  # nothing is said before the set-up
    first = _first(event, here)
    if not here.group.set_up:
        return first(rows)
    return _in_turn(
        rows,
        first,
        lambda now: stopping.still_holds(now, here),
        lambda now: recorders.look(now, here, may_record(now, here.room)),
    )


def _in_turn(rows: Rows, *steps: Step) -> Decision:
    """One step after the other, each on what the ones before it left."""
    together = NOTHING
    for step in steps:
        found = step(rows)
        held = dict(rows.held)
        for change in found.changes:
            key = Key(change.member, change.key)
            if isinstance(change, Drop):
                held.pop(key, None)
            else:
                held[key] = Held(change.record, 0, change.due_at, change.delete_at)
        rows = Rows(held)
        together = msgspec.structs.replace(
            together,
            changes=(*together.changes, *found.changes),
            effects=(*together.effects, *found.effects),
            facts=(*together.facts, *found.facts),
        )
    return together


def _first(event: Event, here: Here) -> Step:
    """What this event itself asks for."""
    match event:
        case CommandGiven(sub="ask"):
            return lambda rows: asking.ask(rows, event, here)
        case CommandGiven(sub="stop"):
            return lambda rows: stopping.stop(rows, event, here)
        case CommandGiven():
            return lambda rows: asking.answer(rows, event, here)
        case AgreementsTold(because=CommandGiven() as given, agreed=agreed):
            return lambda rows: asking.ask_everyone(rows, given, here, agreed)
        case AgreementsTold(agreed=agreed):
            return lambda rows: asking.outcome(rows, here, agreed)
        case SessionStarted(session=session):
            return lambda _: _meeting(session, here)
        case SessionEnded():
            return lambda rows: stopping.session_over(rows, here)
        case CallJoined(who=who):
            return lambda rows: calls.joined(rows, who, here)
        case CallLeft() | MemberLeft() | RoomSeen() | SetupFinished():
            return lambda rows: calls.look(rows, here)
        case ConsentEnded(who=who):
            return lambda rows: stopping.agreement_ended(rows, who, here)
        case MemberForgotten(who=who):
            return lambda rows: stopping.forgotten(rows, who, here)
        case SettingsChanged():
            return lambda rows: _policy(rows, here)
        case Due(key="state"):
            return lambda rows: asking.window_over(rows, event, here)
        case Due(key="call"):
            return lambda rows: calls.due(rows, here)
        case Due(member=MemberId() as keeper, key=key) if key.startswith("kept:"):
            return lambda rows: stopping.delete_now(rows, keeper, key.removeprefix("kept:"), here)
        case EffectFailed(effect=BlockRecorder() as effect):
            return lambda rows: recorders.not_stopped(rows, effect, here)
        case _:
            return lambda _: NOTHING


def _show(rows: Rows, event: CommandGiven, here: Here) -> Decision:
    body, choices = wording.shown(rows, event.by, here, event.private)
    if event.private:
        words = Whisper(room=event.room, to=event.by, body=body, choices=choices, reply=event.reply)
        return Decision(effects=(words,))
    return Decision(effects=(Announce(room=event.room, body=body, choices=choices),))


def _meeting(session: str, here: Here) -> Decision:
    """A meeting begins: nobody may record, and there is one question left."""
    begun = Put(record=State(session=session, since=here.now), key=STATE)
    return Decision(changes=(begun,), effects=wording.status(here, wording.NO))


def _policy(rows: Rows, here: Here) -> Decision:
    """`alert` lets go on what was stopped; `block` stops what is there."""
    if here.policy.text("recorder_policy") == "alert":
        return recorders.let_go_on(rows, here, forget=False)
    return Decision(changes=tuple(Drop(key=k.key, member=k.member) for k, _ in rows.each(Seen)))


def _undone(rows: Rows, here: Here) -> Decision:
    """Everything as it was before; consents stay until their own end, as proof for who gave them."""
    free = recorders.let_go_on(rows, here, forget=True)
    gone = tuple(
        Drop(key=key.key, member=key.member)
        for key, held in rows.held.items()
        if not isinstance(held.record, Agreed | Kept)
    )
    return Decision(changes=gone, effects=(*free.effects, *wording.status(here, None)))
