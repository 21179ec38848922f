"""Recorders that show themselves: facilitators are asked, the room is told, and some can be stopped."""

from msgspec.structs import replace

from bot.boundary.capabilities import Recorder, RecorderKind
from bot.boundary.effects import AlertFacilitators, BlockRecorder, Effect, Part, Words, say
from bot.boundary.ids import MemberId
from bot.contract.feature import NOTHING, Decision, Drop, Held, Here, Key, Put, Rows
from bot.recording.policy import GONE_FOR
from bot.recording.records import Seen, State, seen_key
from bot.recording.wording import told


def look(rows: Rows, here: Here, allowed: State | None) -> Decision:
    """Compare what shows itself with what facilitators were told of.

    With permission given for the call, a recorder is let be, and is new again when that ends.
    """
    if not here.room.people:
        return NOTHING  # the bot is not inside: nothing can be compared
    now = {seen_key(r.id): r for r in here.room.recorders}
    known = {k.key: (k, h) for k, h in rows.held.items() if isinstance(h.record, Seen)}
    if allowed is not None and allowed.scope == "call":
        return let_go_on(rows, here, forget=True)
    changes: list[Put | Drop] = []
    effects: list[Effect] = []
    found: list[Recorder] = []
    for key, recorder in now.items():
        if key not in known:
            found.append(recorder)
            changes.append(_put(Seen(recorder=recorder.id, blocked=_stops(recorder, here)), recorder.who))
            effects += _stop(recorder, here)
        else:
            step = _again(*known[key], recorder, here)
            changes += step.changes
            effects += step.effects
    for key, (place, held) in known.items():
        if key not in now:
            changes += _absent(place, held, here)
    if words := _calm(found, here):
        effects.append(told(here, words))
    effects += [_alert(recorder, here) for recorder in found]
    return Decision(changes=tuple(changes), effects=tuple(effects))


def _stops(recorder: Recorder, here: Here) -> bool:
    """A shared screen is a question, never blocked (INTERFACE.md, "Alerts")."""
    wished = here.policy.text("recorder_policy") == "block" and here.room.can.blocks_recorders
    return wished and recorder.blockable and recorder.kind != "screen"


def _stop(recorder: Recorder, here: Here) -> tuple[Effect, ...]:
    if not _stops(recorder, here):
        return ()
    return (BlockRecorder(room=here.room.id, recorder=recorder.id, who=recorder.who),)


def _put(seen: Seen, who: MemberId | None) -> Put:
    return Put(record=seen, key=seen_key(seen.recorder), member=who)


def _again(place: Key, held: Held, recorder: Recorder, here: Here) -> Decision:
    """One that is known shows itself still, or again."""
    seen = held.record
    assert isinstance(seen, Seen)
    if seen.blocked and seen.stopped:
        # What a person with power does by hand is respected, and told once (INTERFACE.md, "By hand").
        words = say("recording-let-on-by-hand", name=recorder.name)
        alert = AlertFacilitators(room=here.room.id, subject=f"by-hand-{recorder.id}", body=(words,))
        return Decision(changes=(_put(Seen(recorder=seen.recorder), place.member),), effects=(alert,))
    if seen.gone is None:
        return NOTHING
    back = Seen(recorder=seen.recorder, blocked=_stops(recorder, here))
    return Decision(changes=(_put(back, place.member),), effects=_stop(recorder, here))


def _absent(place: Key, held: Held, here: Here) -> tuple[Put | Drop, ...]:
    """One that is known does not show itself: it was stopped, or has gone."""
    seen = held.record
    assert isinstance(seen, Seen)
    here_still = place.member is None or place.member in here.room.people
    if seen.blocked and here_still:
        return () if seen.stopped else (_put(replace(seen, stopped=True), place.member),)
    if seen.blocked:
        return (Drop(key=place.key, member=place.member),)
    if seen.gone is None:
        gone = replace(seen, gone=here.now)
        return (Put(record=gone, key=place.key, member=place.member, delete_at=here.now + GONE_FOR),)
    return (Drop(key=place.key, member=place.member),) if here.now - seen.gone >= GONE_FOR else ()


def _calm(found: list[Recorder], here: Here) -> Part | None:
    """A calm word to the room, where members must know."""
    shown = [r for r in found if r.kind != "screen"]
    if not shown:
        return None
    if all(_stops(r, here) for r in shown):
        return say("recording-room-stopped", name=shown[0].name)
    return say("recording-room", name=shown[0].name)


_QUESTIONS: dict[RecorderKind, str] = {
    "recorder": "recording-alert-recorder",
    "marked": "recording-alert-marked",
    "listening": "recording-alert-listening",
    "screen": "recording-alert-screen",
    "widget": "recording-alert-widget",
}


def _alert(recorder: Recorder, here: Here) -> AlertFacilitators:
    """An open question: what it is, and what can be done."""
    first = Words(_QUESTIONS[recorder.kind], {"name": recorder.name})
    if _stops(recorder, here):
        following = say("recording-alert-stopped")
    elif recorder.kind == "screen":
        following = say("recording-alert-screen-next")
    else:
        following = say("recording-alert-next")
    return AlertFacilitators(room=here.room.id, subject=f"recorder-{recorder.id}", body=(first, following))


def let_go_on(rows: Rows, here: Here, *, forget: bool) -> Decision:
    """Recorders that were stopped may go on. `forget`: they are new again when that ends."""
    changes: list[Put | Drop] = []
    effects: list[Effect] = []
    for key, seen in rows.each(Seen):
        if seen.blocked:
            effects.append(BlockRecorder(room=here.room.id, recorder=seen.recorder, who=key.member, on=False))
        if forget:
            changes.append(Drop(key=key.key, member=key.member))
        elif seen.blocked:
            changes.append(_put(Seen(recorder=seen.recorder), key.member))
    return Decision(changes=tuple(changes), effects=tuple(effects))


def not_stopped(rows: Rows, effect: BlockRecorder, here: Here) -> Decision:
    """The platform did not let it be stopped, or let go on: a person has to look."""
    changes = tuple(
        _put(Seen(recorder=seen.recorder), key.member)
        for key, seen in rows.each(Seen)
        if seen.recorder == effect.recorder and effect.on
    )
    words = say("recording-block-failed") if effect.on else say("recording-unblock-failed")
    alert = AlertFacilitators(room=here.room.id, subject=f"block-{effect.recorder}", body=(words,))
    return Decision(changes=changes, effects=(alert,))
