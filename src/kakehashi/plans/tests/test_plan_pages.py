"""The pages of plans, staff and residents."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role
from kakehashi.plans.models import DxPlan, Initiative, PlanIndicator, PlanPolicy, PlanProgram
from kakehashi.plans.services import publish_plan
from kakehashi.plans.testing import small_plan

INDEX = "/staff/plans/"


@pytest.fixture
def small(cast):
    with tenant_scope(cast.hibari.id):
        return small_plan(cast.hibari.officer)


@pytest.fixture
def published(cast, small):
    with tenant_scope(cast.hibari.id):
        publish_plan(actor=cast.hibari.officer, plan=small.plan)
    return small


def test_index_teaches_then_lists(cast, client_for):
    assert "計画はまだありません" in client_for(cast.hibari.clerk).get(INDEX).content.decode()


def test_tree(cast, client_for, small):
    client = client_for(cast.hibari.officer)
    page = client.get(f"{INDEX}{small.plan.id}/").content.decode()
    for word in (
        "便利な窓口",
        "手続のオンライン化",
        "オンライン申請を広げる",
        "これから",
        "未調査",
        "60%",
        "方針を策定する",
        "公開する",
    ):
        assert word in page
    assert client.get(f"{INDEX}{small.plan.id}/?year=x").status_code == 200
    assert client.get(f"{INDEX}{small.plan.id}/?year={small.year - 1}").status_code == 200


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_files(cast, client_for, small, kind):
    response = client_for(cast.hibari.officer).get(f"{INDEX}{small.plan.id}/?format={kind}")
    assert "attachment" in response["Content-Disposition"]


def test_from_nothing_to_targets(cast, client_for):
    client = client_for(cast.hibari.officer)
    given = {"title": "計画", "first_year": 2026, "last_year": 2028, "attainment_policy": "indicators", "scale_code": "three",
             "skeleton_code": "empty", "idempotency_key": uuid7()}  # fmt: skip
    assert client.post(f"{INDEX}new/", {}).status_code == 422
    for _ in range(2):
        assert client.post(f"{INDEX}new/", given).status_code == 302
    with tenant_scope(cast.hibari.id):
        plan = DxPlan.objects.get()
    client.post(f"{INDEX}{plan.id}/policies/new/", {"title": "方針"})
    with tenant_scope(cast.hibari.id):
        policy = PlanPolicy.objects.get()
    client.post(f"{INDEX}policies/{policy.id}/programs/new/", {"title": "施策"})
    with tenant_scope(cast.hibari.id):
        program = PlanProgram.objects.get()
    client.post(f"{INDEX}programs/{program.id}/initiatives/new/", {"title": "取組", "weight": 1})
    with tenant_scope(cast.hibari.id):
        initiative = Initiative.objects.get()
    page = f"{INDEX}initiatives/{initiative.id}/"
    assert (
        client.post(f"{page}indicators/new/", {"label": "方針の策定", "attainment_policy": "ratio"}).status_code == 302
    )
    with tenant_scope(cast.hibari.id):
        indicator = PlanIndicator.objects.get()
    assert client.post(f"{INDEX}indicators/{indicator.id}/targets/", {"target_2026": "策定する"}).status_code == 302
    words = f"{INDEX}indicators/{indicator.id}/words/"
    assert client.post(words, {"reached_on": "令和40年", "text": ""}).status_code == 422
    assert client.post(words, {"reached_on": "R8.10.1", "text": "策定した"}).status_code == 302
    assert "策定した" in client.get(page).content.decode()
    assert client.get(f"{INDEX}{plan.id}/").status_code == 200


def test_every_form_opens(cast, client_for, small):
    client = client_for(cast.hibari.officer)
    program = small.initiative.program
    for path in (
        "new/",
        f"{small.plan.id}/edit/",
        f"{small.plan.id}/policies/new/",
        f"policies/{program.policy_id}/programs/new/",
        f"programs/{program.id}/initiatives/new/",
        f"policies/{program.policy_id}/edit/",
        f"programs/{program.id}/edit/",
        f"initiatives/{small.initiative.id}/edit/",
        f"initiatives/{small.initiative.id}/",
        f"initiatives/{small.initiative.id}/indicators/new/",
        f"indicators/{small.indicator.id}/targets/",
        f"indicators/{small.words.id}/words/",
    ):
        assert client.get(INDEX + path).status_code == 200, path


def test_edit_an_initiative(cast, client_for, small):
    client = client_for(cast.hibari.officer)
    given = {"title": "新しい名前", "weight": 2, "department": cast.hibari.department.id}
    assert client.post(f"{INDEX}initiatives/{small.initiative.id}/edit/", given).status_code == 302
    with tenant_scope(cast.hibari.id):
        found = Initiative.objects.get(id=small.initiative.id)
        assert (found.title, found.weight, found.department_id) == ("新しい名前", 2, cast.hibari.department.id)


def test_a_department_of_the_neighbour_is_no_choice(cast, client_for, small):
    given = {"title": "名前", "weight": 2, "department": cast.misaki.department.id}
    path = f"{INDEX}initiatives/{small.initiative.id}/edit/"
    assert client_for(cast.hibari.officer).post(path, given).status_code == 422


def test_report(cast, client_for, small):
    client = client_for(cast.hibari.clerk)
    path = f"{INDEX}initiatives/{small.initiative.id}/report/"
    refused = client.post(path, {"state": "missed", "next_move": "書いたもの"})
    assert (refused.status_code, "書いたもの" in refused.content.decode()) == (422, True)
    assert client.post(path, {"state": "missed", "reason": "遅れた", "next_move": "増やす"}).status_code == 302
    page = client.get(f"{INDEX}initiatives/{small.initiative.id}/").content.decode()
    assert "未達" in page
    assert "増やす" in page


@pytest.mark.parametrize("value", ["x", "1e99", "NaN", "\x00", "9" * 60])
def test_hostile_targets_are_messages(cast, client_for, small, value):
    path = f"{INDEX}indicators/{small.indicator.id}/targets/"
    assert client_for(cast.hibari.officer).post(path, {f"target_{small.year}": value}).status_code == 422


def test_permissions_and_neighbours(cast, client_for, small):
    with tenant_scope(cast.hibari.id):
        Role.objects.update(permissions=["plans.plan:read"])
    client = client_for(cast.hibari.clerk)
    assert client.get(f"{INDEX}{small.plan.id}/").status_code == 200
    for path in (f"{small.plan.id}/publish/", f"initiatives/{small.initiative.id}/report/", "new/"):
        assert client.post(INDEX + path).status_code == 403
    assert client_for(cast.misaki.clerk).get(f"{INDEX}{small.plan.id}/").status_code == 404


def test_publishing_on_the_page(cast, client_for, small):
    client = client_for(cast.hibari.officer)
    anonymous = client_for(cast.hibari)
    assert anonymous.get(f"/plans/{small.plan.id}/").status_code == 404
    client.post(f"{INDEX}{small.plan.id}/publish/")
    assert anonymous.get(f"/plans/{small.plan.id}/").status_code == 200
    assert anonymous.get("/plans/").status_code == 302
    client.post(f"{INDEX}{small.plan.id}/withdraw/")
    assert anonymous.get("/plans/").status_code == 200


@pytest.mark.parametrize(
    ("language", "word"), [("ja", "役場の手続"), ("ja-easy", "やくばの"), ("en", "easier services")]
)
def test_residents_read_in_their_language(cast, client_for, published, settings, language, word):
    client = client_for(cast.hibari)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = client.get(f"/plans/{published.plan.id}/").content.decode()
    assert word in page
    assert "オンライン申請を広げる" in page


def test_the_residents_page_is_cheap_even_when_nothing_is_remembered(cast, client_for, published):
    client = client_for(cast.hibari)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"/plans/{published.plan.id}/")
    counted = [one for one in queries if not re.match(r"SAVEPOINT|RELEASE|SELECT set_config", one["sql"])]
    assert len(counted) <= 13


def test_the_second_of_two_tabs_is_told_and_keeps_its_words(cast, client_for, small):
    client = client_for(cast.hibari.officer)
    with tenant_scope(cast.hibari.id):
        path = f"{INDEX}policies/{small.initiative.program.policy_id}/edit/"
    opened = client.get(path)
    seen, form = opened.context["seen"], opened.context["form"]
    given = {name: "" if value is None else value for name, value in form.initial.items()} | {"seen": seen}
    assert client.post(path, given | {"title": "先に保存した名"}).status_code == 302
    second = client.post(path, given | {"title": "あとから書いた名"})
    page = second.content.decode()
    assert second.status_code == 422
    assert "先に保存しました" in page
    assert "「先に保存した名」" in page
    assert 'value="あとから書いた名"' in page
    assert client.post(path, given | {"title": "あとから書いた名", "seen": second.context["seen"]}).status_code == 302
