"""Importing the national list: all lines load, broken ones are named, a dry run writes nothing."""

from pathlib import Path

import pytest

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.governments.services import import_national_list, import_population, import_present_list
from kakehashi.kernel.errors import DomainError

pytestmark = pytest.mark.django_db


def read(folder: Path, name: str) -> bytes:
    return (folder / "local_governments" / name).read_bytes()


def test_prefectures_then_municipalities_all_load(shared_data: Path) -> None:
    prefectures = import_national_list(content=read(shared_data, "prefectures.csv"))
    municipalities = import_national_list(content=read(shared_data, "municipalities.csv"))
    assert (len(prefectures.created), prefectures.broken) == (47, [])
    assert (len(municipalities.created), municipalities.broken, municipalities.implied) == (1916, [], [])
    assert Government.objects.count() == 1963


def test_wards_have_their_city_and_cities_their_prefecture(shared_data: Path) -> None:
    import_national_list(content=read(shared_data, "municipalities.csv"))
    wards = Government.objects.filter(kind=GovernmentKind.WARD)
    assert (wards.count(), wards.exclude(parent__kind=GovernmentKind.DESIGNATED_CITY).count()) == (175, 0)
    assert Government.objects.get(code="141321").parent.name == "川崎市"
    assert Government.objects.get(code="131016").parent.name == "東京都"
    assert not Government.objects.exclude(kind=GovernmentKind.PREFECTURE).filter(parent=None).exists()


def test_shift_jis_and_codes_without_check_digit(shared_data: Path) -> None:
    report = import_national_list(content=read(shared_data, "municipalities_2019_shift_jis.csv"))
    assert (report.encoding, len(report.created), report.broken) == ("Shift_JIS", 1916, [])


def test_old_and_new_lists_agree_on_codes(shared_data: Path) -> None:
    import_national_list(content=read(shared_data, "municipalities_2019_shift_jis.csv"))
    report = import_national_list(content=read(shared_data, "municipalities.csv"))
    # 那珂川町 became 那珂川市 in 2018; everything else kept its code.
    assert report.created == ["402311"]


def test_twice_changes_nothing(shared_data: Path) -> None:
    import_national_list(content=read(shared_data, "municipalities.csv"))
    again = import_national_list(content=read(shared_data, "municipalities.csv"))
    assert (again.created, again.updated, len(again.unchanged)) == ([], [], 1916)


def test_the_present_list_is_derived_offline_and_agrees(shared_data: Path) -> None:
    derived = import_present_list()
    assert len(derived.created) == 1959
    report = import_national_list(content=read(shared_data, "municipalities.csv"))
    # The seven wards that 浜松市 made into three in 2024.
    assert [code[:5] for code in report.created] == [f"2213{number}" for number in range(1, 8)]
    assert [Government.objects.get(code=code).name for code in report.updated] == ["須恵町"]


def test_population(shared_data: Path) -> None:
    import_present_list()
    report = import_population(content=read(shared_data, "population_2020.csv"))
    assert Government.objects.get(code="010006").population == 5_228_885
    assert report.loaded + len(report.broken) == 1964


LINES = "pref,city,citykana,lgcode\n群馬県,前橋市,まえばしし,102016\n群馬県,高崎市,たかさきし,102025\n"


def test_a_broken_line_does_not_stop_the_others() -> None:
    report = import_national_list(content=LINES.encode())
    assert report.created == ["102016"]
    assert [(line.line, "検査数字" in line.reason) for line in report.broken] == [(3, True)]
    assert report.implied == ["100005"]


def test_a_dry_run_tells_and_writes_nothing() -> None:
    report = import_national_list(content=LINES.encode(), dry_run=True)
    assert (report.created, len(report.broken)) == (["102016"], 1)
    assert not Government.objects.exists()


def test_a_change_keeps_what_the_list_does_not_know() -> None:
    import_national_list(content=LINES.encode())
    Government.objects.filter(code="102016").update(slug="maebashi", is_tenant=True)
    report = import_national_list(content="pref,city,lgcode\n群馬県,前橋市,102016\n".encode())
    assert report.unchanged == ["102016"]
    city = Government.objects.get(code="102016")
    assert (city.slug, city.is_tenant, city.kana) == ("maebashi", True, "マエバシシ")


def test_no_list_at_all() -> None:
    with pytest.raises(DomainError, match="団体コードの列"):
        import_national_list(content=b"a,b\n1,2\n")
