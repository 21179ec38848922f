"""What a room can do, declared by its adapter, and what the room looks like right now."""

from collections.abc import Mapping
from typing import Literal

import msgspec

from bot.boundary.effects import Gate, Words
from bot.boundary.ids import MemberId, RoomId

__all__ = ["Capabilities", "Gate", "Missing", "Muting", "Person", "RoomView"]

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
    rich_forms: bool = False
    """Forms can also have fields of their own: boxes to tick, people to pick, several long texts."""
    files: bool = False
    """A file can come with a private message. Without, its text is written out."""
    door: bool = False
    """The gate `door` can be held here: who is outside can be kept out and let in."""
    mute: Muting = "no"
    """How the gate `mute` can be held here."""
    take_down: bool = False
    """Other people's messages can be taken down."""
    pins: bool = False
    doorbell: bool = False
    """One message with buttons can be kept up where newcomers see it, and is put back when it goes."""
    calls_seen: bool = False
    """The bot sees who is in the room's call, and what shows itself as recording there."""
    blocks_recorders: bool = False
    """At least some recorders can be stopped here so that it can be taken back (`BlockRecorder`)."""
    status: bool = False
    """The room's call has a short standing line that the bot can write (`SetStatus`)."""
    hears_words: bool = True
    """Commands that are typed in the room reach the bot (False: an encrypted room it cannot read)."""
    hearing: bool = False
    """It can be switched here whether commands that are typed in the room reach the bot (`SetHearing`)."""
    command_prefix: str = "!"
    """What stands before a command here: `!` typed, `/` for native slash commands."""
    native_commands: bool = False
    """Slash commands with sub-words, where a bare form is written out (`/consent show`)."""
    named_options: bool = False
    """A native command names its options (`/group set key:gate value:mute`)."""

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
    in_call: bool = False
    """Is in the room's call now, as far as the bot can see calls."""


RecorderKind = Literal["recorder", "marked", "listening", "screen", "widget"]
"""What of a recorder can be seen.

`recorder`: a bot that is known to record, or any bot in a call where one cannot see what it hears.
`marked`: a name that says it is recording. `listening`: a bot in a call that is not deafened.
`screen`: somebody shares their screen or camera stream; a question, never blocked (INTERFACE.md,
"Alerts"). `widget`: a call in a place that the bot cannot see into, such as Jitsi.
"""


class Recorder(msgspec.Struct, frozen=True, kw_only=True):
    """Something in the room that records, or could, as the platform shows it now. Never stored."""

    id: str
    """The adapter's own, opaque: the same as long as it is the same recorder in this room."""
    kind: RecorderKind
    name: str
    """As people see it, untrusted: "Craig", "Jitsi"."""
    who: MemberId | None = None
    """Whose account it is; None for what is nobody's, such as a widget."""
    blockable: bool = False
    """`BlockRecorder` can stop it so that it can be taken back."""


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """A power that the bot lacks in a room.

    `words` is the key of a Fluent message in the adapter's own texts that names the power, what
    it is for, and where to click. `ability` is a short kind: `levels`, `take_down`, `invite`,
    `remove`, `join_rules`; or `gate`: what the gate had put up was changed or removed by hand, and
    setting up again puts it back.
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
    recorders: tuple[Recorder, ...] = ()
    """All that records, or could, and shows itself. Empty where calls cannot be seen."""
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
    notes: tuple[Words, ...] = ()
    """What facilitators have to know of this room before they rely on a gate, in the adapter's own
    words, each with where to click."""
    changes: Mapping[Gate, tuple[Words, ...]] = {}
    """What each gate would change in the room's native settings, in the adapter's own words."""

    def inside(self) -> tuple[Person, ...]:
        """Everybody who is in the room, bots and ghosts included."""
        return tuple(p for p in self.people.values() if p.presence == "inside")

    def humans(self) -> tuple[Person, ...]:
        """The people in the room who can be asked: neither bots nor bridge ghosts."""
        return tuple(p for p in self.inside() if p.kind == "human")

    def call(self) -> tuple[Person, ...]:
        """Everybody who is in the room's call, bots included. Empty: nobody, or it cannot be seen."""
        return tuple(p for p in self.people.values() if p.in_call)
