"""Who may take part, read from the gate's rows and from the room as it is now."""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from bot.boundary.capabilities import Gate, Person, RoomView
from bot.boundary.effects import Admit, Effect, Hold, Words
from bot.boundary.ids import MemberId
from bot.contract.feature import Here, Rows
from bot.gate.records import GATE, GateState, Guest, Held, Leaving, Pass, Taken


class Passes(msgspec.Struct, frozen=True):
    """The gate's rows, asked in its own words."""

    rows: Rows

    @property
    def state(self) -> GateState:
        """The gate that is up; `notice` where nothing was ever set."""
        return self.rows.get(GateState, GATE) or GateState()

    @property
    def begun(self) -> bool:
        """The group was set up: there is a gate, be it `notice`."""
        return self.rows.get(GateState, GATE) is not None

    def agreed(self, who: MemberId) -> bool:
        """Has an agreement that is in force."""
        found = self.rows.get(Pass, "pass", who)
        return found is not None and found.kind == "agreed"

    def holds(self, who: MemberId) -> bool:
        """May take part, for whatever reason. A pass whose time has come still counts."""
        return self.rows.get(Pass, "pass", who) is not None or self.rows.get(Guest, "guest", who) is not None

    def taken(self, who: MemberId) -> bool:
        """Somebody with power took their speech by hand."""
        return self.rows.get(Taken, "taken", who) is not None

    def on_the_way_out(self, who: MemberId) -> bool:
        """Withdrew under `door`, or is to be shown out, and is still inside."""
        return self.rows.get(Leaving, "leaving", who) is not None

    def may_undo(self, who: MemberId, now: datetime) -> bool:
        """Withdrew under `door` a moment ago: the time to undo it still runs."""
        found = self.rows.get(Leaving, "leaving", who)
        return found is not None and found.until > now

    def enforceable(self, person: Person, now: datetime) -> bool:
        """`group enforce` would change something for this person, who is inside.

        Guests keep their place until their time has come. Who was let in by hand keeps it until
        that is taken back by hand: what people do by hand is not fought over.
        """
        found = self.rows.get(Pass, "pass", person.id)
        guest = self.rows.get(Guest, "guest", person.id)
        if found is not None and found.kind != "grace":
            return False
        if guest is not None and not guest.over:
            return False
        if found is None and guest is None:
            return self.state.gate == "door" and not self.may_undo(person.id, now)
        return True

    def not_agreed(self, room: RoomView) -> int:
        """How many people inside have not agreed, or not any more."""
        return sum(not self.agreed(p.id) for p in room.humans())


def inside(here: Here, who: MemberId) -> bool:
    """Is in the room now."""
    person = here.room.people.get(who)
    return person is not None and person.presence == "inside"


def how_held(gate: Gate, room: RoomView) -> Held:
    """How a gate can be held in this room with the powers that the bot has now."""
    if gate == "notice":
        return "open"
    if gate == "door":
        return "door" if room.can.door else "no"
    return room.can.mute


def let_take_part(state: GateState, here: Here, who: MemberId) -> tuple[Effect, ...]:
    """Whatever lets a person speak, or come in, at the gate that is up.

    Also where the power is missing now but speech is held by levels: then it fails, and
    facilitators hear what to mend, rather than someone who agreed staying silent unnoticed.
    """
    room = here.room
    if state.gate == "mute" and "levels" in (room.can.mute, state.held):
        return (Admit(room=room.id, who=who, gate="mute"),)
    if state.gate == "door":
        return () if inside(here, who) else (Admit(room=room.id, who=who, gate="door"),)
    return ()


def hold_back(state: GateState, here: Here, who: MemberId) -> tuple[Effect, ...]:
    """Whatever takes speech back under `mute`. Where levels cannot, taking down holds the gate."""
    if state.gate == "mute" and "levels" in (here.room.can.mute, state.held):
        return (Hold(room=here.room.id, who=who, gate="mute"),)
    return ()


LEVELS = ("levels", "take_down")
DOOR = ("join_rules", "invite", "remove")


def to_mend(here: Here, abilities: Iterable[str]) -> tuple[Words, ...]:
    """The powers of these kinds that the bot lacks, each with where to click, in the adapter's words.

    Where none of them is known to be missing, all that are: the platform knows more than we do.
    """
    wanted = set(abilities)
    found = [m for m in here.room.missing if m.ability in wanted] or list(here.room.missing)
    return tuple(Words(m.words) for m in found)
