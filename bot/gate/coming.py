"""Coming and going at the gate."""

from bot.boundary.effects import Remove
from bot.boundary.events import Due, MemberJoined, MemberKnocked, MemberLeft
from bot.contract.feature import NOTHING, Decision, Drop, Here
from bot.gate.hands import let_past, past_the_door
from bot.gate.passes import Passes, hold_back, inside, let_take_part


def knocked(passes: Passes, event: MemberKnocked, here: Here) -> Decision:
    """Who has a pass comes in at once. Everybody else is asked, by the feature consent."""
    if passes.state.gate != "door" or not passes.holds(event.who):
        return NOTHING
    return Decision(effects=let_take_part(passes.state, here, event.who))


def joined(passes: Passes, event: MemberJoined, here: Here) -> Decision:
    """Who has a pass may speak. Who was let in past the door by hand is let be: it is told once."""
    who = event.who
    # Who comes in is not on the way out any more, also where their leaving was never seen.
    back = (Drop(key="leaving", member=who),) if passes.on_the_way_out(who) else ()
    if passes.state.gate == "door" and event.let_in_by:
        past = let_past(passes, who, here)
        return Decision(changes=(*back, *past.changes), effects=past.effects)
    if passes.state.gate == "door" and not passes.holds(who):
        came = past_the_door(who, here)
        return Decision(changes=(*back, *came.changes), effects=came.effects)
    if passes.state.gate != "mute" or passes.taken(who):
        return Decision(changes=back)
    if passes.holds(who):  # a guest, or their leaving was never seen
        return Decision(changes=back, effects=let_take_part(passes.state, here, who))
    # Who had a pass and left is still raised in the room's levels, where nobody lowered them.
    return Decision(changes=back, effects=hold_back(passes.state, here, who))


def left(passes: Passes, event: MemberLeft) -> Decision:
    """Every pass ends with leaving, by the person's own act.

    Who comes back while their agreement holds gets it back: consent says so in the same turn. The
    room's levels are not touched: a change there at this moment would show who had a pass.
    """
    gone = [k for k in passes.rows.held if k.member == event.who and k.key != "taken"]
    if not gone:
        return NOTHING
    return Decision(changes=tuple(Drop(key=k.key, member=k.member) for k in gone))


def time_to_leave(passes: Passes, event: Due, here: Here) -> Decision:
    """The time to undo a withdrawal under `door` is over: let the person out, with no word to the room.

    The only timer that shows somebody out, and they asked for it: they were told when they withdrew.
    """
    who = event.member
    if who is None or passes.holds(who) or passes.state.gate != "door" or not inside(here, who):
        return Decision(changes=(Drop(key="leaving", member=who),))
    return Decision(effects=(Remove(room=event.room, who=who),))
