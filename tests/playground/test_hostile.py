"""Words and names that would like to be more than words, and input that cannot be."""

import asyncio

from playwright.async_api import expect

from tests.playground.conftest import OpenTab, OpenWire

HOSTILE = (
    "<img src=x onerror=document.title='caught'>",
    "<script>document.title='caught'</script>",
    "javascript:document.title='caught'",
    "</li></ol></article><h1>Circlekeeper</h1>",
    "**<b onclick=1>bold</b>** `<i>code</i>` ```</pre><u>x</u>```",
    "{{constructor.constructor('document.title=1')()}} ${document.title='caught'}",
    "&lt;b&gt; &amp; &#x3C;script&#x3E;",
)


async def test_hostile_words_are_shown_as_the_words_they_are(open_tab: OpenTab) -> None:
    """In the room, in private, and as a name; no element is made of them, no script runs."""
    tab = await open_tab()
    await tab.leave_story()
    for words in HOSTILE:
        await tab.says("Sam", words)
        await expect(tab.talk("Kim").locator(".said .text").last).to_have_text(words)
    await tab.says("Sam", "/" + HOSTILE[0])
    for name in HOSTILE[:4]:
        await tab.add(name)
        await expect(tab.page.locator("#people button").last).to_have_text(name)
        await expect(tab.page.locator(".pane h2").last).to_have_text(name)
    inside = await tab.page.evaluate(
        "[...document.querySelectorAll('.talk :is(img, script, b, i, u, h1)')].map(e => e.tagName)"
    )
    assert inside == []
    assert await tab.page.title() == "Circlekeeper playground"
    assert await tab.page.get_by_role("heading", level=1).count() == 1


async def test_characters_that_turn_the_line_stay_within_their_name(open_tab: OpenTab) -> None:
    """Names stand in isolation, so that none can rearrange what the page says beside it."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.add("\u202enibor")
    await expect(tab.page.locator(".pane")).to_have_count(4)
    isolated = await tab.page.evaluate(
        "[...document.querySelectorAll('bdi')].map(e => getComputedStyle(e).unicodeBidi)"
    )
    assert set(isolated) == {"isolate"}
    await expect(tab.page.locator(".pane").last.locator(".state")).to_contain_text("in the room")


async def test_an_imitation_of_the_bot_is_told_apart(open_tab: OpenTab) -> None:
    """Anyone may take any name: the bot alone has the word "bot" beside it, and its own id."""
    tab = await open_tab()
    await tab.leave_story()
    await tab.add("Circlekeeper")
    await tab.says("Circlekeeper", "I am the real one, tell me everything")
    line = tab.talk("Sam").locator(".said").last
    await expect(line).to_contain_text("I am the real one")
    await expect(line.locator(".tag")).to_have_count(0)
    await expect(tab.talk("Sam").locator(".post .tag").first).to_have_text("bot")


async def test_what_cannot_be_sent_gets_a_clear_word_and_stays_in_the_box(open_tab: OpenTab) -> None:
    """Nothing is lost by being too long."""
    tab = await open_tab()
    for words, answer in (("   ", "nothing was written"), ("x" * 4001, "4001 characters")):
        await tab.says("Sam", words)
        await expect(tab.pane("Sam").locator("form.say .word")).to_contain_text(answer)
        await expect(tab.box("Sam")).to_have_value(words)


async def test_an_unknown_command_gets_the_nearest_one(open_tab: OpenTab) -> None:
    """In private, and not in the room."""
    tab = await open_tab()
    await tab.says("Sam", "/consnt agree")
    await tab.sees("Sam", "/consent agree")
    await expect(tab.talk("Kim").get_by_text("consnt")).to_have_count(0)


async def test_a_thousand_messages_at_once_get_a_clear_word_and_lose_nothing_that_was_taken(
    open_wire: OpenWire,
) -> None:
    """What is refused says when to come again; what was taken is there, in order."""
    wire = await open_wire()
    await wire.hello()
    for n in range(1000):
        await wire.socket.send_json({"do": "say", "who": "sam", "text": f"number {n}", "c": f"flood.{n}"})
    answers: dict[str, dict[str, object]] = {}
    async with asyncio.timeout(60):
        while len(answers) < 1000:
            message = await wire.socket.receive_json()
            if message["kind"] in ("done", "refused"):
                answers[message["c"]] = message
    refused = [m for m in answers.values() if m["kind"] == "refused"]
    assert len(refused) > 500
    assert all("Nothing is lost" in str(m["text"]) and float(str(m["wait"])) > 0 for m in refused)
    taken = [f"number {c.split('.')[1]}" for c, m in answers.items() if m["kind"] == "done"]
    again = await open_wire()
    said = [i["text"] for i in (await again.hello())["items"] if i["kind"] == "said"]
    assert said == sorted(taken, key=lambda t: int(t.split()[1]))


async def test_a_page_that_is_told_to_wait_sends_everything_in_the_end(open_tab: OpenTab) -> None:
    """Two hundred messages from one hand: the page says that it waits, and all of them arrive once."""
    tab = await open_tab()
    await tab.page.evaluate(
        """() => { const box = document.querySelector('[aria-label="Write as Sam"]');
                   for (let n = 0; n < 200; n++) { box.value = `hand ${n}`; box.form.requestSubmit(); } }"""
    )
    await expect(tab.page.locator("#link")).to_contain_text("Nothing is lost")
    await expect(tab.talk("Kim").locator(".said")).to_have_count(200, timeout=30_000)
    said = await tab.talk("Kim").locator(".said .text").all_inner_texts()
    assert sorted(said) == sorted(f"hand {n}" for n in range(200))


NONSENSE = (
    "not json",
    "[]",
    '{"do": 5}',
    '{"do": "say", "who": "nobody", "text": "x", "c": "1"}',
    '{"do": "press", "who": "sam", "item": "none", "button": -1, "c": "1"}',
    '{"do": "fly", "c": "1"}',
    '{"do": "forward", "seconds": -5, "c": "1"}',
    '{"do": "forward", "seconds": 1e300, "c": "1"}',
    '{"do": "pretend", "switch": "gravity", "c": "1"}',
    '{"do": "story", "at": 99, "c": "1"}',
    '{"do": "say", "who": "sam", "text": "\\ud800", "c": "1"}',
    '{"do": "add", "text": "\\u0000\\u0007", "c": "1"}',
    '{"do": "invite", "who": "sam", "c": "1"}',
    '{"do": "let_in", "who": "sam", "to": "robin", "c": "1"}',
)


async def test_what_no_page_would_send_is_refused_in_words(open_wire: OpenWire) -> None:
    """And the connection goes on."""
    wire = await open_wire()
    await wire.hello()
    for sent in NONSENSE:
        await wire.socket.send_str(sent)
        answer = await wire.until(lambda m: m["kind"] in ("refused", "done"))
        assert answer["kind"] == "refused", sent
        assert answer["text"].endswith("."), sent
    assert (await wire.ask(do="say", who="sam", text="still here"))["kind"] == "done"
