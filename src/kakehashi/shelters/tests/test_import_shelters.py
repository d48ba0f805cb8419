"""import_reference and import_sites: the national lists, the real files of a town, and what is never guessed."""

import time

import pytest

from kakehashi.governments.models import Government
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.opendata import selectors as opendata
from kakehashi.opendata import services as publishing
from kakehashi.opendata.domain.files import write
from kakehashi.shelters import services
from kakehashi.shelters.models import EvacuationSite, ReferenceEdition, ReferenceSite
from kakehashi.shelters.selectors import compare_with_reference, middle_of_government

SITES = (
    "団体コード,NO,共通ID,都道府県名及び市町村名,施設・場所名,住所,洪水,崖崩れ、土石流及び地滑り,高潮,地震,津波,大規模な火事,内水氾濫,火山現象,"
    "指定避難所との住所同一,備考,経度,緯度\r\n"
)
SHELTERS = "団体コード,NO,共通ID,都道府県名及び市町村名,施設・場所名,住所,指定緊急避難場所との住所同一,その他市町村長が必要と認める事項,受入対象者,備考,経度,緯度\r\n"


def national(code, *more):
    good = [
        f"{code},1,E1,みはる県ひばり町,公民館,みはる県ひばり町1,1,,,1,,,,,1,,138.1,35.1",
        f"{code},2,E2,みはる県ひばり町,高台公園,みはる県ひばり町2,1,1,,1,,,,,,,138.2,35.2",
        "011002,3,E3,北海道札幌市,札幌の館,北海道札幌市1,,,,1,,,,,,,141.3,43.0",
    ]
    return (SITES + "\r\n".join([*good, *more]) + "\r\n").encode()


def test_rows_that_cannot_be_read_are_named_and_the_rest_is_taken(db):
    broken = [
        "131017,4,E4,東京都,検査数字違い,東京都1,,,,1,,,,,,,139.7,35.6",
        "131016,5,E5,東京都,丸印,東京都1,○,,,1,,,,,,,139.7,35.6",
        "131016,6,E6,東京都,海の上,東京都1,,,,1,,,,,,,0.0,0.0",
        "131016,7,E1,東京都,同じID,東京都1,,,,1,,,,,,,139.7,35.6",
        "131016,8,E8,東京都,列が足りない",
    ]
    report = services.import_reference(name="国.csv", content=national("131016", *broken))
    assert (report.read, report.taken, report.governments) == (8, 3, 2)
    assert [line for line, _ in report.faults] == [5, 6, 7, 8, 9]
    assert ReferenceSite.objects.get(common_id="E2").hazards == 0b1011
    again = services.import_reference(name="国.csv", content=national("131016"))
    assert (again.taken, ReferenceSite.objects.count(), ReferenceEdition.objects.count()) == (3, 3, 2)
    with pytest.raises(DomainError):
        services.import_reference(name="x.csv", content=b"a,b\r\n1,2\r\n")


def test_a_town_takes_only_its_own_rows_of_a_national_list(town):
    code = Government.objects.get(id=town.id).code
    kind, elsewhere, plan = services.import_sites(actor=town.officer, name="国.csv", content=national(code))
    assert (kind, elsewhere, plan.counts["new"]) == ("site", 1, 2)
    assert set(EvacuationSite.objects.values_list("identifier", "name")) == {("E1", "公民館"), ("E2", "高台公園")}
    site = EvacuationSite.objects.get(identifier="E1")
    assert (site.flood, site.tsunami, site.is_site, site.is_shelter) == (True, False, True, True)
    again = services.import_sites(actor=town.officer, name="国.csv", content=national(code))[2]
    assert (again.counts["same"], again.counts["new"]) == (2, 0)
    both = f"{SHELTERS}{code},9,F1,みはる県ひばり町,公民館,みはる県ひばり町1,1,,高齢者,,138.1,35.1\r\n{code},10,F2,みはる県ひばり町,小学校,ひばり町3,,,,,138.1,35.1\r\n"
    kind, _, plan = services.import_sites(actor=town.officer, name="所.csv", content=both.encode())
    assert (kind, plan.counts["changed"], plan.counts["new"]) == ("shelter", 1, 1)
    school = EvacuationSite.objects.get(identifier="F2")
    assert (school.is_site, school.is_shelter) == (False, True)
    assert EvacuationSite.objects.get(identifier="E1").accepts == "高齢者"


