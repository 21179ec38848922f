"""A timer counts only while its record is what it was."""

from bot.boundary.events import Due
from tests.engine.test_engine import TOYS
from tests.support.house import House


async def test_a_timer_of_an_older_version_is_dropped() -> None:
    """Law 10: it was read before the record changed, and comes late."""
    async with House(TOYS) as house:
        room = house.platform.room("evening", "ann")
        await house.platform.write("ann", "!remind 5m")
        await house.settle()
        (timer,) = await house.store.due(house.clock.now().replace(year=2030), 10)
        await house.platform.write("ann", "!remind 5m")
        await house.settle()
        late = Due(
            id="late", room=room, feature="toy", member=timer.member, key=timer.key, version=timer.version
        )
        taken = house.engine.submit(late)
        assert taken is not None
        await taken
        await house.settle()
        assert house.platform.seen_in(room) == []
