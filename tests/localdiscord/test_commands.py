"""Application commands that Discord does not take, and to whom it shows those it took."""

import pytest

from tests.localdiscord import CannotDo, P
from tests.localdiscord.conftest import Scene
from tests.localdiscord.model import Json

GOOD: Json = {"name": "consent", "description": "Where I stand"}
OPTION: Json = {"name": "key", "description": "Which one", "type": 3}
SUB: Json = {"name": "show", "description": "Shows", "type": 1}

WRONG: list[tuple[str, Json]] = [
    ("an uppercase name", {**GOOD, "name": "Consent"}),
    ("a blank in the name", {**GOOD, "name": "my consent"}),
    ("a name of 33", {**GOOD, "name": "x" * 33}),
    ("no description", {"name": "consent"}),
    ("a description of 101", {**GOOD, "description": "x" * 101}),
    ("an unknown locale", {**GOOD, "name_localizations": {"en": "consent"}}),
    ("an unknown locale of the description", {**GOOD, "description_localizations": {"xx": "x"}}),
    ("an uppercase translation", {**GOOD, "name_localizations": {"de": "Einverständnis"}}),
    ("an option without description", {**GOOD, "options": [{"name": "key", "type": 3}]}),
    ("an uppercase option", {**GOOD, "options": [{**OPTION, "name": "Key"}]}),
    ("an option twice", {**GOOD, "options": [OPTION, OPTION]}),
    ("26 options", {**GOOD, "options": [{**OPTION, "name": f"k{n}"} for n in range(26)]}),
    ("a required option behind a free one", {**GOOD, "options": [OPTION, {**OPTION, "name": "b",
    "required": True}]}),
    ("26 choices", {**GOOD, "options": [{**OPTION, "choices": [{"name": str(n),
    "value": str(n)} for n in range(26)]}]}),
    ("a choice twice", {**GOOD, "options": [{**OPTION, "choices": [{"name": "a", "value": "a"}] * 2}]}),
    ("choices and completion", {**GOOD, "options": [{**OPTION, "autocomplete": True,
    "choices": [{"name": "a", "value": "a"}]}]}),
    ("subcommands beside options", {**GOOD, "options": [SUB, OPTION]}),
    ("subcommands below subcommands", {**GOOD, "options": [{**SUB, "options": [SUB]}]}),
    ("a menu's name of 33", {"name": "x" * 33, "type": 3}),
    ("a translated description of 101", {**GOOD, "description_localizations": {"de": "x" * 101}}),
    ("a group of subcommands without any", {**GOOD, "options": [{**SUB, "type": 2}]}),
    ("an unknown locale of a choice", {**GOOD, "options": [{**OPTION, "choices": [
        {"name": "a", "value": "a", "name_localizations": {"xx": "a"}}]}]}),
    ("a menu with a description", {"name": "Report", "type": 3, "description": "x"}),
    ("a menu with options", {"name": "Report", "type": 3, "options": [OPTION]}),
    ("more than 8000 characters", {**GOOD, "options": [
        {**SUB, "name": f"s{n}", "description": "x" * 100, "options": [
            {**OPTION, "name": f"o{m}", "description": "y" * 100} for m in range(4)]} for n in range(20)]}),
]  # fmt: skip


@pytest.mark.parametrize("spec", [case[1] for case in WRONG], ids=[case[0] for case in WRONG])
async def test_a_wrong_command_is_refused_and_changes_nothing(scene: Scene, spec: Json) -> None:
    path = f"/applications/{scene.server.bot.id}/commands"
    await scene.with_commands(GOOD)
    assert (await scene.raw.ask("PUT", path, [spec])).refusal == (400, 50035)
    assert (await scene.raw.ask("POST", path, spec)).refusal == (400, 50035)
    assert [one["name"] for one in (await scene.raw.ask("GET", path)).body] == ["consent"]


async def test_too_many_or_equal_commands_are_refused(scene: Scene) -> None:
    path = f"/applications/{scene.server.bot.id}/commands"
    many = [{**GOOD, "name": f"c{n}"} for n in range(101)]
    assert (await scene.raw.ask("PUT", path, many)).refusal == (400, 30032)
    assert (await scene.raw.ask("PUT", path, [GOOD, GOOD])).refusal == (400, 50035)
    assert (await scene.raw.ask("PUT", path, [GOOD, {"name": "consent", "type": 3}])).status == 200


async def test_a_command_keeps_its_id_when_all_are_written_again(scene: Scene) -> None:
    path = f"/applications/{scene.server.bot.id}/commands"
    first = (await scene.raw.ask("PUT", path, [GOOD])).body[0]
    second = (await scene.raw.ask("PUT", path, [{**GOOD, "description": "x"}])).body[0]
    assert first["id"] == second["id"] and first["version"] != second["version"]


