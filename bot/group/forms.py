"""Steps of the guided set-up as forms, where a room has forms with fields of their own."""

from collections.abc import Mapping

from bot.boundary.effects import Choice, Field, OpenForm, Part, say
from bot.boundary.events import CommandGiven
from bot.contract.feature import Here
from bot.group.plan import FACILITATORS, NOBODY, Plan
from bot.group.values import shown

FORM = "_form"
"""The value of a choice that asks for a form: a step of the guide. Nobody types it."""
CONTACTS = ("contact", "crisis_contact", "outside_contact")
"""Asked in one form. The first stands for all of them."""
ASKED = {"agreement": ("agreement",), "contact": CONTACTS}
"""Step -> the settings that its form asks for."""

PICKS = {
    FACILITATORS: "group-choice-pick",
    "agreement": "group-choice-write",
    "contact": "group-choice-contacts",
}
LABELS = {
    FACILITATORS: "group-form-facilitators",
    "agreement": "group-form-agreement",
    "contact": "group-form-contact",
    "crisis_contact": "group-form-crisis",
    "outside_contact": "group-form-outside",
}


def pick(step: str) -> Choice:
    """The button that opens a step's form."""
    return Choice(label=PICKS[step], name="setup", values={FORM: step})


def asked(step: str, plan: Plan, here: Here) -> tuple[Part, ...]:
    """What such a step says: what is asked, and what stands there so far."""
    head = say("group-guide-agreement-form") if step == "agreement" else say("group-guide-contacts-form")
    values = (_value(key, plan, here) for key in ASKED[step])
    return (head, *(say("group-guide-now", value=shown(value)) for value in values if value))


def form(event: CommandGiven, here: Here, plan: Plan) -> OpenForm | None:
    """The form that a choice asks for; None where it asks for none, or there are none here."""
    step = event.values.get(FORM, "")
    if event.sub or step not in PICKS or not here.room.can.rich_forms:
        return None
    if step == FACILITATORS:
        fields: tuple[Field, ...] = (
            Field(name="_" + step, label=LABELS[step], kind="people", required=True),
        )
    else:
        fields = tuple(
            Field(name="_" + key, label=LABELS[key], now=_value(key, plan, here)) for key in ASKED[step]
        )
    return OpenForm(room=here.room.id, to=event.by, name="setup", sub="", fields=fields, reply=event.reply)


def filled_in(values: Mapping[str, str]) -> str:
    """What was filled in, as the long form would say it: a field that was left empty says `none`."""
    found = []
    for key in LABELS:
        if (value := values.get("_" + key)) is None:
            continue
        if key == FACILITATORS:
            found.append(f"{key} {value.replace(' ', '') or NOBODY}")
        else:
            quoted = value.strip().replace("\\", "\\\\").replace('"', '\\"')
            found.append(f'{key} "{quoted}"' if quoted else f"{key} none")
    return " ".join(found)


def _value(key: str, plan: Plan, here: Here) -> str:
    return plan.settings.get(key, here.policy.text(key))
