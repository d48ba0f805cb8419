"""Tags and filters of the screens."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.pages import Page

SATURDAY = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


def shown(text, **context):
    return Template("{% load kakehashi %}" + text).render(Context(context)).strip()


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", "令和8年11月21日(土)"), ("ja-easy", "2026年11月21日(土)"), ("en", "21 Nov 2026 (Sat)")],
)
def test_a_date_in_each_language(language, words):
    with translation.override(language):
        assert f">{words}</time>" in shown("{{ day|wareki }}", day=date(2026, 11, 21))


def test_the_other_calendar_is_in_the_title():
    page = shown("{{ day|wareki }}", day=date(2026, 11, 21))
    assert 'datetime="2026-11-21" title="2026年11月21日(土)"' in page


def test_a_moment_is_told_in_japans_time():
    assert shown("{{ at|wareki_text }}", at=datetime(2026, 11, 20, 15, 5, tzinfo=UTC)) == "令和8年11月21日(土) 00:05"


def test_a_day_before_meiji_is_told_in_western_years():
    assert "1860年1月2日" in shown("{{ day|wareki }}", day=date(1860, 1, 2))


@pytest.mark.parametrize(
    ("due", "tone", "words"),
    [
        (date(2026, 11, 18), "over", "2営業日超過"),
        (date(2026, 11, 20), "over", "1営業日超過"),
        # Saturday the 21st and Monday the 23rd (a holiday): the term ends on the next open day.
        (date(2026, 11, 21), "soon", "あと1営業日"),
        (date(2026, 11, 24), "soon", "あと1営業日"),
        (date(2026, 12, 11), "calm", "あと14営業日"),
    ],
)
def test_due_dates_in_business_days(due, tone, words):
    with clock.frozen(SATURDAY):
        assert (
            shown("{{ due|business_days_left }}", due=due)
            == f'<span class="dads-due" data-tone="{tone}">{words}</span>'
        )


def test_the_last_day_is_today():
    with clock.frozen(datetime(2026, 11, 24, 3, 0, tzinfo=UTC)):
        assert "今日まで" in shown("{{ due|business_days_left }}", due=date(2026, 11, 24))


@pytest.mark.parametrize(("ago", "words"), [(30, "1時間未満"), (7200, "2時間"), (86_400 * 3, "3日間")])
def test_how_long_something_waits(ago, words):
    assert shown("{{ since|waiting_for }}", since=clock.now() - timedelta(seconds=ago)) == words


@pytest.mark.parametrize(("value", "words"), [(1234567, "1,234,567円"), (0, "0円"), (None, "")])
def test_money(value, words):
    assert shown("{{ value|money }}", value=value) == words


def test_nothing_given_shows_nothing():
    assert shown("{{ n|wareki }}{{ n|wareki_text }}{{ n|business_days_left }}{{ n|waiting_for }}", n=None) == ""


def test_a_posted_key_survives_the_error_page():
    key = str(uuid7())
    request = RequestFactory().post("/", {"idempotency_key": key})
    assert f'value="{key}"' in shown("{% idempotency_key %}", request=request)
    forged = RequestFactory().post("/", {"idempotency_key": "<script>"})
    assert "<script>" not in shown("{% idempotency_key %}", request=forged)


def test_pages_keep_the_filters():
    request = RequestFactory().get("/?q=転入&cursor=old")
    page = shown("{% pagination page %}", request=request, page=Page([], "next", None))
    assert "q=%E8%BB%A2%E5%85%A5&amp;cursor=next" in page
    assert "前のページ" not in page


def test_exports_keep_the_filters_and_drop_the_page():
    request = RequestFactory().get("/?q=1&cursor=old")
    assert 'href="?q=1&amp;format=csv"' in shown("{% export_links %}", request=request)


def test_user_text_is_escaped_everywhere():
    bad = "<b>x</b>"
    page = shown(
        "{% status bad bad %}{% empty_state bad bad '/x' %}{% description pairs %}{% steps names 1 %}{% breadcrumb bad %}",
        bad=bad,
        pairs=[(bad, bad)],
        names=[bad],
    )
    assert "<b>" not in page


class Choices(forms.Form):
    name = forms.CharField(label="氏名", help_text="戸籍のとおり")
    way = forms.ChoiceField(label="方法", choices=[("a", "窓口")], widget=forms.RadioSelect)


def test_a_group_of_choices_is_a_fieldset_and_the_summary_leads_to_its_first():
    form = Choices({})
    page = shown("{% error_summary form %}{{ form }}", form=form)
    assert '<legend class="dads-form-control-label__label">方法' in page
    assert 'href="#id_way_0"' in page
    assert 'id="id_way_0"' in page


def test_a_form_without_faults_has_no_summary():
    assert "dads-error-summary" not in shown("{% error_summary form %}", form=Choices())


def test_faults_of_the_whole_form_are_told_once():
    form = Choices({"name": "x", "way": "a"})
    form.add_error(None, "まとめて直してください。")
    assert shown("{% error_summary form %}{{ form }}", form=form).count("まとめて直してください。") == 1
    form = Choices({"name": "x", "way": "a"})
    form.add_error(None, "まとめて直してください。")
    assert shown("{{ form }}", form=form).count("まとめて直してください。") == 1


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", "窓口・郵送（見本）"), ("ja-easy", "窓口・郵送（見本）"), ("en", "窓口, 郵送 (見本)")],
)
def test_lists_and_remarks_are_written_as_the_language_writes_them(language, words):
    with translation.override(language):
        assert shown("{{ ways|joined }}{{ note|bracketed }}", ways=["窓口", "郵送"], note="見本") == words
