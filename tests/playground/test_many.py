"""Many messages, many people: the page stays quick."""

import time

import pytest
from playwright.async_api import expect

from tests.playground.conftest import OpenTab, OpenWire

QUICK = 1.0
"""Seconds from Enter to the words on the screen. Usually it is a tenth of it; test machines are busy."""


@pytest.mark.slow
async def test_after_five_hundred_messages_the_page_is_as_quick_as_before(
    open_tab: OpenTab, open_wire: OpenWire
) -> None:
    """All of them arrive, in order, and what is typed then is there at once."""
    tab = await open_tab()
    await tab.leave_story()
    for _ in range(10):
        wire = await open_wire()
        await wire.hello()
        for n in range(50):
            await wire.ask(do="say", who=("sam", "kim", "robin")[n % 3], text=f"one of many, {n}")
        await wire.socket.close()
    await expect(tab.talk("Kim").locator(".said .text").last).to_have_text("one of many, 49")
    taken = []
    for n in range(5):
        started = time.monotonic()
        await tab.says("Sam", f"and now? {n}")
        await expect(tab.talk("Kim").locator(".said .text").last).to_have_text(f"and now? {n}")
        taken.append(time.monotonic() - started)
    assert min(taken) < QUICK
    shown = await tab.talk("Kim").locator(".item").count()
    assert shown <= 300, "only the newest are in the page"
    while await tab.talk("Kim").get_by_role("button", name="earlier ones").count():
        await tab.talk("Kim").get_by_role("button", name="earlier ones").click()
    assert await tab.talk("Kim").locator(".said").count() == 505


@pytest.mark.slow
async def test_a_hundred_members_are_listed_and_each_can_be_opened(
    open_tab: OpenTab, open_wire: OpenWire
) -> None:
    """The list scrolls, the panes stay those that were chosen."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.set_up()
    for tens in range(2):
        wire = await open_wire()
        await wire.hello()
        for n in range(49 if tens else 48):
            await wire.ask(do="add", text=f"Member {tens * 48 + n + 1}")
        await wire.socket.close()
    await expect(tab.page.locator("#people li")).to_have_count(100)
    await expect(tab.page.locator(".pane")).to_have_count(3)
    taken = []
    for n in (95, 96, 97):
        started = time.monotonic()
        await tab.page.get_by_role("button", name=f"Member {n}", exact=True).click()
        await expect(tab.pane(f"Member {n}")).to_be_visible()
        taken.append(time.monotonic() - started)
    assert min(taken) < QUICK
    await tab.says("Sam", "so many of us")
    await tab.sees("Member 97", "so many of us")
    answer = await (await open_wire()).hello()
    assert len(answer["people"]) == 100


async def test_the_room_has_an_end(open_wire: OpenWire) -> None:
    """More than fit in are refused in words."""
    wire = await open_wire()
    await wire.hello()
    last: dict[str, object] = {}
    for _ in range(4):
        for n in range(50):
            last = await wire.ask(do="add", text=f"Somebody {n}")
            if last["kind"] == "refused":
                break
        await wire.socket.close()
        wire = await open_wire()
        await wire.hello()
    assert last["kind"] == "refused"
    assert "150 people" in str(last["text"])
