"""Laws 7 and 10: what was confirmed stays, nothing is done twice, repeats change nothing."""

import asyncio
import contextlib

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.memory.platform import who
from bot.boundary.ids import RoomId
from tests.laws.stories import AGREEING, FAY, MEMBERS, Deed, agreed, deeds_of_time, do, gather, play
from tests.support.house import House

agreeing = st.tuples(st.sampled_from(MEMBERS), st.sampled_from([*AGREEING, "!consent withdraw"]))


async def _crash(house: House) -> None:
    """kill -9: every task ends wherever it is; storage and platform stay as they are."""
    assert house._running is not None
    for task in asyncio.all_tasks():
        if task is not asyncio.current_task():
            task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await house._running
    house._running = None
    house.engine = house._engine()
    await house.start()


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(agreeing, st.integers(0, 60)), max_size=8))
@example([(("ann", words), instant) for words, instant in zip(AGREEING, (3, 9, 27), strict=True)])
def test_a_crash_at_any_instant_loses_nothing_confirmed_and_doubles_nothing(
    history: list[tuple[Deed, int]],
) -> None:
    """The platform hands in again what was not done with, as its position tells it to."""

    async def story() -> None:
        async with House() as house:
            room = await gather(house)
            for number, ((name, words), instant) in enumerate(history):
                event_id = f"$event{number}"
                first = asyncio.ensure_future(house.platform.write(name, words, event_id=event_id))
                for _ in range(instant):
                    await asyncio.sleep(0)
                confirmed = _confirmed(house, name)
                await _crash(house)
                first.cancel()
                if confirmed:
                    assert name in await agreed(house, room)
                await house.platform.write(name, words, event_id=event_id)
                await house.settle()
            undisturbed = await _outcome([deed for deed, _ in history], 1)
            assert await agreed(house, room) == undisturbed[1]
            # An answer that was under way may come once more in other words; a prompt may not.
            for name in MEMBERS:
                prompts = [t.text for t in house.platform.heard if t.to == who(name) and "welcome" in t.text]
                assert len(prompts) == len(set(prompts))

    play(story())


def test_agreeing_is_kept() -> None:
    """The other laws would also hold for a bot that does nothing."""

    async def story() -> None:
        everybody = [(name, words) for name in MEMBERS for words in AGREEING]
        _, who_agreed, _ = await _outcome(everybody, 1)
        assert who_agreed == {*MEMBERS, FAY}

    play(story())


def _confirmed(house: House, name: str) -> bool:
    """The last private word to this person came with a receipt: they were told that they agreed."""
    told = [t for t in house.platform.heard if t.to == who(name)]
    return bool(told and any(f.name == "consent-receipt.json" for f in told[-1].files))


async def _outcome(history: list[Deed], times: int) -> tuple[list[str], set[str], list[str]]:
    async with House() as house:
        room: RoomId = await gather(house)
        for number, (name, what) in enumerate(history):
            if name == "time":
                await do(house, room, (name, what))
                continue
            for _ in range(times):
                await house.platform.write(name, what, event_id=f"$once{number}")
                await house.settle()
        told = [f"{t.to.native} {t.text}" for t in house.platform.heard]
        return told, await agreed(house, room), house.platform.seen_in(room)


@settings(max_examples=15, deadline=None)
@given(st.lists(agreeing | deeds_of_time | st.just((FAY, "!members")), max_size=8))
def test_every_event_twice_is_every_event_once(history: list[Deed]) -> None:
    """A repeated event changes nothing and is answered once."""

    async def story() -> None:
        assert await _outcome(history, 1) == await _outcome(history, 3)

    play(story())
