"""Law 4: not to facilitators, not by logs or counts, not by what can be listed, not by timing."""

import logging
import re
from collections.abc import Sequence

from hypothesis import example, given, settings
from hypothesis import strategies as st

from adapters.memory.platform import who
from bot.boundary.effects import Attachment
from bot.boundary.ids import RoomId
from bot.boundary.ports import ANY, Read
from bot.features import FEATURES
from tests.breach.story import CODE, GUS, group
from tests.laws.stories import FAY, do, play
from tests.support.codes import Seeded
from tests.support.house import House

REPORTER, OTHER = "reporter", "other"
"""Played by Ann and Bob, or by Bob and Ann."""

Deed = tuple[str, str]

reporting = st.tuples(
    st.just(REPORTER),
    st.sampled_from(["whole", "whole", "without gus", "begin", "cancel", "look", "add", "withdraw", "clear"]),
)
others = st.tuples(st.just(OTHER), st.sampled_from(["!report", "!mydata", "!rules", "hello", "!cases"]))
facilitators = st.tuples(
    st.sampled_from([FAY, GUS]),
    st.sampled_from(
        ["!cases", "show", "acknowledge", "note", "ask", "step", "close", "handover", "recuse", "mute",
         "!cases ready", "!mydata", "!members", "!group", "!help"]
    ),
)  # fmt: skip
leaving_out_gus = reporting.filter(lambda d: d[1] != "whole")
times = st.tuples(st.just("time"), st.sampled_from(["1", "29", "61", "700", "5000", "11000", "140000"]))

WHOLE = ("!report", "screenshot", "last week", "me", "stop", "it was shown around")
OF_A_CASE = {
    "show": "!cases show {}",
    "acknowledge": "!cases acknowledge {}",
    "note": "!cases note {} we talked",
    "ask": "!cases ask {} are you safe?",
    "step": "!cases step {} done",
    "close": "!cases close {} we talked with everybody",
    "handover": "!cases handover {} gus",
    "recuse": "!cases recuse {} confirm",
    "mute": "!cases mute {} confirm",
}


RANDOM_ID = re.compile(r"\b[0-9a-f]{32,64}\b")


def _alike(file: Attachment) -> str:
    """A file without the random ids of records: no two histories have the same."""
    return RANDOM_ID.sub("id", file.content.decode())


class Played:
    """One history, and all that its observers receive, list and count."""

    def __init__(self, house: House, room: RoomId, cast: dict[str, str], observers: Sequence[str]) -> None:
        self.house, self.room, self.cast, self.observers = house, room, cast, observers
        self.seen: list[tuple[str, ...]] = []
        self.codes: list[str] = []
        self.label = "no-case"
        self._heard = len(house.platform.heard)
        self._posts = 0

    async def do(self, deed: Deed) -> None:
        """Do one thing, and note what the observers received by it."""
        name, what = deed
        if name == REPORTER:
            await self._report(self.cast[name], what)
        elif name in (FAY, GUS) and what in OF_A_CASE:
            await do(self.house, self.room, (name, OF_A_CASE[what].format(self.label)))
        else:
            await do(self.house, self.room, (self.cast.get(name, name), what))
        self._look()

    async def _report(self, name: str, what: str) -> None:
        code = self.codes[-1] if self.codes else "abacus " * 6
        match what:
            case "whole" | "without gus":
                left_out = "gus" if what == "without gus" else "nobody"
                await self._say(name, "!report cancel", *WHOLE, left_out, "anonymous", "send")
                found = CODE.search(self.house.platform.said_to(name)[-1])
                if found:  # not where the limit of an hour is reached
                    self.codes.append(found[1])
                    row = await self._rows()
                    self.label = row or self.label
            case "begin":
                await self._say(name, *WHOLE[:3])
            case "cancel" | "clear":
                await self._say(name, f"!report {what}")
            case "look":
                await self._say(name, f"!case show {code}")
            case "add":
                await self._say(name, f"!case add {code} one more thing")
            case _:
                await self._say(name, f"!case withdraw {code}")

    async def _rows(self) -> str:
        """The label of the newest case, from the storage."""
        rows = await self.house.store.load([Read(feature="breach", room=self.room, member=None)])
        labels = self.house.codes.labels  # type: ignore[attr-defined]
        kept = [label for label in labels if any(label.encode() in row.body for row in rows)]
        return kept[-1] if kept else ""

    async def _say(self, name: str, *words: str) -> None:
        for each in words:
            await do(self.house, self.room, (name, each))

    def _look(self) -> None:
        now = self.house.clock.now().isoformat()
        heard = self.house.platform.heard
        for tell in heard[self._heard :]:
            if tell.to.native[1:] in self.observers:
                self.seen.append((now, tell.to.native, tell.text, *(_alike(f) for f in tell.files)))
        self._heard = len(heard)
        posts = self.house.platform.seen_in(self.room)
        self.seen += [(now, "room", words) for words in posts[self._posts :]]
        self._posts = len(posts)


