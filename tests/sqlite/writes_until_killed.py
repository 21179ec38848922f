"""Commits as fast as it can and says each event id once it is acknowledged. Ends only by being killed.

`python -m tests.sqlite.writes_until_killed FOLDER ROUND`
"""

import asyncio
import itertools
import os
import sys
from pathlib import Path

from tests.support.storage import batch, open_sqlite, row, waiting


async def main(folder: Path, round_: str) -> None:
    """Sixteen tasks, each of which waits for its commit before the next."""
    store = await open_sqlite(folder)
    numbers = itertools.count()

    async def commit_for_ever() -> None:
        while True:
            event = f"{round_}-{next(numbers)}"
            await store.commit(batch(event, row(key=event), outgoing=(waiting(event),)))
            os.write(1, f"{event}\n".encode())

    await asyncio.gather(*(commit_for_ever() for _ in range(16)))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2]))
