"""Keys of protected data: made at need, wrapped, destroyed for good."""

import stat
from pathlib import Path

import pytest

from kakehashi.kernel.data_keys import KeyGone, KeyRing
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.sealing import SealBroken, seal_bytes, unseal_bytes

TOWN, OTHER = uuid7(), uuid7()


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "data-keys")


def test_a_key_is_made_once_for_each_town_and_unit(ring: KeyRing) -> None:
    first = ring.current(TOWN, "2026")
    assert ring.current(TOWN, "2026") == first
    assert KeyRing(ring.folder).current(TOWN, "2026") == first
    assert len({first.key, ring.current(TOWN, "2027").key, ring.current(OTHER, "2026").key}) == 3
    modes = {stat.S_IMODE(path.stat().st_mode) for path in ring.folder.rglob("*") if path.is_file()}
    assert modes == {0o600}
    assert first.key not in b"".join(path.read_bytes() for path in ring.folder.rglob("*.json"))


def test_what_is_destroyed_is_gone_everywhere_and_says_so(ring: KeyRing) -> None:
    other_process, kept = KeyRing(ring.folder), ring.current(TOWN, "2027")
    lost = ring.current(TOWN, "2026")
    other_process.key(TOWN, lost.id)
    (destroyed,) = ring.destroy(TOWN, "2026", by="伊藤 誠", reason="保存期間の満了")
    for one in (ring, other_process):
        with pytest.raises(KeyGone) as gone:
            one.key(TOWN, lost.id)
        assert gone.value.info == destroyed
    assert ring.key(TOWN, kept.id) == kept.key
    assert ring.current(TOWN, "2026").id != lost.id
    assert len(ring.destroy(TOWN, "*", by="", reason="")) == 2


def test_a_missing_installation_key_opens_nothing(ring: KeyRing) -> None:
    made = ring.current(TOWN, "2026")
    (ring.folder / "installation.key").unlink()
    with pytest.raises(KeyGone):
        KeyRing(ring.folder).key(TOWN, made.id)


def test_rewrapping_keeps_the_data_keys(ring: KeyRing) -> None:
    made, before = ring.current(TOWN, "2026"), (ring.folder / "installation.key").read_text()
    assert ring.rewrap() == 1
    assert (ring.folder / "installation.key").read_text() != before
    assert KeyRing(ring.folder).key(TOWN, made.id) == made.key


@pytest.mark.parametrize("key_id", ["../../keys/secret_key", "x", "2026.xyz", ""])
def test_a_strange_id_opens_no_file(ring: KeyRing, key_id: str) -> None:
    with pytest.raises(KeyGone):
        ring.key(TOWN, key_id)


def test_what_is_sealed_for_one_place_opens_nowhere_else() -> None:
    key = b"k" * 32
    sealed = seal_bytes(key, "金糸雀".encode(), "here")
    assert unseal_bytes(key, sealed, "here").decode() == "金糸雀"
    for wrong in (
        (key, sealed, "there"),
        (b"x" * 32, sealed, "here"),
        (key, sealed[:-1] + bytes([sealed[-1] ^ 1]), "here"),
    ):
        with pytest.raises(SealBroken):
            unseal_bytes(*wrong)
