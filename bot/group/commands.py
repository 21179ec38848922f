"""The commands of this feature."""

from bot.boundary.commands import Command, Option

_WHO = (Option(name="who", kind="member", required=True),)

COMMANDS = (
    Command(name="group", sub="show", who="facilitator", bare=True),
    Command(
        name="group",
        sub="set",
        who="facilitator",
        options=(
            Option(name="key", kind="word", required=True),
            Option(name="value", kind="words", required=True),
        ),
        confirms=True,
    ),
    Command(name="facilitator", sub="list", who="steward", bare=True),
    Command(name="facilitator", sub="add", who="steward", options=_WHO),
    Command(name="facilitator", sub="accept", who="named"),
    # An administrator may name facilitators but not remove them: power on the platform is not trust.
    Command(name="facilitator", sub="remove", who="facilitator", options=_WHO, confirms=True),
    Command(name="setup", sub="show", who="steward", bare=True),
    Command(name="setup", sub="start", who="steward"),
    Command(name="setup", who="steward", options=(Option(name="values", kind="words"),), confirms=True),
    Command(name="setup", sub="skip", who="steward", confirms=True),
    Command(name="setup", sub="apply", who="steward", confirms=True),
    Command(name="setup", sub="cancel", who="steward"),
    Command(
        name="setup",
        sub="undo",
        who="steward",
        options=(Option(name="leave", kind="word", choices=("leave",)),),
        confirms=True,
    ),
)
