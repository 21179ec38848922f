"""`circlekeeper try` as a real process, and a browser's page on it."""

import asyncio
import os
import re
import secrets
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from playwright.async_api import Locator, Page, expect

from tests.support.orphans import die_with_parent
from tests.support.synapse import free_port

ROOT = Path(__file__).resolve().parents[2]
STARTS_WITHIN = 30.0
"""Seconds: a start takes about one, more where the machine is busy."""


class Trial:
    """One playground with a data folder of its own. It ends only the process that it started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = ""
        self.said: list[str] = []
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    async def start(self) -> "Trial":
        """Start it, and wait for its address."""
        self.said = []
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "try",
            "--no-browser", "--port", str(self.port), "--data", str(self.folder),
            cwd=ROOT,
            env={**os.environ, "PYTHONWARNINGS": "default"},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            preexec_fn=die_with_parent,
        )  # fmt: skip
        self._reading = asyncio.create_task(self._read())
        async with asyncio.timeout(STARTS_WITHIN):
            while not self.address or not any(self.address in line for line in self.said):
                assert self._process.returncode is None, "".join(self.said)
                await asyncio.sleep(0.05)
                if found := re.search(r"http://\S+/", "".join(self.said)):
                    self.address = found[0]
        return self

    async def _read(self) -> None:
        assert self._process is not None
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self.said.append(line.decode())

    async def stop(self, by: signal.Signals = signal.SIGINT) -> int:
        """End it as Ctrl-C does; gives back its exit code."""
        if self._process is None:
            return 0
        if self._process.returncode is None:
            self._process.send_signal(by)
        code = await asyncio.wait_for(self._process.wait(), 10)
        assert self._reading is not None
        await self._reading
        self._process = None
        return code

    @property
    def host(self) -> str:
        """`127.0.0.1:port`."""
        return urlsplit(self.address).netloc


class Tab:
    """One tab of the page, in the words of somebody who uses it."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def pane(self, name: str) -> Locator:
        """The pane of somebody."""
        return self.page.get_by_role("article", name=name, exact=True)

    def talk(self, name: str) -> Locator:
        """What somebody sees."""
        return self.page.get_by_label(f"What {name} sees", exact=True)

    def box(self, name: str) -> Locator:
        """Where somebody writes."""
        return self.page.get_by_label(f"Write as {name}", exact=True)

    async def says(self, name: str, words: str) -> None:
        """Somebody writes words and presses Enter."""
        await self.box(name).fill(words)
        await self.box(name).press("Escape")
        await self.box(name).press("Enter")

    async def sees(self, name: str, words: str) -> None:
        """Wait until somebody sees words."""
        await expect(self.talk(name)).to_contain_text(words, timeout=15_000)

    async def sees_times(self, name: str, words: str, times: int) -> None:
        """Wait until somebody sees words just so many times."""
        await expect(self.talk(name).get_by_text(words)).to_have_count(times)

    async def menu(self, name: str, act: str) -> None:
        """Choose something in somebody's menu."""
        await self.pane(name).locator("summary", has_text="Menu").click()
        await self.pane(name).get_by_role("button", name=act, exact=True).click()

    async def add(self, name: str, kind: str = "Add") -> None:
        """Somebody new comes."""
        await self.page.get_by_label("Add somebody").fill(name)
        await self.page.get_by_role("button", name=kind, exact=True).click()

    async def leave_story(self) -> None:
        """Do without the story."""
        await self.page.get_by_role("button", name="Leave the story").click()

    async def connected(self) -> None:
        """Wait until the page is connected."""
        await expect(self.page.locator("#link")).to_have_text("Connected")

    async def set_up(self, gate: str = "mute") -> None:
        """Robin sets the group up in one line."""
        await self.says("Robin", f"/setup gate {gate} quiet_hours none confirm")
        await expect(self.page.locator("#room-line")).to_contain_text(f"gate {gate}")


class Wire:
    """The page's own connection without a browser, for what no browser would send."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.told: list[dict[str, Any]] = []
        self.name = secrets.token_hex(4)

    async def hello(self, tab: str = "", since: int = 0) -> dict[str, Any]:
        """Say hello and take what comes up to `ready`; gives back the first answer."""
        await self.socket.send_json({"do": "hello", "tab": tab, "since": since})
        start = len(self.told)
        await self.until(lambda m: m["kind"] == "ready")
        return self.told[start]

    async def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Take what comes until something is as wanted."""
        async with asyncio.timeout(20):
            while True:
                message: dict[str, Any] = await self.socket.receive_json()
                self.told.append(message)
                if wanted(message):
                    return message

    async def ask(self, **message: Any) -> dict[str, Any]:
        """Send something with a number, and wait for the answer to it."""
        number = message.setdefault("c", f"{self.name}.{len(self.told)}")
        await self.socket.send_json(message)
        return await self.until(lambda m: m.get("c") == number)
