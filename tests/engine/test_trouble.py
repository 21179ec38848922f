"""What goes wrong inside: nothing waits for ever, nothing promised is dropped, nobody blocks others."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
import pytest

from adapters.memory import MemoryStore
from adapters.memory.platform import who
from bot.boundary.effects import Admit, AlertFacilitators, Remove, SetGate, Verbatim
from bot.boundary.errors import StorageTrouble, Undeliverable
from bot.boundary.events import CommandGiven, Due, Event, RoomChanged
from bot.boundary.ids import RoomId
from bot.boundary.ports import Batch, Outgoing, Read, Row, Timer
from bot.boundary.steps import Step, Tell
from bot.contract.feature import Decision, Feature, Here, Rows
from bot.engine import deliver
from bot.engine.outbox import lane_of
from tests.engine.toy import TOY, TOY_GROUP, decide
from tests.support.house import House

EVENING = RoomId("memory", "!evening")
FULL = StorageTrouble("The disk is full.", "Make room.")


def _with(**parts: Any) -> tuple[Feature, ...]:
    return TOY_GROUP, msgspec.structs.replace(TOY, **parts)


async def _turns(number: int = 100) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_a_fault_outside_a_decision_holds_up_neither_its_room_nor_the_timers() -> None:
    """An event whose turn breaks is over: whoever waits for it goes on (the position, the timers)."""

    class Spoilt(MemoryStore):
        """Gives back a row that no feature can read, as a damaged upgrade would."""

        spoil = False

        async def load(self, reads: Sequence[Read]) -> list[Row]:
            found = await super().load(reads)
            spoilt = [msgspec.structs.replace(row, body=b"\x93\xa1x\x01\x80") for row in found]
            return spoilt if self.spoil else found

    store = Spoilt()
    async with House((TOY_GROUP, TOY), store) as house:
        evening = house.platform.room("evening", "ann")
        morning = house.platform.room("morning", "bob")
        await house.platform.write("ann", "!remind 5m")
        await house.platform.write("bob", "!remind 6m")
        await house.settle()
        store.spoil = True
        house.engine.rooms.drop(house.engine.rooms[evening])
        event = RoomChanged(id="x", room=evening, what="name")
        taken = house.engine.submit(event)
        assert taken is not None
        with pytest.raises(Exception):  # noqa: B017 - whatever it is, it ends
            await asyncio.wait_for(taken, 1)
        await house.later(minutes=5, seconds=10)
        store.spoil = False
        await house.later(minutes=2)
        assert house.platform.seen_in(morning) == ["ding"]


async def test_a_timer_whose_decision_breaks_does_not_ring_for_ever() -> None:
    """A fault of ours must not turn into a loop over the storage."""
    rung = 0

    def breaks(rows: Rows, event: Event, here: Here) -> Decision:
        nonlocal rung
        if isinstance(event, Due):
            rung += 1
            raise KeyError("of a feature")
        return decide(rows, event, here)

    async with House(_with(decide=breaks)) as house:
        house.platform.room("evening", "ann")
        await house.platform.write("ann", "!remind 5m")
        await house.settle()
        await house.later(minutes=6)
        assert rung == 1
        assert await house.store.due(house.clock.now(), 10) == []


async def test_timers_go_on_after_a_storage_that_refused() -> None:
    """A database that is locked for a moment must not end the bot."""

    class Locked(MemoryStore):
        refusing = False

        async def due(self, now: datetime, limit: int) -> list[Timer]:
            if self.refusing:
                raise FULL
            return await super().due(now, limit)

    store = Locked()
    async with House((TOY_GROUP, TOY), store) as house:
        room = house.platform.room("evening", "ann")
        await house.platform.write("ann", "!remind 5m")
        await house.settle()
        store.refusing = True
        await house.later(minutes=6)
        assert house._running is not None and not house._running.done()
        store.refusing = False
        await house.later(minutes=1)
        assert house.platform.seen_in(room) == ["ding"]


async def test_an_alert_that_could_not_be_kept_is_not_taken_for_said() -> None:
    """Law 7: handed in again, the event still alerts; "one in ten minutes" counts what was kept."""

    def alerts(rows: Rows, event: Event, here: Here) -> Decision:
        if isinstance(event, RoomChanged):
            alert = AlertFacilitators(room=event.room, subject="powers", body=(Verbatim("look"),))
            return Decision(effects=(alert,))
        return decide(rows, event, here)

    async with House(_with(decide=alerts)) as house:
        room = house.platform.room("evening", "fay")
        await house.platform.write("fay", "!promote")
        await house.settle()
        store = house.store
        assert isinstance(store, MemoryStore)
        event = RoomChanged(id="again", room=room, what="powers")
        store.trouble = FULL
        with pytest.raises(StorageTrouble):
            await house.engine.submit(event)  # type: ignore[misc]
        store.trouble = None
        await house.engine.submit(event)  # type: ignore[misc]
        await house.settle()
        assert [t for t in house.platform.said_to("fay") if "look" in t] == ["**evening**\n\nlook"]


async def test_a_storage_that_refuses_for_a_moment_costs_no_effect() -> None:
    """Law 7: an effect is given up for what the platform says, never for what the storage says."""

    class Locked(MemoryStore):
        refusing = False

        async def load(self, reads: Sequence[Read]) -> list[Row]:
            if self.refusing:
                raise FULL
            return await super().load(reads)

    store = Locked()
    async with House((TOY_GROUP, TOY), store) as house:
        house.platform.room("evening", "ann")
        house.platform.trouble = Undeliverable("unreachable", 0.01)
        await house.platform.write("ann", "!count up")
        await _turns()
        await house.stop()
        house.engine, store.refusing = house._engine(), True
        await house.engine.deliver.start()
        await _turns()
        assert len(await store.outbox()) == 1
        assert house.engine.deliver.counts["failed"] == 0


async def test_one_person_at_a_limit_of_the_platform_holds_up_nobody_else() -> None:
    """A homeserver that wants minutes between two invitations of one person is no outage."""
    async with House((TOY_GROUP, TOY)) as house:
        house.platform.room("evening", "ann", "mal")
        perform = house.platform.perform

        async def limited(step: Step) -> None:
            if isinstance(step.action, Tell) and step.action.to == who("mal"):
                raise Undeliverable("rate_limited", 300.0)
            await perform(step)

        house.platform.perform = limited  # type: ignore[method-assign]
        await house.platform.write("mal", "!count up")
        await _turns()
        await house.platform.write("ann", "!count up")
        await _turns()
        assert house.platform.said_to("ann") == ["**evening**\n\n1"]


async def test_a_crowd_in_one_room_does_not_delay_the_prompts_of_another() -> None:
    """Newcomers are asked within 10 s, whoever floods another room."""
    async with House((TOY_GROUP, TOY)) as house:
        house.engine.deliver._prompt_every = 1.0
        crowd = house.platform.room("crowd", "mal")
        calm = house.platform.room("calm", "ann")
        for n in range(50):
            await house.platform.join(crowd, f"raider{n}")
        await house.platform.join(calm, "bob")
        await asyncio.sleep(0.3)
        assert house.platform.said_to("bob") == ["**calm**\n\nhello"]


async def test_what_could_not_be_kept_is_not_overtaken() -> None:
    """Law 10: "withdraw" after "agree" stays after it, also when the storage refused the first."""

    class Once(MemoryStore):
        refuse = False

        async def commit(self, batch: Batch) -> tuple[Outgoing, ...]:
            if self.refuse:
                self.refuse = False
                raise FULL
            return await super().commit(batch)

    store = Once()
    async with House((TOY_GROUP, TOY), store) as house:
        room = house.platform.room("evening", "ann")
        await house.platform.write("ann", "!count up")
        await house.settle()

        def given(event_id: str, sub: str, confirmed: bool = False) -> CommandGiven:
            return CommandGiven(
                id=event_id, room=room, by=who("ann"), name="count", sub=sub, confirmed=confirmed
            )

        store.refuse = True
        first, second = given("first", "up"), given("second", "reset", confirmed=True)
        taken = [house.engine.submit(first), house.engine.submit(second)]
        outcomes = await asyncio.gather(*taken, return_exceptions=True)  # type: ignore[arg-type]
        assert all(isinstance(outcome, StorageTrouble) for outcome in outcomes)


async def test_a_command_for_another_group_is_never_carried_out_in_the_room() -> None:
    """`!in B ...` typed in A must not change A."""
    async with House((TOY_GROUP, TOY)) as house:
        evening = house.platform.room("evening", "ann")
        house.platform.room("morning", "ann")
        await house.platform.post(evening, "ann", "!in morning count up 5")
        await house.settle()
        assert house.platform.seen_in(evening) == []
        assert "I did nothing" in house.platform.said_to("ann")[-1]
        await house.platform.write("ann", "!in evening count")
        await house.settle()
        assert house.platform.said_to("ann")[-1] == "**evening**\n\n0"
        await house.platform.post(evening, "ann", "!in evening count up 5")
        await house.settle()
        assert house.platform.said_to("ann")[-1] == "**evening**\n\n5"


async def test_confirm_counts_for_ten_minutes_whatever_else_was_said() -> None:
    """INTERFACE.md, "Confirming": other words meanwhile don't make it longer."""
    async with House((TOY_GROUP, TOY)) as house:
        house.platform.room("evening", "ann")
        house.platform.room("morning", "ann")
        await house.platform.write("ann", "!in evening count up")
        await house.platform.write("ann", "!in evening count reset")
        await house.settle()
        for _ in range(3):
            await house.later(minutes=5)
            await house.platform.write("ann", "!in evening count")
            await house.settle()
        await house.platform.write("ann", "confirm")
        await house.settle()
        assert "nothing to confirm" in house.platform.said_to("ann")[-1]


