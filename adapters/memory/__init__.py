"""The reference platform and storage: nothing is kept, everything is as the ports promise.

Tests and authors of other adapters build on it. `MemoryStore` is the storage.
"""

from adapters.memory.store import MemoryStore

__all__ = ["MemoryStore"]
