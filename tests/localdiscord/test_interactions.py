"""Interactions: their time limits, who sees what, and answers that do not fit."""

import asyncio
from typing import Any

import pytest

from tests.localdiscord import CannotDo, NotAnswered, P, Reply
from tests.localdiscord.conftest import Scene
from tests.localdiscord.model import Json
from tests.localdiscord.raw import Got

ASK: dict[str, object] = {"name": "ask", "description": "Asks"}
UNKNOWN, TWICE, INVALID = (404, 10062), (400, 40060), (400, 50035)
EPHEMERAL = 64
FORM: Json = {"type": 9, "data": {"custom_id": "f", "title": "T", "components": [
    {"type": 18, "label": "Words", "component": {"type": 4, "custom_id": "words", "style": 1}},
    {"type": 18, "label": "Limits", "component": {"type": 22, "custom_id": "limits", "options": [
        {"label": "One", "value": "1"}, {"label": "Two", "value": "2"}]}},
    {"type": 18, "label": "Sure", "component": {"type": 23, "custom_id": "sure"}},
    {"type": 18, "label": "Which", "component": {"type": 21, "custom_id": "which", "options": [
        {"label": "One", "value": "1"}, {"label": "Two", "value": "2"}]}},
    {"type": 18, "label": "Who", "component": {"type": 5, "custom_id": "who", "required": False}},
]}}  # fmt: skip


def words(text: str, flags: int = 0, **more: Any) -> Json:
    return {"type": 4, "data": {"content": text, "flags": flags, **more}}


def button(name: str, **more: Any) -> list[Json]:
    return [{"type": 1, "components": [{"type": 2, "style": 1, "label": name, "custom_id": name, **more}]}]


async def answer(scene: Scene, reply: Reply, body: Json) -> Got:
    made = reply.interaction
    return await scene.raw.ask("POST", f"/interactions/{made.id}/{made.token}/callback", body)


def hook(scene: Scene, reply: Reply, rest: str = "") -> str:
    return f"/webhooks/{scene.server.bot.id}/{reply.interaction.token}{rest}"


@pytest.fixture
async def asked(scene: Scene) -> Reply:
    """Ann typed a command, and nobody has answered yet."""
    await scene.with_commands(ASK)
    return await scene.ann.slash(scene.room, "ask", wait=False)


async def test_after_three_seconds_an_interaction_is_unknown(scene: Scene, asked: Reply) -> None:
    scene.server.clock.advance(3.1)
    assert (await answer(scene, asked, words("late"))).refusal == UNKNOWN


async def test_a_person_sees_that_nothing_responded(scene: Scene) -> None:
    await scene.with_commands(ASK)
    typing = asyncio.create_task(scene.ann.slash(scene.room, "ask"))
    await asyncio.sleep(0)
    scene.server.clock.advance(3.1)
    with pytest.raises(NotAnswered):
        await typing


async def test_an_interaction_is_acknowledged_once(scene: Scene, asked: Reply) -> None:
    assert (await answer(scene, asked, words("first"))).status == 204
    for body in (words("second"), {"type": 5}, FORM):
        assert (await answer(scene, asked, body)).refusal == TWICE


async def test_a_form_after_a_deferral_is_refused(scene: Scene, asked: Reply) -> None:
    await answer(scene, asked, {"type": 5})
    assert (await answer(scene, asked, FORM)).refusal == TWICE


async def test_a_made_up_interaction_is_unknown(scene: Scene) -> None:
    assert (await scene.raw.ask("POST", "/interactions/1/made-up/callback", words("x"))).refusal == UNKNOWN


async def test_an_answer_must_fit_the_interaction(scene: Scene, asked: Reply) -> None:
    for kind in (1, 6, 7, 8, 99):
        assert (await answer(scene, asked, {"type": kind, "data": {}})).refusal == INVALID


async def test_a_form_cannot_be_answered_with_a_form(scene: Scene, asked: Reply) -> None:
    await answer(scene, asked, FORM)
    sent = await scene.ann.submit(asked, {"words": "x", "limits": ["1"], "which": "2"}, wait=False)
    assert (await answer(scene, sent, FORM)).refusal == INVALID
    assert (await answer(scene, sent, {"type": 7, "data": {}})).refusal == INVALID, "it came from no message"


