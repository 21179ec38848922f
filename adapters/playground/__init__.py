"""The playground: the real bot in a page on this machine, where one person can be everybody.

`serve` is what `circlekeeper try` calls (entry point `circlekeeper.playground`; its shape is
`bot.boundary.ports.PlaygroundFactory`). As an adapter like any other the module also has `NAME`,
`SECTION`, `TEXTS` and `connect`: there it has no inspector, and the clock is the engine's own.
"""

from pathlib import Path

from adapters.playground.start import Section, connect, serve
from adapters.playground.state import PLATFORM

NAME = PLATFORM
SECTION = Section
TEXTS = Path(__file__).parent / "texts"

__all__ = ["NAME", "SECTION", "TEXTS", "connect", "serve"]
