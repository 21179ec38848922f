"""A report in the browser, by buttons and a form, and its case at the desk an hour later."""

import re

from playwright.async_api import Locator, expect

from tests.playground.conftest import OpenTab
from tests.playground.trial import Tab

CODE = re.compile(r"(?:[a-z-]+ ){5}[a-z-]+")


async def _press(tab: Tab, name: str, label: str) -> None:
    """The newest button of this name in somebody's pane."""
    await tab.talk(name).get_by_role("button", name=label, exact=True).last.click()


async def _newest(tab: Tab, name: str, words: str) -> Locator:
    """The newest private word to somebody, once it says this."""
    told = tab.talk(name).locator(".tell").last
    await expect(told).to_contain_text(words)
    return told


async def test_a_report_is_made_by_buttons_and_a_form_and_handled_at_the_desk(open_tab: OpenTab) -> None:
    """From the first word to the closing; once sent, nothing of it stands in the reporter's pane."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.set_up("notice")
    await tab.says("Sam", "/report")
    await tab.sees("Sam", "What happened?")
    assert "What happened?" not in await tab.talk("Robin").inner_text()
    await _press(tab, "Sam", "A screenshot or a copy was made")
    await tab.sees("Sam", "When was it, and where?")
    await _press(tab, "Sam", "Write it")
    form = tab.talk("Sam").locator("form")
    await form.locator("[name=answer]").fill("on Monday, at school")
    await form.get_by_role("button", name="Send the form").click()
    await tab.sees("Sam", "Who is harmed by it?")
    await _press(tab, "Sam", "Me")
    await tab.sees("Sam", "What do you wish for?")
    await _press(tab, "Sam", "Skip this")
    await tab.sees("Sam", "In your own words")
    await tab.says("Sam", "/report My post was shown around @Kim")
    await tab.sees("Sam", "Should somebody not see this?")
    await _press(tab, "Sam", "Leave out nobody")
    await _press(tab, "Sam", "Without my name")
    review = await _newest(tab, "Sam", "This is your report.")
    await expect(review).to_contain_text("on Monday, at school")
    await _press(tab, "Sam", "Send it")
    sent = await _newest(tab, "Sam", "Your report is sent.")
    code = CODE.search(await sent.locator("code").first.inner_text())
    assert code
    await expect(tab.talk("Sam")).not_to_contain_text("on Monday, at school")
    await expect(tab.talk("Sam")).not_to_contain_text("My post was shown around")

    await tab.page.locator("#forward-by").select_option("3600")
    await tab.page.locator("#forward button").click()
    await tab.sees("Robin", "There is something new at the case desk")
    await tab.says("Robin", "/cases list")
    listed = await _newest(tab, "Robin", "1 case is open")
    case = re.search(r"[a-z]+-[a-z]+(?=:)", await listed.inner_text())
    assert case
    await tab.says("Robin", f"/cases show {case[0]}")
    shown = await _newest(tab, "Robin", "gave no name")
    await expect(shown).to_contain_text("My post was shown around")
    await _press(tab, "Robin", "I look after it")
    await _press(tab, "Robin", "What helps now?")
    await tab.sees("Robin", "Step 1 of 7")
    await tab.says("Robin", f"/cases address {case[0]}")
    await _press(tab, "Robin", "Post it")
    await tab.sees("Kim", "told outside it")
    await tab.says("Robin", f"/cases close {case[0]} We talked about it.")
    await tab.sees("Robin", "Closed.")
    await tab.says("Kim", f"/case show {code[0]}")
    await tab.sees("Kim", "We talked about it.")
