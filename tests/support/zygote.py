"""The real program in children of a process that has its imports behind it.

Started a hundred times, Python would spend most of the time on imports. Run as a script: reads
`start CONFIG LOG`, `kill` and `end` from its input, a line each, and answers each with a line.
"""

import os
import signal
import sys

import adapters.health
import adapters.matrix
import adapters.sqlite
import adapters.vault
import bot.__main__
import bot.operator.commandline
from tests.support.orphans import die_with_parent

PRELOADED = (
    adapters.health,
    adapters.matrix,
    adapters.sqlite,
    adapters.vault,
    bot.operator.commandline,
)


def child(config: str, log: str) -> None:
    """Become the program."""
    die_with_parent()
    out = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.argv = ["circlekeeper", "run", "--config", config]
    bot.__main__.main()


def main() -> None:
    """Obey until `end`, or until nobody speaks any more."""
    running = 0
    print("ready", flush=True)
    for line in sys.stdin:
        match line.split():
            case ["start", config, log]:
                running = os.fork()
                if not running:
                    child(config, log)
                    os._exit(0)
                print(running, flush=True)
            case ["kill"]:
                os.kill(running, signal.SIGKILL)
                _, status = os.waitpid(running, 0)
                print(os.waitstatus_to_exitcode(status), flush=True)
            case _:
                return


if __name__ == "__main__":
    main()
