"""Signed JSON (Matrix specification, appendix "Signing JSON"), with given Ed25519 keys.

The vodozemac binding cannot sign with a key that is given to it, so PyNaCl does.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from typing import Any

from nacl.exceptions import CryptoError
from nacl.signing import SigningKey, VerifyKey

SEED_BYTES = 32


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one encoding of a JSON object that signatures are made over.

    >>> canonical({"b": 1, "a": "é"})
    b'{"a":"\\xc3\\xa9","b":1}'
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return text.encode("utf-8", "replace")


def unpadded(raw: bytes) -> str:
    """Base64 without padding, as Matrix writes keys and signatures."""
    return base64.b64encode(raw).decode().rstrip("=")


def decoded(text: object) -> bytes:
    """The bytes of unpadded base64; b"" where it is none."""
    if not isinstance(text, str):
        return b""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def public_key(seed: bytes) -> str:
    """The public key that belongs to a seed of 32 bytes."""
    return unpadded(bytes(SigningKey(seed).verify_key))


def sign(value: Mapping[str, Any], user: str, key_id: str, seed: bytes) -> dict[str, Any]:
    """The object with one more signature, `signatures[user][key_id]`."""
    signature = unpadded(SigningKey(seed).sign(canonical(_bare(value))).signature)
    return with_signature(value, user, key_id, signature)


def with_signature(value: Mapping[str, Any], user: str, key_id: str, signature: str) -> dict[str, Any]:
    """The object with a signature that was made elsewhere."""
    found = value.get("signatures")
    signatures = {u: dict(s) for u, s in found.items()} if isinstance(found, dict) else {}
    signatures.setdefault(user, {})[key_id] = signature
    return {**value, "signatures": signatures}


def is_signed(value: Mapping[str, Any], user: str, key_id: str, key: str) -> bool:
    """Whether the public key `key` made `signatures[user][key_id]`. False for whatever is malformed."""
    signatures = value.get("signatures")
    by = signatures.get(user) if isinstance(signatures, dict) else None
    signature = decoded(by.get(key_id)) if isinstance(by, dict) else b""
    if not signature:
        return False
    try:
        VerifyKey(decoded(key)).verify(canonical(_bare(value)), signature)
    except (CryptoError, ValueError, TypeError, RecursionError):
        return False
    return True


def _bare(value: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in value.items() if k not in ("signatures", "unsigned")}
