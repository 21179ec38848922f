"""The guided steps of handling (after ISO 37002 §8), each with words to say. Nobody must follow them."""

from msgspec.structs import replace

from bot.boundary.effects import Body, Choice, say
from bot.boundary.events import CommandGiven
from bot.breach.records import Case, Entry
from bot.contract.feature import Here

STEPS = ("harmed", "guess", "contain", "named", "group", "remedy", "follow")


def moved(case: Case, event: CommandGiven, here: Here) -> Case:
    """The case after `done`, `skip` or `back`."""
    match event.values.get("done", ""):
        case "done" if case.step < len(STEPS):
            entry = Entry(kind="step", words=STEPS[case.step], by=event.by, at=here.now)
            return replace(case, step=case.step + 1, entries=(*case.entries, entry))
        case "skip":
            return replace(case, step=min(case.step + 1, len(STEPS)))
        case "back":
            return replace(case, step=max(case.step - 1, 0))
        case _:
            return case


def guidance(case: Case) -> tuple[Body, tuple[Choice, ...]]:
    """The step that is next: why, how, and words that can be sent as they are or changed."""
    pin = {"case": case.label}
    back = Choice(label="breach-choice-back", name="cases", sub="step", values={**pin, "done": "back"})
    if case.step >= len(STEPS):
        return (say("breach-steps-over", label=case.label),), (back,)
    step = STEPS[case.step]
    body = (
        say("breach-step-head", number=case.step + 1, count=len(STEPS), label=case.label),
        say(f"breach-step-{step}"),
        say("breach-step-words"),
        say(f"breach-step-say-{step}"),
    )
    done = Choice(label="breach-choice-done", name="cases", sub="step", values={**pin, "done": "done"})
    skip = Choice(label="breach-choice-later", name="cases", sub="step", values={**pin, "done": "skip"})
    return body, (done, skip, *((back,) if case.step else ()))