async def test_the_token_is_good_for_fifteen_minutes(scene: Scene, asked: Reply) -> None:
    await answer(scene, asked, words("x", EPHEMERAL))
    scene.server.clock.advance(899)
    assert (
        await scene.raw.ask("POST", hook(scene, asked), {"content": "y", "flags": EPHEMERAL})
    ).status == 200
    scene.server.clock.advance(2)
    assert (await scene.raw.ask("POST", hook(scene, asked), {"content": "z"})).refusal == (401, 50027)
    assert (
        await scene.raw.ask("PATCH", hook(scene, asked, "/messages/@original"), {"content": "z"})
    ).refusal == (401, 50027)


async def test_before_the_first_answer_there_is_nothing_to_follow(scene: Scene, asked: Reply) -> None:
    assert (await scene.raw.ask("POST", hook(scene, asked), {"content": "x"})).refusal == (404, 10015)


async def test_an_ephemeral_answer_is_seen_by_one_person_and_by_no_request(
    scene: Scene, asked: Reply
) -> None:
    await answer(scene, asked, words("secret", EPHEMERAL))
    message = asked.message
    assert scene.ann.whispers(scene.room) == [message]
    assert scene.bob.sees(scene.room) == []
    base = f"/channels/{scene.room.id}/messages"
    assert (await scene.raw.ask("GET", base)).body == []
    for method in ("GET", "DELETE"):
        assert (await scene.raw.ask(method, f"{base}/{message.id}")).refusal == (404, 10008)
    assert (await scene.raw.ask("PATCH", f"{base}/{message.id}", {"content": "x"})).refusal == (404, 10008)
    assert (await scene.raw.ask("DELETE", hook(scene, asked, "/messages/@original"))).status == 204
    assert scene.ann.sees(scene.room) == []


async def test_the_first_follow_up_of_a_deferral_takes_its_place_and_its_privacy(
    scene: Scene, asked: Reply
) -> None:
    await answer(scene, asked, {"type": 5, "data": {"flags": EPHEMERAL}})
    assert asked.message.loading
    await scene.raw.ask("POST", hook(scene, asked), {"content": "there"})
    assert asked.text == "there" and asked.ephemeral and not asked.message.loading
    await scene.raw.ask("POST", hook(scene, asked), {"content": "loud"})
    assert [one.text for one in scene.bob.sees(scene.room)] == ["loud"]


async def test_only_who_sees_a_message_can_press_what_is_in_it(scene: Scene, asked: Reply) -> None:
    await answer(scene, asked, words("x", EPHEMERAL, components=button("go")))
    with pytest.raises(CannotDo):
        await scene.bob.click(asked.message, "go")
    pressed = await scene.ann.click(asked, "go", wait=False)
    await answer(scene, pressed, {"type": 7, "data": {"content": "y", "components": []}})
    assert asked.text == "y"
    with pytest.raises(CannotDo):
        await scene.ann.click(asked, "go")


async def test_what_is_disabled_or_deleted_cannot_be_pressed(scene: Scene) -> None:
    base = f"/channels/{scene.room.id}/messages"
    made = await scene.raw.ask("POST", base, {"components": button("go", disabled=True)})
    with pytest.raises(CannotDo, match="greyed"):
        await scene.ann.click(scene.room, "go")
    await scene.raw.ask("DELETE", f"{base}/{made.body['id']}")
    with pytest.raises(CannotDo):
        await scene.ann.click(scene.room, "go")


@pytest.mark.parametrize("data", [{"content": "x" * 2001}, {}, {"components": button("a") + button("a")}])
async def test_a_wrong_answer_is_refused_as_a_wrong_message_is(
    scene: Scene, asked: Reply, data: Json
) -> None:
    assert (await answer(scene, asked, {"type": 4, "data": data})).status == 400
    assert (await answer(scene, asked, {"type": 5, "data": {"flags": EPHEMERAL}})).status == 204
    for method, path in (("PATCH", "/messages/@original"), ("POST", "")):
        got = await scene.raw.ask(method, hook(scene, asked, path), data)
        assert got.status == 400


async def test_an_answer_that_was_deleted_is_unknown(scene: Scene, asked: Reply) -> None:
    await answer(scene, asked, words("x", EPHEMERAL))
    path = hook(scene, asked, "/messages/@original")
    assert (await scene.raw.ask("DELETE", path)).status == 204
    for method, body in (("GET", None), ("PATCH", {"content": "y"}), ("DELETE", None)):
        assert (await scene.raw.ask(method, path, body)).refusal == (404, 10008)
    assert (await scene.raw.ask("GET", hook(scene, asked, "/messages/1"))).refusal == (404, 10008)


