"""Values of settings: checked, spelled, shown."""

from collections.abc import Iterable, Mapping

from bot.boundary.capabilities import Capabilities, RoomView
from bot.boundary.effects import Arg, Part, Text, Verbatim, Words, say
from bot.contract.feature import Here
from bot.contract.settings import BadValue, Setting, check
from bot.group.longform import Misread, spelled, unknown

_NOTHING = ("none", "off", "-")
SHOWN_MOST = 200
"""Characters of a long text that `group` shows: each setting stays one line."""

NEEDED: Mapping[str, frozenset[str]] = {
    "notice": frozenset({"take_down"}),
    "mute": frozenset({"levels", "take_down"}),
    "door": frozenset({"join_rules", "invite", "remove", "take_down"}),
}
"""The abilities that each gate needs. `take_down` always: private commands that are typed in the
room by mistake should not stay there."""


def canonical(setting: Setting, words: str) -> str:
    """The value in its canonical spelling; `none` empties a text. Raises `BadValue`."""
    if setting.kind == "text" and words.strip().casefold() in _NOTHING:
        return ""
    return check(setting, words)


def find(settings: Mapping[str, Setting], words: str) -> Setting:
    """The setting of this key. Raises `Misread` with the nearest one."""
    found = settings.get(spelled(words))
    if found is None:
        raise unknown(words, settings)
    return found


def refusal(wrong: BadValue | Misread, key: str = "") -> tuple[Part, ...]:
    """What to answer when words cannot be taken: the reason, for which key, and what to try."""
    reason = Words(wrong.key, dict(wrong.args_))
    return (say("group-bad-value", key=key), reason) if key else (reason,)


def shown(value: str) -> str:
    """A value on one line: `none` for an empty one, the beginning of a long one."""
    line = " ".join(value.split()) or "none"
    return line if len(line) <= SHOWN_MOST else line[: SHOWN_MOST - 1] + "…"


def lines(here: Here) -> Verbatim:
    """Every setting as one `key: value` a line, in the order of the alphabet."""
    return Verbatim("\n".join(f"{k}: {shown(here.policy.text(k))}" for k in sorted(here.settings)), code=True)


def meanings(keys: Iterable[str]) -> tuple[Part, ...]:
    """What each setting means, one line each."""
    return tuple(say("group-meaning", key=key, meaning=Text(f"setting-{key}")) for key in sorted(keys))


def possible(can: Capabilities, gate: str) -> bool:
    """Whether a gate can be held in this room."""
    return gate == "notice" or (can.door if gate == "door" else can.mute != "no")


def lacking(room: RoomView, gate: str) -> tuple[Part, ...]:
    """The powers that are missing for a gate, each with where to click (the adapter's own words)."""
    return tuple(Words(m.words) for m in room.missing if m.ability in abilities(room, gate))


def abilities(room: RoomView, gate: str) -> frozenset[str]:
    """The abilities that this gate needs and the bot lacks.

    An ability that this module has never heard of is needed by every gate: better told than not.
    """
    known = frozenset[str]().union(*NEEDED.values())
    lacks = {m.ability for m in room.missing}
    return frozenset(a for a in lacks if a in NEEDED[gate] or a not in known)


def counted(here: Here) -> dict[str, Arg]:
    """How many people, other bots and stand-ins are in the room."""
    inside = here.room.inside()
    return {
        "people": len(here.room.humans()),
        "bots": sum(p.kind == "bot" for p in inside),
        "ghosts": sum(p.kind == "ghost" for p in inside),
    }
