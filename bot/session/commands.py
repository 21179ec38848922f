"""The commands of meetings."""

from bot.boundary.commands import Command, Option
from bot.session.records import REPEATS

COMMANDS = (
    Command(
        name="session",
        sub="start",
        who="facilitator",
        options=(Option(name="minutes", kind="number"), Option(name="topic")),
    ),
    Command(name="session", sub="end", who="facilitator"),
    Command(
        name="session",
        sub="plan",
        who="facilitator",
        options=(
            Option(name="when", required=True),
            Option(name="repeat", kind="word", choices=REPEATS),
            Option(name="minutes", kind="number"),
        ),
        confirms=True,
    ),
    Command(
        name="session",
        sub="cancel",
        who="facilitator",
        options=(Option(name="all", kind="word", choices=("all",)),),
        confirms=True,
    ),
    Command(name="session", sub="next", who="all", private=False, bare=True),
)
