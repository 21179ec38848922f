"""What Discord refuses in a message or form though its OpenAPI description lets it through."""

from typing import Any

from tests.localdiscord.model import COMPONENTS_V2, Json
from tests.localdiscord.refused import Refused, invalid

# docs, Message Resource, Limitations; and Component Reference.
LONGEST_CONTENT = 2000
MOST_ROWS = 5
MOST_BUTTONS = 5
MOST_COMPONENTS_V2 = 40
LONGEST_TEXT_V2 = 4000
LONGEST_EMBEDS = 6000
LARGEST_FILE = 10 * 1024 * 1024
ROW, BUTTON, STRING_SELECT, TEXT_INPUT, LABEL, TEXT_DISPLAY = 1, 2, 3, 4, 18, 10
SELECTS = (3, 5, 6, 7, 8)
INPUTS_IN_LABEL = (3, 4, 5, 6, 7, 8, 19, 21, 22, 23)
ONLY_IN_FORMS = (4, 18, 19, 21, 22, 23)
PREMIUM_STYLE, LINK_STYLE = 6, 5
EMBED_LIMITS = {"title": 256, "description": 4096}


def every(components: Any) -> list[Json]:
    """All components, however deep, in order."""
    found: list[Json] = []
    for one in components or []:
        found.append(one)
        found += every(one.get("components"))
        found += every([one[key] for key in ("accessory", "component") if isinstance(one.get(key), dict)])
    return found


def check_message(data: Json, files: int, flags: int, kept: bool = False) -> None:
    """Raises 400 for a message as it would stand. `kept`: something that is not in `data` stays in it."""
    content = data.get("content") or ""
    if len(content) > LONGEST_CONTENT:
        raise invalid("content", "Must be 2000 or fewer in length.", "BASE_TYPE_MAX_LENGTH")
    components = data.get("components") or []
    if flags & COMPONENTS_V2:
        if any(data.get(key) for key in ("content", "embeds", "poll", "sticker_ids")):
            raise invalid(
                "content",
                "Cannot be used with IS_COMPONENTS_V2.",
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
            )
        if not components and not kept:
            raise Refused(400, 50006, "Cannot send an empty message")
    else:
        for index, one in enumerate(components):
            if one.get("type") != ROW:
                raise invalid(
                    f"components.{index}.type", "Needs the IS_COMPONENTS_V2 flag.", "UNION_TYPE_CHOICES"
                )
        if len(components) > MOST_ROWS:
            raise invalid("components", "Must be 5 or fewer in length.", "BASE_TYPE_BAD_LENGTH")
        something = any(data.get(key) for key in ("embeds", "sticker_ids", "poll", "message_reference"))
        if not (content.strip() or something or files or kept or components):
            raise Refused(400, 50006, "Cannot send an empty message")
    for one in every(components):
        if one.get("type") in ONLY_IN_FORMS:
            raise invalid("components", "This stands only in a form.", "UNION_TYPE_CHOICES")
    check_components(components)
    _check_embeds(data.get("embeds") or [])


def _check_embeds(embeds: list[Json]) -> None:
    total = 0
    for index, embed in enumerate(embeds):
        for key, most in EMBED_LIMITS.items():
            words = embed.get(key) or ""
            total += len(words)
            if len(words) > most:
                raise invalid(
                    f"embeds.{index}.{key}", f"Must be {most} or fewer in length.", "BASE_TYPE_MAX_LENGTH"
                )
        fields = embed.get("fields") or []
        if len(fields) > 25:
            raise invalid(f"embeds.{index}.fields", "Must be 25 or fewer in length.", "BASE_TYPE_BAD_LENGTH")
        for place, field in enumerate(fields):
            for key, most in (("name", 256), ("value", 1024)):
                words = field.get(key) or ""
                total += len(words)
                if not 1 <= len(words) <= most:
                    raise invalid(
                        f"embeds.{index}.fields.{place}.{key}", f"Must be between 1 and {most} in length."
                    )
        total += len((embed.get("footer") or {}).get("text") or "") + len(
            (embed.get("author") or {}).get("name") or ""
        )
    if total > LONGEST_EMBEDS:
        raise invalid("embeds", "Embed size exceeds maximum size of 6000", "MAX_EMBED_SIZE_EXCEEDED")


def check_components(components: list[Json]) -> None:
    """Raises 400 for what no message and no form may hold."""
    flat = every(components)
    if len(flat) > MOST_COMPONENTS_V2:
        raise invalid("components", "The total number of components exceeds the limit of 40.")
    if (
        sum(len(one.get("content") or "") for one in flat if one.get("type") == TEXT_DISPLAY)
        > LONGEST_TEXT_V2
    ):
        raise invalid("components", "The displayable text is longer than 4000.")
    seen: set[str] = set()
    for one in flat:
        custom_id = one.get("custom_id")
        if custom_id is not None:
            if custom_id in seen:
                raise invalid(
                    "components", "Component custom id cannot be duplicated", "COMPONENT_CUSTOM_ID_DUPLICATED"
                )
            seen.add(custom_id)
        kind = one.get("type")
        if kind == ROW:
            _check_row(one)
        elif kind == BUTTON:
            _check_button(one)
        elif kind in SELECTS:
            _check_select(one)
        elif kind in (21, 22):
            _check_options(one)


