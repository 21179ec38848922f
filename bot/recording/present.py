"""Who is present, and whether the permission still holds for everybody who is."""

from bot.boundary.capabilities import Person, RoomView
from bot.boundary.ids import MemberId
from bot.contract.feature import Rows
from bot.recording.records import STATE, Agreed, Scope, State


def scope_now(room: RoomView) -> Scope:
    """A question is about the call while there is one, else about what is written."""
    return "call" if _people(room.call()) else "text"


def present(room: RoomView, scope: Scope) -> frozenset[MemberId]:
    """Everybody present (INTERFACE.md, "Present"): in the call, or for the text all who are inside.

    Stand-ins of people on other networks count: they are people, and cannot be asked.
    """
    return frozenset(p.id for p in _people(room.call() if scope == "call" else room.inside()))


def can_all_be_asked(room: RoomView, scope: Scope) -> bool:
    """Nobody is present, or can read along, who cannot be asked."""
    people = _people(room.call() if scope == "call" else room.inside())
    unseen = scope == "text" and (bool(room.bridges) or room.world_readable)
    return not unseen and all(p.kind == "human" for p in people)


def programs(room: RoomView, scope: Scope) -> tuple[MemberId, ...]:
    """Who is present and taken for a bot, by a name or by a list that people with power keep: they are
    not asked, so everybody is told which ones."""
    there = room.call() if scope == "call" else room.inside()
    return tuple(sorted(p.id for p in there if p.kind == "bot" and p.id != room.me))


def _people(persons: tuple[Person, ...]) -> tuple[Person, ...]:
    return tuple(p for p in persons if p.kind != "bot")


def covered(rows: Rows, state: State) -> frozenset[MemberId]:
    """Who agreed to exactly this recording."""
    return frozenset(k.member for k, agreed in rows.each(Agreed) if k.member and agreed.ask == state.ask)


def may_record(rows: Rows, room: RoomView) -> State | None:
    """The permission that holds now: everybody present agreed to exactly this. None: nobody may."""
    state = rows.get(State, STATE)
    if state is None or state.phase != "allowed":
        return None
    if not present(room, state.scope) <= covered(rows, state) or not can_all_be_asked(room, state.scope):
        return None
    return state