async def _counts(house: House, room: RoomId) -> dict[str, int]:
    """How many rows there are under each person, over all features."""
    found = {}
    for name in ("ann", "bob", "cal", FAY, GUS):
        reads = [Read(feature=f.name, room=room, member=who(name), key=ANY) for f in FEATURES]
        found[name] = len(await house.store.load(reads))
    return found


class Listening(logging.Handler):
    """Every log line, as it is written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.lines.append(f"{record.levelname} {record.getMessage()}")


async def _played(
    history: list[Deed], cast: dict[str, str], observers: Sequence[str], drop: str = ""
) -> tuple[object, ...]:
    """All that the observers have of a history; without `drop`'s deeds."""
    log, listening = logging.getLogger("bot"), Listening()
    log.addHandler(listening)
    level, log.level = log.level, logging.DEBUG
    try:
        async with House(codes=Seeded()) as house:
            room = await group(house, "ann", "bob", "cal")
            played = Played(house, room, cast, observers)
            played._posts = len(house.platform.seen_in(room))
            for deed in history:
                if deed[0] != drop:
                    await played.do(deed)
            for name in (REPORTER, OTHER):  # what is still being written is the writer's own
                await do(house, room, (cast[name], "!report cancel"))
            for name in observers:
                for words in ("!cases", f"!cases show {played.label}", "!mydata", "!help", "!members"):
                    await played.do((name, words))
            counts = house.engine.counts, house.engine.deliver.counts
            return played.seen, await _counts(house, room), counts, listening.lines
    finally:
        log.removeHandler(listening)
        log.level = level


@settings(max_examples=12, deadline=None)
@given(st.lists(reporting | others | facilitators | times, max_size=9))
@example(
    [
        (REPORTER, "whole"), ("time", "61"), (FAY, "acknowledge"), (FAY, "ask"), (REPORTER, "add"),
        ("time", "61"), (GUS, "note"), (FAY, "close"), (REPORTER, "look"), ("time", "11000"),
    ]
)  # fmt: skip
def test_two_histories_that_differ_only_in_who_reported_look_the_same(history: list[Deed]) -> None:
    """Everything that all others receive, list, count or log is equal: content, order, number, slot."""

    async def story() -> None:
        observers = (FAY, GUS, "cal")
        one = await _played(history, {REPORTER: "ann", OTHER: "bob"}, observers)
        other = await _played(history, {REPORTER: "bob", OTHER: "ann"}, observers)
        assert one == other

    play(story())


@settings(max_examples=12, deadline=None)
@given(st.lists(leaving_out_gus | others | facilitators | times, max_size=9))
@example(
    [
        (REPORTER, "without gus"), (FAY, "!cases"), ("time", "61"), (FAY, "acknowledge"), (GUS, "!cases"),
        (FAY, "handover"), (GUS, "show"), ("time", "11000"), ("time", "140000"),
    ]
)  # fmt: skip
def test_who_is_left_out_sees_neither_the_case_nor_a_gap(history: list[Deed]) -> None:
    """Gus's view of a history with a case that he is left out of, and of the same without it."""

    async def story() -> None:
        cast = {REPORTER: "ann", OTHER: "bob"}
        with_it, *_ = await _played(history, cast, (GUS,))
        without, *_ = await _played(history, cast, (GUS,), drop=REPORTER)
        assert with_it == without

    play(story())


async def _moment_of_the_notice(minute: int) -> tuple[list[str], bool]:
    async with House(codes=Seeded()) as house:
        room = await group(house, "ann")
        played = Played(house, room, {REPORTER: "ann"}, (FAY,))
        await played.do(("time", str(minute)))
        await played.do((REPORTER, "whole"))
        await played.do((FAY, "!cases"))
        early = played.label in str(played.seen)
        at = []
        for _ in range(minute, 130):
            await played.do(("time", "1"))
            at += [line[0] for line in played.seen if "something new" in line[2]]
            played.seen.clear()
        return at, early


def test_all_reports_of_one_hour_are_noticed_at_the_same_instant() -> None:
    """Nobody can tell from a notice, or by looking all the time, who wrote just before."""

    async def story() -> None:
        first, early = await _moment_of_the_notice(2)
        last, late = await _moment_of_the_notice(58)
        assert first == last != []
        assert not early
        assert not late

    play(story())
