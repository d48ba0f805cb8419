"""法人番号, 口座, 位置, 署名, 世帯員, 外字: read as people write them, said as people read them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.template import Context as TemplateContext
from django.template import Template

from kakehashi.eforms.domain.banks import UnreadableListError, read_banks
from kakehashi.eforms.domain.catalogue import CATALOGUE, Context, PlainRaw, Wrong
from kakehashi.eforms.domain.catalogue.accounts import postal_account
from kakehashi.eforms.domain.checks import check_definition
from kakehashi.eforms.domain.compiled import compile_form
from kakehashi.eforms.domain.definition import Field, FormDefinition, Step
from kakehashi.eforms.domain.papers.written import _parts
from kakehashi.eforms.domain.protection import is_sealed
from kakehashi.eforms.domain.validation import check_all, check_step
from kakehashi.eforms.selectors import describe_answers, open_answers, seal_answers, validate_step
from kakehashi.eforms.services import import_banks
from kakehashi.eforms.templatetags.eforms import eform_drawings
from kakehashi.eforms.testing import MORE_FIELDS, WHOLE, published
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.kernel.folding import fold_name
from kakehashi.people.testing import Town

HALF = {"terms": [{"source": {"kind": "answer", "field": "income"}, "denominator": 2}]}
CONTEXT = Context(date(2026, 11, 22))
BY_KEY = {field.key: field for field in MORE_FIELDS}
ACCOUNT = {
    "bank_code": "０００１",
    "branch_code": "1-2-3",
    "bank_name": "ひばり銀行",
    "branch_name": "本店",
    "type": "ordinary",
    "number": "12345",
    "holder": "やまだ はなこ",
}
POSTAL = {"symbol": "12340", "postal_number": "12345671", "holder": "ﾔﾏﾀﾞ ﾊﾅｺ"}
LIST = "金融機関番号,金融機関名,店番,店名\n1,ひばり銀行,1,本店\n0002,みさき信用金庫,012,港支店\nx,y,z,w\n"


def parsed(key: str, raw: Any) -> Any:
    return CATALOGUE[BY_KEY[key].type].parse(BY_KEY[key], raw, CONTEXT)


def wrong(key: str, raw: Any) -> list[str]:
    with pytest.raises(Wrong) as found:
        parsed(key, raw)
    return [problem.part for problem in found.value.problems]


@pytest.mark.parametrize("typed", ["7000012050002", "７０００-０１２０-５０００２"])
def test_a_corporate_number_is_checked(typed: str) -> None:
    assert parsed("company", typed) == "7000012050002"
    assert CATALOGUE["corporate_number"].describe(BY_KEY["company"], "7000012050002") == "7-0000-1205-0002"
    for bad in ("7000012050003", "8000012050002", "700001205000", "abc"):
        wrong("company", bad)


def test_an_account_is_kept_with_codes_names_and_seven_digits() -> None:
    kept = parsed("account", ACCOUNT)
    assert (kept["bank_code"], kept["branch_code"], kept["number"]) == ("0001", "123", "0012345")
    assert kept["holder"] == "ヤマダ ハナコ"
    said = CATALOGUE["bank_account"].describe(BY_KEY["account"], kept)
    assert said == "ひばり銀行（0001） 本店（123） 普通 0012345 ヤマダ ハナコ"
    assert wrong("account", ACCOUNT | {"number": "12345678", "branch_code": "12", "type": "gold"}) == [
        "branch_code",
        "number",
        "type",
    ]
    assert wrong("account", {"bank_code": "0001"})[-1] == "holder"


@pytest.mark.parametrize(
    ("symbol", "number", "account"),
    [
        ("12340", "12345671", ("238", "二三八", "ordinary", "1234567")),
        ("11940", "1231", ("198", "一九八", "ordinary", "0000123")),
        ("00120", "123456", ("019", "〇一九", "checking", "0123456")),
        ("12340", "12345670", None),
    ],
)
def test_the_passbook_of_the_post_becomes_an_account(symbol: str, number: str, account: Any) -> None:
    found = postal_account(symbol, number)
    assert account == (found and (found.branch_code, found.branch_name, found.type, found.number))


def test_the_passbook_is_kept_beside_the_account_and_read_again() -> None:
    kept = parsed("account", POSTAL)
    assert (kept["bank_name"], kept["branch_code"], kept["number"]) == ("ゆうちょ銀行", "238", "1234567")
    assert parsed("account", kept) == kept
    assert wrong("account", POSTAL | {"bank_code": "0001"}) == ["symbol"]
    assert wrong("account", POSTAL | {"postal_number": "12345670"}) == ["postal_number"]
    assert wrong("account", {"symbol": "99999", "postal_number": "1", "holder": "ヤ"}) == ["symbol"]


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ({"place": "大島公園"}, {"place": "大島公園", "latitude": "", "longitude": ""}),
        ({"latitude": "36.7128, 137.0986"}, {"place": "", "latitude": "36.712800", "longitude": "137.098600"}),
        ({"latitude": "北緯３６．５", "longitude": "137度"}, {"place": "", "latitude": "36.500000", "longitude": "137.000000"}),
    ],
)  # fmt: skip
def test_a_place_in_words_or_degrees(raw: dict[str, str], kept: dict[str, str]) -> None:
    assert parsed("spot", raw) == kept


def test_a_place_that_is_nowhere_is_said() -> None:
    assert wrong("spot", {"latitude": "36.7"}) == ["longitude"]
    assert wrong("spot", {"latitude": "137.0", "longitude": "36.7"}) == ["latitude"]
    assert wrong("spot", {"latitude": "NaN", "longitude": "137"}) == ["latitude"]


def test_a_name_signs_and_a_drawing_stands_beside_it() -> None:
    signed = parsed("oath", {"name": "山田花子", "drawing": "M1 2L30 40"})
    assert signed == {"name": "山田花子", "drawing": "M1 2L30 40"}
    assert "手書きの署名つき" in CATALOGUE["declaration"].describe(BY_KEY["oath"], signed)
    plain = Field("oath", "declaration", "誓います")
    assert CATALOGUE["declaration"].parse(plain, signed, CONTEXT) == {"name": "山田花子", "drawing": ""}
    assert wrong("oath", {"name": "", "drawing": "M1 2L30 40"}) == ["name"]
    for bad in ('M1 2"/><script>', "M1 2L", "x" * 9_000):
        assert wrong("oath", {"name": "山田", "drawing": bad}) == ["drawing"]


def test_a_variant_of_a_letter_is_kept_to_the_paper_and_found_by_the_plain_one() -> None:
    typed = {
        "family": "葛󠄀城",
        "given": "辻󠄀子",
        "family_kana": "かつらぎ",
        "given_kana": "つじこ",
        "note": "「葛」は下がヒ",
    }
    kept = parsed("gaiji", typed)
    assert (kept["family"], kept["given"]) == ("葛󠄀城", "辻󠄀子")
    said = CATALOGUE["name"].describe(BY_KEY["gaiji"], kept)
    assert said == "葛󠄀城 辻󠄀子（カツラギ ツジコ）〔「葛」は下がヒ〕"
    assert _parts(BY_KEY["gaiji"], kept)[""] == "葛󠄀城　辻󠄀子"
    assert fold_name("葛󠄀城") == fold_name("葛城")


def test_a_household_is_read_row_by_row(town: Town) -> None:
    version = published(town.clerk, WHOLE)
    row = {"name.family": "山田", "name.given": "太郎", "name.family_kana": "ヤマダ", "name.given_kana": "タロウ", "relation": "child", "born": "2020-04-01"}  # fmt: skip
    post = {f"household.0.{name}": value for name, value in row.items()} | {"household.rows": "1"}
    result = validate_step(version, "page_1", post)
    assert result.values["household"][0]["relation"] == "child"
    said = dict(describe_answers(version, result.values)[0][1])["いっしょに住む人"]
    assert said == "氏名：山田 太郎（ヤマダ タロウ）、続柄：子、生年月日：令和2年4月1日（2020年）"
    del post["household.0.name.family_kana"]
    assert "household.0.name.family_kana" in validate_step(version, "page_1", post).errors


def test_a_list_of_banks_fills_in_names(town: Town) -> None:
    found = import_banks(actor=town.administrator, content=LIST.encode("cp932"))
    assert (len(found.branches), found.problems) == (2, ["4行目：金融機関番号は4けた、店番は3けたの数字です。"])
    version = published(town.clerk, WHOLE)
    post = {"account.bank_code": "0002", "account.branch_code": "１２", "_lookup": "account"}
    assert "account.bank_code" in validate_step(version, "page_1", post).errors
    result = validate_step(version, "page_1", post | {"account.branch_code": "012"})
    assert result.typed["account"]["branch_name"] == "港支店"
    with pytest.raises(DomainError, match="列がありません"):
        import_banks(actor=town.administrator, content=b"a,b\n1,2\n")
    with pytest.raises(PermissionRefused):
        import_banks(actor=AnonymousActor(government_id=town.id), content=LIST.encode())


@pytest.mark.parametrize(
    "content", [b"", b"\xff\xfe\x00", "金融機関番号,金融機関名,店番,店名\n".encode(), b"x" * 200_000]
)
def test_a_list_that_is_none_is_said(content: bytes) -> None:
    with pytest.raises(UnreadableListError):
        read_banks(content)


def test_a_postcode_of_several_towns_lets_people_choose() -> None:
    address = CATALOGUE["address"]
    field = Field("home", "address", "住所")
    filled = address.fill(field, {"postcode": "452-0961"})  # type: ignore[attr-defined]
    street = next(one for one in address.inputs(field, filled, "ja") if one.part == "street")
    assert filled["city"] == "清須市"
    assert filled["street"] == ""
    assert len(street.choices) > 1


def test_every_new_kind_passes_the_whole_judgement() -> None:
    form = compile_form(WHOLE)
    raw = {
        "account": ACCOUNT,
        "company": "7000012050002",
        "spot": {"place": "公園"},
        "oath": {"name": "山田"},
        "cost": 3000,
    }
    values = check_step(form, form.definition.steps[0], PlainRaw(raw), CONTEXT).values
    assert values["grant"] == 1_500
    assert set(check_all(form, values, CONTEXT).values) == {"account", "company", "spot", "oath", "cost", "grant"}


def test_protected_parts_are_sealed_whole_and_a_sum_of_them_is_kept(town: Town) -> None:
    fields = (
        Field("income", "money", "所得", protected=True),
        Field("half", "calc", "所得の半分", protected=True, settings={"formula": HALF}),
        Field("account", "bank_account", "口座", protected=True),
        Field("oath", "declaration", "誓います", protected=True, settings={"drawing": True}),
    )
    version = published(town.clerk, FormDefinition(steps=(Step("page_1", "頁", fields),)))
    raw = {"income": 1000, "account": ACCOUNT, "oath": {"name": "山田", "drawing": "M1 2L3 4"}}
    values = validate_step(version, "page_1", raw).values
    sealed = seal_answers(version, values)
    assert all(is_sealed(value) for value in sealed.values())
    said = dict(describe_answers(version, sealed)[0][1])
    assert set(said.values()) == {"（特に保護する項目です）"}
    assert "ひばり銀行" in dict(describe_answers(version, open_answers(sealed))[0][1])["口座"]
    assert eform_drawings(version, sealed) == {"drawings": []}
    assert eform_drawings(version, values)["drawings"] == [("誓います", "山田", "M1 2L3 4")]


def test_a_sum_of_protected_answers_must_be_protected() -> None:
    fields = (
        Field("income", "money", "所得", protected=True),
        Field("half", "calc", "所得の半分", settings={"formula": HALF}),
    )
    found = check_definition(FormDefinition(steps=(Step("page_1", "頁", fields),)))
    assert "特に保護する項目の答えから計算します" in found[0].message


@pytest.mark.parametrize("tiles", ["", "https://tiles.example.jp/{z}/{x}/{y}.png"])
def test_a_map_is_drawn_only_where_the_town_named_its_pictures(town: Town, settings: Any, tiles: str) -> None:
    settings.MAP_TILES = tiles
    page = "{% load eforms %}{% eform_step version 'page_1' %}"
    html = Template(page).render(TemplateContext({"version": published(town.clerk, WHOLE)}))
    assert ("data-map" in html, tiles in html) == (bool(tiles), True)
    assert "data-here" in html
    assert "http" not in html.replace(tiles, "") if tiles else "http" not in html


def test_what_is_written_into_the_boxes_of_a_paper() -> None:
    account = parsed("account", ACCOUNT)
    said = _parts(BY_KEY["account"], account)
    assert (said["bank_name"], said["type"], said["number"]) == ("ひばり銀行", "普通", "0012345")
    assert _parts(BY_KEY["company"], "7000012050002")[""] == "7000012050002"
    assert _parts(BY_KEY["grant"], 1500)[""] == "1,500"
    assert _parts(BY_KEY["oath"], {"name": "山田花子", "drawing": "M1 2"})[""] == "山田花子"
