"""Buttons, selects and forms, as the client's own controls allow it."""

from collections.abc import Callable
from typing import Any

from tests.localdiscord.content import every
from tests.localdiscord.interactions import COMPONENT, SUBMIT
from tests.localdiscord.model import Channel, Json, Message
from tests.localdiscord.people.client import CannotDo, Reply
from tests.localdiscord.people.slash import Slash


class Forms(Slash):
    """What one presses, chooses and fills in."""

    async def click(self, where: "Channel | Message | Reply", button: str, wait: bool = True) -> Reply:
        """Clicks a button by its custom_id or label: the newest one that this person sees there."""
        message, found = self._component(
            where,
            lambda one: one.get("type") == 2 and button in (one.get("custom_id"), one.get("label")),
            button,
        )
        if found.get("style") == 5:
            raise CannotDo("This button is a link.")
        data = {"custom_id": found["custom_id"], "component_type": 2, "id": found["id"]}
        return await self._interact(COMPONENT, message.channel, data, message, wait)

    async def select(
        self, where: "Channel | Message | Reply", select: str, *values: Any, wait: bool = True
    ) -> Reply:
        """Chooses in a select by its custom_id or placeholder.

        Values: an option's value or label; or people, roles, channels.
        """
        message, found = self._component(
            where,
            lambda one: (
                one.get("type") in (3, 5, 6, 7, 8)
                and select in (one.get("custom_id"), one.get("placeholder"))
            ),
            select,
        )
        chosen, resolved = self._picked(found, values, message.channel)
        data: Json = {
            "custom_id": found["custom_id"],
            "component_type": found["type"],
            "values": chosen,
            "id": found["id"],
        }
        if resolved:
            data["resolved"] = resolved
        return await self._interact(COMPONENT, message.channel, data, message, wait)

    def _picked(self, spec: Json, values: Any, channel: Channel) -> tuple[list[str], Json]:
        kind, options = spec["type"], spec.get("options") or []
        unlimited = len(options) if kind == 22 else 1
        least, most = spec.get("min_values"), spec.get("max_values") or unlimited
        least = (1 if spec.get("required") is not False else 0) if least is None else least
        if not least <= len(values) <= most and not (not values and spec.get("required") is False):
            raise CannotDo(f"Between {least} and {most} must be chosen, not {len(values)}.")
        if kind in (3, 21, 22):
            chosen = []
            for value in values:
                found = next((one for one in options if value in (one["value"], one["label"])), None)
                if found is None:
                    raise CannotDo(f"There is {[one['value'] for one in options]}, not {value!r}.")
                chosen.append(found["value"])
            return chosen, {}
        return [str(value.id) for value in values], self._resolve(list(values), channel)

    def _component(
        self, where: "Channel | Message | Reply", fits: Callable[[Json], bool], name: str
    ) -> tuple[Message, Json]:
        if isinstance(where, Reply):
            where = where.message
        channel = where if isinstance(where, Channel) else where.channel
        self._may_take_part(channel)
        seen = self.sees(channel)
        if isinstance(where, Message):
            seen = [one for one in seen if one is where]
            if not seen:
                raise CannotDo("This person does not see that message.")
        for message in reversed(seen):
            for one in every(message.components):
                if fits(one):
                    if one.get("disabled"):
                        raise CannotDo(f"{name!r} is greyed out.")
                    return message, one
        there = [part.get("label") or part.get("custom_id") for one in seen for part in every(one.components)]
        raise CannotDo(f"Nothing called {name!r} to press; there is {there}")

    async def submit(self, form: Reply, values: dict[str, Any] | None = None, wait: bool = True) -> Reply:
        """Fills in the form that opened and sends it. Keys are custom_ids or labels.

        Values: text; True or False for a checkbox; one value for radios; a list for checkbox groups
        and selects. What is not named keeps its default.
        """
        modal, given = form.modal, dict(values or {})
        channel = form.interaction.channel
        parts: list[Json] = []
        resolved: Json = {}
        for top in modal["components"]:
            if top["type"] == 10:
                parts.append({"type": 10, "id": top["id"]})
                continue
            labelled = top["type"] == 18
            spec = top["component"] if labelled else top["components"][0]
            label = top["label"] if labelled else spec.get("label")
            key = next((name for name in (spec["custom_id"], label) if name in given), None)
            filled, more = self._filled(
                spec, given.pop(key) if key is not None else None, key is not None, channel
            )
            for kind, entries in more.items():
                resolved.setdefault(kind, {}).update(entries)
            part: Json = {"type": top["type"], "id": top["id"]}
            parts.append(part | ({"component": filled} if labelled else {"components": [filled]}))
        if given:
            raise CannotDo(f"The form has no {sorted(given)}.")
        data: Json = {"custom_id": modal["custom_id"], "components": parts}
        if resolved:
            data["resolved"] = resolved
        return await self._interact(SUBMIT, channel, data, form.interaction.source, wait)

    def _filled(self, spec: Json, value: Any, given: bool, channel: Channel) -> tuple[Json, Json]:
        base: Json = {"type": spec["type"], "custom_id": spec["custom_id"], "id": spec["id"]}
        required = spec.get("required") is not False
        match spec["type"]:
            case 4:
                text = str(value) if given else spec.get("value") or ""
                least, most = spec.get("min_length") or 0, spec.get("max_length") or 4000
                if (required and not text) or (text and not least <= len(text) <= most):
                    raise CannotDo(
                        f"The form does not take {text[:40]!r}: from {least} to {most} characters."
                    )
                return base | {"value": text}, {}
            case 23:
                return base | {"value": bool(value) if given else bool(spec.get("default"))}, {}
            case 21:
                preset = next((one["value"] for one in spec["options"] if one.get("default")), None)
                choice = value if given else preset
                if choice is None:
                    if required:
                        raise CannotDo("One of the radios must be chosen.")
                    return base | {"value": None}, {}
                return base | {"value": self._picked(spec, [choice], channel)[0][0]}, {}
            case _:
                preset_list = [one["value"] for one in spec.get("options") or [] if one.get("default")]
                chosen = list(value) if given else preset_list
                if not chosen and not required:
                    return base | {"values": []}, {}
                picked, resolved = self._picked(spec, chosen, channel)
                return base | {"values": picked}, resolved
