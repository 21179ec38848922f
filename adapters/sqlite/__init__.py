"""Sealed records on SQLite (aiosqlite).

`await open_store(folder, sealer) -> Store` opens what is kept in `folder`, or begins it there, and
raises `CannotStart` with what to mend. `sealer` comes from the vault, which must have been asked
first: `await open_store(data_folder, open_vault(key_file, data_folder, os.environ))`. The folder is
this process's own until `await store.close()`, which must be called before the program ends.

Beside that: `back_up(folder, target)` copies it while it runs, `await restore(...)` puts a copy back,
and `rekeying(folder)` exchanges its keys. `bot.boundary.sealing` has their promises.

In the folder: `circlekeeper.db` with its companions `-wal` and `-shm`, and `circlekeeper.lock`.
"""

from adapters.sqlite.copies import back_up, restore
from adapters.sqlite.opening import open_store
from adapters.sqlite.rekeying import rekeying
from adapters.sqlite.store import SqliteStore

__all__ = ["SqliteStore", "back_up", "open_store", "rekeying", "restore"]
