"""A meeting in a whole house, and the question about recording in it."""

from adapters.memory.platform import who
from bot.boundary.capabilities import Recorder
from bot.contract.feature import all_of
from bot.recording.records import CODEC, STATE, Agreed, Asked, Kept, State
from tests.laws.stories import FAY
from tests.session.circle import EVERYBODY, Circle, gathered
from tests.support.house import House

ASK = "!recording ask to practise | only the five of us | 30"
CRAIG = Recorder(id="craig", kind="recorder", name="Craig", who=who("craig"), blockable=True)


async def meeting(house: House, members: tuple[str, ...] = EVERYBODY[1:], **settings: str) -> Circle:
    """A group that is set up, has agreed, and is in a meeting."""
    circle = await gathered(house, members=members, agreed=(FAY, *members), **settings)
    await circle.says(FAY, "!session start")
    return circle


async def asked(house: House, by: str = "ann", **settings: str) -> Circle:
    """The question is open."""
    circle = await meeting(house, EVERYBODY[1:], **settings)
    await circle.says(by, ASK)
    return circle


async def answers(circle: Circle, *names: str, words: str = "!recording agree") -> None:
    """Some answer in private."""
    for name in names:
        await circle.says(name, words)


async def allowed(house: House, **settings: str) -> Circle:
    """Everyone agreed: recording is allowed."""
    circle = await asked(house, **settings)
    await answers(circle, FAY, "bob", "cal", "dee")
    await house.later(minutes=10)
    return circle


async def state(circle: Circle) -> State | None:
    """What the records say: the rule that holds."""
    for row in await circle.house.store.load([all_of("recording", circle.room)]):
        if row.key == STATE:
            found = CODEC.decode(row.body)
            assert isinstance(found, State)
            return found
    return None


async def kept(circle: Circle) -> list[tuple[str | None, Agreed | Asked | Kept]]:
    """What is kept about people's answers and consents."""
    found = []
    for row in await circle.house.store.load([all_of("recording", circle.room)]):
        record = CODEC.decode(row.body)
        if isinstance(record, Agreed | Asked | Kept):
            found.append((row.member.native if row.member else None, record))
    return found


def lines(circle: Circle, part: str) -> int:
    """How often something with these words was said in the room."""
    return sum(part in words for words in circle.in_room())
