"""Whatever people do in whatever order: what the bot is told, what it sees and what is kept agree."""

import asyncio
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.playground.asked import Asked, Refused
from bot.boundary.effects import Admit, Hold, Remove, SetGate, TakeDown
from bot.boundary.errors import Undeliverable
from bot.boundary.events import CallJoined, CallLeft, MemberJoined, MemberLeft, MessagePosted
from bot.boundary.ids import MessageId
from bot.boundary.steps import Action, Step, Tell
from tests.playground.stage import PlaygroundStage

WHO = st.sampled_from(("ann", "bob", "zoe", "yan"))
SECRET = "kept between us"
DOINGS = st.one_of(
    st.builds(lambda w: Asked(do="come", who=w), WHO),
    st.builds(lambda w: Asked(do="leave", who=w), WHO),
    st.builds(lambda w, on: Asked(do="call", who=w, on=on), WHO, st.booleans()),
    st.builds(lambda w, on: Asked(do="away", who=w, on=on), WHO, st.booleans()),
    st.builds(lambda w, t: Asked(do="rename", who=w, text=t), WHO, st.text(max_size=8)),
    st.builds(lambda w, to: Asked(do="let_in", who=w, to=to), WHO, WHO),
    st.builds(lambda w, n: Asked(do="say", who=w, text=f"words {n}"), WHO, st.integers(0, 99)),
    st.builds(lambda w: Asked(do="say", who=w, to="keeper", text=SECRET), WHO),
    st.tuples(st.just("gate"), st.sampled_from(("notice", "mute", "door"))),
    st.tuples(st.sampled_from(("admit_mute", "admit_door", "hold", "remove", "tell")), WHO),
    st.tuples(st.just("take_down"), st.integers(0, 5)),
    st.just(("restart", "")),
)


def _action(stage: PlaygroundStage, kind: str, what: Any) -> Action | None:
    room, someone = stage.room, stage.someone
    match kind:
        case "gate":
            view = stage.platform.view(room)
            assert view is not None
            inside = tuple(p.id for p in view.inside())
            return SetGate(room=room, gate=what, inside=inside)
        case "admit_mute":
            return Admit(room=room, who=someone(what), gate="mute")
        case "admit_door":
            return Admit(room=room, who=someone(what), gate="door")
        case "hold":
            return Hold(room=room, who=someone(what), gate="mute")
        case "remove":
            return Remove(room=room, who=someone(what))
        case "tell":
            return Tell(room=room, to=someone(what), text=SECRET)
        case "take_down":
            said = [e.message for e in stage.sink.of(MessagePosted)]
            return TakeDown(room=room, message=said[-1 - what]) if what < len(said) else None
        case _:
            return None


def _agrees(stage: PlaygroundStage, inside: set[str], calling: set[str]) -> None:
    """What was told in events is what the view shows; private words are for one person."""
    view = stage.platform.view(stage.room)
    assert view is not None
    assert {p.id.native for p in view.inside()} == inside
    assert {s.id for s in stage.platform.world.state.people.values() if s.in_call} == calling
    assert calling <= inside
    for member, person in view.people.items():
        assert stage.platform.rooms_of(member) == (stage.room,)
        assert person.may_speak == stage.platform.world.may_speak(member.native)
    for item in stage.platform.world.items.values():
        assert item.to or item.text != SECRET
        assert item.to or item.kind not in ("tell", "ask", "form")
        assert not (item.gone and (item.text or item.files or item.buttons))


def _everything(stage: PlaygroundStage) -> Any:
    world = stage.platform.world
    return msgspec.to_builtins([world.state, list(world.items.values())], order="sorted")


async def _play(history: list[Any]) -> None:
    stage = await PlaygroundStage().start()
    await stage.adopt()
    for name in ("Zoe", "Yan"):
        await stage.visitor.do(Asked(do="add", text=name))
    inside, calling, told = {"ann", "bob"}, set[str](), 0
    taken_down: list[MessageId] = []
    for number, doing in enumerate(history):
        try:
            if isinstance(doing, Asked):
                await stage.visitor.do(doing)
            elif doing[0] == "restart":
                before = _everything(stage)
                await stage.reconnect()
                assert _everything(stage) == before
            elif action := _action(stage, *doing):
                await stage.platform.perform(Step(id=f"step {number}", action=action))
                if isinstance(action, TakeDown):
                    taken_down.append(action.message)
        except (Refused, Undeliverable):
            pass
        for event in stage.sink.events[told:]:
            if isinstance(event, MemberJoined):
                assert event.who.native not in inside
                inside.add(event.who.native)
            elif isinstance(event, MemberLeft):
                inside.discard(event.who.native)
            elif isinstance(event, CallJoined):
                calling.add(event.who.native)
            elif isinstance(event, CallLeft):
                calling.remove(event.who.native)
        told = len(stage.sink.events)
        _agrees(stage, inside, calling)
    assert all(stage.platform.world.items[m.native].gone for m in taken_down)
    await stage.close()


@settings(max_examples=60, deadline=None)
@given(st.lists(DOINGS, max_size=30))
def test_in_every_history_the_bot_is_told_what_is_so(history: list[Any]) -> None:
    """Coming and going, gates, private words, taking down, and restarts in between."""
    asyncio.run(_play(history))
