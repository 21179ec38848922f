"""What a room can do, declared by its adapter, and what the room looks like right now."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from bot.boundary.ids import MemberId, RoomId

Gate = Literal["notice", "mute", "door"]
"""`notice`: asked, nothing enforced. `mute`: agree before speaking. `door`: agree before coming in."""

Muting = Literal["no", "levels", "takedown"]
"""How `mute` can be held: not at all, by power levels or overwrites, or only by taking down."""


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What the bot can do in one room now. What is not declared must not be used."""

    private: bool = True
    """Somebody can be written to in private out of the blue (a direct chat)."""
    ephemeral: bool = False
    """An interaction can be answered so that one person alone sees it."""
    buttons: bool = False
    """A choice can be a button. Without, the choice's command is written out."""
    forms: bool = False
    """A command's options can be asked in one form. Without, they are typed."""
    files: bool = False
    """A file can come with a private message. Without, its text is written out."""
    door: bool = False
    """The gate `door` can be held here: who is outside can be kept out and let in."""
    mute: Muting = "no"
    """How the gate `mute` can be held here."""
    take_down: bool = False
    """Other people's messages can be taken down."""
    pins: bool = False
    hears_words: bool = True
    """Commands that are typed in the room reach the bot (False: an encrypted room it cannot read)."""
    hearing: bool = False
    """It can be switched here whether commands that are typed in the room reach the bot (`SetHearing`)."""
    command_prefix: str = "!"
    """What stands before a command here: `!` typed, `/` for native slash commands."""
    native_commands: bool = False
    """Slash commands with sub-words, where a bare form is written out (`/consent show`)."""

    @property
    def deaf(self) -> bool:
        """What is typed in the room reaches the bot in no way: people must be told to write in private."""
        return not self.hears_words and not self.native_commands


class Person(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Somebody in a room, as the platform shows them now. Never stored."""

    id: MemberId
    name: str
    """The display name, untrusted: anyone can take any name. For showing, never for deciding."""
    kind: Literal["human", "bot", "ghost"] = "human"
    """`ghost`: the stand-in of somebody on another network, made by a bridge."""
    presence: Literal["inside", "knocking", "invited"] = "inside"
    administrator: bool = False
    """Has power on the platform: may change power levels (Matrix), Manage Server (Discord)."""
    may_speak: bool = True
    """The platform itself would let this person's words through now."""


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A power that the bot lacks in a room.

    `words` is the key of a Fluent message in the adapter's own texts that names the power, what
    it is for, and where to click. `ability` is a short kind: `levels`, `take_down`, `invite`,
    `remove`, `join_rules`.
    """

    ability: str
    words: str


class RoomView(msgspec.Struct, frozen=True, kw_only=True):
    """A room as the platform shows it now. Made by the adapter from live data, never stored.

    A pure decision may read it: it is a value, taken when the decision is made.
    """

    id: RoomId
    name: str
    """The room's name or alias, untrusted; the native id where it has none."""
    people: Mapping[MemberId, Person]
    """Everybody inside, knocking or invited, the bot itself left out."""
    can: Capabilities
    me: MemberId
    """The bot itself."""
    missing: tuple[Missing, ...] = ()
    """The powers that the bot would need for one of the gates and lacks."""
    encrypted: bool = False
    public: bool = False
    """Anyone can come in without asking, or find the room in a directory."""
    world_readable: bool = False
    """People who are not members can read."""
    past_visible: bool = True
    """Newcomers can read what was said before they came."""
    bridges: tuple[str, ...] = ()
    """The networks that the room is bridged to, as the bridge names them (untrusted)."""
    fingerprint: str = ""
    """The public key by which people can tell in their app that they write to this very bot; "" where
    the platform has none."""
    max_upload: int = 0
    snapshot: bytes = b""
    """The native settings that a gate changes, exactly as they are now: for `RestoreRoom`."""
    repair: str = ""
    """The key of a Fluent message in the adapter's own texts: how a person undoes by hand, in
    their client, what a gate changes, should the bot be gone. "" where it has none."""

    def inside(self) -> tuple[Person, ...]:
        """Everybody who is in the room, bots and ghosts included."""
        return tuple(p for p in self.people.values() if p.presence == "inside")

    def humans(self) -> tuple[Person, ...]:
        """The people in the room who can be asked: neither bots nor bridge ghosts."""
        return tuple(p for p in self.inside() if p.kind == "human")
