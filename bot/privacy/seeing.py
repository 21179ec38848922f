"""What the bot can see here, what it keeps, and who else can see the room.

Derived from the running room, never from a promise: INTERFACE.md, law 2.
"""

from bot.boundary.capabilities import RoomView
from bot.boundary.effects import Body, Name, Part, say
from bot.contract.feature import Here

MOST_NAMED = 10
"""Bots and bridged networks that are named one by one; more are only counted."""


def what_is_seen(here: Here) -> Body:
    """The whole answer but the gate's own part, which the gate adds."""
    return (
        *_bot_sees(here.room),
        say("privacy-keeps"),
        say("privacy-else"),
        *_others_see(here.room),
        *_operator(here),
        say("privacy-next"),
    )


def _bot_sees(room: RoomView) -> tuple[Part, ...]:
    match room.encrypted, room.can.hears_words:
        case True, False:
            words = say("privacy-sees-encrypted")
        case True, True:
            words = say("privacy-sees-encrypted-hearing")
        case False, True:
            words = say("privacy-sees-open", prefix=room.can.command_prefix)
        case _:
            words = say("privacy-sees-no-words")
    key = (say("privacy-fingerprint", key=room.fingerprint),) if room.fingerprint else ()
    return words, say("privacy-sees-direct"), *key


def _others_see(room: RoomView) -> tuple[Part, ...]:
    """Who can see the room besides the bot, a line each; only what is so here."""
    parts: list[Part] = [say("privacy-else-people", count=len(room.humans()))]
    parts.append(say("privacy-else-server-encrypted") if room.encrypted else say("privacy-else-server"))
    if room.world_readable:
        parts.append(say("privacy-else-world"))
    if room.public:
        parts.append(say("privacy-else-public"))
    parts.append(say("privacy-else-past") if room.past_visible else say("privacy-else-no-past"))
    parts += [say("privacy-else-bridge", network=network) for network in room.bridges[:MOST_NAMED]]
    if len(room.bridges) > MOST_NAMED:
        parts.append(say("privacy-else-more-bridges", count=len(room.bridges) - MOST_NAMED))
    bots = sorted((p for p in room.inside() if p.kind == "bot"), key=lambda p: p.id)
    parts += [say("privacy-else-bot", who=Name(p.id)) for p in bots[:MOST_NAMED]]
    if len(bots) > MOST_NAMED:
        parts.append(say("privacy-else-more-bots", count=len(bots) - MOST_NAMED))
    if ghosts := sum(p.kind == "ghost" for p in room.inside()):
        parts.append(say("privacy-else-ghosts", count=ghosts))
    return tuple(parts)


def _operator(here: Here) -> tuple[Part, ...]:
    run_by = say("privacy-operator", name=here.operator.name, contact=here.operator.contact)
    if here.operator.privacy_url is None:
        return run_by, say("privacy-cannot-check")
    return run_by, say("privacy-operator-url", url=here.operator.privacy_url), say("privacy-cannot-check")
