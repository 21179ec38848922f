"""Sealing and blind indexes."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.vault import Key, Vault
from bot.boundary.sealing import Unreadable

KEY = hashlib.blake2b(b"a key for tests", digest_size=32).digest()
VAULT = Vault(KEY, "a test")


@given(body=st.binary(max_size=5000), place=st.binary(max_size=50))
def test_what_was_sealed_opens_again(body: bytes, place: bytes) -> None:
    """Any body, empty or ending like padding, comes back byte for byte."""
    key = Key(KEY)
    for tricky in (body, body + b"\x80", body + b"\x80\x00", body + b"\x00"):
        assert key.unseal(key.seal(tricky, place), place) == tricky


@given(data=st.data())
def test_a_changed_byte_is_noticed(data: st.DataObject) -> None:
    """Nobody can change what is kept without the key."""
    key = Key(KEY)
    sealed = bytearray(key.seal(b"agreed", b"here"))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(Unreadable):
        key.unseal(bytes(sealed), b"here")


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" + b"a" * 39, b"\x02" + b"a" * 300])
def test_bytes_that_were_never_sealed_do_not_open(sealed: bytes) -> None:
    """Cut short, or of an unknown format: the same plain error, no crash."""
    with pytest.raises(Unreadable):
        Key(KEY).unseal(sealed, b"here")


def test_what_is_sealed_belongs_to_its_place_and_key() -> None:
    """A record that is copied to another person's row does not open there."""
    key = Key(KEY)
    sealed = key.seal(b"agreed", b"ann")
    with pytest.raises(Unreadable):
        key.unseal(sealed, b"ben")
    with pytest.raises(Unreadable):
        VAULT.new_key(b"room")[1].unseal(sealed, b"ann")


def test_the_same_body_never_looks_the_same_twice() -> None:
    """Who agreed and who declined cannot be told by comparing."""
    key = Key(KEY)
    assert key.seal(b"agreed", b"here") != key.seal(b"agreed", b"here")


@given(one=st.integers(0, 200_000), other=st.integers(0, 200_000))
def test_lengths_come_in_few_classes(one: int, other: int) -> None:
    """All small records look equally long, and a longer one never looks shorter."""
    key = Key(KEY)
    sizes = [len(key.seal(b"x" * length, b"")) for length in (one, other)]
    if max(one, other) < 256:
        assert sizes[0] == sizes[1]
    assert (sizes[0] - sizes[1]) * (one - other) >= 0
    assert all(size <= 2 * length + 400 for size, length in zip(sizes, (one, other), strict=True))


def test_sixteen_sizes_cover_everything_up_to_half_a_megabyte() -> None:
    """A length tells a thief less than four bits."""
    key = Key(KEY)
    assert len({len(key.seal(b"x" * length, b"")) for length in range(0, 500_000, 997)}) <= 16


@given(words=st.lists(st.text(max_size=9), max_size=3), others=st.lists(st.text(max_size=9), max_size=3))
def test_equal_words_have_equal_indexes_and_others_do_not(words: list[str], others: list[str]) -> None:
    """An index finds exactly what it was made for, wherever one word ends and the next begins."""
    key = Key(KEY)
    same = key.index("consent", *words) == key.index("consent", *others)
    assert same == (words == others)


def test_indexes_of_other_purposes_and_keys_cannot_be_joined() -> None:
    """Law 1: one person's rows in two features or two rooms have nothing in common."""
    one, other = VAULT.new_key(b"one")[1], VAULT.new_key(b"other")[1]
    indexes = [key.index(purpose, "@ann") for key in (one, other) for purpose in ("consent", "gate", "con")]
    assert len(set(indexes)) == len(indexes)
    assert all(len(index) == 16 for index in indexes)


def test_an_index_is_not_a_plain_hash_of_the_words() -> None:
    """A list of all members of a server does not help a thief (PRACTICE: ConfessionBot's mistake)."""
    index = Key(KEY).index("consent", "@ann")
    for digest_size in range(16, 65):
        assert hashlib.blake2b(b"@ann", digest_size=digest_size).digest()[:16] != index
    assert hashlib.blake2b(b"@ann", key=KEY, digest_size=16).digest() != index


def test_a_wrapped_key_opens_with_its_master_key_alone_and_in_its_place() -> None:
    """A room's key is useless without the master key, and cannot be given to another room."""
    wrapped, key = VAULT.new_key(b"room one")
    sealed = key.seal(b"agreed", b"here")
    assert VAULT.open_key(wrapped, b"room one").unseal(sealed, b"here") == b"agreed"
    with pytest.raises(Unreadable):
        VAULT.open_key(wrapped, b"room two")
    with pytest.raises(Unreadable):
        Vault(KEY[::-1], "another test").open_key(wrapped, b"room one")


def test_the_same_key_makes_the_same_indexes_for_ever() -> None:
    """Data of today must be found by the program of tomorrow: these bytes may never change."""
    assert Key(KEY).index("consent", "test", "@ann").hex() == "259aa4213e7131036622662b157f4468"
    sealed = bytes.fromhex(
        "01988296f406175e3810951e1dca5500b89b377a9f08631172537c7b9617a7947032d6138d1689560bb3bd60ddadc69e"
        "90ddd27c915f2a6b439b15d8c1d6991541217bb4758c8ea47b7ad0052327a068c3d85f6df5807fee1d9a31aa1fbff41d"
        "e0cd36a72390e4e207e121d1c527e5198e6b911bbaeff97336d986b8f139eff07d62a63b9467b1391224b6ec50c3b496"
        "a1590d6af2734490a0dd24930189fe3b0667afd95101dd99f268466790918fc3bf14d3b2045480ac0e6f0e2ba1cb9044"
        "78609d497151602cf43349c219b66ffc098d8a993bda1001b8800742d30fd5926c290c8ac65b1ef7e5e4137fcea6f8c3"
        "33873d09e597d14017f4be3bbcc2f490e8d529687127c0d5c76228027c079fc2fcd09e0d0aaebae1dccfb806169030fd"
        "bfd0a738302279f5ef"
    )
    assert Key(KEY).unseal(sealed, b"here") == b"agreed"
    wrapped = bytes.fromhex(
        "01cc847f08ef93cb4092e598a5ab967be88324a3035fc1dd60893139b9ba62b79dca281825c056c3e833a5e684f5d22a"
        "a10e4142137343c426b5ea74d311c080ae7a259c3fe042278e"
    )
    assert (
        VAULT.open_key(wrapped, b"room").index("consent", "test", "@ann").hex()
        == "961acd2337f4f5240c2286e8266658f1"
    )


@pytest.mark.parametrize(
    "shown", [repr(VAULT), str(VAULT), repr(Key(KEY))], ids=["vault", "vault as text", "key"]
)
def test_a_key_does_not_show_itself(shown: str) -> None:
    """Neither a log nor a traceback prints a key."""
    assert KEY.hex() not in shown
    assert repr(KEY)[2:-1] not in shown
