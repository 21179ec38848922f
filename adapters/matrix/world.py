"""All rooms that the bot is in: guarded ones and direct chats, and who is where."""

from collections.abc import Callable, Iterator

from adapters.matrix.gates import Gates
from adapters.matrix.hearings import Hearings
from adapters.matrix.rooms import Room
from adapters.matrix.view import look, room_id
from bot.boundary.capabilities import RoomView
from bot.boundary.ids import RoomId


class World:
    """The rooms. A direct chat is never a guarded room, whoever is in it."""

    def __init__(self, me: str, prefix: str, gates: Gates, hearings: Hearings) -> None:
        self.me = me
        self.gates = gates
        self.hearings = hearings
        self.fingerprint = ""
        """The public key of the bot's device, once it has one."""
        self.rooms: dict[str, Room] = {}
        self.max_upload = 0
        self.is_direct: Callable[[str], bool] = lambda _: False
        self.moved: set[str] = set()
        """Rooms that were upgraded: what follows them is guarded instead."""
        self._prefix = prefix
        self._views: dict[str, tuple[int, RoomView]] = {}

    def guarded(self, native: str) -> Room | None:
        """The guarded room of this id, None where there is none."""
        room = self.rooms.get(native)
        return room if room is not None and not self.is_direct(native) and native not in self.moved else None

    def all_guarded(self) -> Iterator[Room]:
        """Every guarded room."""
        return (room for native in tuple(self.rooms) if (room := self.guarded(native)) is not None)

    def view(self, native: str) -> RoomView | None:
        """The room as it is now, made again only after a change."""
        room = self.guarded(native)
        if room is None:
            self._views.pop(native, None)
            return None
        made = self._views.get(native)
        if made is None or made[0] != room.changed:
            seen = look(
                room,
                self.me,
                self._prefix,
                self.max_upload,
                hears=self.hearings.on(native),
                fingerprint=self.fingerprint,
            )
            made = (room.changed, seen)
            self._views[native] = made
        return made[1]

    def rooms_of(self, user: str) -> tuple[RoomId, ...]:
        """The guarded rooms where this person is inside, knocking or invited."""
        there = ("join", "knock", "invite")
        return tuple(room_id(r.id) for r in self.all_guarded() if r.membership(user) in there)

    def needs_encryption(self, user: str) -> bool:
        """Whether words to this person must be encrypted: one of their groups is."""
        there = ("join", "knock", "invite")
        return any(r.encrypted and r.membership(user) in there for r in self.all_guarded())

    def shares_room(self, user: str) -> bool:
        """Whether this person is inside a guarded room, or asks to come in."""
        return bool(self.rooms_of(user))
