"""`circlekeeper try`: the playground, in a page on this machine."""

import asyncio
import os
import sys
import threading
import webbrowser
from pathlib import Path

from bot.contract.feature import Operator
from bot.operator import log, parts, tell
from bot.operator.assemble import OwnPart, engine_with, opened
from bot.operator.running import stop_signal, until_stopped

OPERATOR = Operator(name="The playground on this computer", contact="nobody: this is only a trial")
"""Who stands in the receipts of a trial."""
NAME = "playground"


def serve(data: Path, port: int | None, browser: bool) -> None:
    """Serve until Ctrl-C. Raises `CannotStart`."""
    log.set_up("warning")
    asyncio.run(_serve(data.absolute(), port, browser))
    tell.word(f"Stopped. The room is kept in {data}; start again to find it as it was.")


async def _serve(data: Path, port: int | None, browser: bool) -> None:
    stop = stop_signal()
    async with opened(data, data / "master.key") as store:
        playground = await parts.playground_factory()(
            OwnPart(store, NAME), folder=data, port=port, opened=lambda url: _show(url, browser)
        )
        engine = await engine_with(
            [playground.platform],
            [parts.platform(NAME).TEXTS],
            store=store,
            operator=OPERATOR,
            clock=playground.clock,
            defaults={},
            inspector=playground.inspector,
        )
        await until_stopped(engine, stop)


def _show(url: str, browser: bool) -> None:
    tell.word("Circlekeeper's playground is open at")
    tell.word(f"  {url}")
    tell.word("It can be reached from this computer only. Press Ctrl-C to end it.")
    if browser and _has_screen():
        # Some browsers hold on until they are closed.
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _has_screen() -> bool:
    """Whether a page could be shown: a browser inside the terminal would fight with ours for it."""
    if sys.platform in ("darwin", "win32"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
