"""A short story for somebody who opens the page for the first time.

Each step tells where to look and offers to do one thing. The page does it the way a person
would: the same messages, the same commands. People are named by their name, because somebody
who came in during the story has an id that nobody can know before.
"""

from typing import Any

import msgspec


class Chapter(msgspec.Struct, frozen=True, kw_only=True):
    """One step: what there is to see, and what happens when the visitor goes on."""

    title: str
    text: str
    button: str
    doings: tuple[dict[str, Any], ...] = ()
    """As a page sends them (`visitor.Asked`), with a name as `who`."""
    show: tuple[str, ...] = ()
    """Whose panes to open."""


def _says(who: str, text: str) -> dict[str, Any]:
    return {"do": "say", "who": who, "text": text}


STORY = (
    Chapter(
        title="A group that already exists",
        text=(
            "Robin runs a support group, and Sam and Kim are in it. You are all of them: each has a pane. "
            "Robin has just added Circlekeeper. The room got one line; Robin got the rest, in private."
        ),
        button="Set it up as Robin",
        doings=(_says("Robin", "/setup gate mute confirm"),),
        show=("Robin", "Sam", "Kim"),
    ),
    Chapter(
        title="Everybody is asked, in private",
        text=(
            "Sam and Kim were here before, so nothing is taken from them: they go on talking and have "
            "time to answer. Now somebody new comes in."
        ),
        button="Let Noor come in",
        doings=({"do": "add", "text": "Noor"},),
    ),
    Chapter(
        title="A newcomer is asked at once",
        text=(
            "Only Noor sees the question. The limits come first: what nobody can promise. "
            "Until Noor has agreed, the room stays closed for Noor’s words. Try it."
        ),
        button="Speak as Noor, too early",
        doings=(_says("Noor", "Hello, is somebody here?"),),
        show=("Noor",),
    ),
    Chapter(
        title="Noor could not speak yet",
        text="Noor can read the limits, say that they are understood, and then agree. It takes two steps.",
        button="Understand and agree as Noor",
        doings=(_says("Noor", "/consent understood"), _says("Noor", "/consent agree")),
        show=("Noor",),
    ),
    Chapter(
        title="Noor has agreed",
        text="Noor got a receipt, in private. Nobody was told anything else. Now the room is open for Noor.",
        button="Speak as Noor",
        doings=(_says("Noor", "Thank you for having me. I was nervous about coming."),),
        show=("Noor",),
    ),
    Chapter(
        title="Saying no is fine",
        text="Sam would rather not agree. Watch the other panes: nobody learns that Sam said no.",
        button="Decline as Sam",
        doings=(_says("Sam", "/consent decline"),),
        show=("Sam",),
    ),
    Chapter(
        title="Nobody was told",
        text="Sam keeps what Sam had, and can still talk to a facilitator. Now Kim agrees.",
        button="Agree as Kim",
        doings=(_says("Kim", "/consent understood"), _says("Kim", "/consent agree")),
        show=("Kim",),
    ),
    Chapter(
        title="Changing one’s mind",
        text="Later Kim wants to take it back. Withdrawing is one step, never more than agreeing.",
        button="Withdraw as Kim",
        doings=(_says("Kim", "/consent withdraw"),),
        show=("Kim",),
    ),
    Chapter(
        title="Now it is yours",
        text=(
            "Kim can undo it for ten minutes. From here on do as you like: type / in any pane for all "
            "commands, move the time forward, pretend that this platform has no buttons, add a recorder bot. "
            "“Behind the scenes” shows what little is kept."
        ),
        button="Close the story",
    ),
)