def _check_row(row: Json) -> None:
    inside = row.get("components") or []
    kinds = {one.get("type") for one in inside}
    if kinds & set(SELECTS) and len(inside) > 1:
        raise invalid("components", "A select stands alone in its row.", "COMPONENT_LAYOUT_WIDTH_EXCEEDED")
    if not 1 <= len(inside) <= MOST_BUTTONS:
        raise invalid("components", "Must be between 1 and 5 in length.", "BASE_TYPE_BAD_LENGTH")


def _check_button(button: Json) -> None:
    style = button.get("style")
    if style == LINK_STYLE:
        if button.get("custom_id") or not button.get("url"):
            raise invalid(
                "components",
                "A link button has a url and no custom id.",
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
            )
    elif style != PREMIUM_STYLE:
        if not button.get("custom_id"):
            raise invalid("components", "A custom id is required", "BUTTON_COMPONENT_CUSTOM_ID_REQUIRED")
        if button.get("url"):
            raise invalid(
                "components",
                "A custom id and url cannot both be specified",
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
            )
    if style != PREMIUM_STYLE and not button.get("label") and not button.get("emoji"):
        raise invalid("components", "A button needs a label or an emoji.", "BUTTON_COMPONENT_INVALID_LABEL")


def _check_options(one: Json) -> None:
    options = one.get("options") or []
    values = [option.get("value") for option in options]
    if len(set(values)) != len(values):
        raise invalid(
            "components",
            "The specified option value is already used",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        )
    most = one.get("max_values") or (len(options) if one.get("type") == 22 else 1)
    given = one.get("min_values")
    least = 1 if given is None else given
    if least > most:
        raise invalid(
            "components", "min_values is greater than max_values", "SELECT_COMPONENT_MIN_GREATER_THAN_MAX"
        )
    if options and most > len(options):
        raise invalid(
            "components", "max_values is more than there are options", "SELECT_COMPONENT_MAX_VALUES_TOO_LARGE"
        )
    if sum(bool(option.get("default")) for option in options) > most:
        raise invalid(
            "components", "More options are chosen than allowed", "SELECT_COMPONENT_TOO_MANY_DEFAULTS"
        )


def _check_select(select: Json) -> None:
    if not select.get("custom_id"):
        raise invalid("components", "A custom id is required", "COMPONENT_CUSTOM_ID_REQUIRED")
    if select.get("type") == STRING_SELECT and not select.get("options"):
        raise invalid("components", "A select needs options.", "BASE_TYPE_BAD_LENGTH")
    _check_options(select)


def check_modal(data: Json) -> None:
    """Raises 400 for a form that Discord would not open."""
    if not 1 <= len(data.get("title") or "") <= 45:
        raise invalid("title", "Must be between 1 and 45 in length.", "BASE_TYPE_BAD_LENGTH")
    if not 1 <= len(data.get("custom_id") or "") <= 100:
        raise invalid("custom_id", "Must be between 1 and 100 in length.", "BASE_TYPE_BAD_LENGTH")
    top = data.get("components") or []
    if not 1 <= len(top) <= MOST_ROWS:
        raise invalid("components", "Must be between 1 and 5 in length.", "BASE_TYPE_BAD_LENGTH")
    for index, one in enumerate(top):
        kind = one.get("type")
        if kind == ROW:
            if [inner.get("type") for inner in one.get("components") or []] != [TEXT_INPUT]:
                raise invalid(f"components.{index}", "A row of a form holds one text input.")
            if not (one["components"][0].get("label")):
                raise invalid(
                    f"components.{index}.components.0.label", "This field is required", "BASE_TYPE_REQUIRED"
                )
        elif kind == LABEL:
            if not 1 <= len(one.get("label") or "") <= 45:
                raise invalid(
                    f"components.{index}.label", "Must be between 1 and 45 in length.", "BASE_TYPE_BAD_LENGTH"
                )
            inner = one.get("component") or {}
            if inner.get("type") not in INPUTS_IN_LABEL:
                raise invalid(
                    f"components.{index}.component", "This cannot stand in a label.", "UNION_TYPE_CHOICES"
                )
        elif kind != TEXT_DISPLAY:
            raise invalid(f"components.{index}.type", "This cannot stand in a form.", "UNION_TYPE_CHOICES")
    for one in every(top):
        if one.get("type") == TEXT_INPUT:
            _check_text_input(one)
    check_components(top)


def _check_text_input(one: Json) -> None:
    least, most = one.get("min_length") or 0, one.get("max_length") or 4000
    if least > most:
        raise invalid("components", "min_length is greater than max_length")
    if one.get("value") and not least <= len(one["value"]) <= most:
        raise invalid("components", "The value does not fit its own limits.", "BASE_TYPE_BAD_LENGTH")
