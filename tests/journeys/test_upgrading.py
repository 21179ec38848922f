"""A guarded room is upgraded: the group goes on in the new one as if nothing had happened."""

import pytest

from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson, agree, until


@pytest.mark.slow
@pytest.mark.parametrize(("gate", "encrypted"), [("mute", False), ("door", False), ("door", True)])
async def test_an_upgraded_room_keeps_its_gate_and_everybodys_consent(
    keeper: BotProcess, someone: MakePerson, gate: str, encrypted: bool
) -> None:
    """From version 10 to 12, where the creator is in no list of levels; undo works there too."""
    circle = await Circle.gather(someone, keeper, "ben", room_version="10", encrypted=encrypted)
    before = await circle.admin.state(circle.room, "m.room.join_rules")
    await circle.adopt()
    await circle.set_up(gate=gate)
    ben = circle.members[0]
    await agree(ben)
    await agree(circle.admin)

    circle.room = new = await circle.admin.upgrade(circle.room, "12")
    for guest in (keeper.user_id, ben.user_id):
        await circle.admin.invite(new, guest)
    await ben.join(new)
    await circle.admin.see_membership(new, keeper.user_id, "join")

    async def still_agreed() -> bool:
        return "agreed" in (await ben.ask_bot("!consent")).casefold()

    await until(still_agreed, "the consent is known in the new room")
    assert await circle.may_speak(ben)
    dora = await someone("dora", keeper, kind=circle.kind)
    if gate == "mute":
        await circle.welcome(dora)
        await circle.falls_silent(dora)
        await agree(dora)
        await circle.speaks(dora)
    else:
        dora.watch()
        await dora.knock(new)
        await agree(dora)
        await dora.see_invitation(new)

    await circle.admin.ask_bot("!setup undo confirm")

    async def as_before() -> bool:
        levels = await circle.admin.state(new, "m.room.power_levels") or {}
        rule = await circle.admin.state(new, "m.room.join_rules")
        return levels["events_default"] == 0 and levels["invite"] == 0 and rule == before

    await until(as_before, "the room is as it was")
