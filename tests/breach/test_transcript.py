"""docs/transcript-report.md: one report and its case, word for word, as the bot says it today."""

import os
import re
from pathlib import Path

from tests.breach.story import GUS, group
from tests.laws.stories import AGREEING, FAY
from tests.support.codes import Seeded
from tests.support.house import House

PAGE = Path(__file__).parent.parent.parent / "docs" / "transcript-report.md"
HEAD = """# A report and its case, word for word

A test plays this on the real program and writes down what everybody reads, so it is what the bot
says today. Ann is a member, Fay and Gus are facilitators, Bob is another member. Everything but the
last part stands in a private chat that one person alone reads. Where there are buttons, the lists
of commands are buttons.

To write it anew after a change of words: `WRITE_DOCS=1 make test ARGS=tests/breach/test_transcript.py`
"""
CASE = "‹case›"


class Script:
    """The page as it is written."""

    def __init__(self, house: House, codes: Seeded) -> None:
        self.house, self.codes, self.lines = house, codes, [HEAD]
        self.heard = len(house.platform.heard)

    def scene(self, title: str) -> None:
        """A heading."""
        self.lines.append(f"\n## {title}\n")

    def said(self, who: str, words: str) -> None:
        """Somebody's words."""
        for label in self.codes.labels:
            words = words.replace(label, CASE)
        quoted = "\n".join(f"> {line}".rstrip() for line in words.split("\n"))
        self.lines.append(f"**{who}:**\n\n{quoted}\n")

    async def write(self, name: str, words: str) -> str:
        """Somebody writes to the bot, and what everybody hears then; the last of it."""
        self.said(f"{name.title()} to the bot", words)
        await self.house.platform.write(name, words)
        await self.house.settle()
        return self.hear()

    async def later(self, **length: float) -> None:
        """Time passes, and people hear what comes."""
        await self.house.later(**length)
        self.hear()

    def hear(self) -> str:
        """Write down what was said to people since."""
        new = self.house.platform.heard[self.heard :]
        self.heard += len(new)
        for tell in new:
            name = tell.to.native[1:].title()
            self.said(f"Circlekeeper to {name}", tell.text.removeprefix("**evening**\n\n"))
        return new[-1].text if new else ""


async def test_the_page_is_what_the_bot_says() -> None:
    """From the first word of a report to the deletion of its case."""
    codes = Seeded()
    async with House(codes=codes) as house:
        room = await group(house, "ann", "bob")
        for key, words in (("outside_contact", "Ms Lee, lee@example.org"), ("crisis_contact", "Call 112")):
            await house.platform.write(FAY, f"!group set {key} {words}")
            await house.settle()
        for name in ("ann", "bob", GUS):
            for words in AGREEING:
                await house.platform.write(name, words)
                await house.settle()
        script = Script(house, codes)
        script.scene("Ann reports, without her name")
        for words in ("!report", "screenshot", "last Tuesday, in a chat of my school", "me", "ask",
                      "My post was passed around. I saw it on a phone.", "nobody", "without"):  # fmt: skip
            await script.write("ann", words)
        code = (await script.write("ann", "send")).split("`")[1]
        await script.write("ann", "!report clear")
        script.scene("At the next full hour")
        await script.later(hours=1)
        script.scene("Fay opens the case desk")
        listed = await script.write(FAY, "!cases")
        case = next(label for label in codes.labels if label in listed)
        await script.write(FAY, f"!cases show {case}")
        await script.write(FAY, f"!cases acknowledge {case}")
        script.scene("Step by step")
        await script.write(FAY, f"!cases step {case}")
        await script.write(FAY, f"!cases ask {case} Are you safe? May we tell the group, without names?")
        script.scene("Ann looks with her code, from another account if she likes, and answers")
        await script.write("ann", f"!case show {code}")
        await script.write("ann", f"!case add {code} Yes, and yes.")
        script.scene("An hour later")
        await script.later(hours=1)
        for _ in range(6):
            await script.write(FAY, f"!cases step {case} done")
        await script.write(FAY, f"!cases address {case}")
        before = len(house.platform.seen_in(room))
        await script.write(FAY, "confirm")
        script.scene("Closed")
        closing = "We asked for the picture to be deleted, and talked with everybody."
        await script.write(FAY, f"!cases close {case} {closing}")
        await script.write("ann", f"!case show {code}")
        script.scene("When nobody looks: three working days, and seven days")
        await script.write(GUS, "!cases")
        for words in ("!report", "other", "skip", "skip", "skip", "skip", "2", "anonymous", "send"):
            await house.platform.write("bob", words)
            await house.settle()
        script.heard = len(house.platform.heard)
        await script.later(days=4)
        await script.later(days=4)
        script.scene("What the room read of all this")
        for words in house.platform.seen_in(room)[before:]:
            script.said("Circlekeeper to the room", words)
    written = re.sub(r"\n{3,}", "\n\n", "\n".join(script.lines)).strip() + "\n"
    if os.environ.get("WRITE_DOCS"):
        PAGE.write_text(written, "utf-8")
    assert PAGE.read_text("utf-8") == written, "the bot's words have changed: write the page anew"
