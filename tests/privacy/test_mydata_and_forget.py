"""`mydata` and `forget`: everything, at once, and nobody else's."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.boundary.commands import Command
from bot.boundary.effects import Whisper
from bot.boundary.events import CommandGiven
from bot.contract.facts import MemberForgotten
from bot.contract.feature import Decision, Held, Here, Key, Rows
from bot.contract.records import Record
from bot.engine import TEXTS, Texts
from bot.privacy import FEATURE
from tests.support.here import NOON, ROOM, here, member, person

texts = Texts([TEXTS, Path(FEATURE.texts or ".")])
ANN = member("ann")


class Note(Record, frozen=True, kw_only=True, tag="note"):
    """Anything that a feature might keep."""

    words: str
    at: datetime
    raw: bytes = b"\x00\xff"


KEPT = {
    "one": ((Key(ANN, "note"), Held(Note(words="ünïcode", at=NOON), 1, NOON + timedelta(days=1), None)),),
    "two": (
        (Key(ANN, "z"), Held(Note(words="z", at=NOON), 3)),
        (Key(ANN, "a"), Held(Note(words="a", at=NOON), 1)),
    ),
    "three": (),
}


def world(kept: dict[str, Any] | None = None, **changes: Any) -> Here:
    changes.setdefault("people", [person("ann"), person("fay")])
    made = here(changes.pop("people"), **changes)
    everything = KEPT if kept is None else kept
    return msgspec.structs.replace(made, everything=lambda who: everything if who == ANN else {})


def gives(name: str, here_: Here, confirmed: bool = False) -> Decision:
    given = CommandGiven(id="e", room=ROOM, by=ANN, name=name, confirmed=confirmed)
    assert FEATURE.wants(given, here_.group)
    return FEATURE.decide(Rows(), given, here_)


def rendered(decision: Decision, here_: Here) -> str:
    whispers = [e for e in decision.effects if isinstance(e, Whisper)]
    assert all(w.to == ANN for w in whispers)
    voice = texts.voice("en", here_.room.can, here_.room, here_.policy.zone)
    return "\n".join(voice.body(w.body) for w in whispers)


def command(name: str) -> Command:
    return next(c for c in FEATURE.commands if c.name == name)


def test_mydata_has_every_record_of_every_feature() -> None:
    """GDPR Art. 15: all of it, at once, as a file that machines and people can read."""
    decision = gives("mydata", world())
    (whisper,) = decision.effects
    assert isinstance(whisper, Whisper)
    (file,) = whisper.files
    assert (file.name, file.media_type) == ("mydata.json", "application/json")
    copy = json.loads(file.content)
    assert [(r["feature"], r["key"]) for r in copy["records"]] == [
        ("one", "note"),
        ("two", "a"),
        ("two", "z"),
    ]
    assert copy["records"][0]["record"] == {
        "type": "note",
        "words": "ünïcode",
        "at": "2026-03-02T12:00:00Z",
        "raw": "AP8=",
    }
    assert copy["records"][0]["looked_at_again"] == "2026-03-03T12:00:00Z"
    assert copy["member"] == "@ann"
    assert "ünïcode".encode() in file.content


def test_mydata_says_that_cases_are_never_in_it() -> None:
    """Law 4: no copy leads to a report. It says so in words and in the file."""
    here_ = world()
    decision = gives("mydata", here_)
    (whisper,) = decision.effects
    assert isinstance(whisper, Whisper)
    assert "never part of this" in rendered(decision, here_)
    assert "never" in json.loads(whisper.files[0].content)["cases"]


def test_mydata_of_somebody_of_whom_nothing_is_kept_says_so() -> None:
    """No empty file."""
    here_ = world({})
    decision = gives("mydata", here_)
    (whisper,) = decision.effects
    assert isinstance(whisper, Whisper)
    assert whisper.files == ()
    assert "I keep nothing about you" in rendered(decision, here_)


@pytest.mark.parametrize("name", ["mydata", "forget"])
def test_both_work_for_somebody_who_left(name: str) -> None:
    """Rights do not end with leaving."""
    assert command(name).outsiders
    assert command(name).who == "member"


def test_forget_always_asks_which_group() -> None:
    """Never guessed: it cannot be undone."""
    assert command("forget").always_ask_group
    assert command("forget").confirms


@pytest.mark.parametrize(
    ("gate", "says"),
    [
        ("notice", "go on reading and writing"),
        ("mute", "read here, but not speak"),
        ("door", "let out at once"),
    ],
)
def test_forget_shows_what_changes_first(gate: str, says: str) -> None:
    """And erases nothing before it is confirmed."""
    here_ = world(settings={"gate": gate})
    decision = gives("forget", here_)
    assert decision.awaits_confirm
    assert decision.forget is None
    assert decision.facts == ()
    assert says in rendered(decision, here_)


def test_forget_says_to_somebody_outside_that_nothing_else_changes() -> None:
    """They are not let out of where they are not."""
    here_ = world(people=[person("fay")], settings={"gate": "door"})
    assert "You are not in this room" in rendered(gives("forget", here_), here_)


def test_forget_warns_the_only_facilitator() -> None:
    """A group that nobody looks after can change nothing any more."""
    here_ = world(facilitators=("ann",))
    words = rendered(gives("forget", here_), here_)
    assert "not be a facilitator" in words
    assert "only facilitator" in words
    here_ = world(facilitators=("ann", "fay"))
    assert "only facilitator" not in rendered(gives("forget", here_), here_)


def test_forget_erases_everything_and_tells_the_other_features() -> None:
    """GDPR Art. 17. The gate acts on the fact as on a withdrawal."""
    here_ = world()
    decision = gives("forget", here_, confirmed=True)
    assert decision.forget == ANN
    assert decision.facts == (MemberForgotten(id="e", room=ROOM, who=ANN),)
    assert decision.changes == ()
    assert "Done" in rendered(decision, here_)


def test_forget_is_true_about_backups() -> None:
    """This program makes none by itself; an operator may have."""
    here_ = world()
    for confirmed in (False, True):
        words = rendered(gives("forget", here_, confirmed), here_)
        assert "I make no backups myself" in words
        assert "may have made copies" in words


@pytest.mark.parametrize(
    ("kept", "says"), [("30d", "after 30 days"), ("1d", "after 1 day."), ("none", "make no copies")]
)
def test_forget_says_when_older_copies_are_deleted(kept: str, says: str) -> None:
    """As the operator has set it, before and after, and also where nothing is kept."""
    here_ = world()
    operator = msgspec.structs.replace(here_.operator, backups_kept=kept)
    here_ = msgspec.structs.replace(here_, operator=operator)
    for confirmed in (False, True):
        assert says in rendered(gives("forget", here_, confirmed), here_)
    assert says in rendered(gives("forget", msgspec.structs.replace(here_, everything=lambda who: {})), here_)


def test_forgetting_nothing_says_so() -> None:
    """Nothing to confirm, nothing to erase."""
    here_ = world({})
    decision = gives("forget", here_, confirmed=True)
    assert decision.forget is None
    assert decision.facts == ()
    assert "nothing to erase" in rendered(decision, here_)
