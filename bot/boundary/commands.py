"""What a command looks like: from this come parsing, help, completion and native commands."""

from typing import Literal

import msgspec

Who = Literal["all", "member", "facilitator", "steward", "named"]
"""Who may give a command.

`all`: anyone in the room. `member`: a human in the room, or asking to come in. `facilitator`.
`steward`: a facilitator or an administrator. `named`: somebody whom a facilitator named
(decided by the feature).
"""

NATIVE_LONG = "set"
"""Where commands are native, the form that has options and no sub-word is called so beside others:
`/setup set values:gate mute`."""
NATIVE_BARE = "now"
"""The same for one that takes nothing: `/pause now`."""

OptionKind = Literal["words", "word", "number", "duration", "member", "code"]
"""`words` takes the rest of the line; `number` is whole; `duration` is `90s`, `15m`, `72h`, `14d`; `code`
is the six words of a receipt code: features are given their location in its place (`codes.py`)."""


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """A value that a command takes. Its meaning is the Fluent message `option-<name>`."""

    name: str
    kind: OptionKind = "words"
    required: bool = False
    choices: tuple[str, ...] = ()
    """Where not empty: the values that there are (matched without regard to case)."""
    meaning: str = ""
    """In words; written in by the engine for `Sink.commands()`, not by features."""
    meanings: dict[str, str] = {}
    """The same in every language there is; written in by the engine."""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """A command of the public interface. What it does is the Fluent message `cmd-<name>[-<sub>]`."""

    name: str
    sub: str = ""
    who: Who = "member"
    options: tuple[Option, ...] = ()
    private: bool = True
    """Given in the room it is taken down, where the bot can, and answered in private."""
    bare: bool = False
    """The form that is meant when no sub-word is given (`consent` means `consent show`)."""
    bare_word: bool = False
    """In a direct chat the sub-word alone is understood (`agree`)."""
    confirms: bool = False
    """Changes something for others: shows what first, and waits for `confirm`."""
    always_ask_group: bool = False
    """In a direct chat with somebody of several groups, never guess which one is meant."""
    every_group: bool = False
    """In a direct chat with somebody of several groups it is given in all of them: nothing is asked."""
    outsiders: bool = False
    """Works also for somebody who has left but of whom records are kept."""
    mints_code: bool = False
    """It may need a new receipt code: `CommandGiven.code` has one."""
    meaning: str = ""
    """In one line; written in by the engine for `Sink.commands()`, not by features."""
    meanings: dict[str, str] = {}
    """The same in every language there is; written in by the engine."""

    @property
    def full(self) -> str:
        """`consent withdraw`."""
        return f"{self.name} {self.sub}".strip()
