"""Gates on a real homeserver, with other hands at work at the same time."""

import asyncio
import itertools
from typing import Any

import pytest

from bot.boundary.effects import Admit, Hold, Remove, RestoreRoom, SetGate
from bot.boundary.errors import Undeliverable
from bot.boundary.ids import RoomId
from bot.boundary.steps import Action, Step
from tests.contract.matrix_stage import MatrixStage
from tests.contract.stage import until

_IDS = itertools.count(1)
LEVELS = "m.room.power_levels"
JOINING = "m.room.join_rules"


def step(action: Action) -> Step:
    """A step of its own."""
    return Step(id=f"gate{next(_IDS)}", action=action)


async def raw(stage: MatrixStage) -> dict[str, Any]:
    """The settings that gates touch, as they are on the homeserver."""
    ann, room = stage.people["ann"], stage.room.native
    return {kind: await ann.state(room, kind) for kind in (LEVELS, JOINING, "m.room.history_visibility")}


async def test_grants_are_not_lost_to_another_writer(stage: MatrixStage) -> None:
    """A moderator's client and the bot write levels at the same time: every grant is there at the end."""
    ann, room = stage.people["ann"], stage.room
    await stage.platform.perform(step(SetGate(room=room, gate="mute")))
    names = [f"@member{n}:keeper.test" for n in range(20)]

    async def other_hand() -> None:
        for n in range(15):
            levels = await ann.state(room.native, LEVELS)
            assert levels is not None
            await ann.set_state(room.native, LEVELS, {**levels, "ban": 50 + n})
            await asyncio.sleep(0.01)

    admits = [
        stage.platform.perform(step(Admit(room=room, who=type(stage.me)("matrix", n), gate="mute")))
        for n in names
    ]
    await asyncio.gather(other_hand(), *admits)
    late = [step(Admit(room=room, who=type(stage.me)("matrix", n), gate="mute")) for n in names]
    await asyncio.gather(*(stage.platform.perform(s) for s in late))
    levels = (await raw(stage))[LEVELS]
    assert {levels["users"].get(n) for n in names} == {1}


@pytest.mark.parametrize("gate", ["mute", "door"])
async def test_a_gate_goes_up_and_comes_down_without_a_trace(stage: MatrixStage, gate: Any) -> None:
    """`notice` takes away what the gate put up; `RestoreRoom` gives back exactly what was there."""
    before = await raw(stage)
    snapshot = stage.platform.view(stage.room).snapshot  # type: ignore[union-attr]
    up = SetGate(room=stage.room, gate=gate, inside=(stage.someone("ann"), stage.someone("bob")))
    for _ in range(2):  # the same again does nothing more
        await stage.platform.perform(step(up))
    assert await raw(stage) != before
    await stage.platform.perform(step(SetGate(room=stage.room, gate="notice")))
    assert await raw(stage) == before
    await stage.platform.perform(step(up))
    await stage.reconnect()
    await until(lambda: stage.platform.health().ready or None)
    await stage.platform.perform(step(RestoreRoom(room=stage.room, snapshot=snapshot)))
    assert await raw(stage) == before


async def test_after_a_restart_the_gate_is_still_known_as_the_bots(stage: MatrixStage) -> None:
    """It can be taken away, and who agreed can be held again."""
    before = await raw(stage)
    bob = stage.someone("bob")
    await stage.platform.perform(step(SetGate(room=stage.room, gate="mute", inside=(bob,))))
    await stage.reconnect()
    await until(lambda: stage.platform.health().ready or None)
    await stage.platform.perform(step(Hold(room=stage.room, who=bob, gate="mute")))
    assert await stage.says("bob", "hello") is None
    await stage.platform.perform(step(SetGate(room=stage.room, gate="notice")))
    assert await raw(stage) == before


async def test_one_gate_follows_another(stage: MatrixStage) -> None:
    """From `mute` to `door`: everybody inside may speak, newcomers knock."""
    room, zoe = stage.room, stage.people["zoe"]
    await stage.platform.perform(step(SetGate(room=room, gate="mute")))
    assert await stage.says("bob", "hello") is None
    await stage.platform.perform(step(SetGate(room=room, gate="door")))
    assert await stage.says("bob", "hello") is not None
    await zoe.knock(room.native)
    admit = Admit(room=room, who=stage.someone("zoe"), gate="door")
    for _ in range(2):
        await stage.platform.perform(step(admit))
    await zoe.join(room.native)
    for _ in range(2):
        await stage.platform.perform(step(Remove(room=room, who=stage.someone("zoe"))))
    assert (await stage.people["ann"].memberships(room.native))[zoe.user_id] == "leave"


async def test_a_creator_of_a_room_of_version_12_can_be_inside_every_gate(stage: MatrixStage) -> None:
    """The homeserver refuses levels that name one."""
    ann = stage.people["ann"]
    native = await ann.create_room(
        stage.me.native,
        name="Twelve",
        room_version="12",
        power_level_content_override={"users": {stage.me.native: 100}},
    )
    room = RoomId("matrix", native)
    view = await until(lambda: stage.platform.view(room))
    assert view.can.mute == "levels"
    ann_id = stage.someone("ann")
    assert view.people[ann_id].administrator
    await stage.platform.perform(step(SetGate(room=room, gate="mute", inside=(ann_id,))))
    await stage.platform.perform(step(Admit(room=room, who=ann_id, gate="mute")))
    await stage.platform.perform(step(Hold(room=room, who=ann_id, gate="mute")))
    assert ann.user_id not in ((await ann.state(native, LEVELS)) or {})["users"]
    await stage.platform.perform(step(RestoreRoom(room=room, snapshot=view.snapshot)))


async def test_without_the_power_a_gate_is_refused(stage: MatrixStage) -> None:
    """`forbidden`, and no half gate is left."""
    before = await raw(stage)
    await stage.people["ann"].powers(stage.room.native, users={stage.me.native: 0})
    changed = await raw(stage)
    assert changed != before
    with pytest.raises(Undeliverable) as refused:
        await stage.platform.perform(step(SetGate(room=stage.room, gate="door")))
    assert refused.value.reason == "forbidden"
    assert await raw(stage) == changed
