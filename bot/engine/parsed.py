"""What words can turn out to be: a command, a problem with one, or no command."""

from typing import Literal

import msgspec

from bot.boundary.commands import Command, Option

LONGEST_WORDS = 4000
"""Characters of one command with everything in it. Discord's own longest message is 4,000."""

HELP = Command(
    name="help",
    who="all",
    private=False,
    outsiders=True,
    options=(Option(name="command", kind="words"),),
)

IN = "in"
"""`!in GROUP command`: says which group a direct-chat command means."""

CONFIRM = "confirm"

ENDINGS = ".!?,…。"
"""What may stand behind a single word: phones put a full stop there, and fear puts `!!!`."""


class Parsed(msgspec.Struct, frozen=True, kw_only=True):
    """A command that was understood. `group` is what stood after `in`."""

    command: Command
    values: dict[str, str] = {}
    confirmed: bool = False
    group: str = ""
    bare_word: bool = False


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Words that are no command, with what to say: a Fluent key and arguments."""

    key: str
    args: dict[str, str | int] = {}
    nearest: Command | None = None
    """The command that was probably meant."""
    form: bool = False
    """Only values are missing: a form of `nearest` would help, where there are forms."""
    group: str = ""


class NoCommand(msgspec.Struct, frozen=True):
    """Words that do not look like a command at all."""


Understood = Parsed | Problem | NoCommand
Place = Literal["direct", "room"]
