"""The operator's commands against a real homeserver: right, and with what goes wrong there."""

import asyncio
import resource
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ops.test_cli import Said, ask, refused
from tests.support.api import Api
from tests.support.botprocess import BotProcess
from tests.support.circle import Circle, MakePerson, agree, until
from tests.support.synapse import Synapse

MakeBot = Callable[..., BotProcess]


async def told(bot: BotProcess, *command: str) -> Said:
    """Run a command beside the test's own loop."""
    return await asyncio.to_thread(lambda: ask(*command, folder=bot.folder))


async def devices(homeserver: Synapse, bot: BotProcess) -> int:
    """How many devices the bot's account has."""
    async with Api(homeserver.url, bot.user_id, bot.account.token) as account:
        return len((await account.call("GET", "/devices"))["devices"])


async def test_doctor_before_the_first_start_is_fine_and_leaves_no_device(
    homeserver: Synapse, make_keeper: MakeBot
) -> None:
    """It signs in to see whether that works, and out again."""
    bot = make_keeper()
    bot.write_config()
    before = await devices(homeserver, bot)
    said = await told(bot, "doctor")
    assert said.code == 0, said.all
    assert "The Matrix homeserver answers, and the bot can sign in." in said.out
    assert await devices(homeserver, bot) == before
    assert not bot.data.exists()


async def test_doctor_numbers_the_rooms_and_names_what_is_missing(
    make_keeper: MakeBot, someone: MakePerson
) -> None:
    """A room where the bot lacks power is something to mend; no room is named."""
    bot = await make_keeper().start_beside()
    circle = await Circle.gather(someone, bot, name="Secret circle")
    await circle.adopt(power=0)
    bot.stop()
    said = await told(bot, "doctor")
    assert said.code == 1, said.all
    assert "Matrix room 1: the bot lacks power to:" in said.out
    assert "Roles & Permissions" in said.out
    await circle.admin.powers(circle.room, users={bot.user_id: 100})
    said = await told(bot, "doctor")
    assert said.code == 0, said.all
    assert "Matrix room 1: all powers are there." in said.out
    for native in (circle.room, "Secret circle", circle.admin.user_id):
        assert native not in said.all
        assert native not in bot.logs()


async def test_a_wrong_password_is_said_by_run_and_doctor(make_keeper: MakeBot) -> None:
    """One sentence and the next step; `run` ends at once with exit code 1."""
    bot = make_keeper()
    bot.write_config()
    (bot.folder / "secrets" / "matrix-password").write_text("wrong\n")
    refused(await told(bot, "run"), "does not accept the bot's user name and password")
    said = await told(bot, "doctor")
    assert said.code == 1
    assert "to mend  The homeserver does not accept" in said.out


async def test_a_token_of_somebody_else_is_refused(make_keeper: MakeBot, someone: MakePerson) -> None:
    """The bot never acts as an account that is not its own."""
    bot = make_keeper()
    bot.write_config()
    other = await someone("ann", bot)
    _use_token(bot.config, other.token)
    refused(await told(bot, "run"), "belongs to another Matrix account")


async def test_a_token_that_is_withdrawn_ends_the_run(
    homeserver: Synapse, make_keeper: MakeBot, someone: MakePerson
) -> None:
    """A person must act, so the program says so and ends, instead of trying for ever."""
    bot = make_keeper()
    bot.write_config()
    _use_token(bot.config, bot.account.token)
    await bot.start_beside()
    async with Api(homeserver.url, bot.user_id, bot.account.token) as account:
        await account.call("POST", "/logout", {})
    # Something to hear of ends the bot's long look, so that it asks again.
    other = await someone("ben", bot)
    await other.invite(await other.create_room(), bot.user_id)
    for _ in range(600):
        if not bot.running:
            break
        await asyncio.sleep(0.1)
    assert not bot.running
    assert "The homeserver does not accept the bot's access any more." in bot.logs()
    assert "Traceback" not in bot.logs()
    assert bot.stop() == 1


def _use_token(config: Path, token: str) -> None:
    file = config.parent / "secrets" / "token"
    file.write_text(token)
    file.chmod(0o600)
    config.write_text(
        config.read_text().replace(
            "password_file: ./secrets/matrix-password", "access_token_file: ./secrets/token"
        )
    )


async def test_the_data_is_private_and_the_log_says_nothing(
    make_keeper: MakeBot, someone: MakePerson
) -> None:
    """Modes 0700 and 0600 throughout, whatever the umask; no id and no word in the log."""
    bot = await make_keeper().start_beside()
    circle = await Circle.gather(someone, bot, "ben", name="Secret circle")
    await circle.adopt()
    await circle.set_up()
    await circle.members[0].ask_bot("!consent", "consent understood")
    assert bot.stop() == 0
    for path in [bot.data, *bot.data.rglob("*")]:
        assert path.stat().st_mode & 0o077 == 0, path
    lines = bot.logs().splitlines()
    assert lines
    assert all(line.startswith("time=") for line in lines)
    for secret in ("Secret circle", circle.room, circle.members[0].user_id, "ben", bot.account.token):
        assert secret not in bot.logs()
    assert "level=error" not in bot.logs()
    # The direct chats are no groups, however early the bot hears of them.
    assert "knows 1 room." in (await told(bot, "doctor")).out


async def test_a_disk_that_refuses_for_a_while_loses_nothing(
    make_keeper: MakeBot, someone: MakePerson
) -> None:
    """What was asked is answered when the disk takes it again; meanwhile people go on talking."""
    bot = await make_keeper().start_beside()
    circle = await Circle.guarded(someone, bot, "ben", gate="mute")
    ben = circle.members[0]
    pid = bot.pid
    _, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    # Room for the log, which is a file too, and for nothing more of the database.
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (32_768, hard))
    await ben.say_to_bot("!consent understood")

    async def refused_once() -> bool:
        return "event=not_kept" in bot.logs()

    await until(refused_once, "the storage refused")
    assert await circle.may_speak(ben)
    assert "next_step=" in bot.logs()
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (hard, hard))
    await ben.answer("consent agree", timeout=60)
    assert bot.stop() == 0


@pytest.mark.slow
async def test_a_group_lives_on_through_new_keys_and_a_restore(
    make_keeper: MakeBot, someone: MakePerson
) -> None:
    """Resealed, then put back to a backup: what was agreed holds, and the bot is a new device each time."""
    bot = await make_keeper().start_beside()
    circle = await Circle.guarded(someone, bot, "ben", "cleo", gate="mute", encrypted=True)
    ben, cleo = circle.members
    await agree(ben)
    assert (await told(bot, "backup", "copy.db")).code == 0  # beside the running bot
    await agree(cleo)
    assert bot.stop() == 0
    assert (await told(bot, "keys", "reseal")).code == 0
    await bot.start_beside()
    for person in (ben, cleo):
        assert await circle.may_speak(person)
    await ben.ask_bot("!consent", "consent withdraw")
    assert bot.stop() == 0
    (old_key,) = (bot.folder / "secrets").glob("master.key.old-*")
    shutil.copy(old_key, bot.folder / "secrets" / "master.key")
    said = await told(bot, "restore", "copy.db", "--replace")
    assert said.code == 0, said.all
    await bot.start_beside()
    assert await circle.may_speak(ben)
    await ben.ask_bot("!consent", "consent withdraw")
    # What she agreed to since was sealed for a device that is no more: she is told, and agrees again.
    await cleo.answer("I could not read your message")
    await agree(cleo, asked=False)
    assert await circle.may_speak(cleo)
    assert bot.stop() == 0
    assert "level=error" not in bot.logs()
