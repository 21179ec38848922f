"""Messages and forms that Discord refuses, though its own description lets most of them through."""

from typing import Any

import pytest

from tests.localdiscord.conftest import Scene
from tests.localdiscord.model import Json

INVALID, EMPTY = (400, 50035), (400, 50006)
BUTTON: Json = {"type": 2, "style": 1, "label": "Go", "custom_id": "go"}
SELECT: Json = {"type": 3, "custom_id": "pick", "options": [{"label": "A", "value": "a"}]}
INPUT: Json = {"type": 4, "style": 1, "custom_id": "words"}


def row(*inside: Json) -> Json:
    return {"type": 1, "components": list(inside)}


def numbered(count: int) -> list[Json]:
    return [{**BUTTON, "custom_id": str(number)} for number in range(count)]


WRONG_MESSAGES: list[tuple[str, Json, tuple[int, int]]] = [
    ("more than 2000 characters", {"content": "x" * 2001}, INVALID),
    ("nothing in it", {}, EMPTY),
    ("only blanks", {"content": "  \n "}, EMPTY),
    ("a button without custom_id", {"components": [row({"type": 2, "style": 1, "label": "Go"})]}, INVALID),
    (
        "a button without a word on it",
        {"components": [row({"type": 2, "style": 1, "custom_id": "go"})]},
        INVALID,
    ),
    (
        "a link with a custom_id",
        {"components": [row({**BUTTON, "style": 5, "url": "https://example.org"})]},
        INVALID,
    ),
    ("a button with a url", {"components": [row({**BUTTON, "url": "https://example.org"})]}, INVALID),
    ("the same custom_id twice", {"components": [row(BUTTON, BUTTON)]}, INVALID),
    ("the same custom_id in two rows", {"components": [row(BUTTON), row(BUTTON)]}, INVALID),
    ("six rows", {"components": [row(one) for one in numbered(6)]}, INVALID),
    ("six buttons in a row", {"components": [row(*numbered(6))]}, INVALID),
    ("an empty row", {"components": [row()]}, INVALID),
    ("a select beside a button", {"components": [row(SELECT, BUTTON)]}, INVALID),
    (
        "a select that wants at least more than at most",
        {
            "components": [
                row(
                    {
                        **SELECT,
                        "options": [{"label": v, "value": v} for v in "abc"],
                        "min_values": 3,
                        "max_values": 2,
                    }
                )
            ]
        },
        INVALID,
    ),
    (
        "a select with more chosen than allowed",
        {
            "components": [
                row({**SELECT, "options": [{"label": v, "value": v, "default": True} for v in "ab"]})
            ]
        },
        INVALID,
    ),
    ("a select without custom_id", {"components": [row({"type": 5})]}, INVALID),
    ("a text input", {"components": [row(INPUT)]}, INVALID),
    ("a label", {"flags": 1 << 15, "components": [{"type": 18, "label": "x", "component": INPUT}]}, INVALID),
    ("a select without options", {"components": [row({**SELECT, "options": []})]}, INVALID),
    (
        "a select with one value twice",
        {"components": [row({**SELECT, "options": SELECT["options"] * 2})]},
        INVALID,
    ),
    ("a select that wants more than it has", {"components": [row({**SELECT, "max_values": 2})]}, INVALID),
    ("a text display without the V2 flag", {"components": [{"type": 10, "content": "hello"}]}, INVALID),
    (
        "content beside V2 components",
        {"content": "x", "flags": 1 << 15, "components": [{"type": 10, "content": "y"}]},
        INVALID,
    ),
    ("V2 without components", {"flags": 1 << 15}, EMPTY),
    ("V2 with 41 components", {"flags": 1 << 15, "components": [{"type": 10, "content": "y"}] * 41}, INVALID),
    (
        "V2 with 4001 characters",
        {"flags": 1 << 15, "components": [{"type": 10, "content": "y" * 4001}]},
        INVALID,
    ),
    ("an embed's title of 257", {"embeds": [{"title": "x" * 257}]}, INVALID),
    (
        "embeds of 6001 in all",
        {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]},
        INVALID,
    ),
    ("26 fields", {"embeds": [{"fields": [{"name": "a", "value": "b"}] * 26}]}, INVALID),
    ("a field without words", {"embeds": [{"fields": [{"name": "a", "value": ""}]}]}, INVALID),
    ("a nonce of 26", {"content": "x", "nonce": "n" * 26}, INVALID),
    (
        "both parse and ids",
        {"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}},
        INVALID,
    ),
    ("a file that did not come", {"content": "x", "attachments": [{"id": "0", "filename": "a"}]}, INVALID),
]


@pytest.mark.parametrize(
    ("body", "refusal"), [case[1:] for case in WRONG_MESSAGES], ids=[case[0] for case in WRONG_MESSAGES]
)
async def test_a_wrong_message_is_refused(scene: Scene, body: Json, refusal: tuple[int, int]) -> None:
    got = await scene.raw.ask("POST", f"/channels/{scene.room.id}/messages", body)
    assert got.refusal == refusal
    assert not scene.room.messages


