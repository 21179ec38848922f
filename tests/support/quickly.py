"""A hundred starts and kills in the time of a few: children of one process that has the imports."""

import subprocess
import sys
from typing import Self

from tests.support.botprocess import ROOT, BotProcess
from tests.support.orphans import die_with_parent


class Quickly:
    """Starts and kills the program of a `BotProcess`, which itself is not running meanwhile.

    Use as `with Quickly(bot) as quick`.
    """

    def __init__(self, bot: BotProcess) -> None:
        self._bot = bot
        self._zygote: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.support.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            preexec_fn=die_with_parent,
        )
        assert self._hear() == "ready"
        return self

    def __exit__(self, *_: object) -> None:
        assert self._zygote is not None
        self._zygote.kill()  # its child ends with it
        self._zygote.communicate()

    def start(self) -> None:
        """Start the program."""
        self._say(f"start {self._bot.config} {self._bot.folder / 'log'}")

    def kill(self) -> int:
        """`kill -9`. Gives back how it ended: -9, unless it had ended by itself before."""
        return int(self._say("kill"))

    def _say(self, words: str) -> str:
        assert self._zygote is not None
        assert self._zygote.stdin is not None
        self._zygote.stdin.write(words + "\n")
        self._zygote.stdin.flush()
        return self._hear()

    def _hear(self) -> str:
        assert self._zygote is not None
        assert self._zygote.stdout is not None
        return self._zygote.stdout.readline().strip()
