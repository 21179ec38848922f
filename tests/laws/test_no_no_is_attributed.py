"""Law 3: no word of the bot attributes a no."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.memory.platform import who
from tests.laws.stories import AGREEING, FAY, do, gather, play
from tests.support.house import House

YES, NO = "yes-sayer", "no-sayer"
OBSERVERS = (FAY, "cal", "dee")

times = st.sampled_from(["5", "30", "9000", "30000"])
steps = st.lists(
    st.tuples(st.just(NO), st.sampled_from(["decline", "!consent", "!consent withdraw", "agreeing"]))
    | st.tuples(st.just(YES), st.sampled_from(["agreeing", "!consent", "!rules"]))
    | st.tuples(st.just("time"), times)
    | st.tuples(st.just(FAY), st.sampled_from(["!members", "!group", "!privacy", "!facilitator list"])),
    max_size=10,
)  # fmt: skip


async def _observed(history: list[tuple[str, str]], cast: dict[str, str]) -> list[tuple[str, str]]:
    """All that everybody but the two hears or can read, in order."""
    async with House() as house:
        room = await gather(house, gate="notice", members=("ann", "bob", "cal", "dee"))
        for name in ("cal", "dee"):
            for words in AGREEING:
                await do(house, room, (name, words))
        for name, what in history:
            await do(house, room, (cast.get(name, name), what))
        await do(house, room, (FAY, "!members"))
        private = [(t.to.native, t.text) for t in house.platform.heard if t.to in {who(o) for o in OBSERVERS}]
        return private + [("room", words) for words in house.platform.seen_in(room)]


@settings(max_examples=15, deadline=None)
@given(steps)
@example([(NO, "decline"), (YES, "agreeing"), ("time", "30000")])
def test_what_others_receive_does_not_depend_on_who_said_no(history: list[tuple[str, str]]) -> None:
    """Two histories that differ only in who declined, withdrew or never answered look the same."""

    async def story() -> None:
        one = await _observed(history, {YES: "ann", NO: "bob"})
        other = await _observed(history, {YES: "bob", NO: "ann"})
        assert one == other

    play(story())
