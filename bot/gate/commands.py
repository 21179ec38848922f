"""The commands of the gate. INTERFACE.md, "Commands"."""

from bot.boundary.commands import Command, Option

COMMANDS = (
    Command(name="members", sub="show", who="facilitator", bare=True),
    Command(
        name="members",
        sub="admit",
        who="facilitator",
        options=(Option(name="who", kind="member", required=True), Option(name="time", kind="duration")),
    ),
    Command(name="group", sub="enforce", who="facilitator", confirms=True),
    Command(name="group", sub="open", who="facilitator"),
)
