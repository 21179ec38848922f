"""A playground of its own for each test, and Debian's Chromium to open it in."""

import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, Request, async_playwright, expect

from tests.playground.trial import Tab, Trial, Wire

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip

expect.set_options(timeout=15_000)

OpenTab = Callable[..., Awaitable[Tab]]
OpenWire = Callable[[], Awaitable[Wire]]


def chromium() -> str:
    """The browser's path. Where there is none the test is skipped; on CI it fails."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        reason = "Chromium is not installed: on Debian, apt install chromium"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser for one test."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        await browser.close()


@pytest.fixture
async def trial(tmp_path: Path) -> AsyncIterator[Trial]:
    """`circlekeeper try`, running."""
    trial = await Trial(tmp_path / "data").start()
    yield trial
    await trial.stop()


@pytest.fixture
async def open_tab(browser: Browser, trial: Trial) -> AsyncIterator[OpenTab]:
    """Opens the page; afterwards no tab may have had an error, or have asked anybody else."""
    errors: list[str] = []
    asked: list[str] = []

    def look(request: Request) -> None:
        if request.url.split(":", 1)[0] not in ("blob", "data"):
            asked.append(request.url)

    async def make(**options: Any) -> Tab:
        options.setdefault("viewport", {"width": 1440, "height": 1000})
        page = await browser.new_page(**options)
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("request", look)
        await page.goto(trial.address)
        tab = Tab(page)
        await tab.connected()
        return tab

    yield make
    assert errors == []
    assert [url for url in asked if not url.startswith(trial.address)] == []


@pytest.fixture
async def open_wire(trial: Trial) -> AsyncIterator[OpenWire]:
    """Opens a connection as the page does, without a browser."""
    async with aiohttp.ClientSession() as session:

        async def make() -> Wire:
            origin = f"http://{trial.host}"
            return Wire(await session.ws_connect(trial.address + "talk", origin=origin, max_msg_size=0))

        yield make
