"""Calls: that nobody may record is said when one starts, and to those who come later."""

from msgspec.structs import replace

from bot.boundary.effects import Effect, Whisper, say
from bot.boundary.ids import MemberId
from bot.contract.feature import NOTHING, Decision, Here, Put, Rows
from bot.recording import wording
from bot.recording.policy import LINE_EVERY, TOLD_FOR
from bot.recording.present import may_record, present
from bot.recording.records import CALL, CALL_TOLD, STATE, Call, CallTold, State
from bot.recording.wording import told


def joined(rows: Rows, who: MemberId, here: Here) -> Decision:
    """Somebody is in the call: the first of them, or later."""
    person = here.room.people.get(who)
    if person is None or person.kind == "bot" or not person.in_call or may_record(rows, here.room):
        return NOTHING
    call = rows.get(Call, CALL)
    if call is None or call.over:
        return begun(rows, here)
    before = rows.get(CallTold, CALL_TOLD, who)
    if before is not None and abs(here.now - before.at) < TOLD_FOR:
        return NOTHING
    mark = Put(record=CallTold(at=here.now), key=CALL_TOLD, member=who, delete_at=here.now + TOLD_FOR)
    effects: list[Effect] = []
    if here.room.can.private and person.kind == "human":
        words = (say("recording-call-late"),)
        effects.append(Whisper(room=here.room.id, to=who, body=words, unasked=True, subject="recording"))
    line = _line(call, here)
    return Decision(changes=(mark, *line.changes), effects=(*effects, *line.effects))


def begun(rows: Rows, here: Here) -> Decision:
    """A call is on. What was said a moment ago, there or in the meeting's first words, is enough."""
    state, before = rows.get(State, STATE), rows.get(Call, CALL)
    said = [*([state.since] if state else []), *([before.told_at] if before else [])]
    lately = any(abs(here.now - at) < LINE_EVERY for at in said)
    line = () if lately else (told(here, say("recording-call-started")),)
    first = Put(record=Call(told_at=max(said) if lately else here.now), key=CALL)
    return Decision(changes=(first,), effects=(*line, *wording.status(here, wording.NO)))


def look(rows: Rows, here: Here) -> Decision:
    """Whether there is a call at all now: it may have begun or ended while nobody looked."""
    if not here.room.people:
        return NOTHING
    on, call = bool(present(here.room, "call")), rows.get(Call, CALL)
    known = call is not None and not call.over
    if on and not known:
        return begun(rows, here)
    if call is not None and known and not on:
        over = Put(
            record=Call(told_at=call.told_at, over=True), key=CALL, delete_at=call.told_at + LINE_EVERY
        )
        meeting = rows.get(State, STATE) is not None
        return Decision(changes=(over,), effects=() if meeting else wording.status(here, None))
    return NOTHING


def due(rows: Rows, here: Here) -> Decision:
    """The room is owed the line for those who came into the call later."""
    call = rows.get(Call, CALL)
    if call is None or not call.owed or may_record(rows, here.room) or not here.room.people:
        return NOTHING
    return _line(call, here)


def _line(call: Call, here: Here) -> Decision:
    if abs(here.now - call.told_at) >= LINE_EVERY:
        fresh = Put(record=Call(told_at=here.now), key=CALL)
        return Decision(changes=(fresh,), effects=(told(here, say("recording-call-line")),))
    owed = Put(record=replace(call, owed=True), key=CALL, due_at=call.told_at + LINE_EVERY)
    return Decision(changes=(owed,))