async def test_a_message_that_is_gone_cannot_be_updated(scene: Scene) -> None:
    base = f"/channels/{scene.room.id}/messages"
    made = await scene.raw.ask("POST", base, {"components": button("go")})
    pressed = await scene.ann.click(scene.room, "go", wait=False)
    await scene.raw.ask("DELETE", f"{base}/{made.body['id']}")
    assert (await answer(scene, pressed, {"type": 7, "data": {"content": "x"}})).refusal == (404, 10008)
    assert (await answer(scene, pressed, words("x"))).status == 204


async def test_a_form_gives_back_what_was_filled_in(scene: Scene, asked: Reply) -> None:
    await answer(scene, asked, FORM)
    given = {"Words": "hello", "limits": ["One", "2"], "Sure": True, "Which": "Two", "who": [scene.bob]}
    sent = await scene.ann.submit(asked, given, wait=False)
    back = {part["component"]["custom_id"]: part["component"] for part in sent.interaction.data["components"]}
    assert back["words"]["value"] == "hello"
    assert back["limits"]["values"] == ["1", "2"]
    assert back["sure"]["value"] is True and back["which"]["value"] == "2"
    assert back["who"]["values"] == [str(scene.bob.id)]
    assert sent.interaction.data["resolved"]["users"][str(scene.bob.id)]["username"] == "bob"


@pytest.mark.parametrize("given", [
    {"words": "", "limits": ["1"], "which": "1"}, {"words": "x", "limits": [], "which": "1"},
    {"words": "x", "limits": ["1"]}, {"words": "x", "limits": ["3"], "which": "1"},
    {"words": "x", "limits": ["1"], "which": "1", "nowhere": "x"},
])  # fmt: skip
async def test_a_form_is_not_sent_half_filled(scene: Scene, asked: Reply, given: dict[str, Any]) -> None:
    await answer(scene, asked, FORM)
    with pytest.raises(CannotDo):
        await scene.ann.submit(asked, given)


async def test_without_the_permission_no_command_is_offered(scene: Scene) -> None:
    await scene.with_commands(ASK)
    await scene.ann.overwrite(scene.room, scene.guild.everyone, deny=P.USE_APPLICATION_COMMANDS)
    assert scene.bob.commands(scene.room) == []
    with pytest.raises(CannotDo):
        await scene.bob.slash(scene.room, "ask")
    assert scene.bob.commands(scene.bob.dm) == ["ask"]


async def test_who_has_not_accepted_the_rules_can_only_look(scene: Scene) -> None:
    await scene.with_commands(ASK)
    cyd = scene.server.person("cyd")
    await cyd.join_guild(scene.guild, pending=True)
    for doing in (cyd.slash(scene.room, "ask"), cyd.send(scene.room, "x"), cyd.join_voice(scene.lounge)):
        with pytest.raises(CannotDo):
            await doing
    await cyd.accept_rules(scene.guild)
    await cyd.send(scene.room, "x")


async def test_a_public_answer_needs_no_permission_to_write(scene: Scene, asked: Reply) -> None:
    await scene.ann.overwrite(scene.room, scene.guild.everyone, deny=P.SEND_MESSAGES)
    assert (await answer(scene, asked, words("x"))).status == 204


async def test_too_many_suggestions_are_refused(scene: Scene) -> None:
    option = {"name": "key", "description": "k", "type": 3, "autocomplete": True}
    await scene.with_commands({**ASK, "options": [option]})
    typing = asyncio.create_task(scene.ann.complete(scene.room, "ask", option="key", typed="x"))
    await asyncio.sleep(0)
    made = next(reversed(scene.server.world.interactions.values()))
    path = f"/interactions/{made.id}/{made.token}/callback"
    choices = [{"name": str(n), "value": str(n)} for n in range(26)]
    assert (await scene.raw.ask("POST", path, {"type": 8, "data": {"choices": choices}})).refusal == INVALID
    assert (await scene.raw.ask("POST", path, {"type": 4, "data": {"content": "x"}})).refusal == INVALID
    for wrong in (
        {"name": "", "value": "x"},
        {"name": "x" * 101, "value": "x"},
        {"name": "x", "value": "x" * 101},
    ):
        assert (
            await scene.raw.ask("POST", path, {"type": 8, "data": {"choices": [wrong]}})
        ).refusal == INVALID
    assert (await scene.raw.ask("POST", path, {"type": 8, "data": {"choices": choices[:25]}})).status == 204
    assert len(await typing) == 25


async def test_a_deleted_channel_takes_the_answers_with_it(scene: Scene, asked: Reply) -> None:
    await answer(scene, asked, words("x", EPHEMERAL))
    await scene.ann.delete_channel(scene.room)
    assert (await scene.raw.ask("POST", hook(scene, asked), {"content": "y"})).refusal == (404, 10003)
