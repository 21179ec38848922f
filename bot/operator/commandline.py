"""The command line: reads what was asked, and says in words what went wrong."""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from bot.boundary.errors import CannotStart, StorageTrouble
from bot.config import Settings, read
from bot.operator import asking, copies, doctor, inviting, keys, log, parts, running, tell, trying
from bot.operator.assemble import NoCabinet, connected, group_settings

FINE, TO_MEND = 0, 1
"""Exit codes (INTERFACE.md); wrong usage is click's own 2."""

CONFIG = click.option(
    "--config",
    "config",
    default="config.yaml",
    show_default=True,
    type=click.Path(path_type=Path),
    help="The configuration file.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="circlekeeper", prog_name="circlekeeper", message="%(prog)s %(version)s")
def commands() -> None:
    """Keep what is said in a peer-support group inside that group.

    Begin with `circlekeeper try`: it needs no account and no server.
    """


@commands.command("try")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="The port of the page, in place of the usual one."
)
@click.option(
    "--data",
    default="try-data",
    show_default=True,
    type=click.Path(path_type=Path),
    help="Where the room is kept.",
)
@click.option("--no-browser", is_flag=True, help="Only print the page's address.")
def try_(port: int | None, data: Path, no_browser: bool) -> None:
    """Open the playground: the real bot in a page on this computer."""
    trying.serve(data, port, browser=not no_browser)


@commands.command()
@CONFIG
def run(config: Path) -> None:
    """Run the bot until it is stopped (SIGTERM or Ctrl-C)."""
    running.run(_read(config))


@commands.command()
@CONFIG
@click.pass_context
def setup(context: click.Context, config: Path) -> None:
    """Ask for what is needed, check it, and write the configuration."""
    settings = asking.ask(config)
    tell.word(f"Written: {config}, and the secret beside it. Now a look at everything:")
    fine = _examine(settings)
    tell.word(
        f"Start it with: circlekeeper run --config {config}"
        if fine
        else f"Mend that, then look again with: circlekeeper doctor --config {config}"
    )
    context.exit(FINE if fine else TO_MEND)


@commands.command("doctor")
@CONFIG
@click.pass_context
def doctor_(context: click.Context, config: Path) -> None:
    """Say what is wrong, and how to mend it."""
    settings = _read(config)
    tell.word(f"fine     {config} can be used.")
    context.exit(FINE if _examine(settings) else TO_MEND)


@commands.group("keys")
def keys_() -> None:
    """Exchange keys, while the bot does not run."""


@keys_.command()
@CONFIG
def rotate(config: Path) -> None:
    """Put a new master key in the old one's place. After a theft use `reseal`.

    The old key is kept aside. Can be interrupted: run it again, and it goes on.
    """
    keys.rotate(_read(config))


@keys_.command()
@CONFIG
def reseal(config: Path) -> None:
    """After a theft of the master key: seal everything anew, with new keys throughout."""
    keys.reseal(_read(config))


@commands.command()
@click.argument("file", type=click.Path(path_type=Path))
@CONFIG
def backup(file: Path, config: Path) -> None:
    """Copy the data to FILE, sealed, also while the bot runs. The master key is not in it."""
    copies.back_up(_read(config), file)


@commands.command()
@click.argument("file", type=click.Path(path_type=Path))
@CONFIG
@click.option(
    "--replace", is_flag=True, help="Put it in the place of data that are there; they are kept aside."
)
def restore(file: Path, config: Path, replace: bool) -> None:
    """Put a backup back, while the bot does not run."""
    copies.restore(_read(config), file, replace)


@commands.command()
@click.argument("file", type=click.Path(path_type=Path))
def check(file: Path) -> None:
    """Check a configuration file alone, without secrets and network."""
    settings = _read(file)
    connected(settings, NoCabinet())
    tell.word(f"{file} can be used. Platforms: {', '.join(settings.sections)}.")


@commands.command("invite-url")
@CONFIG
def invite_url(config: Path) -> None:
    """Print the address by which a facilitator adds the bot to a server (Discord)."""
    for url, permissions in asyncio.run(inviting.invitations(_read(config))):
        tell.word(url)
        tell.word("It asks for these permissions and for no more:")
        for name, reason in permissions:
            tell.word(f"  {name}: {reason}")


def _read(config: Path) -> Settings:
    return read(config, parts.section_types(), group_settings())


def _examine(settings: Settings) -> bool:
    log.set_up("error")

    async def look() -> bool:
        return all([tell.finding(found) async for found in doctor.examine(settings)])

    return asyncio.run(look())


def obey(args: Sequence[str] | None = None) -> None:
    """Run a command, and end with its exit code. No traceback reaches a user."""
    try:
        code = commands.main(args, prog_name="circlekeeper", standalone_mode=False)
    except (CannotStart, StorageTrouble) as refused:
        tell.trouble(refused.what, refused.next_step)
        code = TO_MEND
    except click.ClickException as wrong:
        wrong.show()
        code = wrong.exit_code
    except (click.Abort, KeyboardInterrupt):
        tell.trouble("Stopped.", "Nothing more was changed.")
        code = TO_MEND
    except BrokenPipeError:
        # Whoever read along has gone; what Python still holds back must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = TO_MEND
    except Exception as fault:  # noqa: BLE001 - the last line of defence
        what, next_step = tell.FAULT
        tell.trouble(what.format(kind=type(fault).__name__, where=log.where(fault)), next_step)
        code = TO_MEND
    sys.exit(code or FINE)