def test_a_trial_writes_nothing(town):
    code = Government.objects.get(id=town.id).code
    plan = services.import_sites(actor=town.officer, name="国.csv", content=national(code), dry_run=True)[2]
    assert plan.counts["new"] == 2
    assert not EvacuationSite.objects.exists()


def publish(town):
    source = opendata.find_source("evacuation_space")
    publishing.set_dataset(actor=town.officer, source=source, values={"department": town.department})
    return publishing.publish_dataset(actor=town.officer, source=source)


@pytest.mark.parametrize("ending", ["csv", "json", "geojson"])
def test_the_39_columns_go_out_and_come_back_as_the_same_bytes(town, ending):
    code = Government.objects.get(id=town.id).code
    services.import_sites(actor=town.officer, name="国.csv", content=national(code))
    edition = publish(town)
    assert (len(edition.columns), edition.columns[0]["header"], edition.columns[-1]["header"]) == (
        39, "全国地方公共団体コード", "備考",
    )  # fmt: skip
    files = {each: opendata.edition_file(edition, each) for each in ("csv", "json", "geojson")}
    EvacuationSite.objects.all().delete()
    services.import_sites(actor=town.officer, name=f"a.{ending}", content=files[ending])
    draft = opendata.draft_of(opendata.find_source("evacuation_space"))
    head = opendata.head_of(edition.title, edition.licence)
    assert {each: write(each, head, draft.columns, draft.rows) for each in files} == files


def test_the_town_is_compared_with_the_national_list(town):
    code = "131016"
    Government.objects.filter(id=town.id).update(code=code)
    services.import_reference(name="国.csv", content=national(code))
    services.import_sites(actor=town.officer, name="国.csv", content=national(code))
    EvacuationSite.objects.filter(identifier="E1").update(tsunami=True)
    EvacuationSite.objects.filter(identifier="E2").delete()
    EvacuationSite.objects.create(identifier="9", name="新しい広場", address="ひばり町9")
    told = compare_with_reference()
    assert [one.common_id for one in told.only_national] == ["E2"]
    assert [one.name for one in told.only_ours] == ["新しい広場"]
    assert told.differing[0][1] == "町の一覧にだけある：津波"
    assert middle_of_government() is None


@pytest.mark.parametrize(
    ("file", "kind", "rows"), [("222127_evacuation_space.csv", "site", 31), ("222127_hinannjo.csv", "shelter", 56)]
)
def test_the_real_lists_of_a_city_are_read(town, shared_data, file, kind, rows):
    content = (shared_data / "shelters" / "yaizu" / file).read_bytes()
    Government.objects.filter(id=town.id).update(code="222127")
    found, elsewhere, plan = services.import_sites(actor=town.officer, name=file, content=content)
    assert (found, elsewhere) == (kind, 0)
    assert plan.counts["broken"] == 0
    assert plan.counts["new"] == rows
    assert EvacuationSite.objects.count() == rows


def test_a_list_that_is_neither_is_refused_by_name(town, shared_data):
    folder = shared_data / "shelters" / "yaizu"
    for name in ("yohairyosya.csv", "attributes_指定緊急避難場所.csv", "222127_public_toilet.csv"):
        with pytest.raises(DomainError):
            services.import_sites(actor=town.officer, name=name, content=(folder / name).read_bytes())


def test_the_whole_nation_is_read_within_a_minute(cast, shared_data):
    began = time.monotonic()
    reports = [
        services.import_reference(name=name, content=(shared_data / "shelters" / name).read_bytes())
        for name in ("gsi_emergency_evacuation_sites.csv", "gsi_shelters.csv")
    ]
    assert [(one.taken, one.faults) for one in reports] == [(115_402, []), (82_557, [])]
    assert ReferenceSite.objects.count() == 197_959
    assert time.monotonic() - began < 60
    Government.objects.filter(id=cast.hibari.id).update(code="222127")
    with tenant_scope(cast.hibari.id):
        latitude, longitude = middle_of_government()
    assert (34.7 < latitude < 34.95, 138.2 < longitude < 138.4) == (True, True)
