"""What people with power do by hand: respected, told to facilitators once, never fought over.

INTERFACE.md, "By hand". What facilitators read is the same whether or not the person had agreed,
so that it tells nobody's answer (law 3).
"""

from bot.boundary.effects import AlertFacilitators, Name, say
from bot.boundary.events import SpeechGranted, SpeechTaken
from bot.boundary.ids import MemberId
from bot.contract.feature import NOTHING, Decision, Drop, Here, Put
from bot.gate.passes import Passes
from bot.gate.records import GRANTED, TAKEN, Pass, Taken, Told


def granted(passes: Passes, event: SpeechGranted, here: Here) -> Decision:
    """Somebody was let past the gate by hand."""
    if passes.state.gate == "notice":
        return NOTHING
    return let_past(passes, event.who, here)


def let_past(passes: Passes, who: MemberId, here: Here) -> Decision:
    """It counts as a guest pass until facilitators decide."""
    changes: list[Put | Drop] = [Drop(key="taken", member=who)]
    if not passes.agreed(who):
        changes.append(Put(record=Pass(kind="hand", since=here.now), key="pass", member=who))
    if passes.rows.get(Told, GRANTED, who) is not None:
        return Decision(changes=tuple(changes))
    changes += [Put(record=Told(at=here.now), key=GRANTED, member=who), Drop(key=TAKEN, member=who)]
    door = passes.state.gate == "door"
    words = say("gate-by-hand-door", who=Name(who)) if door else say("gate-by-hand-mute", who=Name(who))
    alert = AlertFacilitators(room=here.room.id, subject=f"gate-granted-{here.stamp.ids[0]}", body=(words,))
    return Decision(changes=tuple(changes), effects=(alert,))


def past_the_door(who: MemberId, here: Here) -> Decision:
    """The room itself let somebody in: its join rule was opened by hand, or has not been shut yet.

    Told without a name: it may also be somebody who withdrew on their way in (law 3).
    """
    record = Pass(kind="hand", since=here.now)
    alert = AlertFacilitators(room=here.room.id, subject="gate-came", body=(say("gate-came-past"),))
    return Decision(changes=(Put(record=record, key="pass", member=who),), effects=(alert,))


def taken(passes: Passes, event: SpeechTaken, here: Here) -> Decision:
    """Somebody's speech was taken by hand: it is not given back by itself."""
    who = event.who
    if passes.state.gate != "mute":
        return NOTHING
    found = passes.rows.get(Pass, "pass", who)
    by_hand = found is not None and found.kind == "hand"
    changes: list[Put | Drop] = [
        Drop(key="pass", member=who)
        if by_hand
        else Put(record=Taken(since=here.now), key="taken", member=who)
    ]
    if passes.rows.get(Told, TAKEN, who) is not None:
        return Decision(changes=tuple(changes))
    changes += [Put(record=Told(at=here.now), key=TAKEN, member=who), Drop(key=GRANTED, member=who)]
    words = say("gate-taken-by-hand", who=Name(who))
    alert = AlertFacilitators(room=here.room.id, subject=f"gate-taken-{here.stamp.ids[0]}", body=(words,))
    return Decision(changes=tuple(changes), effects=(alert,))
