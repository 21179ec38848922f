"""Words of somebody without a pass, under `mute`."""

from datetime import timedelta

from bot.boundary.effects import AlertFacilitators, Effect, Name, TakeDown, Whisper, say
from bot.boundary.events import MessagePosted
from bot.boundary.ids import MemberId
from bot.contract.feature import NOTHING, Decision, Here, Put
from bot.gate.passes import Passes, to_mend
from bot.gate.policy import TELL_EVERY, TELL_OF_BOTS_EVERY
from bot.gate.records import BLOCKED, Told


def posted(passes: Passes, event: MessagePosted, here: Here) -> Decision:
    """Under `mute`, what somebody without a pass put into the room is taken down, readable or not.

    They are told in private what to do, once in a while: it answers what they did, so it is quick.
    """
    if passes.state.gate != "mute" or event.by == here.room.me or passes.holds(event.by):
        return NOTHING
    if not here.room.can.take_down:
        body = (say("gate-cannot-take-down"), *to_mend(here, ("take_down",)))
        return Decision(effects=(AlertFacilitators(room=event.room, subject="powers", body=body),))
    down = TakeDown(room=event.room, message=event.message)
    person = here.room.people.get(event.by)
    if person is None:
        return Decision(effects=(down,))
    every = TELL_EVERY if person.kind == "human" else TELL_OF_BOTS_EVERY
    if not _time_to_tell(passes, event.by, here, every):
        return Decision(effects=(down,))
    word: Effect = Whisper(room=event.room, to=event.by, body=(say("gate-taken-down"),))
    if person.kind != "human":
        # Who cannot agree is named: only a facilitator can exempt them.
        body = (say("gate-bot-taken-down", who=Name(event.by)),)
        word = AlertFacilitators(room=event.room, subject=f"gate-bot-{here.stamp.ids[0]}", body=body)
    told = Put(record=Told(at=here.now), key=BLOCKED, member=event.by, delete_at=here.now + every)
    return Decision(changes=(told,), effects=(down, word))


def _time_to_tell(passes: Passes, who: MemberId, here: Here, every: timedelta) -> bool:
    last = passes.rows.get(Told, BLOCKED, who)
    # A clock that was set back must not keep somebody in the dark: the past counts by distance.
    return last is None or abs(here.now - last.at) >= every
