"""Published tables: every published total comes out again, and nothing that was not answered becomes a "no" or a zero."""

from decimal import Decimal

import pytest

from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.governments.services import import_present_list
from kakehashi.indicators.domain.published import Answer
from kakehashi.indicators.models import PublishedIndicator, PublishedValue
from kakehashi.indicators.selectors.published import about_government, totals, totals_by_prefecture
from kakehashi.indicators.services import import_published_tables
from kakehashi.kernel.errors import DomainError

PREFECTURES = {"07": "福島県", "10": "群馬県", "16": "富山県", "17": "石川県", "27": "大阪府", "33": "岡山県"}
# 実施 in the country and in 群馬, 福島, 富山, 大阪, 岡山, 石川, as the state published them.
CARRIED_OUT = {
    "CIOの任命": (1270, 25, 44, 11, 32, 24, 9),
    "CIO補佐官等の任命": (846, 19, 27, 10, 23, 12, 5),
    "全体方針策定": (862, 10, 26, 10, 25, 18, 6),
    "全庁的な体制構築": (1133, 16, 38, 11, 25, 17, 10),
    "外部人材活用": (522, 7, 12, 5, 21, 11, 4),
    "職員育成の取組": (1437, 27, 54, 13, 37, 22, 11),
    "全職員対象研修の実施": (1203, 20, 43, 10, 30, 20, 10),
    "AIの導入状況": (879, 15, 18, 10, 31, 15, 10),
    "RPAの導入状況": (720, 11, 16, 14, 28, 10, 11),
    "テレワークの導入状況": (1055, 14, 39, 11, 31, 23, 14),
}
OF_PREFECTURES = (43, 30, 47, 46, 37, 47, 46, 47, 44, 47)
POOLED = {
    "": (11721, 36266),
    "10": (234, 698),
    "07": (232, 1218),
    "16": (99, 310),
    "27": (401, 904),
    "33": (187, 587),
    "17": (165, 383),
}
TABLE = """,,北海道,青森県,岩手県,
体制,CIOの任命 ,実施,調査無し,未実施,
住民,率,%,0%,12.5%,
住民,率_手続の総数（分母）,0,3,8,
住民,率_うち「済」（分子）,0,0,1,
申請率,犬の登録,,0%,対象外,
"""


@pytest.fixture
def three(db):
    codes = (("010006", "北海道"), ("020001", "青森県"), ("030007", "岩手県"))
    return [Government.objects.create(code=code, name=name, kind=GovernmentKind.PREFECTURE) for code, name in codes]


def load(table=TABLE, **others):
    return import_published_tables(
        files=[("表.csv", table.encode("utf-8-sig"))], edition="令和5年度", source="例", **others
    )


def test_the_published_totals_come_out_again(db, shared_data):
    import_present_list()
    files = [(path.name, path.read_bytes()) for path in sorted((shared_data / "dx_dashboard").glob("*比較.csv"))]
    report = import_published_tables(files=files, edition="公表値", source="例")
    assert (report.created, report.problems, report.differing_shares) == (1741 * 15 + 47 * 13, [], [])
    found = {one.label: one for one in PublishedIndicator.objects.filter(scope="municipality", kind="yes_no")}
    nation = totals(found.values())
    places = {place: totals(found.values(), prefecture=place) for place in PREFECTURES}
    for label, expected in CARRIED_OUT.items():
        one = found[label]
        counted = [nation[one], *(places[place][one] for place in ("10", "07", "16", "27", "33", "17"))]
        assert tuple(total.carried_out for total in counted) == expected, label
    cio = nation[found["CIOの任命"]]
    assert (cio.share_of_answering, cio.share_of_all) == (Decimal("73.3"), Decimal("72.9"))
    assert (cio.answered, cio.governments, cio.without) == (1733, 1741, {Answer.NOT_SURVEYED: 8})
    assert dict(totals_by_prefecture(found["CIOの任命"]))[Government.objects.get(name="石川県")].answered == 11
    of_47 = totals(PublishedIndicator.objects.filter(scope="prefecture", kind="yes_no"))
    assert tuple(total.carried_out for total in of_47.values()) == OF_PREFECTURES
    pooled = PublishedIndicator.objects.get(scope="municipality", label="よく使う32手続のオンライン化状況")
    for place, expected in POOLED.items():
        total = totals([pooled], prefecture=place)[pooled]
        assert (total.numerator, total.denominator) == expected, place
    assert totals([pooled])[pooled].pooled_share == Decimal("32.3")


def test_what_was_not_answered_stays_apart(three):
    load()
    hokkaido, aomori, iwate = ({i.label: v.answer for i, v in about(each).items()} for each in three)
    assert (hokkaido["CIOの任命"], aomori["CIOの任命"], iwate["CIOの任命"]) == (
        "carried_out",
        "not_surveyed",
        "not_carried_out",
    )
    assert (hokkaido["率"], aomori["率"], iwate["率"]) == ("no_denominator", "zero", "number")
    assert (hokkaido["犬の登録"], aomori["犬の登録"], iwate["犬の登録"]) == ("blank", "zero", "out_of_scope")


def about(government):
    from kakehashi.indicators.models import PublishedEdition

    return about_government(government, PublishedEdition.objects.get())


def test_the_same_again_changes_nothing(three):
    assert load().created == 15
    again = load()
    assert (again.created, again.revised, again.unchanged) == (0, 0, 15)


def test_a_correction_needs_a_reason_and_keeps_the_former_value(three):
    load()
    corrected = TABLE.replace("調査無し", "実施")
    with pytest.raises(DomainError, match="CIOの任命の青森県の値が、この版にある値と違います"):
        load(corrected)
    assert load(corrected, reason="公表元の訂正").revised == 1
    kept = PublishedValue.objects.filter(indicator__label="CIOの任命", government=three[1]).order_by("revision")
    assert [(one.answer, one.is_current, one.reason) for one in kept] == [
        ("not_surveyed", False, ""),
        ("carried_out", True, "公表元の訂正"),
    ]


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (TABLE.replace("青森県", "秋田県"), "4列目は「秋田県」ですが、コード順では「青森県」です"),
        ("\n".join(line.rsplit(",", 2)[0] for line in TABLE.splitlines()), "見出しは2団体、団体の一覧は3団体です"),
        ("何か", "見出しの行"),
    ],
)
def test_a_table_of_other_governments_is_refused(three, table, words):
    with pytest.raises(DomainError, match=words):
        load(table)
    assert not PublishedValue.objects.exists()


def test_a_row_with_an_unreadable_cell_is_named_and_left_out(three):
    report = load(TABLE.replace("調査無し", "たぶん"))
    assert report.problems == ["表.csv 2行目「体制 CIOの任命」：4列目の「たぶん」は読めない値です。"]
    assert report.created == 12


def test_a_share_that_is_not_its_parts_is_reported(three):
    assert load(TABLE.replace("12.5%", "12.4%")).differing_shares == ["率 岩手県"]
