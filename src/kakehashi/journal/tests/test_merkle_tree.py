"""RFC 6962 trees: the published vectors of Certificate Transparency, and proofs for every size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kakehashi.journal.domain.merkle import (
    EMPTY_ROOT,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    over,
    root_of,
    verify_consistency,
    verify_inclusion,
)

DATA = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
LEAVES = [leaf_hash(bytes.fromhex(data)) for data in DATA]
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): ["96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af"],
    (5, 8): ["bc1a0643b12e4d2d", "ca854ea128ed050b", "d37ee418976dd957"],
    (2, 3): ["fac54203e7cc696c"],
    (1, 5): ["6e340b9cffb37a98", "5f083f0a1a33ca07", "bc1a0643b12e4d2d"],
}
CONSISTENCY = {
    (1, 1): [],
    (1, 8): ["96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af"],
    (6, 8): ["0ebc5d3437fbe2db", "ca854ea128ed050b", "d37ee418976dd957"],
    (2, 5): ["5f083f0a1a33ca07", "bc1a0643b12e4d2d"],
}
sizes = st.integers(1, 300)


def leaves_of(size: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4, "big")) for number in range(size)]


def start_of(proof: list[bytes]) -> list[str]:
    return [item.hex()[:16] for item in proof]


@pytest.mark.parametrize(("size", "root"), list(enumerate(ROOTS, start=1)))
def test_published_roots(size: int, root: str) -> None:
    assert root_of(LEAVES[:size]).hex() == root


def test_the_empty_tree() -> None:
    assert root_of([]) == EMPTY_ROOT


@pytest.mark.parametrize(("index", "size"), list(INCLUSION))
def test_published_inclusion_proofs(index: int, size: int) -> None:
    proof = inclusion_proof(index, size, over(LEAVES))
    assert start_of(proof) == INCLUSION[index, size]
    assert verify_inclusion(LEAVES[index], index, size, proof, bytes.fromhex(ROOTS[size - 1]))


@pytest.mark.parametrize(("first", "second"), list(CONSISTENCY))
def test_published_consistency_proofs(first: int, second: int) -> None:
    proof = consistency_proof(first, second, over(LEAVES))
    assert start_of(proof) == CONSISTENCY[first, second]
    first_root, second_root = (bytes.fromhex(ROOTS[size - 1]) for size in (first, second))
    assert verify_consistency(first, second, first_root, second_root, proof)


@given(sizes, st.data())
def test_every_inclusion_proof_verifies_and_no_changed_one_does(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    leaves = leaves_of(size)
    root, proof = root_of(leaves), inclusion_proof(index, size, over(leaves))
    assert verify_inclusion(leaves[index], index, size, proof, root)
    assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root)
    assert not verify_inclusion(leaves[index], index, size, [*proof, root], root)


@given(sizes, st.data())
def test_every_consistency_proof_verifies_and_no_rewritten_log_does(second: int, data: st.DataObject) -> None:
    first = data.draw(st.integers(1, second))
    leaves = leaves_of(second)
    proof = consistency_proof(first, second, over(leaves))
    assert verify_consistency(first, second, root_of(leaves[:first]), root_of(leaves), proof)
    assert not verify_consistency(first, second, leaf_hash(b"other"), root_of(leaves), proof)


@given(sizes, st.data())
def test_a_stored_edge_goes_on_where_it_stopped(size: int, data: st.DataObject) -> None:
    stop = data.draw(st.integers(0, size))
    leaves = leaves_of(size)
    edge = Frontier()
    for leaf in leaves[:stop]:
        edge.append(leaf)
    edge = Frontier.from_bytes(edge.size, edge.to_bytes())
    for leaf in leaves[stop:]:
        edge.append(leaf)
    assert edge.root() == root_of(leaves)


def test_a_damaged_edge_is_refused() -> None:
    with pytest.raises(ValueError, match="stored edge"):
        Frontier.from_bytes(3, b"\x00" * 32)
