"""Law 1: a stolen data folder and stolen logs tell nothing."""

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.botprocess import BotProcess, MakeBot
from tests.support.circle import Circle, MakePerson, agree
from tests.support.sealed import SealedPerson

WORDS = "zinnia-harbour-lantern"
"""Words that occur nowhere else."""


def spellings(secret: str) -> Iterator[bytes]:
    """How a word may stand in a file: plain, wide, hexadecimal, in base64 at every offset."""
    plain = secret.encode()
    yield plain
    yield secret.encode("utf-16-le")
    yield plain.hex().encode()
    for shift in range(3 if len(plain) > 6 else 0):
        whole = base64.b64encode(b"\0" * shift + plain)
        yield whole[4 if shift else 0 : -4]  # without what the neighbours would change


def files(folder: Path) -> list[Path]:
    """Every file under a folder."""
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
async def test_a_thief_of_data_and_logs_learns_no_id_no_name_and_no_word(
    make_keeper: MakeBot, someone: MakePerson, encrypted: bool
) -> None:
    """Every byte and every file name, with the write-ahead log as a crash leaves it."""
    keeper = await make_keeper().start_beside()
    circle = await Circle.guarded(
        *(someone, keeper, "benedetta", "cleopatra"),
        gate="mute",
        name="Quiet Harbour",
        encrypted=encrypted,
    )
    first, second = circle.members
    await first.rename("Benedetta Blue")
    await agree(first)
    await second.answer("consent understood", timeout=40)
    await second.ask_bot("!consent decline")
    await circle.admin.ask_bot(f"!group set contact {WORDS} confirm")
    await circle.admin.ask_bot(f"!facilitator add {first.user_id}")
    await circle.admin.ask_bot(f"!no such command {WORDS}")
    await first.say(circle.room, f"my own story, {WORDS}")
    await first.ask_bot("!mydata")
    if encrypted:
        await circle.admin.ask_bot("!group set hearing commands confirm")
        await circle.admin.say(circle.room, f"!no such command {WORDS}")
        await circle.admin.ask_bot("!group")
        check_keys(keeper, *(p for p in (circle.admin, first, second) if isinstance(p, SealedPerson)))
    keeper.kill()
    check(keeper.data, keeper.logs(), circle, keeper.user_id)
    await keeper.start_beside()
    assert keeper.stop() == 0
    check(keeper.data, keeper.logs(), circle, keeper.user_id)
    assert (keeper.data.stat().st_mode & 0o777) == 0o700


def check_keys(keeper: BotProcess, *people: SealedPerson) -> None:
    """No device and no key of anybody is readable, the bot's own in the database neither."""
    devices, keys = [keeper.account.device], []
    for person in people:
        keys += person.olm.account.identity_keys.values()
        keys += [session.id for session in person.olm.outbound_group_sessions.values()]
        devices.append(person.device)
        devices += person.olm.device_store.devices(keeper.user_id)
        keys += [d.curve25519 for d in person.olm.device_store.active_user_devices(keeper.user_id)]
    assert len(devices) > 2 * len(people)
    assert len(keys) > 4 * len(people)
    for path in files(keeper.data):
        content, name = path.read_bytes(), str(path.relative_to(keeper.data)).encode()
        for secret in (*devices, *keys):
            for spelled in (*spellings(secret), *raw(secret)):
                assert spelled not in content, f"a device or a key is readable in {path.name}"
                assert spelled not in name
    for secret in (*devices[1:], *keys):
        if secret not in people[0].olm.device_store.devices(keeper.user_id):
            assert secret not in keeper.logs()


def raw(key: str) -> Iterator[bytes]:
    """The bytes of a key, where it is one."""
    if len(key) == 43:
        yield base64.b64decode(key + "=")


def check(data: Path, logs: str, circle: Circle, keeper: str) -> None:
    """Look for everything that would tell something."""
    people = [circle.admin, *circle.members]
    chats = [chat.split(":")[0] for person in people for chat in person.chats]
    secrets = [
        *(p.user_id.split(":")[0].removeprefix("@") for p in people),
        circle.room.split(":")[0],
        *chats,
        "Benedetta Blue",
        "Quiet Harbour",
        WORDS,
        "harm_self",
    ]
    found = files(data)
    assert found
    contents = [(path, path.read_bytes()) for path in found]
    for secret in [*secrets, "keeper.test", keeper, "syt_"]:
        for spelled in spellings(secret):
            for path, content in contents:
                assert spelled not in content, f"{secret} is readable in {path.name}"
                assert spelled not in str(path.relative_to(data)).encode()
    for secret in secrets:
        for spelled in spellings(secret):
            assert spelled not in logs.encode(), f"{secret} is readable in the logs"
