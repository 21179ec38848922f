"""`circlekeeper`, and `python -m bot`: the command line, which is in `bot.operator.commandline`."""

import os
import signal
import sys
from collections.abc import Sequence


def main(args: Sequence[str] | None = None) -> None:
    """Run a command, and end with its exit code."""
    given = sys.argv[1:] if args is None else args
    if given[:1] == ["run"]:
        # Importing takes most of a second. Who says stop meanwhile is obeyed like later (exit code 0):
        # nothing is open yet. `bot.operator.running` puts its own handlers in the place of these.
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, _end)
    from bot.operator.commandline import obey

    obey(args)


def _end(_number: int, _frame: object) -> None:
    os._exit(0)


if __name__ == "__main__":
    main()
