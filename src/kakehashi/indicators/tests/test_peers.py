"""Peers: the same kind and the same size, nobody compared whose size is not known."""

import pytest

from kakehashi.governments.models import Government
from kakehashi.indicators.domain.peers import _DATA, PeerKind, peer_group, peer_groups
from kakehashi.indicators.selectors import peers_of
from kakehashi.kernel.lg_code import normalise


@pytest.mark.parametrize(
    ("code", "kind", "population", "word"),
    [
        ("100005", "prefecture", None, "都道府県"),
        ("011002", "designated_city", 1_973_395, "政令指定都市"),
        ("131016", "special_ward", 66_680, "特別区"),
        ("102016", "city", 332_149, "中核市"),
        ("102041", "city", 211_850, "施行時特例市"),
        ("102075", "city", 75_309, "市（人口5万人以上10万人未満）"),
        ("102075", "city", 50_000, "市（人口5万人以上10万人未満）"),
        ("102075", "city", 49_999, "市（人口5万人未満）"),
        ("104264", "town", 6_049, "町村（人口5千人以上1万人未満）"),
        ("103667", "village", 1_128, "町村（人口5千人未満）"),
    ],
)
def test_a_government_has_its_group(code, kind, population, word):
    assert peer_group(code, kind, population).label == word


def test_without_a_population_or_for_a_ward_nothing_is_compared():
    assert peer_group("104264", "town", None) is None
    assert peer_group("011011", "ward", 250_000) is None


def test_the_lists_are_whole_and_their_codes_true():
    codes = {kind: row["codes"] for kind, row in _DATA["kinds"].items()}
    assert {kind: len(found) for kind, found in codes.items()} == {"core_city": 62, "special_exception_city": 23}
    assert all(normalise(code) == code for found in codes.values() for code in found)
    assert len(peer_groups()) == 14
    assert {one.kind for one in peer_groups()} == set(PeerKind)


def test_peers_are_the_others_of_the_group(db):
    def make(code, population, **more):
        row = {"name": code, "kind": "town", "population": population, **more}
        return Government.objects.create(code=code, **row)

    own, near, other = make("104264", 6_000), make("104281", 9_000), make("104299", 14_000)
    far, invented = make("023019", 7_000), make("999997", 7_000, is_demo=True)
    assert peers_of(own).others == (far, near)
    assert peers_of(own, prefecture="10").others == (near,)
    assert peers_of(other).others == ()
    assert invented in peers_of(make("999998", 5_500, is_demo=True)).others
