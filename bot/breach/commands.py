"""The commands, as INTERFACE.md has them. A report is one command: each answer is its next step."""

from bot.boundary.commands import Command, Option

_CODE = Option(name="code", kind="code", required=True)
_CASE = Option(name="case", kind="word", required=True)
_WORDS = Option(name="words", kind="words", required=True)


def _desk(sub: str, *options: Option, confirms: bool = False) -> Command:
    return Command(name="cases", sub=sub, who="facilitator", options=(_CASE, *options), confirms=confirms)


COMMANDS = (
    Command(
        name="report",
        options=(Option(name="answer", kind="words"),),
        outsiders=True,
        always_ask_group=True,
        mints_code=True,
    ),
    Command(name="case", sub="show", options=(_CODE,), outsiders=True),
    Command(name="case", sub="add", options=(_CODE, _WORDS), outsiders=True),
    Command(name="case", sub="withdraw", options=(_CODE,), outsiders=True),
    Command(name="cases", sub="list", who="facilitator", bare=True),
    _desk("show"),
    _desk("acknowledge"),
    _desk("note", _WORDS),
    _desk("ask", _WORDS),
    _desk("step", Option(name="done", kind="word", choices=("done", "skip", "back"))),
    _desk("address", Option(name="words", kind="words"), confirms=True),
    _desk("renew", confirms=True),
    _desk("handover", Option(name="who", kind="member", required=True)),
    _desk("recuse", confirms=True),
    _desk("mute", confirms=True),
    _desk("close", _WORDS),
    Command(name="cases", sub="ready", who="facilitator"),
)
