"""Print the part of requirements.lock that the program needs to run, without its tests and lint.

Run from the project's folder: `python deploy/program_lock.py [more packages]`. Each package of the
lock says which ones asked for it (`# via`); what pyproject.toml names is where it begins.
"""

import re
import sys
import tomllib
from pathlib import Path

LOCK, PROJECT = Path("requirements.lock"), Path("pyproject.toml")


def canonical(name: str) -> str:
    """A package's name as PEP 503 spells it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def program_lock(more: list[str]) -> str:
    """The lock's blocks, unchanged, of all that the program and `more` need. Raises `SystemExit`."""
    declared = tomllib.loads(PROJECT.read_text())["project"]["dependencies"]
    wanted = {canonical(re.split(r"[^\w.-]", name, maxsplit=1)[0]) for name in (*declared, *more)}
    blocks, asked_by = {}, {}
    for block in re.split(r"\n(?=[A-Za-z])", LOCK.read_text()):
        if found := re.match(r"([\w.-]+)==", block):
            name = canonical(found[1])
            blocks[name] = block.strip()
            _, _, via = block.partition("# via")
            asked_by[name] = {canonical(one) for one in re.findall(r"[A-Za-z][\w.-]*", via)}
    if missing := wanted - set(blocks):
        raise SystemExit(f"requirements.lock lacks {', '.join(sorted(missing))}. Make it anew: make lock")
    while more_wanted := {name for name, by in asked_by.items() if by & wanted} - wanted:
        wanted |= more_wanted
    return "\n".join(blocks[name] for name in sorted(wanted)) + "\n"


if __name__ == "__main__":
    sys.stdout.write(program_lock(sys.argv[1:]))
