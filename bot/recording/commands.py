"""The commands about recording."""

from bot.boundary.commands import Command, Option

COMMANDS = (
    Command(name="recording", sub="show", who="all", private=False, bare=True),
    Command(
        name="recording",
        sub="ask",
        options=(
            Option(name="purpose", required=True),
            Option(name="viewers", required=True),
            Option(name="days", kind="number", required=True),
        ),
    ),
    Command(name="recording", sub="agree"),
    Command(name="recording", sub="decline"),
    Command(name="recording", sub="stop"),
)
