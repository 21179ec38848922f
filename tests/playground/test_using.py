"""What a visitor can do in the page, each on the real bot."""

import asyncio

from playwright.async_api import expect

from tests.playground.conftest import OpenTab
from tests.playground.spoken import spoken


async def test_everything_works_by_keyboard_alone(open_tab: OpenTab) -> None:
    """Completion with arrows, the menu, the tools: no pointer is needed, focus is never lost."""
    tab = await open_tab()
    await tab.leave_story()
    box = tab.box("Sam")
    await box.focus()
    await tab.page.keyboard.type("/cons")
    options = tab.pane("Sam").get_by_role("listbox").get_by_role("option")
    await expect(options.filter(has_text="/consent show")).to_be_visible()
    await expect(box).to_have_attribute("aria-expanded", "true")
    for _ in range(await options.count()):
        await tab.page.keyboard.press("ArrowDown")
        picked = tab.pane("Sam").locator('[role=option][aria-selected="true"]')
        await expect(box).to_have_attribute("aria-activedescendant", await picked.get_attribute("id") or "")
        if "/consent show" in await picked.inner_text():
            break
    await tab.page.keyboard.press("Enter")
    await expect(box).to_have_value("/consent show")
    await expect(tab.pane("Sam").locator(".hint")).to_contain_text("/consent show:")
    await tab.page.keyboard.press("Enter")
    await tab.sees("Sam", "Private, to Circlekeeper")
    await expect(box).to_be_focused()
    menu = tab.pane("Sam").locator("summary", has_text="Menu")
    await menu.focus()
    await tab.page.keyboard.press("Enter")
    await expect(tab.pane("Sam").get_by_role("button", name="Leave the room")).to_be_visible()
    await tab.page.keyboard.press("Escape")
    await expect(tab.pane("Sam").get_by_role("button", name="Leave the room")).to_be_hidden()
    await expect(menu).to_be_focused()
    await tab.page.keyboard.press("Enter")
    await tab.pane("Sam").get_by_label("New name").focus()
    await tab.page.keyboard.type("Samantha")
    await tab.page.keyboard.press("Enter")
    await tab.sees("Kim", "Sam is now called Samantha.")
    await expect(tab.box("Samantha")).to_be_focused()


async def test_every_command_is_offered_with_its_meaning(open_tab: OpenTab) -> None:
    """Drawn from the features' own specs."""
    tab = await open_tab()
    await tab.pane("Sam").get_by_role("button", name="Commands").click()
    offers = tab.pane("Sam").get_by_role("listbox").get_by_role("option")
    await expect(offers.first).to_be_visible()
    texts = await offers.all_inner_texts()
    for command in ("/consent agree", "/consent withdraw", "/urgent", "/privacy", "/mydata", "/help"):
        assert any(command in text for text in texts), command
    for number, text in enumerate(texts):
        code, meaning = await offers.nth(number).locator("code, .quiet").all_inner_texts()
        assert code.startswith("/"), text
        assert len(meaning) > 10, text


async def test_commands_in_help_are_set_as_code_without_backticks(open_tab: OpenTab) -> None:
    """`help` has its commands in bold code: both marks are shown as what they mean."""
    tab = await open_tab()
    await tab.says("Sam", "/help")
    await expect(tab.talk("Sam").locator("strong code", has_text="/consent show")).to_be_visible()
    await expect(tab.talk("Sam")).not_to_contain_text("`")


