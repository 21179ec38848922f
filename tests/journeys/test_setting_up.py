"""Set-up in the direct chat, and back to exactly what was there."""

import asyncio
from typing import Any

import pytest

from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson, plain_and_encrypted, until

GATED = ("m.room.power_levels", "m.room.join_rules")


async def native(circle: Circle) -> dict[str, Any]:
    """The raw settings that a gate may change."""
    return {kind: await circle.admin.state(circle.room, kind) for kind in GATED}


@pytest.mark.parametrize(("gate", "encrypted"), [("mute", False), ("door", False), ("mute", True)])
async def test_setup_undo_restores_exactly_what_was_there(
    keeper: BotProcess, someone: MakePerson, gate: str, encrypted: bool
) -> None:
    """Power levels and join rules are the very same JSON as before the first set-up."""
    circle = await Circle.gather(someone, keeper, "ben", "cleo", encrypted=encrypted)
    await circle.adopt()
    await circle.admin.powers(
        circle.room, users={circle.members[0].user_id: 50}, invite=50, **{"org.example.kept": {"a": [1]}}
    )
    before = await native(circle)
    await circle.set_up(gate=gate)

    async def gated() -> bool:
        return await native(circle) != before

    await until(gated, "the gate is up")
    dora = await someone("dora", keeper, kind=circle.kind)
    await circle.welcome(dora)
    await asyncio.sleep(1)

    await circle.admin.ask_bot("!setup undo", "confirm")
    assert await native(circle) != before
    await circle.admin.ask_bot("confirm")

    async def restored() -> bool:
        return await native(circle) == before

    await until(restored, "exactly what was there is back")
    assert await circle.may_speak(dora)


async def test_guided_set_up_proposes_shows_and_applies(keeper: BotProcess, someone: MakePerson) -> None:
    """`setup start` leads from step to step; nothing changes before everything was shown."""
    circle = await Circle.gather(someone, keeper, "ben")
    await circle.adopt()
    before = await native(circle)
    said = await circle.admin.ask_bot("!setup start")
    assert "setup" in said
    said = await circle.admin.ask_bot("!setup gate mute")
    assert await native(circle) == before
    for _ in range(12):
        if "confirm" in said:
            break
        said = await circle.admin.ask_bot("!setup skip" if "setup skip" in said else "!setup apply")
    assert await native(circle) == before
    await circle.admin.ask_bot("confirm")

    async def gated() -> bool:
        return await native(circle) != before

    await until(gated, "the gate is up")
    await circle.members[0].answer("consent understood", timeout=40)


@plain_and_encrypted
async def test_a_change_is_shown_before_it_is_made(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """`group set` without `confirm` changes nothing; `group` prints one `key: value` a line."""
    circle = await Circle.guarded(someone, keeper, "ben", encrypted=encrypted)
    assert "confirm" in await circle.admin.ask_bot("!group set gate mute")
    assert "gate: notice" in (await circle.admin.ask_bot("!group")).replace("`", "").replace("*", "")
    await circle.admin.ask_bot("confirm")
    assert "gate: mute" in (await circle.admin.ask_bot("!group")).replace("`", "").replace("*", "")
    await circle.admin.see(
        circle.room, lambda e: e["sender"] == keeper.user_id and e["type"] == "m.room.message"
    )


async def test_a_facilitator_is_named_and_accepts_in_private(keeper: BotProcess, someone: MakePerson) -> None:
    """Nobody becomes a facilitator without having said yes."""
    circle = await Circle.guarded(someone, keeper, "ben")
    ben = circle.members[0]
    assert "facilitator" in await ben.ask_bot("!group")
    await ben.ask_bot("!members")
    ben.heard()
    await circle.admin.ask_bot(f"!facilitator add {ben.user_id}")
    await ben.answer("facilitator accept")
    await ben.ask_bot("!facilitator accept")
    assert "gate: notice" in (await ben.ask_bot("!group")).replace("`", "").replace("*", "")


async def test_a_member_may_not_do_what_facilitators_do(keeper: BotProcess, someone: MakePerson) -> None:
    """Refused in plain words, and nothing changes."""
    circle = await Circle.guarded(someone, keeper, "ben", gate="mute")
    ben = circle.members[0]
    before = await native(circle)
    for words in (
        "!group set gate notice confirm",
        "!group enforce confirm",
        "!group open",
        "!setup gate notice confirm",
        "!setup undo confirm",
        f"!facilitator add {ben.user_id}",
        "!members",
    ):
        await ben.ask_bot(words, "facilitator")
    assert await native(circle) == before
