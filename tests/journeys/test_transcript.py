"""docs/transcript.md, played on the real homeserver: what everybody reads, word for word."""

import os
import re
from pathlib import Path

from tests.support.api import Json
from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson
from tests.support.client import Person

PAGE = Path(__file__).parent.parent.parent / "docs" / "transcript.md"
HEAD = """# A group, word for word

A test plays this in a real Matrix room and writes down what everybody reads, so it is what the bot
says today. Only ids, dates and check sums are put into angle brackets. Ada manages the room, Ben is
a member from before, Dora comes later. Words in the direct chat with the bot are read by that one
person alone.

To write it anew after a change of words: `WRITE_DOCS=1 make test ARGS=tests/journeys/test_transcript.py`
"""
ALIKE = (
    (re.compile(r"@[a-z]+-\d+:[\w.]+"), "‹id›"),
    (re.compile(r"[A-Z][a-z]+ \d{1,2}, 20\d\d(, \d\d:\d\d \(UTC\))?"), "‹date›"),
    (re.compile(r"20\d\d-\d\d-\d\dT[\d:.+Z]+"), "‹time›"),
    (re.compile(r"\b[0-9a-f]{64}\b"), "‹sha256›"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "‹random id›"),
    (re.compile(r"\b[0-9a-f]{8}\b"), "‹code›"),
)


def _alike(words: str) -> str:
    for pattern, instead in ALIKE:
        words = pattern.sub(instead, words)
    return words


class Script:
    """The page as it is written."""

    def __init__(self) -> None:
        self.lines = [HEAD]

    def scene(self, title: str) -> None:
        """A heading."""
        self.lines.append(f"\n## {title}\n")

    def said(self, who: str, where: str, words: str) -> None:
        """Somebody's words; nested code blocks are shown as text."""
        quoted = "\n".join(f"> {line}".rstrip() for line in _alike(words).split("\n"))
        self.lines.append(f"**{who}** {where}:\n\n{quoted}\n")

    async def ask(self, name: str, person: Person, words: str, containing: str = "") -> None:
        """Words to the bot in the direct chat, and its answer."""
        await person.say_to_bot(words)
        self.said(name, "to the bot", words)
        await self.hear(name, person, containing)

    async def hear(self, name: str, person: Person, containing: str = "") -> None:
        """The bot's next words to this person."""
        event = await person.answer(containing, timeout=40)
        self.said("Circlekeeper", f"to {name}", str(event["content"]["body"]))


async def test_the_transcript_is_what_the_bot_says(keeper: BotProcess, someone: MakePerson) -> None:
    """From adoption to withdrawal, and back within ten minutes."""
    script = Script()
    circle = await Circle.gather(someone, keeper, "ben")
    ada, ben = circle.admin, circle.members[0]
    script.scene("Ada adds the bot to a room that exists already")
    ada.watch()
    await ada.powers(circle.room, users={keeper.user_id: 100})
    await ada.invite(circle.room, keeper.user_id)
    await script.hear("Ada", ada, "setup start")

    script.scene("Ada sets the group up in one line")
    await script.ask("Ada", ada, "!setup gate mute crisis_contact '112' confirm", "The group is set up")

    script.scene("Ben, who was there before, is asked")
    await script.hear("Ben", ben, "consent understood")
    await script.ask("Ben", ben, "understood", "consent agree")
    await script.ask("Ben", ben, "agree")

    script.scene("Dora comes in, and speaks before she has agreed")
    dora = await circle.welcome(await someone("dora", keeper))
    await script.hear("Dora", dora, "consent understood")
    script.said("Dora", "in the room", "hello everybody (her app says that she may not speak yet)")
    await script.ask("Dora", dora, "understood", "consent agree")
    await script.ask("Dora", dora, "agree")
    await circle.speaks(dora)
    script.said("Dora", "in the room", "hello")

    script.scene("Ben changes his mind, twice")
    await script.ask("Ben", ben, "!consent withdraw", "undo")
    await script.ask("Ben", ben, "!consent undo")

    script.scene("A meeting")
    await script.ask("Ada", ada, "!session start 60 Letters we never sent", "The meeting is open")
    await script.ask("Ben", ben, "!recording", "Nobody may record")
    await script.ask("Ben", ben, "!pause", "Nobody was told that it was you")
    await script.hear("Ada", ada, "asked for a pause")
    await script.ask("Ada", ada, "!session end", "The meeting is closed")

    script.scene("What anyone can ask")
    await script.ask("Ben", ben, "!urgent")
    await script.ask("Ben", ben, "!rules")
    await script.ask("Ben", ben, "!privacy")
    await script.ask("Ada", ada, "!members")

    script.scene("What stands in the room")
    for event in await ada.history(circle.room):
        if _spoken(event, keeper):
            script.said("Circlekeeper", "to the room", str(event["content"]["body"]))
    written = "\n".join(script.lines)
    if os.environ.get("WRITE_DOCS"):
        PAGE.write_text(written, "utf-8")
    assert PAGE.read_text("utf-8") == written, "the bot's words have changed: write the page anew"


def _spoken(event: Json, keeper: BotProcess) -> bool:
    return bool(event["type"] == "m.room.message" and event["sender"] == keeper.user_id)
