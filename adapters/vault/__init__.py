"""Keys, sealing and blind indexes (PyNaCl).

`open_vault(master_key_file, data_folder, environ) -> Sealer` finds the master key, or makes it at
the first start, and raises `CannotStart` with what to mend. Call it before the storage is opened,
and hand the result in: `await open_store(data_folder, open_vault(key_file, data_folder, os.environ))`.
It is quick, and does no more than read, and perhaps write, one small file.

`change_key(master_key_file, data_folder, environ) -> KeyChange` begins to put a new master key in
the old one's place, or takes up what was begun.

`await open_codes(cabinet) -> CodeLocator` makes receipt codes, and locates what they stand for.
"""

from adapters.vault.changing import change_key
from adapters.vault.codes import Codes, open_codes
from adapters.vault.master import open_vault
from adapters.vault.seal import Key, Vault

__all__ = ["Codes", "Key", "Vault", "change_key", "open_codes", "open_vault"]
