"""What changed in the room that facilitators, or everybody, must know: each change told once."""

from bot.boundary.effects import Announce, Effect, Name, Part, say
from bot.contract.feature import Decision, Drop, Here, Put, Rows
from bot.group.records import BOT_KEY, WATCH_KEY, KnownBot, Watch
from bot.group.reply import alert, news
from bot.group.standing import encrypted
from bot.group.values import abilities, lacking

NAME_MOST = 80
"""Characters of a room's name that are kept."""

POWERS = "powers"
"""The subject of alerts about powers, the gate's as well: whoever speaks first, the other is quiet."""


def present(here: Here) -> Watch:
    """How the room stands now."""
    room = here.room
    missing = abilities(room, here.policy.text("gate")) if here.group.set_up else frozenset[str]()
    return Watch(
        missing=tuple(sorted(missing)),
        bridges=tuple(sorted(room.bridges)),
        public=room.public,
        world_readable=room.world_readable,
        past_visible=room.past_visible,
        encrypted=room.encrypted,
        room=room.id.native,
        notes=tuple(sorted({note.key for note in room.notes})),
        name=" ".join(room.name.split())[:NAME_MOST],
    )


def begin(here: Here, rows: Rows) -> tuple[Put | Drop, ...]:
    """Take the room as it is, without a word: it has just been shown, or nobody was told before."""
    return (Put(record=present(here), key=WATCH_KEY), *_bots(here, rows)[0])


def look(here: Here, rows: Rows) -> Decision:
    """Compare the room with how it stood when somebody was last told, and tell what is new."""
    if not here.room.people:
        return Decision()  # not inside, or not yet: nothing can be compared
    before, now = rows.get(Watch, WATCH_KEY), present(here)
    if before is None:
        return Decision(changes=begin(here, rows))
    changes, parts = _bots(here, rows)
    parts = [*parts, *_bridges(before, now), *_seen_by(here, before, now)]
    if before.room != now.room:
        parts.insert(0, say("group-moved"))
    arrived = [network for network in now.bridges if network not in before.bridges]
    effects = _powers(here, before, now)
    if arrived and here.group.set_up:
        # PRACTICE.md: a bridge may never arrive unnoticed. Members must know, not facilitators alone.
        words = tuple(say("group-announce-bridge", network=network) for network in arrived)
        effects.append(Announce(room=here.room.id, body=words))
        parts.append(say("group-watch-told-room"))
    if parts:
        effects.append(news(here, *parts))
    if now != before:
        changes = (*changes, Put(record=now, key=WATCH_KEY))
    return Decision(changes=changes, effects=tuple(effects))


def quietly(here: Here, rows: Rows) -> Decision:
    """Take note without a word, where whoever caused the change has just been shown it."""
    now = present(here)
    return Decision() if rows.get(Watch, WATCH_KEY) == now else Decision(changes=begin(here, rows))


def _powers(here: Here, before: Watch, now: Watch) -> list[Effect]:
    if set(now.missing) - set(before.missing):
        gate = here.policy.text("gate")
        lost = (say("group-watch-powers", gate=gate), *lacking(here.room, gate))
        return [alert(here, POWERS, *lost, say("group-watch-powers-next"))]
    if before.missing and not now.missing and here.group.set_up:
        return [alert(here, "powers-back", say("group-watch-powers-back"))]
    return []


def _bots(here: Here, rows: Rows) -> tuple[tuple[Put | Drop, ...], list[Part]]:
    """The other bots: who is new, who is gone. A bot is kept in rows of its own."""
    known = {key.member for key, _ in rows.each(KnownBot)}
    inside = {p.id for p in here.room.inside() if p.kind == "bot" and p.id != here.room.me}
    changes: list[Put | Drop] = [
        Put(record=KnownBot(since=here.now), key=BOT_KEY, member=bot) for bot in sorted(inside - known)
    ]
    changes.extend(Drop(key=BOT_KEY, member=bot) for bot in known if bot is not None and bot not in inside)
    return tuple(changes), [say("group-watch-bot", bot=Name(bot)) for bot in sorted(inside - known)]


def _bridges(before: Watch, now: Watch) -> list[Part]:
    words: list[Part] = [say("group-watch-bridge", network=n) for n in now.bridges if n not in before.bridges]
    words.extend(say("group-watch-bridge-gone", network=n) for n in before.bridges if n not in now.bridges)
    return words


def _seen_by(here: Here, before: Watch, now: Watch) -> list[Part]:
    words: list[Part] = [note for note in here.room.notes if note.key not in before.notes]
    if now.world_readable != before.world_readable:
        words.append(say("group-seen-by-world") if now.world_readable else say("group-watch-world-closed"))
    if now.public != before.public:
        words.append(say("group-seen-public") if now.public else say("group-watch-not-public"))
    if now.past_visible != before.past_visible:
        words.append(say("group-seen-past") if now.past_visible else say("group-watch-past-hidden"))
    if now.encrypted and not before.encrypted:
        words += [say("group-watch-encrypted"), *encrypted(here)]
    return words
