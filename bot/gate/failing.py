"""What finally failed: facilitators are told what is missing, and no gate opens or shuts by it."""

from bot.boundary.effects import (
    Admit,
    AlertFacilitators,
    Body,
    Effect,
    Hold,
    Remove,
    RestoreRoom,
    SetGate,
    TakeDown,
    Whisper,
    Words,
    say,
)
from bot.boundary.events import EffectFailed
from bot.contract.feature import NOTHING, Decision, Here, Put
from bot.gate.passes import DOOR, LEVELS, Passes, to_mend
from bot.gate.records import GATE, GateState

TROUBLE = {
    "forbidden": "gate-trouble-power",
    "unsupported": "gate-trouble-power",
    "unreachable": "gate-trouble-later",
    "rate_limited": "gate-trouble-later",
}
"""The reason in words; what is not here is `gate-trouble-other`."""


def failed(passes: Passes, event: EffectFailed, here: Here) -> Decision:
    """Say it in plain words, with where to click. Law 3: letting in and holding back sound the same."""
    effect = event.effect
    match effect:
        case TakeDown():
            if event.reason == "gone":
                return NOTHING
            return _tell(event, here, (say("gate-failed-take-down"),), ("take_down",))
        case SetGate():
            return _gate_failed(passes, event, effect, here)
        case Admit(gate="mute") | Hold():
            if event.reason == "gone":
                return NOTHING
            told = _tell(event, here, (say("gate-failed-speech"),), LEVELS)
        case Admit() | Remove():
            if event.reason == "gone":
                return NOTHING
            told = _tell(event, here, (say("gate-failed-door"),), DOOR)
        case RestoreRoom():
            return _tell(event, here, (say("gate-failed-restore"), *_by_hand(here)), (*LEVELS, *DOOR))
        case _:
            return NOTHING
    if isinstance(effect, Admit) and passes.holds(effect.who):
        person = here.room.people.get(effect.who)
        if person is not None and person.kind == "human":
            word = Whisper(room=event.room, to=effect.who, body=(say("gate-admit-failed"),))
            return Decision(effects=(*told.effects, word))
    return told


def _gate_failed(passes: Passes, event: EffectFailed, effect: SetGate, here: Here) -> Decision:
    """The gate does not stand as recorded: note it, so that it is put right when it can be."""
    if effect.gate == "notice":
        told = _tell(event, here, (say("gate-failed-open"), *_by_hand(here)), (*LEVELS, *DOOR))
    else:
        told = _tell(event, here, (say("gate-failed-up"),), DOOR if effect.gate == "door" else LEVELS)
    if passes.state.gate != effect.gate:
        return told
    state = GateState(gate=effect.gate, held="no", room=passes.state.room)
    return Decision(changes=(Put(record=state, key=GATE),), effects=told.effects)


def _tell(event: EffectFailed, here: Here, body: Body, needed: tuple[str, ...]) -> Decision:
    why = Words(TROUBLE.get(event.reason, "gate-trouble-other"))
    mend = to_mend(here, needed) if why.key == "gate-trouble-power" else ()
    subject = f"gate-failed-{type(event.effect).__name__}"
    alert: Effect = AlertFacilitators(room=event.room, subject=subject, body=(*body, why, *mend))
    return Decision(effects=(alert,))


def _by_hand(here: Here) -> tuple[Words, ...]:
    return (Words(here.room.repair),) if here.room.repair else ()