async def test_the_options_of_a_command_can_be_filled_in_as_a_form(open_tab: OpenTab) -> None:
    """With labels from the command's own spec; the answer comes to the same pane."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.set_up()
    await tab.box("Robin").fill("/group set")
    await tab.pane("Robin").get_by_role("button", name="Fill in a form").click()
    form = tab.pane("Robin").locator("form.order")
    await expect(form.locator("input, select").first).to_be_focused()
    await form.locator("[name=key]").select_option("contact")  # the settings that there are
    await form.locator("[name=value]").fill("Ann, at the door <b>")
    await form.get_by_role("button", name="Send the form").click()
    await expect(form).to_have_count(0)
    await tab.sees("Robin", "/group set contact Ann, at the door <b>")
    await expect(tab.talk("Robin").locator(".tell").last).to_contain_text("contact")


async def test_people_leave_come_back_go_away_and_return(open_tab: OpenTab) -> None:
    """Who is away finds everything afterwards; who left sees nothing of the room."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.menu("Kim", "Go away from the screen")
    await expect(tab.talk("Kim")).to_contain_text("Away from the screen")
    await tab.says("Sam", "Kim cannot see this now")
    await tab.sees("Robin", "Kim cannot see this now")
    await expect(tab.talk("Kim")).not_to_contain_text("Kim cannot see this now")
    await expect(tab.box("Kim")).to_be_disabled()
    await tab.menu("Kim", "Come back to the screen")
    await tab.sees("Kim", "Kim cannot see this now")
    await tab.menu("Kim", "Leave the room")
    await expect(tab.talk("Kim")).not_to_contain_text("Kim cannot see this now")
    await tab.sees("Sam", "Kim left.")
    await tab.menu("Kim", "Come into the room")
    await tab.sees("Sam", "Kim came in.")
    await tab.sees("Kim", "Kim cannot see this now")


async def test_at_the_door_a_newcomer_agrees_and_then_comes_in(open_tab: OpenTab) -> None:
    """Outside only private words arrive; agreeing opens the door."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.set_up("door")
    await tab.says("Sam", "before Ada came")
    await tab.add("Ada")
    await expect(tab.pane("Ada")).to_contain_text("waiting at the door")
    await expect(tab.talk("Ada")).not_to_contain_text("before Ada came")
    await tab.says("Ada", "/consent understood")
    await tab.says("Ada", "/consent agree")
    await tab.sees("Sam", "Ada came in.")
    await expect(tab.pane("Ada")).to_contain_text("in the room")


async def test_without_buttons_the_commands_are_written_out(open_tab: OpenTab) -> None:
    """Pretend that there are no buttons and no slash commands: the same by the next rung down."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.page.get_by_text("What this platform can do").click()
    one = "Answers that only one person sees"
    for switch in ("Buttons", "Slash commands of its own", one, "Files", "Forms"):
        await tab.page.get_by_label(switch, exact=True).uncheck()
    await tab.box("Robin").fill("!setup gate mute confirm")
    await tab.pane("Robin").get_by_label("To whom Robin writes").select_option("keeper")
    await tab.box("Robin").press("Enter")
    await expect(tab.page.locator("#room-line")).to_contain_text("gate mute")
    await tab.add("Ada")
    await tab.sees("Ada", "!consent understood")
    await expect(tab.talk("Ada").locator(".tell button")).to_have_count(0)
    await tab.pane("Ada").get_by_label("To whom Ada writes").select_option("keeper")
    await tab.says("Ada", "understood")
    await tab.says("Ada", "agree")
    await tab.sees("Ada", spoken("consent-given"))
    await tab.sees("Ada", '"event_state"')
    await tab.pane("Ada").get_by_label("To whom Ada writes").select_option("room")
    await tab.says("Ada", "hello from below")
    await tab.sees("Sam", "hello from below")


async def test_without_private_messages_there_is_a_door_bell_in_the_room(open_tab: OpenTab) -> None:
    """One neutral button for all; what follows is seen by the one person who pressed it."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.page.get_by_text("What this platform can do").click()
    await tab.page.get_by_label("Private messages", exact=True).uncheck()
    await tab.set_up()
    await tab.add("Ada")
    # The private words that cannot arrive are tried first, one person a second.
    await asyncio.sleep(6)
    await tab.talk("Ada").get_by_role("button", name=spoken("consent-choice-start")).first.click()
    await tab.talk("Ada").get_by_role("button", name=spoken("consent-choice-understood")).click()
    await tab.talk("Ada").get_by_role("button", name=spoken("consent-choice-agree"), exact=True).click()
    await tab.sees("Ada", spoken("consent-given"))
    await tab.says("Ada", "I found the bell")
    await tab.sees("Sam", "I found the bell")
    await expect(tab.talk("Sam").locator(".mine")).to_have_count(0)


async def test_what_is_taken_down_is_gone_for_everybody(open_tab: OpenTab) -> None:
    """Without mute by the room itself the bot takes down what a newcomer says too early."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.page.get_by_text("What this platform can do").click()
    await tab.page.get_by_label("Mute by the room itself").uncheck()
    await tab.set_up()
    await tab.add("Ada")
    await tab.says("Ada", "too early and much too private")
    for name in ("Robin", "Sam", "Kim", "Ada"):
        await tab.sees(name, "Taken down. Nobody can see it any more.")
        await expect(tab.talk(name)).not_to_contain_text("much too private")
    await tab.page.reload()
    await tab.connected()
    await tab.sees("Sam", "Taken down.")
    assert "much too private" not in await tab.page.content()


