"""Every request against Discord's own description of its API, where that is on this machine.

The description is public (discord/discord-api-spec, specs/openapi.json) and is looked for at
`../shared/discord/openapi.json` from the project's root.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.localdiscord.model import Json

DESCRIPTION = Path(__file__).resolve().parents[2] / ".." / "shared" / "discord" / "openapi.json"
SKIPPED = (
    "Requests are not checked against Discord's own description: there is no ../shared/discord/openapi.json "
    "beside the project. It is specs/openapi.json of the public repository discord/discord-api-spec."
)
# What discord.py sends and Discord takes, though the description does not name it.
ALSO_TAKEN = {
    "ApplicationCommandUpdateRequest": ("nsfw",),
    "ApplicationCommandCreateRequest": ("nsfw",),
    "ApplicationCommandPatchRequestPartial": ("nsfw",),
    "MessageEditRequestPartial": ("tts",),
    "RichEmbed": ("flags", "type"),
    "IncomingWebhookUpdateRequestPartial": ("tts",),
    "IncomingWebhookUpdateForInteractionCallbackRequestPartial": ("tts",),
}
QUERIES_ALSO_TAKEN = {"/guilds/{guild_id}/bans/{user_id}": {"delete_message_seconds"}}
_DIGITS = "^-?[0-9]+$"


def _mend(node: Any) -> Any:
    """The description, made to say what Discord really takes: see README.md, "What is mended"."""
    if isinstance(node, list):
        return [_mend(one) for one in node]
    if not isinstance(node, dict):
        return node
    out = {key: _mend(value) for key, value in node.items()}
    if "oneOf" in out:
        out["anyOf"] = out.pop("oneOf")
    if out.get("enum") == []:
        del out["enum"]
    kinds = out.get("type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    if "integer" in listed and "enum" not in out and "anyOf" not in out:
        out["type"] = [*listed, "string"]
        out["pattern"] = _DIGITS
    if out.get("format") == "snowflake":
        out["type"] = ["string", "integer"]
    if isinstance(out.get("properties"), dict) and "object" in listed:
        out.setdefault("additionalProperties", False)
    return out


class Description:
    """The description, ready to judge requests."""

    def __init__(self, path: Path) -> None:
        whole = _mend(json.loads(path.read_text()))
        schemas = whole["components"]["schemas"]
        for name, extra in ALSO_TAKEN.items():
            for key in extra:
                schemas[name]["properties"].setdefault(key, {})
        for item in whole["paths"].values():
            for operation in item.values():
                self._open_overwrite(operation)
        self._registry = Registry().with_resource("urn:discord", Resource.from_contents(whole, DRAFT202012))
        self._paths: list[tuple[re.Pattern[str], str]] = [
            (re.compile("^" + re.sub(r"\{[^}]+\}", "[^/]+", path) + "$"), path)
            # Fixed parts first: /users/@me before /users/{user_id}.
            for path in sorted(whole["paths"], key=lambda path: (path.count("{"), path))
        ]
        self._whole = whole

    @staticmethod
    def _open_overwrite(operation: Any) -> None:
        """PUT of an overwrite repeats its id, which stands in the path already."""
        if isinstance(operation, dict) and operation.get("operationId") == "set_channel_permission_overwrite":
            schema = operation["requestBody"]["content"]["application/json"]["schema"]
            schema["properties"].setdefault("id", {})

    @cache  # noqa: B019 - one description lives as long as the process
    def _template(self, path: str) -> str | None:
        return next((template for pattern, template in self._paths if pattern.match(path)), None)

    @cache  # noqa: B019
    def _validator(self, *pointer: str) -> Draft202012Validator:
        joined = "/".join(part.replace("~", "~0").replace("/", "~1") for part in pointer)
        return Draft202012Validator({"$ref": f"urn:discord#/{joined}"}, registry=self._registry)

    def complaint(self, method: str, path: str, query: dict[str, str], body: Any) -> str | None:
        """What is wrong with a request, in one sentence, or None."""
        template = self._template(path)
        operation: Json | None = (
            self._whole["paths"].get(template, {}).get(method.lower()) if template else None
        )
        if template is None or operation is None:
            return f"{method} {path} is not in Discord's API"
        known = {
            one["name"]
            for one in [
                *operation.get("parameters", []),
                *self._whole["paths"][template].get("parameters", []),
            ]
            if one.get("in") == "query"
        }
        known |= QUERIES_ALSO_TAKEN.get(template, set())
        if query.keys() - known:
            return f"{method} {template} takes no query {sorted(query.keys() - known)}"
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content:
            return f"{method} {template} takes no body" if body else None
        schema = ("paths", template, method.lower(), "requestBody", "content", "application/json", "schema")
        validator = self._validator(*schema)
        # No body is the empty one: Discord takes a ban without any.
        error = next(validator.iter_errors({} if body is None else body), None)
        if error is None:
            return None
        error = _telling(error)
        return f"{method} {template}: at {error.json_path}: {error.message[:300]}"


def _of_another_kind(error: ValidationError) -> bool:
    return list(error.path)[-1:] == ["type"] or (error.validator == "type" and not error.path)


def _telling(error: ValidationError) -> ValidationError:
    """Of many ways to be right, the complaint about the one that was meant: its `type` fits."""
    while error.context:
        ways: dict[Any, list[ValidationError]] = {}
        for one in error.context:
            ways.setdefault(one.schema_path[0], []).append(one)
        meant = [way for way in ways.values() if not any(_of_another_kind(one) for one in way)]
        error = min(meant or ways.values(), key=len)[0]
    return error


@cache
def description() -> Description | None:
    """The description, or None where it is not on this machine."""
    return Description(DESCRIPTION) if DESCRIPTION.exists() else None
