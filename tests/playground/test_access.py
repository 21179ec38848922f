"""Everybody can use the page: an automated check (axe), a phone, and a picture for the README."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import expect

from tests.playground.conftest import OpenTab
from tests.playground.spoken import spoken
from tests.playground.trial import Tab

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "images" / "playground.png"
PHONE = {"width": 390, "height": 844}


async def _is_accessible(tab: Tab) -> None:
    found = await Axe().run(tab.page, options={"resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


async def _something_happened(tab: Tab) -> None:
    await tab.set_up()
    await tab.add("Ada")
    await tab.says("Ada", "too early")
    await expect(tab.pane("Ada").get_by_role("alert")).to_contain_text("cannot speak")
    await tab.says("Sam", "/consent understood")
    await tab.says("Sam", "/consent agree")
    await tab.sees("Sam", spoken("consent-given"))
    await tab.sees("Ada", spoken("consent-limits"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_wrong(open_tab: OpenTab, scheme: str) -> None:
    """In the states in which people spend their time, in both colour schemes."""
    tab = await open_tab(color_scheme=scheme)
    await _is_accessible(tab)
    await _something_happened(tab)
    await tab.talk("Sam").get_by_text("File: consent-receipt.json").click()
    await tab.page.get_by_text("What this platform can do").click()
    await _is_accessible(tab)
    await tab.pane("Kim").locator("summary", has_text="Menu").click()
    await tab.box("Sam").fill("/con")
    await tab.box("Sam").press("ArrowDown")
    await _is_accessible(tab)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_one_pane_fits_the_screen(open_tab: OpenTab, scheme: str) -> None:
    """Nothing runs out of the screen sideways; the people's buttons change the pane."""
    tab = await open_tab(viewport=PHONE, color_scheme=scheme)
    await expect(tab.pane("Robin")).to_be_visible()  # who acts first in the story
    await tab.page.get_by_role("button", name="Sam", exact=True).click()
    await expect(tab.pane("Sam")).to_be_visible()
    await expect(tab.pane("Robin")).to_be_hidden()
    await tab.says("Sam", "w" * 200)
    await tab.page.get_by_role("button", name="Kim", exact=True).click()
    await tab.sees("Kim", "w" * 200)
    wide = await tab.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    await _is_accessible(tab)


async def test_new_messages_are_told_to_screen_readers_once(open_tab: OpenTab) -> None:
    """One polite region for the page, whoever and however many panes are open; not the old ones."""
    tab = await open_tab()
    await tab.leave_story()
    heard = tab.page.locator("#heard")
    await expect(heard).to_have_text("")
    await tab.says("Sam", "hear me")
    await expect(heard).to_have_text("Sam: hear me")
    await tab.says("Kim", "/privacy")
    await expect(heard).to_contain_text("only to Kim")


async def test_the_page_fits_into_a_narrow_window_with_large_letters(open_tab: OpenTab) -> None:
    """WCAG 2.2, 1.4.10: at 320 CSS pixels nothing is cut off sideways."""
    tab = await open_tab(viewport={"width": 320, "height": 700})
    wide = await tab.page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 320


async def test_the_picture_of_the_readme(open_tab: OpenTab, tmp_path: Path) -> None:
    """A real room. `PICTURES=1` puts it in place of the one that is there: it shows the time of day."""
    tab = await open_tab(viewport={"width": 1440, "height": 940})
    for step in ("Set it up as Robin", "Let Noor come in"):
        await tab.page.get_by_role("button", name=step, exact=True).click()
    await tab.sees("Noor", spoken("consent-welcome"))
    early, agree = "Speak as Noor, too early", "Understand and agree as Noor"
    for step in (early, agree, "Speak as Noor", "Decline as Sam"):
        await tab.page.get_by_role("button", name=step, exact=True).click()
        await expect(tab.page.get_by_role("button", name=step, exact=True)).to_have_count(0)
    await tab.sees("Robin", "Thank you for having me.")
    await tab.sees("Sam", "/consent decline")
    await asyncio.sleep(0.5)
    await tab.page.evaluate("document.activeElement.blur()")
    made = tmp_path / "playground.png"
    await tab.page.screenshot(path=made, type="png")
    assert made.stat().st_size > 20_000
    if os.environ.get("PICTURES") or not PICTURE.exists():
        PICTURE.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(made, PICTURE)
    assert PICTURE.read_bytes().startswith(b"\x89PNG")
