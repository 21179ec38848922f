"""What the room hears of a case: only what a facilitator posts, shown first, and without names."""

from bot.boundary.effects import Announce, Body, Choice, Effect, Verbatim, say
from bot.boundary.events import CommandGiven
from bot.breach.clocks import keep, noticed, with_entry
from bot.breach.desk import next_choices
from bot.breach.records import Case, Entry
from bot.breach.wording import tell
from bot.contract.facts import RenewalWished
from bot.contract.feature import Decision, Here


def address(case: Case, location: str, event: CommandGiven, here: Here) -> Decision:
    """Words to the group, without names: shown first, posted when they are confirmed."""
    words = event.values.get("words", "")
    posted: Body = (Verbatim(words),) if words else (say("breach-address-words"),)
    if not event.confirmed:
        values = {"case": case.label, **({"words": words} if words else {})}
        post = Choice(
            label="breach-choice-address", name="cases", sub="address", values=values, confirmed=True
        )
        body = (say("breach-address-preview"), *posted, say("breach-address-how", label=case.label))
        return Decision(effects=(tell(event, body, (post,)),), awaits_confirm=True)
    entry = Entry(kind="addressed", words=words, by=event.by, at=here.now)
    case = noticed(with_entry(case, entry, here), here, reporter=True)
    out: Effect = Announce(room=here.room.id, body=(*posted, say("breach-address-report")))
    renew = Choice(label="breach-choice-renew", name="cases", sub="renew", values={"case": case.label})
    done = tell(event, (say("breach-addressed"),), (renew, *next_choices(case)))
    return Decision(changes=(keep(case, location, here),), effects=(out, done))


def renew(case: Case, location: str, event: CommandGiven, here: Here) -> Decision:
    """Everybody who agreed is asked once more: consent does the asking, and learns no reason."""
    if not event.confirmed:
        pin = {"case": case.label}
        choice = Choice(label="breach-choice-renew", name="cases", sub="renew", values=pin, confirmed=True)
        preview = tell(event, (say("breach-renew-preview"),), (choice,))
        return Decision(effects=(preview,), awaits_confirm=True)
    case = with_entry(case, Entry(kind="renewed", by=event.by, at=here.now), here)
    asked = RenewalWished(id=event.id, room=event.room, by=event.by)
    done = tell(event, (say("breach-renewing"),), next_choices(case))
    return Decision(changes=(keep(case, location, here),), effects=(done,), facts=(asked,))
