"""How a room stands: who can see it, who is in it, what the bot lacks there, how to mend by hand."""

from bot.boundary.effects import Part, When, Words, say
from bot.boundary.events import CommandGiven
from bot.contract.feature import Decision, Here
from bot.group.policy import LARGE_GROUP
from bot.group.reply import answer
from bot.group.values import counted, lacking

DESCRIBED = {
    "door": "group-guide-door",
    "mute": "group-guide-mute",
    "notice": "group-guide-notice",
}


def described(here: Here, gate: str) -> Part:
    """What a gate protects and what it shows: under `mute`, how many read without having agreed."""
    by_hand = gate == "mute" and here.room.can.mute == "takedown"
    key = "group-guide-mute-takedown" if by_hand else DESCRIBED[gate]
    return Words(key, {"people": len(here.room.humans())})


def exposure(here: Here) -> tuple[Part, ...]:
    """Who can see the room besides its members: said before anybody relies on it."""
    room, parts = here.room, list[Part]()
    if room.world_readable:
        parts.append(say("group-seen-by-world"))
    if room.public:
        parts.append(say("group-seen-public"))
    if room.past_visible:
        parts.append(say("group-seen-past"))
    parts.extend(room.notes)
    parts.extend(say("group-seen-bridge", network=network) for network in room.bridges)
    if len(room.humans()) >= LARGE_GROUP:
        parts.append(say("group-large", people=len(room.humans())))
    return tuple(parts)


def encrypted(here: Here) -> tuple[Part, ...]:
    """In an encrypted room: what the bot can read there, and what facilitators can choose."""
    if not here.room.encrypted:
        return ()
    return (say("group-encrypted-deaf") if here.room.can.deaf else say("group-encrypted-hearing"),)


def not_asked(here: Here) -> tuple[Part, ...]:
    """Bots and bridge ghosts cannot agree: counted and named as such."""
    numbers = counted(here)
    if not numbers["bots"] and not numbers["ghosts"]:
        return ()
    return (say("group-not-asked", bots=numbers["bots"], ghosts=numbers["ghosts"]),)


def lacks(here: Here) -> tuple[Part, ...]:
    """The powers that are missing: for the group's gate, or for any while none has been chosen."""
    if here.group.set_up:
        missing: tuple[Part, ...] = lacking(here.room, here.policy.text("gate"))
        return (say("group-lacks"), *missing) if missing else (say("group-lacks-nothing"),)
    missing = tuple(Words(m.words) for m in here.room.missing)
    return (say("group-intro-lacks"), *missing) if missing else (say("group-lacks-nothing"),)


def repair(here: Here) -> tuple[Part, ...]:
    """What to do by hand should the bot be gone: the adapter's own words where it has some."""
    steps: Part = Words(here.room.repair) if here.room.repair else say("group-repair")
    return (say("group-repair-why"), steps)


def show(event: CommandGiven, here: Here, begun: bool = False) -> Decision:
    """`setup`: how the room stands, and the next step. `begun`: the person is in the middle of a set-up."""
    numbers, record = counted(here), here.group.record
    parts: list[Part] = []
    if record is not None and record.set_up_at is not None:
        parts.append(say("group-setup-since", at=When(record.set_up_at)))
    else:
        parts.append(say("group-setup-not-yet"))
    parts.append(
        say(
            "group-setup-numbers",
            gate=here.policy.text("gate"),
            people=numbers["people"],
            facilitators=len(here.group.facilitators),
        )
    )
    if here.group.set_up:
        parts.append(described(here, here.policy.text("gate")))
    parts.extend(not_asked(here))
    parts.extend(encrypted(here))
    parts.extend(exposure(here))
    parts.extend(lacks(here))
    if begun:
        parts.append(say("group-setup-begun"))
    else:
        parts.append(say("group-setup-next-again") if here.group.set_up else say("group-setup-next-start"))
    return answer(here, event, *parts)
