"""The answer of `/keys/query` -> the devices that a person really has. Nothing in it is believed unsigned."""

from collections.abc import Mapping
from typing import Any

from nio.crypto import DeviceStore, OlmDevice

from adapters.matrix.crypto.keeping import KeptDevice, device_of
from adapters.matrix.crypto.signing import decoded, is_signed
from adapters.matrix.parsing import table

MOST_DEVICES = 200
"""Devices of one person that are taken note of. Real people have a handful."""


def devices_in(answer: Mapping[str, Any], user: str, known: Mapping[str, OlmDevice]) -> dict[str, OlmDevice]:
    """A person's devices, each proven by its own signature and marked where their identity signed it.

    A device whose key changed under the same name is not believed, and stays as it was `known`.
    """
    signer = self_signing_key(answer, user)
    found: dict[str, OlmDevice] = {}
    theirs = table(table(answer.get("device_keys")).get(user))
    for device_id, keys in list(theirs.items())[:MOST_DEVICES]:
        public = table(table(keys).get("keys"))
        ed25519 = _key(public.get(f"ed25519:{device_id}"))
        curve = _key(public.get(f"curve25519:{device_id}"))
        if not ed25519 or not curve:
            continue
        if keys.get("user_id") != user or keys.get("device_id") != device_id:
            continue
        if not is_signed(keys, user, f"ed25519:{device_id}", ed25519):
            continue
        before = known.get(device_id)
        if before is not None and (before.ed25519, before.curve25519) != (ed25519, curve):
            found[device_id] = before
            continue
        signed = bool(signer) and is_signed(keys, user, f"ed25519:{signer}", signer)
        found[device_id] = device_of(user, KeptDevice(device_id, ed25519, curve, signed))
    return found


def self_signing_key(answer: Mapping[str, Any], user: str) -> str:
    """The key with which this person's identity signs devices; "" where there is no valid one."""
    master = cross_signing_key(answer, "master_keys", user)
    found = table(table(answer.get("self_signing_keys")).get(user))
    key = cross_signing_key(answer, "self_signing_keys", user)
    return key if master and is_signed(found, user, f"ed25519:{master}", master) else ""


def cross_signing_key(answer: Mapping[str, Any], kind: str, user: str) -> str:
    """The public key of a cross-signing object, "" where there is none that makes sense."""
    found = table(table(answer.get(kind)).get(user))
    keys = table(found.get("keys"))
    if found.get("user_id") != user or len(keys) != 1:
        return ""
    key_id, key = next(iter(keys.items()))
    return _key(key) if key_id == f"ed25519:{key}" else ""


def trusted(store: DeviceStore, user: str) -> list[OlmDevice]:
    """The devices that may read what is for this person.

    Whose identity signed any device is believed on those, and on no others (MSC4153): a device that is
    added by somebody else cannot listen in. Who has signed none is written to on all.
    """
    every = list(store.active_user_devices(user))
    return [d for d in every if d.verified] or every


def _key(value: object) -> str:
    """A public key of 32 bytes, "" where it is none."""
    return value if isinstance(value, str) and len(decoded(value)) == 32 else ""