async def test_translations_come_when_they_are_asked_for(scene: Scene) -> None:
    await scene.with_commands({**GOOD, "name_localizations": {"de": "einverständnis"}})
    path = f"/applications/{scene.server.bot.id}/commands"
    assert "name_localizations" not in (await scene.raw.ask("GET", path)).body[0]
    assert (await scene.raw.ask("GET", path + "?with_localizations=true")).body[0]["name_localizations"]
    uta = scene.server.person("uta", locale="de")
    await uta.join_guild(scene.guild)
    assert uta.commands(scene.room) == ["einverständnis"]
    assert scene.ann.commands(scene.room) == ["consent"]
    await uta.slash(scene.room, "einverständnis", wait=False)


async def test_a_command_is_offered_where_and_to_whom_it_belongs(scene: Scene) -> None:
    await scene.with_commands(
        {**GOOD, "name": "anywhere"},
        {**GOOD, "name": "inside", "contexts": [0]},
        {**GOOD, "name": "alone", "contexts": [1]},
        {**GOOD, "name": "managers", "default_member_permissions": str(int(P.MANAGE_GUILD))},
        {**GOOD, "name": "admins", "default_member_permissions": "0"},
    )
    assert scene.bob.commands(scene.room) == ["anywhere", "inside"]
    assert scene.ann.commands(scene.room) == ["anywhere", "inside", "managers", "admins"]
    assert scene.bob.commands(scene.bob.dm) == ["anywhere", "alone", "managers", "admins"]


async def test_a_servers_own_commands_stay_there(scene: Scene) -> None:
    path = f"/applications/{scene.server.bot.id}/guilds/{scene.guild.id}/commands"
    assert (await scene.raw.ask("PUT", path, [GOOD])).status == 200
    other = scene.server.guild("Other", scene.bob, P.MANAGE_ROLES)
    assert scene.bob.commands(scene.room) == ["consent"]
    assert scene.bob.commands(scene.server.channel(other, "general")) == []
    await scene.ann.kick(scene.guild, scene.server.bot)
    assert (await scene.raw.ask("PUT", path, [GOOD])).refusal == (403, 50001)


async def test_the_client_offers_no_bare_form_of_a_command_with_subcommands(scene: Scene) -> None:
    await scene.with_commands({**GOOD, "options": [SUB]})
    with pytest.raises(CannotDo, match="bare"):
        await scene.ann.slash(scene.room, "consent")
    await scene.ann.slash(scene.room, "consent", "show", wait=False)


async def test_the_client_takes_only_what_the_options_allow(scene: Scene) -> None:
    await scene.with_commands({**GOOD, "options": [
        {"name": "who", "description": "x", "type": 6, "required": True},
        {"name": "minutes", "description": "x", "type": 4, "min_value": 1, "max_value": 90},
        {"name": "gate", "description": "x", "type": 3, "choices": [{"name": "Door", "value": "door"}]},
    ]})  # fmt: skip
    for options in ({}, {"who": "bob"}, {"who": scene.bob, "minutes": 0}, {"who": scene.bob, "minutes": "5"},
                    {"who": scene.bob, "gate": "wall"}, {"who": scene.bob, "nothing": 1}):  # fmt: skip
        with pytest.raises(CannotDo):
            await scene.ann.slash(scene.room, "consent", **options)
    reply = await scene.ann.slash(scene.room, "consent", who=scene.bob, minutes=90, gate="Door", wait=False)
    assert [one["value"] for one in reply.interaction.data["options"]] == [str(scene.bob.id), 90, "door"]


async def test_a_menu_carries_the_message_it_was_opened_on(scene: Scene) -> None:
    await scene.with_commands({"name": "Report privately", "type": 3})
    message = await scene.bob.send(scene.room, "words")
    reply = await scene.ann.context_menu(message, "Report privately", wait=False)
    data = reply.interaction.data
    assert data["target_id"] == str(message.id)
    assert data["resolved"]["messages"][str(message.id)]["content"] == "words"


async def test_commands_of_another_application_and_unknown_ones_are_out_of_reach(scene: Scene) -> None:
    assert (await scene.raw.ask("PUT", "/applications/1/commands", [GOOD])).refusal == (403, 20012)
    path = f"/applications/{scene.server.bot.id}/commands/1"
    for method, body in (("GET", None), ("PATCH", {"description": "x"}), ("DELETE", None)):
        assert (await scene.raw.ask(method, path, body)).refusal == (404, 10063)


async def test_one_command_is_changed_and_deleted_alone(scene: Scene) -> None:
    await scene.with_commands(GOOD, {**GOOD, "name": "other"})
    made = scene.server.world.commands[None][0]
    path = f"/applications/{scene.server.bot.id}/commands/{made['id']}"
    assert (await scene.raw.ask("PATCH", path, {"description": ""})).refusal == (400, 50035)
    assert (await scene.raw.ask("PATCH", path, {"description": "new"})).body["description"] == "new"
    assert (await scene.raw.ask("DELETE", path)).status == 204
    assert scene.ann.commands(scene.room) == ["other"]
