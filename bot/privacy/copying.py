"""A copy of everything that is kept about one person in one group, as JSON."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from bot.boundary.effects import Attachment
from bot.boundary.ids import MemberId
from bot.contract.feature import Held, Here, Key

Everything = Mapping[str, tuple[tuple[Key, Held], ...]]


def kept_about(who: MemberId, here: Here) -> Everything:
    """All records about this person in this group, by feature; empty where there are none."""
    if here.everything is None:
        return {}
    return {name: rows for name, rows in here.everything(who).items() if rows}


def copy(who: MemberId, kept: Everything, here: Here) -> Attachment:
    """`mydata.json`: every record with its times, in the words in which it is kept.

    Bytes appear as base64. Nothing about anybody else is in it: a person's rows hold only what is
    about that person.
    """
    content: dict[str, Any] = {
        "group": here.room.name,
        "room": here.room.id.native,
        "member": who.native,
        "platform": who.platform,
        "made_at": _moment(here.now),
        "operator": {"name": here.operator.name, "contact": here.operator.contact},
        "records": [
            _record(feature, key, held)
            for feature in sorted(kept)
            for key, held in sorted(kept[feature], key=lambda pair: pair[0].key)
        ],
        "cases": "Reports and cases are never part of this copy: nothing in them is kept under a member.",
    }
    text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
    return Attachment(name="mydata.json", media_type="application/json", content=text.encode())


def _record(feature: str, key: Key, held: Held) -> dict[str, Any]:
    return {
        "feature": feature,
        "key": key.key,
        "looked_at_again": _moment(held.due_at),
        "deleted_at": _moment(held.delete_at),
        "record": msgspec.to_builtins(held.record),
    }


def _moment(at: object) -> Any:
    """A moment as RFC 3339 has it; None where there is none."""
    return None if at is None else msgspec.to_builtins(at)
