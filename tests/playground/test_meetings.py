"""Meetings, recording and recorders in the page, by its own buttons and menus."""

from playwright.async_api import expect

from tests.playground.conftest import OpenTab
from tests.playground.spoken import spoken
from tests.playground.trial import Tab

PEOPLE = ("Robin", "Sam", "Kim", "Noor")


async def _meet(tab: Tab) -> None:
    """Four people have agreed, and Robin opens a meeting."""
    await tab.leave_story()
    await tab.set_up("notice")
    await tab.add("Noor")
    await tab.sees("Noor", spoken("consent-welcome"))
    for name in PEOPLE:
        for words in ("/consent show", "/consent understood", "/consent agree"):
            await tab.says(name, words)
        await tab.sees(name, spoken("consent-given"))
    await tab.says("Robin", "/session start 60 Letters")


async def _eleven_minutes_later(tab: Tab) -> None:
    await tab.page.get_by_label("Move the clock forward by").select_option("660")
    await tab.page.get_by_role("button", name="Go", exact=True).click()


async def test_a_meeting_a_vote_and_its_end(open_tab: OpenTab) -> None:
    """The pledge for all, the question in private, the outcome when its time has come, and a stop."""
    tab = await open_tab()
    await _meet(tab)
    for name in PEOPLE:
        await tab.sees(name, spoken("session-pledge"))
    await expect(tab.page.locator("#room-line")).to_contain_text(spoken("recording-status-no"))
    await tab.says("Sam", "/recording ask")
    form = tab.talk("Sam").locator("form")
    for label, words in (("purpose", "to practise"), ("viewers", "the four of us"), ("days", "7")):
        await form.locator(f'[name="{label}"]').fill(words)
    await form.get_by_role("button").first.click()
    for name in ("Robin", "Kim", "Noor"):
        question = tab.talk(name).get_by_role("button", name=spoken("recording-choice-agree"), exact=True)
        await question.click()
        await tab.sees(name, spoken("recording-said-yes"))
    await expect(tab.talk("Kim").get_by_text("Everyone agreed.")).to_have_count(0)
    await _eleven_minutes_later(tab)
    for name in PEOPLE:
        await tab.sees(name, "Everyone agreed.")
        await tab.sees(name, "the four of us")
    await expect(tab.page.locator("#room-line")).to_contain_text(spoken("recording-status-yes"))
    await tab.talk("Noor").get_by_role("button", name=spoken("recording-choice-stop"), exact=True).click()
    await tab.sees("Kim", "Recording ends now.")
    await tab.says("Robin", "/session end")
    await tab.sees("Kim", "Our meeting is over")


async def test_a_recorder_bot_in_the_call_is_told_of_and_can_be_stopped(open_tab: OpenTab) -> None:
    """Robin is asked and the room hears a calm word; then it is stopped, and let hear again by hand."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.set_up("notice")
    await tab.menu("Sam", "Join the call")
    await tab.sees("Kim", spoken("recording-call-started"))
    await tab.add("Craig", "Add as a recorder bot")
    await tab.page.locator("#people").get_by_role("button", name="Craig").click()
    craig = tab.page.get_by_role("article", name="Craig")  # its title also says that it is a bot
    await craig.locator("summary", has_text="Menu").click()
    await craig.get_by_role("button", name="Join the call").click()
    await tab.sees("Robin", "A bot in the call can hear what is said: Craig")
    await tab.sees("Kim", "Something here may be recording: Craig")
    await tab.says("Robin", "/group set recorder_policy block confirm")
    await tab.sees("Kim", "Circlekeeper stopped Craig from hearing the call.")
    await expect(craig).to_contain_text("stopped from hearing it")
    await tab.menu("Robin", "Let Craig hear the call again")
    await tab.sees("Robin", "somebody with power here did that by hand")
    await tab.menu("Sam", "Share the screen")
    await tab.sees("Robin", "Somebody shares a screen or a camera picture: Sam")
