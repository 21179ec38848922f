"""What the log says when the storage refuses."""

from bot.boundary.errors import StorageTrouble


def told(trouble: StorageTrouble) -> dict[str, str]:
    """What the operator has to read in the log: these two sentences hold no id, name or word."""
    return {"what": trouble.what, "next_step": trouble.next_step}
