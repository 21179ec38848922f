"""Effects as they wait in the outbox: which lane, which bytes, who it is for."""

import msgspec

from bot.boundary.effects import (
    Admit,
    AlertFacilitators,
    Announce,
    AnyEffect,
    BlockRecorder,
    Effect,
    Leave,
    OpenForm,
    Remove,
    SetHearing,
    SetStatus,
    TakeDown,
    Unsay,
    Whisper,
)
from bot.boundary.ids import MemberId

TAKE_DOWN_LANES = 4
"""Take-downs of one room go side by side in so many lanes: a flood is cleared within seconds."""


class Waiting(msgspec.Struct, frozen=True):
    """What is sealed in the outbox: the effect, and the feature that asked for it."""

    feature: str
    effect: AnyEffect


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Waiting)


def pack(feature: str, effect: Effect) -> bytes:
    """The bytes of a waiting effect."""
    return _encoder.encode(Waiting(feature, effect))  # type: ignore[arg-type]


def unpack(body: bytes) -> Waiting:
    """The waiting effect of these bytes."""
    return _decoder.decode(body)


def lane_of(effect: Effect) -> str:
    """The lane of an effect: order holds within (room, public), (room, one person), (room, gate), and
    (room, one person at the door).

    Prompts that nobody waits for have a lane of their own for each person, so that an answer is
    never behind a queue of them.
    """
    match effect:
        case Whisper(unasked=True):
            return f"prompt:{effect.to.native}"
        case Unsay():
            return f"unsay:{effect.to.native}"  # many requests: no answer waits for them
        case Whisper() | OpenForm():
            return f"to:{effect.to.native}"
        case Announce():
            return "public"
        case TakeDown():
            return f"down:{sum(effect.message.native.encode()) % TAKE_DOWN_LANES}"
        case Leave():
            return "leave"
        case SetHearing():
            return "hearing"
        case BlockRecorder():
            return f"recorder:{effect.recorder}"
        case SetStatus():
            return "status"
        case Admit(gate="door") | Remove():
            # At the door each waits for themselves: one whom the platform makes wait holds up nobody.
            return f"door:{effect.who.native}"
        case AlertFacilitators():
            raise TypeError("an alert is turned into whispers before it is kept")
        case _:
            return "gate"


def person_of(effect: Effect) -> MemberId | None:
    """Whom the effect is for or about, so that erasing a person finds it."""
    match effect:
        case Whisper() | Unsay() | OpenForm():
            return effect.to
        case _:
            return getattr(effect, "who", None)
