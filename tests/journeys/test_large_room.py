"""A room of 60 people."""

import asyncio

from tests.support.botprocess import MakeBot
from tests.support.circle import Circle, MakePerson
from tests.support.client import Person

PEOPLE = 60


async def test_a_room_of_sixty_is_not_flooded(make_keeper: MakeBot, someone: MakePerson) -> None:
    """People are asked at a pace; the room gets one neutral notice; anybody may begin at once."""
    keeper = await make_keeper().start_beside()  # its own: what waits here must not slow others down
    circle = await Circle.gather(someone, keeper, preset="public_chat", name="Open house")
    people = [await someone(f"p{n}", keeper) for n in range(PEOPLE)]
    for start in range(0, PEOPLE, 10):
        await asyncio.gather(*(p.join(circle.room) for p in people[start : start + 10]))
    await circle.adopt()
    await circle.set_up(asked=False)
    last = people[-1]
    last.accepts_chats = False
    await last.ask_bot("!consent", "consent understood", timeout=10)

    await asyncio.sleep(8)
    asked = await how_many_asked(people[:-1])
    assert 0 < asked <= 30, "paced: neither silent nor a flood"
    said = [
        e
        for e in await circle.admin.history(circle.room)
        if e["sender"] == keeper.user_id and e["type"] == "m.room.message"
    ]
    assert len(said) <= 2


async def how_many_asked(people: list[Person]) -> int:
    """To how many the bot has opened a direct chat."""
    for person in people:
        await person.look_once()
    return sum(bool(person.chats) for person in people)
