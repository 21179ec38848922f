"""The reference platform and storage: nothing is kept, everything is as the ports promise.

Tests and authors of other adapters build on it. `MemoryPlatform` is the platform, `MemoryStore` the storage.
"""

from adapters.memory.platform import MemoryPlatform
from adapters.memory.store import MemoryStore

__all__ = ["MemoryPlatform", "MemoryStore"]