async def test_what_is_just_within_the_limits_is_taken(scene: Scene) -> None:
    path = f"/channels/{scene.room.id}/messages"
    rows = [row(*[{**BUTTON, "custom_id": f"{line}{place}"} for place in range(5)]) for line in range(5)]
    assert (await scene.raw.ask("POST", path, {"content": "x" * 2000, "components": rows})).status == 200
    assert (
        await scene.raw.ask(
            "POST", path, {"flags": 1 << 15, "components": [{"type": 10, "content": "y"}] * 40}
        )
    ).status == 200
    assert (await scene.raw.ask("POST", path, {}, files=[b"words"])).status == 200
    assert [one.data for one in scene.ann.sees(scene.room)[-1].attachments] == [b"words"]


def form(*parts: Json, **more: Any) -> Json:
    return {"type": 9, "data": {"custom_id": "form", "title": "Title", "components": list(parts), **more}}


def label(component: Json, **more: Any) -> Json:
    return {"type": 18, "label": "Words", "component": component, **more}


GROUP: Json = {
    "type": 22,
    "custom_id": "limits",
    "options": [{"label": "A", "value": "a"}, {"label": "B", "value": "b"}],
}
WRONG_FORMS: list[tuple[str, Json]] = [
    ("a title of 46", form(label(INPUT), title="x" * 46)),
    ("no title", form(label(INPUT), title="")),
    ("a custom_id of 101", form(label(INPUT), custom_id="x" * 101)),
    ("nothing in it", form()),
    ("six parts", form(*[label({**INPUT, "custom_id": str(n)}) for n in range(6)])),
    ("a label of 46", form(label(INPUT, label="x" * 46))),
    ("a button", form(row(BUTTON))),
    ("a button in a label", form(label(BUTTON))),
    ("a bare text input", form(INPUT)),
    ("a checkbox group outside a label", form(row(GROUP))),
    ("a row's input without a label", form(row(INPUT))),
    ("the same custom_id twice", form(label(INPUT), label(INPUT))),
    ("min above max", form(label({**INPUT, "min_length": 5, "max_length": 4}))),
    ("a value longer than allowed", form(label({**INPUT, "value": "words", "max_length": 4}))),
    ("a group with one value twice", form(label({**GROUP, "options": [GROUP["options"][0]] * 2}))),
    ("a group that wants more than it has", form(label({**GROUP, "min_values": 3, "max_values": 3}))),
]


@pytest.mark.parametrize("body", [case[1] for case in WRONG_FORMS], ids=[case[0] for case in WRONG_FORMS])
async def test_a_wrong_form_is_refused(scene: Scene, body: Json) -> None:
    await scene.with_commands({"name": "ask", "description": "Asks"})
    reply = await scene.ann.slash(scene.room, "ask", wait=False)
    made = reply.interaction
    got = await scene.raw.ask("POST", f"/interactions/{made.id}/{made.token}/callback", body)
    assert got.refusal == INVALID
    assert made.modal is None
    right = form(label(INPUT), label(GROUP, label="Limits"), {"type": 10, "content": "Read this"})
    assert (
        await scene.raw.ask("POST", f"/interactions/{made.id}/{made.token}/callback", right)
    ).status == 204


async def test_a_message_keeps_what_an_edit_does_not_name_and_may_not_become_empty(scene: Scene) -> None:
    path = f"/channels/{scene.room.id}/messages"
    made = await scene.raw.ask("POST", path, {"content": "words", "components": [row(BUTTON)]})
    one = f"{path}/{made.body['id']}"
    assert (await scene.raw.ask("PATCH", one, {"components": []})).body["content"] == "words"
    assert (await scene.raw.ask("PATCH", one, {"content": ""})).refusal == EMPTY


async def test_a_nonce_that_is_enforced_makes_one_message(scene: Scene) -> None:
    path, body = (
        f"/channels/{scene.room.id}/messages",
        {"content": "once", "nonce": "7", "enforce_nonce": True},
    )
    first, second = await scene.raw.ask("POST", path, body), await scene.raw.ask("POST", path, body)
    assert first.body["id"] == second.body["id"]
    assert len(scene.room.messages) == 1
    await scene.raw.ask("POST", path, {**body, "enforce_nonce": False})
    assert len(scene.room.messages) == 2


async def test_a_nonce_is_forgotten_after_minutes(scene: Scene) -> None:
    path, body = (
        f"/channels/{scene.room.id}/messages",
        {"content": "once", "nonce": "7", "enforce_nonce": True},
    )
    await scene.raw.ask("POST", path, body)
    scene.server.clock.advance(301)
    await scene.raw.ask("POST", path, body)
    assert len(scene.room.messages) == 2


async def test_a_mention_pings_whom_it_is_allowed_to(scene: Scene) -> None:
    path, words = f"/channels/{scene.room.id}/messages", f"{scene.bob.mention} @everyone"
    await scene.raw.ask("POST", path, {"content": words, "allowed_mentions": {"parse": []}})
    await scene.raw.ask("POST", path, {"content": words})
    silent, loud = scene.ann.sees(scene.room)
    assert silent.pinged == set()
    assert scene.ann.id in loud.pinged and scene.bob.id in loud.pinged
