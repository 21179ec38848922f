"""Recorders and the call's standing line: only where the room says that it can."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.boundary.capabilities import Capabilities, RoomView
from bot.boundary.effects import BlockRecorder, SetStatus, say
from bot.boundary.errors import Unsupported
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.steps import Action, ShowStatus
from bot.engine import TEXTS, Texts
from bot.engine.commands import Book
from bot.engine.degrade import Degrader
from bot.engine.outbox import lane_of, pack, unpack
from bot.features import FEATURES

ROOM = RoomId("test", "!room")
BOOK = Book(c for f in FEATURES for c in f.commands)
DEGRADER = Degrader(Texts([TEXTS, *(f.texts for f in FEATURES if f.texts)]), BOOK)
LINE = SetStatus(room=ROOM, line=say("recording-status-no"))
BLOCK = BlockRecorder(room=ROOM, recorder="craig", who=MemberId("test", "craig"))


def fitted(effect: SetStatus | BlockRecorder, can: Capabilities) -> Action:
    view = RoomView(id=ROOM, name="Evening", people={}, can=can, me=MemberId("test", "keeper"))
    now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    return DEGRADER.action(effect, view, "Evening", "en", ZoneInfo("UTC"), now)


def test_the_standing_line_is_written_out_and_taken_away() -> None:
    can = Capabilities(status=True)
    assert fitted(LINE, can) == ShowStatus(room=ROOM, text="Nobody may record")
    assert fitted(SetStatus(room=ROOM), can) == ShowStatus(room=ROOM, text="")


def test_a_recorder_is_stopped_as_it_is_named() -> None:
    assert fitted(BLOCK, Capabilities(blocks_recorders=True)) == BLOCK


@pytest.mark.parametrize("effect", [LINE, BLOCK])
def test_what_was_not_declared_is_not_used(effect: SetStatus | BlockRecorder) -> None:
    with pytest.raises(Unsupported):
        fitted(effect, Capabilities())


@pytest.mark.parametrize("effect", [LINE, BLOCK])
def test_they_survive_the_outbox_in_lanes_of_their_own(effect: SetStatus | BlockRecorder) -> None:
    """A recorder is not stopped behind a queue of words."""
    assert unpack(pack("recording", effect)).effect == effect
    assert lane_of(effect) in ("status", "recorder:craig")


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("to practise | the two of us | 30", ("to practise", "the two of us", "30")),
        ("to practise|the two of us 30", ("to practise", "the two of us", "30")),
        ('"to practise" "the two of us" 30', ("to practise", "the two of us", "30")),
        ("“to practise” “the two of us” 30", ("to practise", "the two of us", "30")),
    ],
)
def test_texts_in_one_line_are_told_apart(words: str, values: tuple[str, ...]) -> None:
    found = BOOK.parse(f"!recording ask {words}", "!", "direct")
    assert tuple(found.values.values()) == values  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("words", "values"),
    [
        ("Thursday 19:00", {"when": "Thursday 19:00"}),
        ("Thursday 19:00 weekly", {"when": "Thursday 19:00", "repeat": "weekly"}),
        ("Thursday 19:00 WEEKLY 90", {"when": "Thursday 19:00", "repeat": "weekly", "minutes": "90"}),
        ("2026-03-05 19:00 90", {"when": "2026-03-05 19:00", "minutes": "90"}),
    ],
)
def test_what_follows_a_text_is_found_at_its_end(words: str, values: dict[str, str]) -> None:
    found = BOOK.parse(f"!session plan {words}", "!", "direct")
    assert found.values == values  # type: ignore[union-attr]