async def test_what_people_were_asked_is_not_remembered_past_its_time() -> None:
    """Words for a command whose group was asked for must not stay in memory for ever."""
    async with House((TOY_GROUP, TOY)) as house:
        house.platform.room("evening", "ann")
        house.platform.room("morning", "ann")
        await house.platform.write("ann", "!count up 3")
        await house.settle()
        assert house.engine._intake._memory
        await house.later(minutes=20)
        assert not house.engine._intake._memory


async def test_help_about_nothing_is_all_of_the_help() -> None:
    """`!help !` is no fault."""
    async with House((TOY_GROUP, TOY)) as house:
        house.platform.room("evening", "ann")
        await house.platform.write("ann", "!help !")
        await house.settle()
        assert "went wrong" not in house.platform.said_to("ann")[-1]


async def test_one_person_at_the_door_holds_up_nobody_else_there() -> None:
    """The platform may make the bot wait minutes before it invites the same person once more."""
    admit = [lane_of(Admit(room=EVENING, who=who(name), gate="door")) for name in ("mal", "ann")]
    assert len(set(admit)) == 2
    assert lane_of(Remove(room=EVENING, who=who("ann"))) == admit[1]
    assert lane_of(Admit(room=EVENING, who=who("ann"), gate="mute")) == lane_of(
        SetGate(room=EVENING, gate="mute")
    )