async def test_time_moves_forward_and_what_waits_for_it_comes(open_tab: OpenTab) -> None:
    """Grace is over after 14 days: the facilitator is told a number, and nobody is muted by it."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.set_up()
    await tab.sees("Kim", spoken("consent-limits"))
    before = await tab.talk("Robin").locator(".tell").count()
    await tab.page.get_by_role("button", name="Go", exact=True).click()
    await expect(tab.page.locator("#ahead")).to_contain_text("15 days ahead")
    await expect(tab.talk("Robin").locator(".tell").nth(before)).to_be_visible(timeout=15_000)
    await expect(tab.pane("Kim")).not_to_contain_text("cannot speak yet")
    await tab.page.reload()
    await tab.connected()
    await expect(tab.page.locator("#ahead")).to_contain_text("15 days ahead")


async def test_a_recorder_bot_is_seen_as_one(open_tab: OpenTab) -> None:
    """It is marked as a bot, and the bot tells the facilitator."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.set_up()
    await tab.sees("Kim", spoken("consent-limits"))
    before = await tab.talk("Robin").locator(".tell").count()
    await tab.add("Tape", "Add as a recorder bot")
    await expect(tab.page.locator("#people li", has_text="Tape")).to_contain_text("bot, in the room")
    await expect(tab.talk("Robin").locator(".tell").nth(before)).to_be_visible(timeout=15_000)


async def test_a_call_can_be_joined_and_left(open_tab: OpenTab) -> None:
    """By those who may speak; leaving the room is leaving the call."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.set_up()
    await tab.menu("Sam", "Join the call")
    await tab.sees("Kim", "Sam joined the call.")
    await expect(tab.pane("Sam").locator(".state")).to_contain_text("in the call")
    await tab.add("Ada")
    await tab.menu("Ada", "Join the call")
    await expect(tab.pane("Ada").get_by_role("alert").last).to_contain_text("cannot join the call yet")
    await tab.menu("Sam", "Leave the room")
    await tab.sees("Kim", "Sam left the call.")


async def test_the_last_event_is_shown_from_end_to_end(open_tab: OpenTab) -> None:
    """Event, decisions, records as the database has them, effects; and how little a message is."""
    tab = await open_tab()
    await tab.leave_story()
    inside = tab.page.locator("#inside")
    await tab.set_up()
    await expect(inside.locator("#turn-decided")).to_contain_text("consent")
    await tab.sees("Kim", spoken("consent-limits"))
    await tab.says("Sam", "/consent understood")
    await tab.says("Sam", "/consent agree")
    await expect(inside.locator("#turn-decided")).to_contain_text("ConsentGiven")
    await expect(inside.locator("#turn-kept")).to_contain_text("sealed")
    await expect(inside.locator("#turn-kept")).to_contain_text("bytes)")
    await expect(inside.locator("#turn-did")).to_contain_text("Tell")
    assert "sam" not in (await inside.locator("#turn-kept").inner_text()).lower()
    await tab.says("Sam", "just words")
    await expect(inside.locator("#turn-event")).to_contain_text("MessagePosted")
    await expect(inside.locator("#turn-decided")).to_contain_text("nothing was read, nothing was kept")


async def test_starting_again_makes_a_new_room(open_tab: OpenTab) -> None:
    """The first three people, an introduction, and nothing of what was said."""
    tab = await open_tab()
    await tab.says("Sam", "gone afterwards")
    await tab.sees("Kim", "gone afterwards")
    await tab.page.get_by_text("Start again", exact=True).click()
    await tab.page.get_by_role("button", name="Start again with a new room").click()
    await expect(tab.talk("Kim")).not_to_contain_text("gone afterwards")
    await tab.sees("Robin", "Circlekeeper")
    await expect(tab.page.locator("#people li")).to_have_count(3)
    await tab.set_up()
