"""Every command × every role × every state of the group: who may, and who is refused calmly."""

import msgspec
import pytest

from adapters.memory.platform import who
from bot.boundary.commands import Command
from bot.boundary.ids import RoomId
from bot.engine.parsed import HELP
from bot.features import FEATURES
from tests.laws.stories import AGREEING, FAY, gather
from tests.support.house import House

COMMANDS = (*(c for f in FEATURES for c in f.commands), HELP)
REFUSALS = (
    "Only facilitators of this group can do that",
    "This group has no facilitator yet",
    "Only a facilitator, or somebody who manages this room",
    "This works only for members of this group",
    "share no group",
)
ROLES = ("facilitator", "administrator", "agreed", "asked", "knocking", "outside", "bot", "ghost")

MAY: dict[str, frozenset[str]] = {
    "all": frozenset({"facilitator", "administrator", "agreed", "asked", "knocking"}),
    "member": frozenset({"facilitator", "administrator", "agreed", "asked", "knocking"}),
    "named": frozenset({"facilitator", "administrator", "agreed", "asked", "knocking"}),
    "facilitator": frozenset({"facilitator"}),
    "steward": frozenset({"facilitator", "administrator"}),
}
NAMES = {
    "facilitator": FAY,
    "administrator": "adm",
    "agreed": "ann",
    "asked": "bob",
    "knocking": "kim",
    "outside": "zoe",
    "bot": "botty",
    "ghost": "ghosty",
}


async def _scene(house: House, state: str) -> RoomId:
    """Fay is a facilitator without any power on the platform; Adm has power and is no facilitator."""
    platform = house.platform
    room = await gather(house, gate="notice", members=("ann", "bob"))
    await platform.join(room, "botty", kind="bot")
    await platform.join(room, "ghosty", kind="ghost")
    await platform.join(room, "adm")
    people = platform.rooms[room].people
    for name, power in (("adm", True), (FAY, False)):
        people[who(name)] = msgspec.structs.replace(people[who(name)], administrator=power)
    for words in AGREEING:
        await platform.write("ann", words)
        await house.settle()
    await platform.knock(room, "kim")
    if state == "undone":
        await platform.write(FAY, "!setup undo confirm")
    await house.settle()
    return room


SIX = "abacus abdomen abdominal abide abiding ability"
"""A code of nothing."""


def _typed(command: Command) -> str:
    values = {"member": "@bob", "number": "3", "duration": "72h", "word": "word", "words": '"gate"'}
    values["code"] = SIX
    given = [o.choices[0] if o.choices else values[o.kind] for o in command.options if o.required]
    return " ".join([f"!{command.full}", *given])


@pytest.mark.parametrize("state", ["set up", "undone"])
@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.full.replace(" ", "-"))
async def test_only_who_may_give_a_command_can(command: Command, state: str) -> None:
    """One refusal in plain words, or an answer that is none; nothing at all for bots."""
    for role in ROLES:
        async with House() as house:
            await _scene(house, state)
            before = len(house.platform.heard)
            await house.platform.write(NAMES[role], _typed(command))
            await house.settle()
            said = [t.text for t in house.platform.heard[before:] if t.to == who(NAMES[role])]
            if role in ("bot", "ghost"):
                assert said == []
                continue
            assert said, f"{role} got no answer to {command.full}"
            refused = any(any(r in text for r in REFUSALS) for text in said)
            may = role in MAY[command.who] or command.every_group  # `urgent` is for anybody at all
            may = may or any(o.kind == "code" for o in command.options)  # a code works from any account
            if role == "facilitator" and state == "undone":
                continue  # whether undoing ends being a facilitator is the feature's to say
            assert refused is not may, f"{role}, {state}: {said}"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.full.replace(" ", "-"))
async def test_before_the_set_up_members_are_answered_calmly(command: Command) -> None:
    """Nothing is asked of anybody yet, and no command of a member breaks anything."""
    async with House() as house:
        room = house.platform.room("evening", "ann", administrators=(FAY,))
        await house.platform.adopt(room, FAY)
        await house.settle()
        assert house.platform.said_to("ann") == []
        for name in ("ann", FAY):
            before = len(house.platform.heard)
            await house.platform.write(name, _typed(command))
            await house.settle()
            said = [t.text for t in house.platform.heard[before:] if t.to == who(name)]
            assert said, f"{name} got no answer to {command.full}"
            assert not any("went wrong" in text for text in said)
