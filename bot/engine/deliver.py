"""The outbox on its way to the platforms: lanes, retry, back off, give up, report."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

import msgspec

from bot.boundary.effects import TakeDown, Unsay, Whisper
from bot.boundary.errors import StorageTrouble, Undeliverable
from bot.boundary.events import EffectFailed
from bot.boundary.ids import MemberId, RoomId
from bot.boundary.ports import Clock, Outgoing, Platform, Store
from bot.boundary.steps import Step
from bot.engine.degrade import Degrader
from bot.engine.lanes import LONGEST_WAIT, SHORTEST_WAIT, Lane, Outage, jittered
from bot.engine.outbox import Waiting, unpack
from bot.engine.rooms import Room, Rooms
from bot.engine.texts import MissingText
from bot.engine.troubles import told
from bot.engine.work import FAILED

log = logging.getLogger(__name__)

PROMPT_EVERY = 1.0
"""Seconds between prompts that nobody waits for, in one room: 60 people within 60 s, under
the 5 minutes of INTERFACE.md, and a group of 15 within its 20 s. A crowd in one room so delays
nobody in another."""

ROOMS_PROMPTED = 10
"""In so many rooms people are prompted at that pace at the same time."""

LOOK_AGAIN = 0.05
"""Seconds between two looks whether a platform is ready."""

GIVE_UP_AFTER = timedelta(hours=48)
"""How long an effect is tried for. Positions and seen events reach back as far."""


class Deliverer:
    """Takes what was committed to the platforms, in order within each lane."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        rooms: Rooms,
        degrader: Degrader,
        platforms: Mapping[str, Platform],
        report: Callable[[EffectFailed], Awaitable[None] | None],
        prompt_every: float = PROMPT_EVERY,
    ) -> None:
        self._store, self._clock, self._rooms = store, clock, rooms
        self._degrader, self._platforms, self._report = degrader, platforms, report
        self._prompt_every = prompt_every
        self._lanes: dict[tuple[RoomId, str], Lane] = {}
        self._outages: dict[str, Outage] = {}
        self.counts: dict[str, int] = {"delivered": 0, "retried": 0, "failed": 0}
        self._hurried: dict[MemberId, asyncio.Event] = {}
        self._stopping = False

    async def start(self) -> None:
        """Take up what an earlier run left."""
        self.wake(await self._store.outbox())

    @property
    def waiting(self) -> int:
        """How many effects wait."""
        return sum(len(lane.queue) for lane in self._lanes.values())

    def wake(self, outgoing: Iterable[Outgoing]) -> None:
        """New effects are in the outbox: deliver them."""
        for entry in outgoing:
            try:
                waiting = unpack(entry.body)
            except ValueError:
                log.error("outbox_entry_unreadable")
                continue
            if waiting.effect.room != entry.room:  # the room was upgraded in the meantime
                effect = msgspec.structs.replace(waiting.effect, room=entry.room)
                waiting = msgspec.structs.replace(waiting, effect=effect)
            key = (entry.room, entry.lane)
            lane = self._lanes.setdefault(key, Lane())
            lane.queue.append((entry, waiting))
            asked = isinstance(waiting.effect, Whisper) and not waiting.effect.unasked
            if asked and entry.member in self._hurried:
                self._hurried[entry.member].set()
            if lane.task is None and not self._stopping:
                lane.task = asyncio.create_task(self._run(key, lane))

    def forget(self, room: RoomId, member: MemberId | None = None) -> None:
        """What was erased is not said any more: of a person, or of a whole room."""
        for (lane_room, _), lane in self._lanes.items():
            if lane_room == room:
                kept = [e for e in lane.queue if member is not None and e[0].member != member]
                lane.queue = deque(kept)

    def move(self, room: RoomId, to: RoomId) -> None:
        """The room was upgraded: what waits for it is said in the new one."""
        for (lane_room, _), lane in tuple(self._lanes.items()):
            if lane_room == room:
                entries, lane.queue = [entry for entry, _ in lane.queue], deque()
                self.wake(msgspec.structs.replace(entry, room=to) for entry in entries)

    async def stop(self) -> None:
        """Stop at once. What is under way is in the outbox still, and safe to repeat."""
        self._stopping = True
        tasks = [lane.task for lane in self._lanes.values() if lane.task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, key: tuple[RoomId, str], lane: Lane) -> None:
        while lane.queue:
            entry, waiting = lane.queue[0]
            try:
                done = await self._one(entry, waiting, lane)
            except StorageTrouble as trouble:
                log.error("outbox_not_written", extra=told(trouble))
                await asyncio.sleep(LONGEST_WAIT / 6)
                continue
            except Exception as fault:  # a fault of ours must not stop the lane for ever
                log.error("lane_fault error=%s", type(fault).__name__)
                log.debug("lane_fault", exc_info=True)
                await asyncio.sleep(LONGEST_WAIT / 6)
                continue
            if done and lane.queue and lane.queue[0][0].id == entry.id:
                lane.queue.popleft()
        lane.task = None
        self._lanes.pop(key, None)

    async def _one(self, entry: Outgoing, waiting: Waiting, lane: Lane) -> bool:
        """Try once. True when there is nothing more to do about this entry."""
        platform = self._platforms.get(entry.room.platform)
        if platform is None:
            await asyncio.sleep(LONGEST_WAIT)
            return False
        outage = self._outages.setdefault(platform.name, Outage())
        await self._turn(entry, waiting, outage)
        try:
            await self._try(platform, entry, waiting, outage)
        except Undeliverable as trouble:
            return await self._failed(entry, waiting, trouble, outage, lane)
        except StorageTrouble:
            raise  # ours, not the platform's: the effect is tried again
        except MissingText as missing:
            log.error("text_missing key=%s", missing.args[0])
            return await self._failed(entry, waiting, Undeliverable("refused"), outage, lane)
        except Exception as fault:  # an adapter's fault must not stop the lane for ever
            log.error("delivery_fault error=%s", type(fault).__name__)
            log.debug("delivery_fault", exc_info=True)
            return await self._failed(entry, waiting, Undeliverable("refused"), outage, lane)
        lane.failures = 0
        self.counts["delivered"] += 1
        await self._store.delivered(entry.id)
        return True

    async def _turn(self, entry: Outgoing, waiting: Waiting, outage: Outage) -> None:
        """Wait for what must be waited for: a pace, the last words before leaving."""
        loop = asyncio.get_running_loop()
        if entry.lane == "leave":
            others = [ln.task for (r, name), ln in self._lanes.items() if r == entry.room and name != "leave"]
            await asyncio.gather(*(t for t in others if t), return_exceptions=True)
        if isinstance(waiting.effect, Whisper) and waiting.effect.unasked:
            hurry = self._hurried.setdefault(waiting.effect.to, asyncio.Event())
            try:
                for pace, every in (
                    (entry.room, self._prompt_every),
                    (None, self._prompt_every / ROOMS_PROMPTED),
                ):
                    at = max(outage.next_prompt.get(pace, 0.0), loop.time())
                    outage.next_prompt[pace] = at + every
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(hurry.wait(), at - loop.time())
            finally:
                self._hurried.pop(waiting.effect.to, None)

    async def _try(self, platform: Platform, entry: Outgoing, waiting: Waiting, outage: Outage) -> None:
        room = self._rooms[entry.room]
        await self._rooms.load(room)
        # Before the first look a room seems to be gone, and to allow nothing.
        while not platform.health().ready:  # noqa: ASYNC110 (the port can be asked, it does not call)
            await asyncio.sleep(LOOK_AGAIN)
        if outage.failing:
            await outage.turn()
        await platform.perform(self._step(platform, entry, waiting, room))
        outage.failing = False

    def _step(self, platform: Platform, entry: Outgoing, waiting: Waiting, room: Room) -> Step:
        """The step for the room as it is at this moment. Raises `Unsupported`."""
        policy = room.group.policy
        view = platform.view(entry.room)
        room.name = view.name if view else room.name
        action = self._degrader.action(
            waiting.effect,
            view,
            room.name,
            policy.text("language") or "en",
            policy.zone if policy.values else ZoneInfo("UTC"),
            self._clock.now(),
        )
        return Step(id=entry.id, action=action)

    async def _failed(
        self, entry: Outgoing, waiting: Waiting, trouble: Undeliverable, outage: Outage, lane: Lane
    ) -> bool:
        tired = self._clock.now() - entry.due_at > GIVE_UP_AFTER
        if trouble.retry_after is not None and not tired:
            self.counts["retried"] += 1
            if trouble.reason == "unreachable":
                outage.failing = True
                await asyncio.sleep(jittered(min(max(trouble.retry_after, lane.pause()), LONGEST_WAIT)))
            elif trouble.reason == "rate_limited":
                # A limit concerns one person or one kind of request: nobody else waits for it.
                await asyncio.sleep(jittered(max(trouble.retry_after, SHORTEST_WAIT)))
            else:
                await asyncio.sleep(min(max(trouble.retry_after, SHORTEST_WAIT), LONGEST_WAIT))
            return False
        self.counts["failed"] += 1
        # Only reports have words unsaid: by its own name a log would tell when somebody reports (law 4).
        kind = TakeDown if isinstance(waiting.effect, Unsay) else type(waiting.effect)
        log.warning("effect_failed kind=%s reason=%s", kind.__name__, trouble.reason)
        # The report's own commit removes the outbox row: both or neither. What cannot be kept is
        # tried again, so that facilitators hear of it before the next start.
        taken = self._report(
            EffectFailed(
                id=FAILED + entry.id,
                room=entry.room,
                feature=waiting.feature,
                effect=waiting.effect,
                reason=trouble.reason,
            )
        )
        if taken is not None:
            (outcome,) = await asyncio.gather(taken, return_exceptions=True)
            if isinstance(outcome, StorageTrouble):
                raise outcome
        return True
