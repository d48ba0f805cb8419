"""The present list from postal data: districts and islands off, designated cities added, codes completed."""

import pytest

from kakehashi.governments.domain.postal_list import derive_national_list

POSTAL = [
    ("01101", "札幌市中央区", "サッポロシチュウオウク"),
    ("01303", "石狩郡当別町", "イシカリグントウベツチョウ"),
    ("10344", "北群馬郡榛東村", "キタグンマグンシントウムラ"),
    ("13381", "三宅島三宅村", "ミヤケジマミヤケムラ"),
    ("13101", "千代田区", "チヨダク"),
    ("23214", "蒲郡市", "ガマゴオリシ"),
]


def test_names() -> None:
    named = {government.code: (government.name, government.kana) for government in derive_national_list(POSTAL)}
    assert named["013030"] == ("当別町", "トウベツチョウ")
    assert named["103446"] == ("榛東村", "シントウムラ")
    assert named["133817"] == ("三宅村", "ミヤケムラ")
    assert named["232149"] == ("蒲郡市", "ガマゴオリシ")


def test_prefectures_and_designated_cities_are_there() -> None:
    kinds = [government.kind for government in derive_national_list([])]
    assert (kinds.count("prefecture"), kinds.count("designated_city"), len(kinds)) == (47, 20, 67)


def test_every_parent_is_in_the_list_and_stands_before() -> None:
    seen: set[str] = set()
    for government in derive_national_list(POSTAL):
        assert government.parent_code is None or government.parent_code in seen
        seen.add(government.code)


def test_a_code_that_contradicts_the_name_stops() -> None:
    with pytest.raises(ValueError, match="13101"):
        derive_national_list([("13101", "千代田市", "チヨダシ")])
