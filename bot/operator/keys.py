"""`circlekeeper keys rotate`: another master key. `keys reseal`: after a theft, all keys are others."""

import os

from bot.boundary.sealing import KeyChange, Rekeying
from bot.config import Settings
from bot.operator import parts, tell
from bot.operator.assemble import adapters_marks

STOLEN = (
    "If the old key may have been stolen, this is not enough: with it and an older copy of the data the "
    "rooms' keys are known, and they are still in use. Run: circlekeeper keys reseal"
)
AFTER_A_THEFT = (
    "Who has the old key can still read what they copied before, and every backup made before now: delete "
    "those, and make a new one. If they had a copy of the data, they have the bot's sign-in too: change its "
    "password or token. On Matrix, have it make a new identity as well (docs/operating.md)."
)


def rotate(settings: Settings) -> None:
    """Wrap every key by a new master key, or finish what was interrupted. Raises `CannotStart`."""
    with parts.rekeying()(settings.data) as data:
        change = _change(settings)
        if _opened_by_the_new(data, change):
            tell.word(
                "The data open with the new key already: a change of the key was interrupted. Finishing it."
            )
            data.wipe()
        else:
            data.rewrap(change.old, change.new)
            tell.word("Every key is wrapped by the new master key now.")
        tell.word(change.finish())
    tell.word(STOLEN)


def reseal(settings: Settings) -> None:
    """Seal everything anew, by new keys under a new master key. Raises `CannotStart`."""
    with parts.rekeying()(settings.data) as data:
        change = _change(settings)
        if _opened_by_the_new(data, change):
            # Nobody can tell any more whether that was a rotation or a resealing: in doubt, all of it.
            tell.word("A change of the key was interrupted. Finishing that first.")
            data.wipe()
            tell.word(change.finish())
        # A new key that has been lying beside the stolen one may have been stolen with it.
        change = _change(settings, anew=True)
        # A new key that was handed in beside the old one still is: then the data open with it already.
        old = change.new if _opened_by_the_new(data, change) else change.old
        data.reseal(old, change.new, adapters_marks())
        tell.word(
            "Everything is sealed anew, with new keys under a new master key. The old bytes are overwritten."
        )
        tell.word(change.finish())
    tell.word(AFTER_A_THEFT)


def _change(settings: Settings, *, anew: bool = False) -> KeyChange:
    return parts.key_changer()(settings.master_key_file, settings.data, os.environ, anew=anew)


def _opened_by_the_new(data: Rekeying, change: KeyChange) -> bool:
    return not data.opens_with(change.old) and data.opens_with(change.new)
