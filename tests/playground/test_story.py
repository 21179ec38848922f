"""The story that a first-time visitor is walked through, in a real browser on the real bot."""

from playwright.async_api import expect

from tests.playground.conftest import OpenTab
from tests.playground.spoken import spoken
from tests.playground.trial import Tab

STEPS = (
    "Set it up as Robin",
    "Let Noor come in",
    "Speak as Noor, too early",
    "Understand and agree as Noor",
    "Speak as Noor",
    "Decline as Sam",
    "Agree as Kim",
    "Withdraw as Kim",
    "Close the story",
)


async def _goes_on(tab: Tab, step: str) -> None:
    await tab.page.get_by_role("button", name=step, exact=True).click()


async def test_the_story_is_told_by_its_own_buttons(open_tab: OpenTab) -> None:
    """A newcomer arrives, is asked, agrees, speaks; somebody declines; somebody withdraws."""
    tab = await open_tab()
    await _goes_on(tab, STEPS[0])
    await tab.sees("Sam", spoken("consent-welcome-before"))
    await tab.sees("Kim", spoken("consent-welcome-before"))
    await _goes_on(tab, STEPS[1])
    await tab.sees("Noor", spoken("consent-welcome"))
    await expect(tab.pane("Noor")).to_contain_text("cannot speak yet")
    await _goes_on(tab, STEPS[2])
    await expect(tab.pane("Noor").get_by_role("alert")).to_contain_text("Noor cannot speak in this room yet")
    await _goes_on(tab, STEPS[3])
    await tab.sees("Noor", spoken("consent-given"))
    await expect(tab.pane("Noor")).not_to_contain_text("cannot speak yet")
    await _goes_on(tab, STEPS[4])
    for name in ("Robin", "Sam", "Kim", "Noor"):
        await tab.sees(name, "Thank you for having me.")
    await _goes_on(tab, STEPS[5])
    await tab.sees("Sam", spoken("consent-declined-stays"))
    await _goes_on(tab, STEPS[6])
    await tab.sees("Kim", spoken("consent-given"))
    await _goes_on(tab, STEPS[7])
    await tab.sees("Kim", spoken("consent-withdrawn"))
    for other in ("Robin", "Kim", "Noor"):
        assert "/consent decline" not in await tab.talk(other).inner_text()
    for other in ("Robin", "Sam", "Noor"):
        assert spoken("consent-withdrawn") not in await tab.talk(other).inner_text()
    await _goes_on(tab, STEPS[8])
    await expect(tab.page.locator("#story")).to_be_hidden()


async def test_the_same_by_hand_with_the_bots_own_buttons(open_tab: OpenTab) -> None:
    """What the bot offers is enough: nobody has to know a command."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.set_up()
    await tab.add("Ada")
    ada = tab.talk("Ada")
    await ada.get_by_role("button", name=spoken("consent-choice-understood")).click()
    await ada.get_by_role("button", name=spoken("consent-choice-agree"), exact=True).click()
    await tab.sees("Ada", spoken("consent-given"))
    await tab.says("Ada", "I am glad to be here")
    await tab.sees("Robin", "I am glad to be here")
    await ada.get_by_text("File: consent-receipt.json").click()
    await expect(ada.get_by_text('"event_state"')).to_be_visible()


async def test_private_words_are_in_one_pane_and_say_so(open_tab: OpenTab) -> None:
    """Law 5 for the eye: marked with words, and only there."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.says("Sam", "/privacy")
    await tab.sees("Sam", "Only Sam sees this")
    await expect(tab.talk("Kim").get_by_text("sees this")).to_have_count(0)
    await expect(tab.talk("Kim").get_by_text("/privacy", exact=True)).to_have_count(0)
