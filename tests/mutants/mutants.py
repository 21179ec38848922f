"""Planted faults: each breaks one law, and one test must see it."""

from typing import NamedTuple


class Mutant(NamedTuple):
    """A fault: in `file`, `before` becomes `after`; then `test` must fail."""

    law: str
    file: str
    before: str
    after: str
    test: str


ENGINE = "tests/engine/test_engine.py"
PRIVATE = "tests/laws/test_private_stays_private.py"
NO_NO = "tests/laws/test_no_no_is_attributed.py"
SILENCED = "tests/laws/test_nobody_is_silenced.py"
LOST = "tests/laws/test_nothing_acknowledged_is_lost.py"

MUTANTS = (
    Mutant(
        "5: a whisper that cannot be private is posted",
        "bot/engine/degrade.py",
        "        if reply is None and not can.private:\n            raise Unsupported\n",
        "        if reply is None and not can.private:\n"
        "            return self._post(Announce(room=effect.room, body=effect.body), view, can, voice)\n",
        PRIVATE,
    ),
    Mutant(
        "7: the outbox is not read after a start",
        "bot/engine/deliver.py",
        "self.wake(await self._store.outbox())",
        "await self._store.outbox()",
        ENGINE,
    ),
    Mutant(
        "7: an event counts as seen before anything of it is kept",
        "bot/engine/handle.py",
        "        work = self._work(room, event)\n        if isinstance(event, RoomMoved)",
        "        from bot.boundary.ports import Batch\n"
        "        await self._store.commit(Batch(event_id=event.id, room=room.id, now=self._clock.now()))\n"
        "        work = self._work(room, event)\n        if isinstance(event, RoomMoved)",
        LOST,
    ),
    Mutant(
        "10: events are not recognised when they come again",
        "bot/engine/handle.py",
        "if await self._store.seen(event.id):",
        "if False:",
        ENGINE,
    ),
    Mutant(
        "10: a stale timer is acted upon",
        "bot/engine/handle.py",
        "if held is None or held.version != event.version:",
        "if held is None:",
        "tests/engine/test_timers.py",
    ),
)
