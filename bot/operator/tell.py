"""What the command line prints: one plain sentence, and the next step."""

from rich.console import Console

from bot.boundary.ports import Finding

_out = Console(highlight=False, markup=False, emoji=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)

FAULT = (
    "Something went wrong inside Circlekeeper ({kind} in {where}).",
    "Start it again. If it comes back, please report these two lines.",
)


def word(text: str) -> None:
    """One line for somebody who reads along."""
    _out.print(text)


def trouble(what: str, next_step: str) -> None:
    """What is wrong and what to do, on stderr."""
    _err.print(what, style="bold")
    _err.print(next_step)


def finding(found: Finding) -> bool:
    """A finding of `doctor` with its next step. Gives back whether it is fine."""
    _out.print(
        "fine     " if found.fine else "to mend  ", end="", style="green" if found.fine else "bold red"
    )
    _out.print(found.what)
    if found.next_step:
        _out.print(f"         {found.next_step}")
    return found.fine
