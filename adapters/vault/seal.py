"""Sealing and blind indexes.

Sealed: one byte for the format, 24 random bytes of nonce, then XChaCha20-Poly1305
(draft-irtf-cfrg-xchacha-03) of the padded body with its place as associated data. The nonce is
long enough to be drawn at random for every message that one key will ever seal.
"""

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from bot.boundary.sealing import Unreadable

KEY_BYTES = 32
INDEX_BYTES = 16
"""128 bits: two different words never meet by chance, and the rows stay small."""

GIVE_IT_AGAIN = (
    "Give the key that these data were last used with: after `keys rotate` or `keys reseal` the new one, for "
    "a backup from before them the old one (master.key.old-..., as CIRCLEKEEPER_MASTER_KEY). "
    "Without it nobody can read the data."
)

_FORMAT = b"\x01"
_NONCE_BYTES = 24
_TAG_BYTES = 16

_SMALLEST = 256
"""Most records are smaller than this, so most sealed bodies have the same length."""
_LARGEST_STEP = 65536


class Key:
    """One key in use (the `Seal` port). Sealing and indexing have a key of their own each.

    A renewed key (`Vault.renew`) also has the indexing keys before its own: its index is made of
    theirs, step by step. So an index can be moved under a new key by somebody who does not know
    the words, and tells nothing to somebody who lacks the newest key.
    """

    def __init__(self, key: bytes, former: Sequence[bytes] = ()) -> None:
        if not all(len(one) == KEY_BYTES for one in (key, *former)):
            raise ValueError("a key of the wrong length")
        self._sealing = _derive(key, b"ck-seal")
        self._chain = (*former, _derive(key, b"ck-index"))
        self._purposes: dict[str, bytes] = {}

    def seal(self, body: bytes, bound_to: bytes) -> bytes:
        """See `Seal.seal`."""
        return _encrypt(self._sealing, _pad(body), bound_to)

    def unseal(self, sealed: bytes, bound_to: bytes) -> bytes:
        """See `Seal.unseal`."""
        return _unpad(_decrypt(self._sealing, sealed, bound_to))

    def index(self, purpose: str, *words: str) -> bytes:
        """See `Seal.index`."""
        key = self._purposes.get(purpose)
        if key is None:
            key = hashlib.blake2b(purpose.encode(), key=self._chain[0], person=b"ck-purpose").digest()[
                :KEY_BYTES
            ]
            self._purposes[purpose] = key
        found = hashlib.blake2b(_joined(words), key=key, digest_size=INDEX_BYTES).digest()
        for later in self._chain[1:]:
            found = _moved(found, later)
        return found

    def moved(self, index: bytes) -> bytes:
        """See `Seal.moved`."""
        return _moved(index, self._chain[-1])

    def successor(self, key: bytes) -> tuple[bytes, "Key"]:
        """A key that takes this one's place: all that has to be kept of it, and ready for use."""
        return b"".join((key, *self._chain)), Key(key, self._chain)


class Vault:
    """The master key in use (the `Sealer` port). It wraps keys and does nothing else."""

    def __init__(self, master_key: bytes, origin: str, if_it_does_not_fit: str = GIVE_IT_AGAIN) -> None:
        if len(master_key) != KEY_BYTES:
            raise ValueError("a master key of the wrong length")
        self.origin = origin
        self.if_it_does_not_fit = if_it_does_not_fit
        self._wrapping = _derive(master_key, b"ck-wrap")

    def same_as(self, other: "Vault") -> bool:
        """Whether both have the same master key."""
        return hmac.compare_digest(self._wrapping, other._wrapping)

    def new_key(self, bound_to: bytes) -> tuple[bytes, Key]:
        """See `Sealer.new_key`."""
        key = secrets.token_bytes(KEY_BYTES)
        return _encrypt(self._wrapping, key, bound_to), Key(key)

    def open_key(self, wrapped: bytes, bound_to: bytes) -> Key:
        """See `Sealer.open_key`."""
        keys = _decrypt(self._wrapping, wrapped, bound_to)
        if not keys or len(keys) % KEY_BYTES:
            raise Unreadable
        key, *former = (keys[at : at + KEY_BYTES] for at in range(0, len(keys), KEY_BYTES))
        return Key(key, former)

    def rewrap(self, wrapped: bytes, bound_to: bytes, under: "Vault") -> bytes:
        """See `Sealer.rewrap`."""
        return _encrypt(under._wrapping, _decrypt(self._wrapping, wrapped, bound_to), bound_to)

    def renew(self, wrapped: bytes, bound_to: bytes, under: "Vault") -> tuple[bytes, Key]:
        """See `Sealer.renew`."""
        kept, key = self.open_key(wrapped, bound_to).successor(secrets.token_bytes(KEY_BYTES))
        return _encrypt(under._wrapping, kept, bound_to), key


def _derive(key: bytes, person: bytes) -> bytes:
    """A key of its own for each use, so that no two algorithms ever share one (BLAKE2, RFC 7693)."""
    return hashlib.blake2b(key=key, person=person, digest_size=KEY_BYTES).digest()


def _moved(index: bytes, indexing: bytes) -> bytes:
    """An index of an index."""
    return hashlib.blake2b(index, key=indexing, person=b"ck-moved", digest_size=INDEX_BYTES).digest()


def _joined(words: tuple[str, ...]) -> bytes:
    """Each word with its length in front: ("ab", "c") and ("a", "bc") must differ."""
    encoded = [word.encode("utf-8", "surrogatepass") for word in words]
    return b"".join(len(word).to_bytes(4, "big") + word for word in encoded)


def _encrypt(key: bytes, body: bytes, bound_to: bytes) -> bytes:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _FORMAT + nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(body, bound_to, nonce, key)


def _decrypt(key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    if sealed[:1] != _FORMAT or len(sealed) < 1 + _NONCE_BYTES + _TAG_BYTES:
        raise Unreadable
    nonce, body = sealed[1 : 1 + _NONCE_BYTES], sealed[1 + _NONCE_BYTES :]
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(body, bound_to, nonce, key)
    except CryptoError:
        raise Unreadable from None


def _pad(body: bytes) -> bytes:
    """To the next size class: 256 bytes, doubling up to 64 KiB, then whole steps of 64 KiB.

    ISO/IEC 7816-4: one byte 0x80, then zeros.
    """
    least = len(body) + 1
    if least > _LARGEST_STEP:
        size = -(-least // _LARGEST_STEP) * _LARGEST_STEP
    else:
        size = max(_SMALLEST, 1 << (least - 1).bit_length())
    return (body + b"\x80").ljust(size, b"\x00")


def _unpad(padded: bytes) -> bytes:
    body = padded.rstrip(b"\x00")
    if not body.endswith(b"\x80"):
        raise Unreadable
    return body[:-1]
