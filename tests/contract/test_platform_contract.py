"""What every adapter of a platform promises, played on each: memory, playground, Matrix, Discord.

The stages are the fixtures `<name>_stage` in this folder's conftest.
"""

import asyncio
import secrets

import pytest

from bot.boundary.effects import Admit, Hold, RestoreRoom, SetGate, TakeDown
from bot.boundary.errors import Undeliverable
from bot.boundary.events import (
    CallJoined,
    CallLeft,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    RoomAdopted,
    RoomSeen,
    WordsGiven,
)
from bot.boundary.ids import MessageId, RoomId
from bot.boundary.steps import Action, Post, Step, Tell
from tests.contract.stage import Stage, until

STAGES = ("memory", "playground", "matrix", "discord")


@pytest.fixture(params=STAGES)
def stage(request: pytest.FixtureRequest) -> Stage:
    """One adapter after the other."""
    found: Stage = request.getfixturevalue(f"{request.param}_stage")
    return found


def _step(action: Action) -> Step:
    return Step(id=secrets.token_hex(16), action=action)


async def _adopted(stage: Stage) -> None:
    await stage.adopt()
    await until(lambda: stage.platform.view(stage.room), "the room's view")


async def _readable(stage: Stage, name: str, words: str) -> bool:
    return any(words in text for text in await stage.read_in_room(name))


async def _comes_true(stage: Stage, name: str, words: str, wanted: bool = True) -> None:
    for _ in range(300):
        if await _readable(stage, name, words) is wanted:
            return
        await asyncio.sleep(0.03)
    raise AssertionError(f"{words!r} readable is not {wanted}")


async def test_it_becomes_ready_and_tells_who_adopted_it(stage: Stage) -> None:
    """`RoomAdopted` names the person; from then on there is a view."""
    await until(lambda: stage.platform.health().ready, "readiness")
    await _adopted(stage)
    adopted = await until(lambda: stage.sink.of(RoomAdopted) or None)
    assert [(e.room, e.by) for e in adopted] == [(stage.room, stage.someone("ann"))]


async def test_the_view_shows_who_is_inside_and_who_manages(stage: Stage) -> None:
    """The bot itself is not among the people; power on the platform shows as administrator."""
    await _adopted(stage)
    view = stage.platform.view(stage.room)
    assert view is not None
    assert {p.id for p in view.humans()} == {stage.someone("ann"), stage.someone("bob")}
    assert view.people[stage.someone("ann")].administrator
    assert not view.people[stage.someone("bob")].administrator
    assert view.me == stage.me
    assert stage.platform.rooms_of(stage.someone("bob")) == (stage.room,)
    assert stage.platform.rooms_of(stage.someone("zoe")) == ()
    assert stage.platform.view(RoomId(stage.platform.name, "!nowhere")) is None


async def test_who_comes_and_goes_is_told_once(stage: Stage) -> None:
    """Each with an id of its own."""
    await _adopted(stage)
    await stage.comes("zoe")
    zoe = stage.someone("zoe")
    await until(lambda: [e for e in stage.sink.of(MemberJoined) if e.who == zoe] or None, "the coming")
    await stage.goes("zoe")
    await until(lambda: [e for e in stage.sink.of(MemberLeft) if e.who == zoe] or None, "the going")
    ids = [e.id for e in stage.sink.about(stage.room)]
    assert len(ids) == len(set(ids))
    assert len([e for e in stage.sink.of(MemberJoined) if e.who == zoe]) == 1


async def test_a_message_arrives_without_its_words(stage: Stage) -> None:
    """Law 2: nothing but what is for the bot gets past the adapter."""
    await _adopted(stage)
    message = await stage.says("bob", "what I say about my sister")
    posted = await until(lambda: stage.sink.of(MessagePosted) or None, "the message")
    assert [(e.by, e.message) for e in posted] == [(stage.someone("bob"), message)]
    assert "sister" not in repr(stage.sink.events)


async def test_private_words_reach_the_engine_without_a_room(stage: Stage) -> None:
    """Which group they mean is not the adapter's to decide."""
    await _adopted(stage)
    await stage.writes("bob", "!consent agree")
    words = await until(lambda: stage.sink.of(WordsGiven) or None, "the words")
    assert [(w.by, w.room, w.words) for w in words] == [(stage.someone("bob"), None, "!consent agree")]


async def test_private_words_reach_one_person_and_nobody_else(stage: Stage) -> None:
    """Law 5, on the platform itself."""
    await _adopted(stage)
    text = "for bob alone <b>&amp; `code`"
    await stage.platform.perform(_step(Tell(room=stage.room, to=stage.someone("bob"), text=text)))
    heard = await stage.read_in_private("bob")
    assert any("for bob alone" in t for t in heard)
    assert await stage.read_in_private("ann") == []
    assert not await _readable(stage, "ann", "for bob alone")


async def test_the_same_step_again_is_done_once(stage: Stage) -> None:
    """Idempotent by the outbox id, also after the bot's process has ended."""
    await _adopted(stage)
    tell = _step(Tell(room=stage.room, to=stage.someone("bob"), text="once in private"))
    post = _step(Post(room=stage.room, text="once for all"))
    for _ in range(2):
        await stage.platform.perform(tell)
        await stage.platform.perform(post)
    await stage.reconnect()
    await until(lambda: stage.platform.health().ready, "readiness")
    await stage.platform.perform(tell)
    await stage.platform.perform(post)
    await _comes_true(stage, "ann", "once for all")
    assert len([t for t in await stage.read_in_room("ann") if "once for all" in t]) == 1
    assert len([t for t in await stage.read_in_private("bob") if "once in private" in t]) == 1


