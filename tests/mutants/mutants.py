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
STOLEN = "tests/attacks/test_stolen_database.py"
LOG = "tests/ops/test_log.py"
RECORDING = "tests/laws/test_recording.py"

MUTANTS = (
    Mutant(
        "5: a whisper that cannot be private is posted",
        "bot/engine/degrade.py",
        "            raise Unsupported\n        text = voice.body(effect.body)\n",
        "            return Post(room=effect.room, text=voice.body(effect.body))  # type: ignore\n"
        "        text = voice.body(effect.body)\n",
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
        "7: an event overtakes the one that could not be kept",
        "bot/engine/engine.py",
        "for each in (done, *behind):",
        "for each in (done,):",
        "tests/engine/test_trouble.py",
    ),
    Mutant(
        "7: an alert counts as said before it is kept",
        "bot/engine/work.py",
        "            self.alerted.add(effect.subject)",
        "            self.room.alerted[effect.subject] = self.now",
        "tests/engine/test_trouble.py",
    ),
    Mutant(
        "10: a command for another group is carried out in the room where it was typed",
        "bot/engine/intake.py",
        "if found.group and not self._is_called(room, found.group):",
        "if False:",
        "tests/engine/test_trouble.py",
    ),
    Mutant(
        "10: a stale timer is acted upon",
        "bot/engine/handle.py",
        "if held is None or held.version != event.version:",
        "if held is None:",
        "tests/engine/test_timers.py",
    ),
    Mutant(
        "1: records are kept as they are, unsealed",
        "adapters/vault/seal.py",
        "        return _encrypt(self._sealing, _pad(body), bound_to)",
        "        return body",
        STOLEN,
    ),
    Mutant(
        "3: facilitators are told who declined",
        "bot/consent/answering.py",
        "    return Decision(\n        changes=changes,\n        effects=(tell(event, here, (how,",
        "    from bot.boundary.effects import AlertFacilitators, Name\n"
        '    named = say("consent-talk-alert", who=Name(event.by))\n'
        "    told = AlertFacilitators(room=here.room.id, subject=event.id, body=(named,))\n"
        "    return Decision(\n        changes=changes,\n        effects=(told, tell(event, here, (how,",
        NO_NO,
    ),
    Mutant(
        "8: who agrees under mute is not let speak",
        "bot/gate/consenting.py",
        "    return Decision(changes=changes, effects=let_take_part(passes.state, here, event.who))",
        "    return Decision(changes=changes)",
        SILENCED,
    ),
    Mutant(
        "8: the end of a grace takes speech away",
        "bot/gate/consenting.py",
        "effects=(grace_alert(passes, here, count),))",
        "effects=(grace_alert(passes, here, count), *hold_back(passes.state, here, event.who)))",
        SILENCED,
    ),
    Mutant(
        "9: withdrawing has to be confirmed",
        "bot/consent/commands.py",
        'Command(name="consent", sub="withdraw",',
        'Command(name="consent", sub="agree-not",',
        SILENCED,
    ),
    Mutant(
        "1: one person's rows in two features can be joined",
        "adapters/sqlite/records.py",
        'room.seal.index(f"member of {purpose}", *words)',
        'room.seal.index("member", *words)',
        STOLEN,
    ),
    Mutant(
        "1: an erased room's key stays in the log beside the database",
        "adapters/sqlite/writer.py",
        "        if asked or self._scrub:",
        "        if False:",
        STOLEN,
    ),
    Mutant(
        "1: a new master key is made over existing data",
        "adapters/vault/master.py",
        "        if _holds_data(data_folder):",
        "        if False:",
        "tests/vault/test_master.py",
    ),
    Mutant(
        "7: a shared commit is acknowledged and then not kept",
        "adapters/sqlite/writer.py",
        '        conn.execute("COMMIT")',
        '        conn.execute("COMMIT" if len(jobs) < 9 else "ROLLBACK")',
        "tests/sqlite/test_kill.py",
    ),
    Mutant(
        "1: an id that somebody logged reaches the log",
        "bot/operator/log.py",
        '_one_line(_ID.sub("[removed]", v))',
        "_one_line(v)",
        LOG,
    ),
    Mutant(
        "1: an error is logged with its values",
        "bot/operator/log.py",
        "type(error).__name__, where(error)\n    return fields",
        "repr(error), where(error)\n    return fields",
        LOG,
    ),
    Mutant(
        "1: what other libraries log is let through",
        "bot/operator/log.py",
        "if library in OURS:",
        "if library:",
        LOG,
    ),
    Mutant(
        "1: resealed data keep an index of the stolen key",
        "adapters/sqlite/reseal.py",
        "((after.moved(ix), at) for ix, at in seen)",
        "((ix, at) for ix, at in seen)",
        "tests/sqlite/test_rekeying.py",
    ),
    Mutant(
        "1: a room keeps its stolen key",
        "adapters/sqlite/rooms.py",
        "return room._replace(seal=seal)",
        "return room",
        "tests/sqlite/test_rekeying.py",
    ),
    Mutant(
        "7: a restore leaves the log of another database",
        "adapters/sqlite/copies.py",
        "    if log.exists():\n        log.replace(",
        "    if not log.exists():\n        log.replace(",
        "tests/sqlite/test_copies.py",
    ),
    Mutant(
        "recording 1: one yes is enough",
        "bot/recording/asking.py",
        "all(roster.values())",
        "any(roster.values())",
        RECORDING,
    ),
    Mutant(
        "recording 1: who comes later does not end the permission",
        "bot/recording/stopping.py",
        "    return NOTHING if may_record(rows, here.room) else end(rows, here)",
        "    return NOTHING",
        RECORDING,
    ),
    Mutant(
        "recording 2: the outcome comes with the first no",
        "bot/recording/asking.py",
        "        effects=said(event, done, again).effects,",
        "        effects=(*said(event, done, again).effects,\n"
        '                 *(() if yes else (told(here, say("recording-not-agreed")),))),',
        RECORDING,
    ),
    Mutant(
        "recording 3: a stop is noted and not carried out",
        "bot/recording/stopping.py",
        "        over = end(rows, here)\n        choices",
        "        over = NOTHING\n        choices",
        RECORDING,
    ),
)
