"""改組: tried out, applied in one act, carried out on the morning of 4/1 in Japan, called off before it."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from kakehashi.cases.models import Case
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people import hooks
from kakehashi.people.models import Department, DeputyRule, Post, Reorganisation
from kakehashi.people.selectors import chart_on, department_ancestors, holder_of, staff_actor, superiors_of
from kakehashi.people.selectors.reorganisations import comparison_of, reorganised
from kakehashi.people.services import (
    apply_reorganisation,
    cancel_reorganisation,
    carry_due,
    choose_heirs,
    confirm_columns,
    proposed_columns,
    start_reorganisation,
)
from kakehashi.people.testing import person_of

EVE, DAY = date(2027, 3, 31), date(2027, 4, 1)
BEFORE = datetime(2027, 3, 20, 9, 0, tzinfo=clock.JST)
LAST_SECOND = datetime(2027, 3, 31, 23, 59, 59, tzinfo=clock.JST)
FIRST_SECOND = datetime(2027, 4, 1, 0, 0, 0, tzinfo=clock.JST)
TABLE = "所属コード,所属,文書記号\n01,総務課,総\n02,住民生活課,民\n"


@pytest.fixture(autouse=True)
def _in_march():
    with clock.frozen(BEFORE):
        yield


def planned(town, table=TABLE):
    made = start_reorganisation(
        actor=town.administrator, title="4月の改組", effective_on=DAY, file_name="新組織.csv", content=table.encode()
    )
    headers = table.splitlines()[0].split(",")
    keys = ("code", "name", "symbol")
    return confirm_columns(actor=town.administrator, reorganisation=made, columns=dict(zip(keys, headers, strict=True)))


def applied(town):
    row = planned(town)
    return apply_reorganisation(actor=town.administrator, reorganisation=row, expected_revision=row.revision)


def open_case(town):
    return Case.objects.create(
        kind="cases.inquiry",
        source_id=uuid7(),
        fiscal_year=2026,
        subject="転入届",
        department=town.department,
        state_label="審査中",
    )


def heir():
    return Department.objects.get(name="住民生活課")


def test_the_old_organisation_stands_until_the_last_second_in_japan(town):
    applied(town)
    names = [line.name for line in chart_on(EVE, LAST_SECOND)]
    assert "住民課" in names
    assert "住民生活課" not in names
    names = [line.name for line in chart_on(DAY, FIRST_SECOND)]
    assert "住民生活課" in names
    assert "住民課" not in names
    with clock.frozen(LAST_SECOND):
        assert staff_actor(person_of(town.manager)).post_name == "住民課課長"
    with clock.frozen(FIRST_SECOND):
        actor = staff_actor(person_of(town.manager))
        assert (actor.post_name, actor.department_id) == ("住民生活課課長", heir().id)


def test_what_is_alive_moves_on_the_morning_and_not_a_second_before(town):
    case = open_case(town)
    row = applied(town)
    with clock.frozen(LAST_SECOND):
        assert carry_due(government_id=town.id) == 0
        case.refresh_from_db()
        assert case.department_id == town.department.id
    with clock.frozen(FIRST_SECOND):
        assert carry_due(government_id=town.id) == 1
        assert carry_due(government_id=town.id) == 0
    case.refresh_from_db()
    row.refresh_from_db()
    assert case.department_id == heir().id
    assert row.carried["cases.open"] == 1
    codes = list(Event.objects.filter(subject_id=row.id).order_by("id").values_list("code", flat=True))
    assert codes == ["people.reorganisation.applied", "people.reorganisation.carried"]


def test_applied_on_the_day_itself_it_moves_at_once(town):
    case = open_case(town)
    row = planned(town)
    with clock.frozen(FIRST_SECOND):
        apply_reorganisation(actor=town.administrator, reorganisation=row, expected_revision=row.revision)
    case.refresh_from_db()
    assert case.department_id == heir().id


def test_cancelling_before_the_day_leaves_no_trace_but_the_journal(town):
    before = (list(Department.objects.values_list()), list(Post.objects.order_by("id").values_list()))
    row = applied(town)
    cancel_reorganisation(actor=town.administrator, reorganisation=row)
    assert (list(Department.objects.values_list()), list(Post.objects.order_by("id").values_list())) == before
    assert holder_of(Post.objects.get(id=town.manager.post_id), DAY) == person_of(town.manager)
    assert Event.objects.filter(code="people.reorganisation.cancelled").count() == 1
    row.refresh_from_db()
    assert row.is_draft
    apply_reorganisation(actor=town.administrator, reorganisation=row, expected_revision=row.revision)


def test_once_the_day_has_come_it_is_not_cancelled(town):
    row = applied(town)
    with clock.frozen(FIRST_SECOND), pytest.raises(Stale):
        cancel_reorganisation(actor=town.administrator, reorganisation=row)


def test_a_stale_screen_applies_nothing(town):
    row = planned(town)
    choose_heirs(actor=town.administrator, reorganisation=row, chosen={}, expected_revision=row.revision)
    with pytest.raises(Stale):
        apply_reorganisation(actor=town.administrator, reorganisation=row, expected_revision=row.revision)
    assert Department.objects.count() == 2


def test_something_alive_without_anybody_to_follow_stops_it(town):
    open_case(town)
    row = planned(town, "所属コード,所属,文書記号\n01,総務課,総\n")
    with pytest.raises(DomainError, match="処理中の案件が1件"):
        apply_reorganisation(actor=town.administrator, reorganisation=row, expected_revision=row.revision)
    row = choose_heirs(
        actor=town.administrator,
        reorganisation=row,
        chosen={str(town.department.id): "01"},
        expected_revision=row.revision,
    )
    apply_reorganisation(actor=town.administrator, reorganisation=row, expected_revision=row.revision)


def test_deputies_follow_their_posts(town):
    rule = DeputyRule.objects.create(
        post_id=town.manager.post_id, deputy_post_id=town.clerk.post_id, order=1, clause="第8条"
    )
    applied(town)
    with clock.frozen(FIRST_SECOND):
        carry_due(government_id=town.id)
    rule.refresh_from_db()
    assert (rule.post.name, rule.deputy_post.name) == ("住民生活課課長", "住民生活課主事")


def test_the_findings_are_sentences_that_open_their_rows(town):
    open_case(town)
    row = planned(town)
    found = hooks.reorganisation_findings(reorganised(row, comparison_of(row)))
    cases = next(each for each in found if each.code == "cases.open")
    assert cases.sentence == "住民課の処理中の案件が1件あります。"
    assert "住民生活課" in cases.proposal
    assert not cases.is_broken
    assert cases.subject_id == town.department.id


def test_a_section_under_a_part_that_is_followed_stands_under_the_follower(town):
    part = Department.objects.create(code="10", name="総務部", valid_from=date(2020, 4, 1))
    Department.objects.filter(id=town.department.id).update(parent=part)
    chief = Post.objects.create(department=part, name="総務部部長", rank=30, valid_from=date(2020, 4, 1))
    table = (
        "所属コード,所属,文書記号,上の所属コード,旧所属コード\n01,総務課,総,,\n11,企画総務部,,,10\n02,住民課,住,11,\n"
    )
    row = start_reorganisation(
        actor=town.administrator, title="部", effective_on=DAY, file_name="a.csv", content=table.encode()
    )
    columns = {
        "code": "所属コード",
        "name": "所属",
        "symbol": "文書記号",
        "parent": "上の所属コード",
        "former": "旧所属コード",
    }
    row = confirm_columns(actor=town.administrator, reorganisation=row, columns=columns)
    apply_reorganisation(actor=town.administrator, reorganisation=row, expected_revision=row.revision)
    section = Department.objects.get(id=town.department.id)
    assert section.valid_to is None
    assert [each.name for each in department_ancestors(section, EVE)] == ["総務部"]
    assert [each.name for each in department_ancestors(section, DAY)] == ["企画総務部"]
    manager = Post.objects.get(id=town.manager.post_id)
    assert next(post.name for post in superiors_of(manager, EVE)) == chief.name
    assert next(post.name for post in superiors_of(manager, DAY)) == "企画総務部部長"
    assert [(line.name, line.depth) for line in chart_on(DAY, FIRST_SECOND) if line.name == "住民課"] == [("住民課", 1)]


def test_who_may_not_and_another_town(cast, client_for):
    town = cast.hibari
    with tenant_scope(town.id):
        with pytest.raises(PermissionRefused):
            start_reorganisation(actor=town.clerk, title="", effective_on=DAY)
        path = f"/hibari/staff/people/reorganisations/{planned(town).id}/"
    assert client_for(town.clerk).get(path).status_code == 403
    assert client_for(town.administrator).get(f"{path}apply/").status_code == 405
    assert client_for(town.administrator).get(f"{path}rows/cases.none/{town.department.id}/").status_code == 404
    assert client_for(cast.misaki.administrator).get(path.replace("hibari", "misaki")).status_code == 404


def test_the_pages_lead_from_a_table_to_the_act_and_back(town, client_for):
    open_case(town)
    client = client_for(town.administrator)
    file = SimpleUploadedFile("新組織.csv", TABLE.encode(), "text/csv")
    sent = {"title": "4月の改組", "effective_on": "2027-04-01", "file": file}
    step = client.post(reverse("people-staff:reorganisations"), sent)
    assert step.status_code == 302
    assert step.url.endswith("/columns/")
    columns = {"code": "所属コード", "name": "所属", "symbol": "文書記号"}
    assert "文書記号" in client.get(step.url).content.decode()
    assert client.post(step.url, {"code": "所属コード"}).status_code == 422
    page_url = client.post(step.url, columns).url
    row = Reorganisation.objects.get()
    page = client.get(page_url).content.decode()
    assert "住民課の処理中の案件が1件あります。" in page
    assert "改組を適用する" in page
    rows = reverse("people-staff:reorganisation-rows", args=[row.id, "cases.open", town.department.id])
    assert "転入届" in client.get(rows).content.decode()
    assert client.get(page_url, {"format": "csv"}).status_code == 200
    chosen = client.post(page_url, {str(town.department.id): "01", "revision": row.revision})
    assert chosen.status_code == 302
    row.refresh_from_db()
    client.post(reverse("people-staff:reorganisation-apply", args=[row.id]), {"revision": row.revision})
    assert "適用を取りやめる" in client.get(page_url).content.decode()
    client.post(reverse("people-staff:reorganisation-cancel", args=[row.id]))
    assert "改組を適用する" in client.get(page_url).content.decode()


def test_the_organisation_is_typed_on_the_screen_too(town, client_for):
    client = client_for(town.administrator)
    step = client.post(reverse("people-staff:reorganisations"), {"title": "手で", "effective_on": "2027-04-01"})
    page = client.get(step.url).content.decode()
    assert "住民課課長" in page
    row = Reorganisation.objects.get()
    sent = {
        "revision": row.revision,
        "departments": 3,
        "posts": 0,
        "d0.code": "01",
        "d0.name": "総務課",
        "d0.symbol": "総",
        "d1.code": "02",
        "d1.name": "くらし課",
        "d1.symbol": "住",
    }
    client.post(step.url, sent)
    assert [fate.old.name for fate in comparison_of(Reorganisation.objects.get()).ending] == ["住民課"]
    assert client.post(step.url, sent).status_code == 422


def test_todays_organisation_is_given_in_the_columns_that_are_read(town, client_for):
    client = client_for(town.administrator)
    content = client.get(reverse("people-staff:reorganisation-today"), {"format": "csv"}).content
    row = start_reorganisation(
        actor=town.administrator, title="同じ", effective_on=DAY, file_name="a.csv", content=content
    )
    row = confirm_columns(actor=town.administrator, reorganisation=row, columns=proposed_columns(row))
    found = comparison_of(row)
    assert not found.ending
    assert not found.ending_posts
    assert not found.made
