"""The bot or the homeserver goes away in the middle, and comes back."""

import asyncio

from tests.support.botprocess import MakeBot
from tests.support.circle import Circle, MakePerson, agree, plain_and_encrypted, receipt_of
from tests.support.synapse import Synapse


@plain_and_encrypted
async def test_a_restart_in_the_middle_of_an_agreement_forgets_nothing(
    make_keeper: MakeBot, someone: MakePerson, encrypted: bool
) -> None:
    """Who has understood the limits goes on with the agreement; SIGTERM ends it within 5 s."""
    keeper = await make_keeper().start_beside()
    circle = await Circle.guarded(someone, keeper, "ben", gate="mute", encrypted=encrypted)
    ben = circle.members[0]
    await ben.answer("consent understood", timeout=40)
    await ben.ask_bot("!consent understood", "consent agree")

    began = asyncio.get_running_loop().time()
    assert keeper.stop() == 0
    assert asyncio.get_running_loop().time() - began < 5
    ben.heard()
    await ben.say(await ben.chat(), "!consent agree")  # while nobody listens
    dora = await circle.welcome(await someone("dora", keeper, kind=circle.kind))
    await keeper.start_beside()

    assert (await receipt_of(ben)).matches
    await agree(dora)
    await circle.speaks(dora)


async def test_the_homeserver_is_killed_under_the_bot_and_comes_back(
    own_homeserver: Synapse, make_keeper: MakeBot, someone: MakePerson
) -> None:
    """The bot stays up, says that it is not well, and goes on where it was."""
    keeper = await make_keeper(own_homeserver).start_beside()

    async def here(name: str, _bot: object, **more: object) -> object:
        return await someone(name, keeper, own_homeserver, **more)

    circle = await Circle.guarded(here, keeper, "ben", gate="mute")  # type: ignore[arg-type]
    ben = circle.members[0]
    await ben.answer("consent understood", timeout=40)
    own_homeserver.kill()
    await asyncio.sleep(3)
    assert keeper.running
    await own_homeserver.start_beside()
    ben.heard()
    await ben.ask_bot("!consent understood", "consent agree", timeout=60)
    await ben.say_to_bot("!consent agree")
    assert (await receipt_of(ben)).matches


@plain_and_encrypted
async def test_people_who_came_and_left_meanwhile_are_noticed(
    make_keeper: MakeBot, someone: MakePerson, encrypted: bool
) -> None:
    """After a start the room is looked at again; who came is asked, who left is not."""
    keeper = await make_keeper().start_beside()
    circle = await Circle.guarded(someone, keeper, "ben", gate="mute", encrypted=encrypted)
    ben = circle.members[0]
    await agree(ben)
    keeper.kill()
    dora = await circle.welcome(await someone("dora", keeper, kind=circle.kind))
    gone = await circle.welcome(await someone("gone", keeper, kind=circle.kind))
    await gone.leave(circle.room)
    await keeper.start_beside()
    await agree(dora)
    await circle.speaks(dora)
    assert await circle.may_speak(ben)
    await gone.look_once()
    assert not gone.chats
