"""Reports in a real database until it is killed. Prints each code that a person was shown as sent."""

import asyncio
import sys
from pathlib import Path

from adapters.sqlite import open_store
from adapters.vault import Vault
from tests.breach.story import group, report
from tests.support.house import House

MASTER = bytes(range(31, 63))


async def write(folder: Path) -> None:
    """Report after report, each from somebody else."""
    house = House(store=await open_store(folder, Vault(MASTER, "a test")))
    await house.start()
    people = [f"person{number}" for number in range(500)]
    await group(house, *people)
    print("ready", flush=True)
    for name in people:
        print(await report(house, name), flush=True)


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1])))
