"""Judging answers in the reader's language, and the page they are typed on."""

from typing import Any

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.utils.translation import override

from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import clean_answers, describe_answers, validate_all, validate_step
from kakehashi.eforms.testing import BRANCHING, GOOD_POST, published
from kakehashi.people.testing import Town

PAGE = "{% load eforms %}{% eform_errors version errors %}{% eform_step version 'page_1' values errors %}"


@pytest.fixture
def version(town: Town) -> FormVersion:
    return published(town.clerk)


def post(**changes: Any) -> QueryDict:
    made = QueryDict(mutable=True)
    for name, value in (GOOD_POST | changes).items():
        made.setlist(name, value if isinstance(value, list) else [value])
    return made


def page(version: FormVersion, values: dict[str, Any], errors: dict[str, str]) -> str:
    return Template(PAGE).render(Context({"version": version, "values": values, "errors": errors}))


def test_a_good_post_has_no_errors_and_can_be_handed_in(version: FormVersion) -> None:
    result = validate_step(version, "page_1", post())
    assert result.errors == {}
    assert not result.redisplay
    assert result.values["born"] == "1985-04-01"
    assert validate_all(version, result.values) == {}
    assert clean_answers(version, result.values).values == result.values


def test_an_empty_post_names_every_required_question(version: FormVersion) -> None:
    errors = validate_step(version, "page_1", QueryDict()).errors
    assert set(errors) == {"name.family", "born.year", "home.postcode", "phone", "kind", "reason", "agree"}
    assert errors["phone"] == "「電話番号」を入力してください。"
    assert errors["kind"] == "「申請の種類」を選んでください。"


def test_nothing_typed_is_lost_by_an_error(version: FormVersion) -> None:
    result = validate_step(version, "page_1", post(phone="12345", **{"born.month": "13"}))
    html = page(version, result.typed, result.errors)
    for typed in ("12345", "13", "山田", "千代田1-1", "引っ越しのため"):
        assert typed in html
    assert 'href="#id_phone"' in html
    assert 'href="#id_born.month"' in html
    assert 'id="id_phone_error"' in html or 'id="id_phone"' in html


def test_the_look_up_fills_in_and_judges_nothing(version: FormVersion) -> None:
    result = validate_step(version, "page_1", post(_lookup="home", phone="", **{"home.city": "", "home.street": ""}))
    assert result.redisplay
    assert result.errors == {}
    assert result.typed["home"]["city"] == "千代田区"
    assert result.typed["home"]["street"] == "千代田"


def test_a_row_more(version: FormVersion) -> None:
    result = validate_step(version, "page_1", post(_add_row="family"))
    assert result.redisplay
    html = page(version, result.typed, {})
    assert 'name="family.2.who"' in html
    assert 'value="太郎"' in html


def test_every_input_has_a_name_that_people_and_machines_can_read(version: FormVersion) -> None:
    html = page(version, {}, {})
    for needed in (
        'autocomplete="family-name"', 'autocomplete="bday-year"', 'autocomplete="postal-code"', 'autocomplete="tel"', 'inputmode="email"',
        "<legend", 'for="id_phone"', 'aria-describedby="id_phone_help"', "住所を入れる", 'inputmode="numeric"',
    ):  # fmt: skip
        assert needed in html
    assert " required" not in html
    assert "style=" not in html
    assert "onclick" not in html


def test_answers_are_described_for_people(version: FormVersion) -> None:
    values = validate_step(version, "page_1", post()).values
    [(title, rows)] = describe_answers(version, values)
    said = dict(rows)
    assert title == "申請の内容"
    assert said["生年月日"] == "昭和60年4月1日（1985年）"
    assert said["メールアドレス"] == "Hanako@example.jp"
    assert said["備考"] == ""
    assert "お知らせ" not in said


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("ja", "「電話番号」を入力してください。"),
        ("ja-easy", "「電話番号」を 書いて ください。"),
        ("en", "Please fill in “電話番号”."),
    ],
)
def test_errors_speak_the_readers_language(version: FormVersion, language: str, word: str) -> None:
    with override(language):
        assert validate_step(version, "page_1", post(phone="")).errors["phone"] == word


def test_errors_inside_a_group_name_the_question_in_english(version: FormVersion) -> None:
    with override("en"):
        result = validate_step(version, "page_1", QueryDict("family.rows=1&family.0.age=3"))
        assert result.errors["name.family"] == "Please fill in “Name”."
        html = page(version, result.typed, result.errors)
        assert ">Please fill in “Name”.</a>" in html
        assert "住所: Please enter the postcode." in html or "Please fill in “住所”." in html


def test_a_page_is_in_english_where_it_has_english(version: FormVersion) -> None:
    with override("en"):
        html = page(version, {}, {})
        assert "Name" in html
        assert "Family name" in html
        assert describe_answers(version, {"kind": "new"})[0][1][5] == ("申請の種類", "New")


def test_changed_answers_bring_questions(town: Town) -> None:
    version = published(town.clerk, BRANCHING)
    tag = Template("{% load eforms %}{% eform_step version 'page_2' values errors %}")
    html = tag.render(Context({"version": version, "values": {"pet": "dog", "kind": "change"}, "errors": {}}))
    assert "犬の種類" in html
    assert "前の内容" in html
    assert 'hx-trigger="change"' in html