async def test_what_is_taken_down_is_gone_for_everybody(stage: Stage) -> None:
    """And taking down what is gone already is no error."""
    await _adopted(stage)
    message = await stage.says("bob", "please forget this")
    assert message is not None
    await stage.platform.perform(_step(TakeDown(room=stage.room, message=message)))
    await _comes_true(stage, "ann", "please forget this", wanted=False)
    await stage.platform.perform(_step(TakeDown(room=stage.room, message=message)))


async def test_the_gate_mute_lets_speak_whom_it_admits(stage: Stage) -> None:
    """Who was inside speaks on; a newcomer speaks after `Admit` and no more after `Hold`."""
    await _adopted(stage)
    view = stage.platform.view(stage.room)
    assert view is not None
    assert view.can.mute == "levels"
    inside = tuple(p.id for p in view.humans())
    await stage.platform.perform(_step(SetGate(room=stage.room, gate="mute", inside=inside)))
    assert await stage.says("bob", "still speaking") is not None
    await stage.comes("zoe")
    zoe = stage.someone("zoe")
    await until(lambda: stage.platform.rooms_of(zoe) or None, "zoe")
    assert await stage.says("zoe", "too early") is None
    await stage.platform.perform(_step(Admit(room=stage.room, who=zoe, gate="mute")))
    await stage.platform.perform(_step(Admit(room=stage.room, who=zoe, gate="mute")))
    assert await stage.says("zoe", "now I may") is not None
    await stage.platform.perform(_step(Hold(room=stage.room, who=zoe, gate="mute")))
    assert await stage.says("zoe", "not any more") is None
    assert await stage.says("bob", "bob still may") is not None


async def test_what_the_gate_changed_can_be_put_back_exactly(stage: Stage) -> None:
    """`RestoreRoom` with the snapshot from before: the snapshot afterwards is the same."""
    await _adopted(stage)
    view = stage.platform.view(stage.room)
    assert view is not None
    before, inside = view.snapshot, tuple(p.id for p in view.humans())
    await stage.platform.perform(_step(SetGate(room=stage.room, gate="mute", inside=inside)))
    await until(lambda: stage.platform.view(stage.room).snapshot != before or None, "the gate")  # type: ignore[union-attr]
    await stage.platform.perform(_step(RestoreRoom(room=stage.room, snapshot=before)))
    await until(lambda: stage.platform.view(stage.room).snapshot == before or None, "the old settings")  # type: ignore[union-attr]


async def test_what_cannot_be_done_is_refused_with_a_reason(stage: Stage) -> None:
    """`Undeliverable`, never another exception, never silence."""
    await _adopted(stage)
    nowhere = RoomId(stage.platform.name, "!nowhere")
    unknown = MessageId(stage.platform.name, "$unknown")
    for action in (Post(room=nowhere, text="hello"), TakeDown(room=nowhere, message=unknown)):
        with pytest.raises(Undeliverable) as refused:
            await stage.platform.perform(_step(action))
        assert refused.value.reason in Undeliverable.REASONS
        assert refused.value.retry_after is None


async def test_somebody_is_found_by_id_and_by_a_name_that_is_theirs_alone(stage: Stage) -> None:
    """Not certain means nobody."""
    await _adopted(stage)
    bob = stage.someone("bob")
    assert stage.platform.find_member(stage.room, bob.native) == bob
    assert stage.platform.find_member(stage.room, "nobody at all") is None
    assert stage.platform.find_member(RoomId(stage.platform.name, "!nowhere"), bob.native) is None


async def test_after_a_restart_every_room_is_looked_at(stage: Stage) -> None:
    """`RoomSeen`, and the view is there without anything having happened."""
    await _adopted(stage)
    stage.sink.events.clear()
    await stage.reconnect()
    seen = await until(lambda: stage.sink.of(RoomSeen) or None, "the look")
    assert stage.room in [e.room for e in seen]
    assert stage.platform.view(stage.room) is not None
    assert stage.sink.of(RoomAdopted) == []


async def test_who_comes_into_the_call_and_leaves_it_is_told_and_shown(stage: Stage) -> None:
    """Where calls are seen (`Capabilities.calls_seen`): the events, and the view with them."""
    await _adopted(stage)
    bob = stage.someone("bob")
    assert stage.platform.view(stage.room).can.calls_seen  # type: ignore[union-attr]
    await stage.calls("bob", True)
    joined = await until(lambda: stage.sink.of(CallJoined) or None)
    assert [(e.room, e.who) for e in joined] == [(stage.room, bob)]
    assert [p.id for p in stage.platform.view(stage.room).call()] == [bob]  # type: ignore[union-attr]
    await stage.calls("bob", False)
    left = await until(lambda: stage.sink.of(CallLeft) or None)
    assert [(e.room, e.who) for e in left] == [(stage.room, bob)]
    assert stage.platform.view(stage.room).call() == ()  # type: ignore[union-attr]
