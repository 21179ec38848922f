"""One person in two groups with the same bot."""

from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson, agree, plain_and_encrypted, receipt_of


async def two(keeper: BotProcess, someone: MakePerson, encrypted: bool = False) -> tuple[Circle, Circle]:
    """Two groups that share one member, ben. `encrypted`: the first one is."""
    first = await Circle.guarded(someone, keeper, "ben", name="Morning Light", encrypted=encrypted)
    second = await Circle.guarded(someone, keeper, name="Night Owls")
    await second.welcome(first.members[0])
    return first, second


@plain_and_encrypted
async def test_which_group_is_asked_and_can_be_said_in_front(
    keeper: BotProcess, someone: MakePerson, encrypted: bool
) -> None:
    """With several groups the bot asks, or `!in NAME command` says it; agreeing to one is one."""
    first, second = await two(keeper, someone, encrypted)
    ben = first.members[0]
    await ben.answer("consent understood", timeout=40)
    await ben.answer("consent understood", timeout=40)

    asked = await ben.ask_bot("!consent")
    assert first.name in asked
    assert second.name in asked

    await ben.ask_bot(f"!in {first.name} consent understood", first.name)
    await ben.say_to_bot(f"!in {first.name} consent agree")
    assert (await receipt_of(ben)).matches
    said = await ben.ask_bot(f'!in "{second.name}" consent')
    assert second.name in said
    assert "consent understood" in said


async def test_withdrawing_always_asks_which_group(keeper: BotProcess, someone: MakePerson) -> None:
    """Even where somebody has just spoken about one of them."""
    first, second = await two(keeper, someone)
    ben = first.members[0]
    await ben.answer("consent understood", timeout=40)
    await ben.answer("consent understood", timeout=40)
    for circle in (first, second):
        await ben.ask_bot(f"!in {circle.name} consent understood", "consent agree")
        await ben.say_to_bot(f"!in {circle.name} consent agree")
        await receipt_of(ben)
    asked = await ben.ask_bot("!consent withdraw")
    assert first.name in asked
    assert second.name in asked
    said = await ben.ask_bot("1")
    assert "consent undo" in said


async def test_two_groups_of_different_people_know_nothing_of_each_other(
    keeper: BotProcess, someone: MakePerson
) -> None:
    """A facilitator of one group has no say in another."""
    first = await Circle.guarded(someone, keeper, "ben", name="Morning Light")
    second = await Circle.guarded(someone, keeper, name="Night Owls")
    await agree(first.members[0])
    said = await first.admin.ask_bot(f"!in {second.name} group")
    assert "gate:" not in said
    assert second.admin.user_id not in said
