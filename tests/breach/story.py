"""People who report and facilitators who handle it, on the real engine and features."""

import re

from adapters.memory.platform import who
from bot.boundary.ids import RoomId
from bot.breach.records import CODEC, Case
from bot.contract.feature import all_of
from tests.laws.stories import FAY, gather
from tests.support.house import House

GUS = "gus"
CODE = re.compile(r"Your code.*?`([a-z -]+)`")
LONG = ("!report", "screenshot", "last week", "me", "stop", "my post was shown around", "nobody")


async def group(house: House, *members: str, gate: str = "notice") -> RoomId:
    """A group with two facilitators, Fay and Gus."""
    room = await gather(house, gate=gate, members=(*members, GUS))
    for name, words in ((FAY, "!facilitator add gus"), (GUS, "!facilitator accept")):
        await say(house, name, words)
    return room


async def say(house: House, name: str, *words: str) -> str:
    """Somebody writes to the bot in private; its last answer to them."""
    for each in words:
        await house.platform.write(name, each)
        await house.settle()
    said = house.platform.said_to(name)
    return said[-1] if said else ""


async def report(house: House, name: str, *, named: bool = False, without: str = "nobody") -> str:
    """A whole report; the code that the person was given."""
    *answers, _ = LONG
    shown = await say(house, name, *answers, without, "named" if named else "anonymous", "send")
    found = CODE.search(shown)
    assert found, shown
    return found[1]


async def cases(house: House, room: RoomId) -> list[Case]:
    """Every case that is kept."""
    rows = await house.store.load([all_of("breach", room)])
    records = (CODEC.decode(row.body) for row in rows)
    return [record for record in records if isinstance(record, Case)]


async def label(house: House, name: str = FAY) -> str:
    """The name of the only case that this facilitator sees."""
    await say(house, name, "!cases")
    # With a real database the notice of the hour may come after the answer.
    desk = [words for words in house.platform.said_to(name) if "**The case desk.**" in words]
    found = re.search(r"\*\*([a-z]+-[a-z]+)\*\*", desk[-1])
    assert found, "no case is seen"
    return found[1]


def heard(house: House, name: str, since: int = 0) -> list[str]:
    """All private words to somebody after the first `since` of everybody's."""
    return [t.text for t in house.platform.heard[since:] if t.to == who(name)]
