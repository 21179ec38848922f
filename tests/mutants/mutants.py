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
REVEALED = "tests/laws/test_an_anonymous_reporter_is_never_revealed.py"
SAME = f"{REVEALED}::test_two_histories_that_differ_only_in_who_reported_look_the_same"
NO_GAP = f"{REVEALED}::test_who_is_left_out_sees_neither_the_case_nor_a_gap"
INSTANT = f"{REVEALED}::test_all_reports_of_one_hour_are_noticed_at_the_same_instant"

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
        "4: a case names its reporter whatever they chose",
        "bot/breach/sending.py",
        "reporter=event.by if draft.named else None,",
        "reporter=event.by,",
        SAME,
    ),
    Mutant(
        "4: a row says who has sent a report",
        "bot/breach/sending.py",
        "        Drop(key=DRAFT, member=event.by),",
        "        Drop(key=DRAFT, member=event.by),\n"
        '        Put(record=draft, key="sent", member=event.by),',
        SAME,
    ),
    Mutant(
        "4: a case shows as soon as it is sent",
        "bot/breach/clocks.py",
        "    return here.now >= case.opened_at and _may_hear(case, who, here)",
        "    return _may_hear(case, who, here)",
        INSTANT,
    ),
    Mutant(
        "4: facilitators are told at once that somebody has reported",
        "bot/breach/clocks.py",
        "    at = case.notice_at or slot(here.now, here.policy)",
        "    at = case.notice_at or here.now",
        INSTANT,
    ),
    Mutant(
        "4: who is left out sees the case",
        "bot/breach/clocks.py",
        "who not in (*case.told.without, *case.recused)",
        "who not in case.recused",
        NO_GAP,
    ),
    Mutant(
        "1: a receipt code is kept as it is",
        "adapters/vault/codes.py",
        'return await asyncio.to_thread(self._derive, " ".join(given))',
        'return " ".join(given)',
        "tests/attacks/test_stolen_reports.py",
    ),
    Mutant(
        "7: a report is sent and its draft is kept",
        "bot/breach/sending.py",
        "    changes: tuple[Put | Drop, ...] = (\n        keep(case, draft.location, here),",
        "    changes: tuple[Put | Drop, ...] = (",
        "tests/faults/test_reports_survive.py::test_a_crash_at_any_instant_leaves_one_whole_report",
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
