"""Law 5: no effect ever reaches a wider audience than its own."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.boundary.capabilities import Capabilities, RoomView
from bot.boundary.effects import Announce, Attachment, Choice, OpenForm, Verbatim, Whisper
from bot.boundary.errors import Unsupported
from bot.boundary.ids import MemberId, ReplyHandle, RoomId
from bot.boundary.steps import Post, ShowForm, Tell
from bot.engine import TEXTS, Texts
from bot.engine.commands import Book
from bot.engine.degrade import Degrader
from bot.engine.outbox import lane_of
from bot.features import FEATURES

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROOM = RoomId("test", "!room")
BOOK = Book(c for f in FEATURES for c in f.commands)
DEGRADER = Degrader(Texts([TEXTS, *(f.texts for f in FEATURES if f.texts)]), BOOK)

members = st.builds(MemberId, st.just("test"), st.sampled_from(["@ann", "@bob"]))
replies = st.none() | st.builds(
    ReplyHandle, st.just("token"), st.floats(NOW.timestamp() - 900, NOW.timestamp() + 900)
)
words = st.tuples(st.builds(Verbatim, st.text(max_size=200)))
choices = st.lists(
    st.builds(Choice, label=st.just("cmd-help"), name=st.just("consent"), sub=st.just("agree")), max_size=2
).map(tuple)
files = st.lists(
    st.builds(Attachment, name=st.just("a.json"), media_type=st.just("x"), content=st.binary(max_size=50)),
    max_size=1,
).map(tuple)
abilities = st.builds(
    Capabilities,
    private=st.booleans(),
    ephemeral=st.booleans(),
    buttons=st.booleans(),
    forms=st.booleans(),
    files=st.booleans(),
    hears_words=st.booleans(),
    native_commands=st.booleans(),
)
private_effects = st.builds(
    Whisper,
    room=st.just(ROOM),
    to=members,
    body=words,
    choices=choices,
    files=files,
    reply=replies,
    unasked=st.booleans(),
) | st.builds(OpenForm, room=st.just(ROOM), to=members, name=st.just("setup"), sub=st.just(""), reply=replies)


def _view(can: Capabilities) -> RoomView:
    return RoomView(id=ROOM, name="Evening", people={}, can=can, me=MemberId("test", "@keeper"))


@settings(deadline=None)  # the first one reads all texts
@given(private_effects, abilities)
def test_what_is_private_reaches_that_person_alone_or_nobody(
    effect: Whisper | OpenForm, can: Capabilities
) -> None:
    """On every rung: the same person, in private, or it is refused."""
    try:
        action = DEGRADER.action(effect, _view(can), "Evening", "en", ZoneInfo("UTC"), NOW)
    except Unsupported:
        return
    assert isinstance(action, Tell | ShowForm)
    assert action.to == effect.to
    waits = effect.reply is not None and effect.reply.expires_at > NOW.timestamp()
    if action.reply is None and isinstance(action, Tell) and not waits:
        assert can.private
    assert effect.to.native in lane_of(effect)


@given(words, abilities)
def test_what_is_for_all_is_posted_and_never_whispered(body: tuple[Verbatim], can: Capabilities) -> None:
    """The other way round: what everybody is to know is not told to one person."""
    announce = Announce(room=ROOM, body=body)
    action = DEGRADER.action(announce, _view(can), "Evening", "en", ZoneInfo("UTC"), NOW)
    assert isinstance(action, Post)


def test_without_any_private_way_nothing_is_said() -> None:
    """No ephemeral answer, no direct chat: refused, not posted."""
    whisper = Whisper(room=ROOM, to=MemberId("test", "@ann"), body=(Verbatim("secret"),))
    with pytest.raises(Unsupported):
        DEGRADER.action(whisper, _view(Capabilities(private=False)), "Evening", "en", ZoneInfo("UTC"), NOW)
