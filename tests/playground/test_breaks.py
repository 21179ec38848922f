"""Reloads, two tabs, and a server that ends under an open page: nothing is lost, nothing doubled."""

import signal

from playwright.async_api import expect

from tests.playground.conftest import OpenTab, OpenWire
from tests.playground.spoken import spoken
from tests.playground.trial import Trial


async def test_a_reload_in_the_middle_of_the_story_goes_on_where_it_was(open_tab: OpenTab) -> None:
    """The room, the open panes and the place in the story."""
    tab = await open_tab()
    await tab.page.get_by_role("button", name="Set it up as Robin").click()
    await tab.page.get_by_role("button", name="Let Noor come in").click()
    await tab.sees("Noor", spoken("consent-welcome"))
    await tab.page.reload()
    await tab.connected()
    await expect(tab.page.locator("#story-count")).to_have_text("A short story, step 3 of 9")
    await tab.sees("Noor", spoken("consent-welcome"))
    await tab.page.get_by_role("button", name="Speak as Noor, too early").click()
    await expect(tab.pane("Noor").get_by_role("alert")).to_contain_text("cannot speak in this room yet")


async def test_two_tabs_show_the_same_room(open_tab: OpenTab) -> None:
    """What is done in one is seen in the other, once."""
    first, second = await open_tab(), await open_tab()
    await first.says("Sam", "said in the first tab")
    await second.says("Kim", "said in the second tab")
    for tab in (first, second):
        for name in ("Robin", "Sam", "Kim"):
            await tab.sees_times(name, "said in the first tab", 1)
            await tab.sees_times(name, "said in the second tab", 1)
    await first.menu("Kim", "Leave the room")
    await expect(second.pane("Kim")).to_contain_text("not in the room")


async def test_what_is_sent_while_the_server_is_away_arrives_once_when_it_is_back(
    open_tab: OpenTab, trial: Trial
) -> None:
    """The page says that it is not connected, keeps the words, and goes on by itself."""
    tab = await open_tab()
    await tab.says("Sam", "before the end")
    await tab.sees("Kim", "before the end")
    await trial.stop()
    await expect(tab.page.locator("#link")).to_contain_text("Not connected")
    await tab.says("Sam", "while it was away")
    await tab.says("Kim", "me too")
    await trial.start()
    await tab.connected()
    for words in ("before the end", "while it was away", "me too"):
        await tab.sees_times("Robin", words, 1)
    texts = await tab.talk("Robin").locator(".said .text").all_inner_texts()
    assert texts == ["before the end", "while it was away", "me too"]


async def test_what_was_said_survives_even_a_killed_server(open_tab: OpenTab, trial: Trial) -> None:
    """kill -9, then a start on the same folder: the room is as it was, with what the bot knows."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.set_up()
    await tab.says("Sam", "/consent understood")
    await tab.says("Sam", "/consent agree")
    await tab.sees("Sam", spoken("consent-given"))
    await tab.says("Sam", "remember me")
    await tab.sees("Kim", "remember me")
    await trial.stop(signal.SIGKILL)
    await trial.start()
    await tab.connected()
    await tab.sees_times("Kim", "remember me", 1)
    await tab.sees_times("Sam", spoken("consent-given"), 1)
    await tab.says("Sam", "/consent show")
    await expect(tab.talk("Sam").locator(".tell")).not_to_have_count(0)


async def test_the_end_is_clean_and_the_next_start_finds_the_room(open_tab: OpenTab, trial: Trial) -> None:
    """Ctrl-C: exit code 0, no traceback; the address stays the same."""
    tab = await open_tab()
    await tab.menu("Kim", "Leave the room")
    await expect(tab.pane("Kim")).to_contain_text("not in the room")
    address = trial.address
    assert await trial.stop() == 0
    assert "Traceback" not in "".join(trial.said)
    await trial.start()
    assert trial.address == address
    again = await open_tab()
    await again.page.get_by_role("button", name="Kim", exact=True).click()
    await again.page.get_by_role("button", name="Kim", exact=True).click()
    await expect(again.pane("Kim")).to_contain_text("not in the room")


async def test_a_page_that_lost_its_connection_is_told_only_what_it_missed(open_wire: OpenWire) -> None:
    """Resume by number; who knows another start, or nothing, is told everything."""
    first, second = await open_wire(), await open_wire()
    everything = await first.hello()
    assert everything["kind"] == "all"
    await first.ask(do="say", who="sam", text="one")
    await first.ask(do="say", who="sam", text="two")
    missed = await second.hello(tab=everything["start"], since=everything["n"])
    assert missed["kind"] != "all"
    items = [m["item"] for m in second.told if m["kind"] == "item"]
    texts = [item["text"] for item in items if item["kind"] == "said"]
    assert texts == ["one", "two"]
    numbers = [m["n"] for m in second.told if "n" in m]
    assert numbers == sorted(numbers)
    third = await open_wire()
    assert (await third.hello(tab="another start", since=3))["kind"] == "all"


async def test_the_same_message_sent_again_is_done_once(open_wire: OpenWire) -> None:
    """A page that never heard "done" sends it again, by the same number."""
    wire = await open_wire()
    await wire.hello()
    for _ in range(3):
        assert (await wire.ask(do="say", who="sam", text="only once", c="tab.7"))["kind"] == "done"
    again = await open_wire()
    items = (await again.hello())["items"]
    assert [i["text"] for i in items].count("only once") == 1