async def test_one_request_that_the_platform_fails_for_holds_up_nobody_else() -> None:
    """An invitation to somebody whose own server is gone fails like an outage, for hours."""
    async with House((TOY_GROUP, TOY)) as house:
        house.platform.room("evening", "ann", "gone")
        perform = house.platform.perform

        async def failing(step: Step) -> None:
            if isinstance(step.action, Tell) and step.action.to == who("gone"):
                raise Undeliverable("unreachable", 1.0)
            await perform(step)

        house.platform.perform = failing  # type: ignore[method-assign]
        await house.platform.write("gone", "!count up")
        await asyncio.sleep(4)
        await house.platform.write("ann", "!count up")
        await asyncio.sleep(0.5)
        assert house.platform.said_to("ann") == ["**evening**\n\n1"]


async def test_a_failure_that_could_not_be_kept_is_reported_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Facilitators must hear of it, not only after the next start."""
    monkeypatch.setattr(deliver, "LONGEST_WAIT", 0.6)
    async with House((TOY_GROUP, TOY)) as house:
        room = house.platform.room("evening", "ann")
        house.platform.deaf.add(who("ann"))
        store = house.store
        assert isinstance(store, MemoryStore)
        perform = house.platform.perform

        async def fills(step: Step) -> None:
            store.trouble = FULL
            await perform(step)

        house.platform.perform = fills  # type: ignore[method-assign]
        await house.platform.write("ann", "!count up")
        await _turns()
        assert house.platform.seen_in(room) == []
        store.trouble, house.platform.perform = None, perform  # type: ignore[method-assign]
        await asyncio.sleep(0.3)
        assert house.platform.seen_in(room) == ["failed closed"]


async def test_confirm_means_the_same_when_it_is_handed_in_again() -> None:
    """The storage refused; the adapter hands the same words in once more."""
    async with House((TOY_GROUP, TOY)) as house:
        house.platform.room("evening", "ann")
        await house.platform.write("ann", "!count up")
        await house.platform.write("ann", "!count reset")
        await house.settle()
        store = house.store
        assert isinstance(store, MemoryStore)
        store.trouble = FULL
        with pytest.raises(StorageTrouble):
            await house.platform.write("ann", "confirm", event_id="once")
        store.trouble = None
        await house.platform.write("ann", "confirm", event_id="once")
        await house.settle()
        assert house.platform.said_to("ann")[-1] == "**evening**\n\nreset"


async def test_a_bare_word_is_never_guessed_after_another_group_has_spoken() -> None:
    """`agree` typed under the agreement of one group must not be taken for another's."""
    async with House((TOY_GROUP, TOY)) as house:
        house.platform.room("evening", "ann")
        morning = house.platform.room("morning")
        await house.platform.join(morning, "ann")
        await house.platform.write("ann", "!in evening count up")
        await house.platform.write("ann", "up")
        await house.settle()
        assert house.platform.said_to("ann")[-1] == "**evening**\n\n2"
        await house.platform.join(morning, "ann")
        await house.settle()
        assert house.platform.said_to("ann")[-1] == "**morning**\n\nhello"
        await house.platform.write("ann", "up")
        await house.settle()
        assert "Which one do you mean?" in house.platform.said_to("ann")[-1]


async def test_timers_of_a_platform_that_is_gone_do_not_stop_the_others() -> None:
    """An operator takes a platform out of config.yaml; hundreds of its rows stay due for ever."""
    async with House((TOY_GROUP, TOY)) as house:
        room = house.platform.room("evening", "ann")
        elsewhere, now = RoomId("gone", "!x"), house.clock.now()
        rows = tuple(
            Row(feature="toy", room=elsewhere, member=None, key=str(n), version=1, body=b"", due_at=now)
            for n in range(450)
        )
        await house.store.commit(Batch(event_id="x", room=elsewhere, now=now, puts=rows))
        await house.platform.write("ann", "!remind 5m")
        await house.settle()
        for _ in range(4):
            await house.later(minutes=6)
        assert house.platform.seen_in(room) == ["ding"]
