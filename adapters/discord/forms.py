"""A step that shows a form -> Discord's modal; and what was filled in -> a command's values."""

from collections.abc import Sequence
from typing import Any

from adapters.discord.choices import FORM, custom_id
from adapters.discord.groups import number
from adapters.discord.messages import Raw
from bot.boundary.commands import Command, Option
from bot.boundary.effects import TICKED, Choice
from bot.boundary.steps import FormField, ShowForm

LONGEST_TITLE = 45
LONGEST_TICK = 100
MOST = 5
"""Fields of one form."""
LABEL, INPUT, SELECT, PEOPLE, BOXES = 18, 4, 3, 5, 22
LONGEST_INPUT = 4000


def choice_of(form: ShowForm) -> Choice:
    """The command that a form asks the values of."""
    return Choice(label="", name=form.name, sub=form.sub, values=form.values)


def modal(form: ShowForm, spec: Command | None) -> Raw | None:
    """The form as Discord wants it; None where it cannot be one."""
    id_ = custom_id(form.room, choice_of(form), FORM)
    if form.fields:
        parts = [_field(field) for field in form.fields]
    else:
        options = [o for o in (spec.options if spec else ()) if o.name in form.labels]
        parts = [_option(o, form.labels[o.name]) for o in options]
    if id_ is None or not 0 < len(parts) <= MOST:
        return None
    return {"custom_id": id_, "title": _cut(form.title, LONGEST_TITLE), "components": parts}


def filled_in(components: Sequence[Raw]) -> dict[str, str] | None:
    """What was filled in, by name. None: boxes were left without a tick."""
    found: dict[str, str] = {}
    for part in components:
        inner: Any = part.get("component") or (part.get("components") or [{}])[0]
        kind, id_ = inner.get("type"), str(inner.get("custom_id", ""))
        if kind == BOXES:
            name, _, count = id_.rpartition("/")
            if len(inner.get("values") or ()) != number(count):
                return None
            found[name] = TICKED
        elif kind in (PEOPLE, SELECT):
            found[id_] = ",".join(str(v) for v in inner.get("values") or ())
        elif "value" in inner:
            found[id_] = str(inner["value"])
    return found


def _field(field: FormField) -> Raw:
    match field.kind:
        case "ticks":
            boxes = [{"label": _cut(t, LONGEST_TICK), "value": str(n)} for n, t in enumerate(field.ticks, 1)]
            inner: Raw = {
                "type": BOXES,
                # The number of boxes goes with it: what comes back is checked without remembering.
                "custom_id": f"{field.name}/{len(boxes)}",
                "options": boxes,
                "min_values": len(boxes),
                "max_values": len(boxes),
                "required": True,
            }
        case "people":
            inner = {
                "type": PEOPLE,
                "custom_id": field.name,
                "min_values": 1 if field.required else 0,
                "max_values": 10,
                "required": field.required,
            }
        case "words":
            inner = _input(field.name, field.required, field.now)
    return _labelled(field.label, inner)


def _option(option: Option, label: str) -> Raw:
    if option.kind == "member":
        inner: Raw = {
            "type": PEOPLE,
            "custom_id": option.name,
            "min_values": 1 if option.required else 0,
            "max_values": 1,
            "required": option.required,
        }
    elif option.choices and len(option.choices) <= 25:
        inner = {
            "type": SELECT,
            "custom_id": option.name,
            "options": [{"label": c, "value": c} for c in option.choices],
            "required": option.required,
        }
    else:
        inner = _input(option.name, option.required, "")
    return _labelled(label, inner)


def _input(name: str, required: bool, now: str) -> Raw:
    inner: Raw = {
        "type": INPUT,
        "custom_id": name,
        "style": 2,
        "required": required,
        "max_length": LONGEST_INPUT,
    }
    return {**inner, "value": now[:LONGEST_INPUT]} if now else inner


def _labelled(label: str, inner: Raw) -> Raw:
    made: Raw = {"type": LABEL, "label": _cut(label, LONGEST_TITLE), "component": inner}
    if len(label) > LONGEST_TITLE:
        made["description"] = _cut(label, 100)
    return made


def _cut(text: str, longest: int) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1] + "…"
