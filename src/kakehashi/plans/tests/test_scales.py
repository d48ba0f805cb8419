"""Scales of the town's own, several ways to judge one plan, units that are set up for a time."""

from datetime import date, timedelta

import pytest

from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.plans import services
from kakehashi.plans.selectors import all_scales, plan_tree, ways_of
from kakehashi.plans.testing import small_plan

INDEX = "/staff/plans/"


@pytest.fixture
def small(cast):
    with tenant_scope(cast.hibari.id):
        return small_plan(cast.hibari.officer)


def test_several_ways_stand_side_by_side(cast, client_for, small):
    client = client_for(cast.hibari.officer)
    made = {"label": "うちの段階", "grades_text": "100 よい 2\n0 これから 0", "source": "評価要領"}
    assert client.post(f"{INDEX}scales/new/", made | {"grades_text": "x"}).status_code == 422
    assert client.post(f"{INDEX}scales/new/", made).status_code == 302
    assert "うちの段階" in client.get(f"{INDEX}scales/").content.decode()
    ways = {"ways": ["points|town-1", "initiatives|met"]}
    assert client.post(f"{INDEX}{small.plan.id}/evaluations/", {"ways": ["x|y"]}).status_code == 422
    assert client.post(f"{INDEX}{small.plan.id}/evaluations/", ways).status_code == 302
    page = client.get(f"{INDEX}{small.plan.id}/").content.decode()
    for words in ("取組数ベース：達成した取組 ÷ 中止を除くすべての取組", "点数：指標の達成率を", "うちの段階"):
        assert words in page
    with tenant_scope(cast.hibari.id):
        small.plan.refresh_from_db()
        assert [scale.code for _, scale in ways_of(small.plan)] == ["three", "met", "town-1"]
        tree = plan_tree(small.plan, small.year, live=False)
        assert [one.policy for one in tree.evaluations] == ["indicators", "initiatives", "points"]


def test_an_own_scale_is_changed(cast, client_for, small):
    with tenant_scope(cast.hibari.id):
        scale = services.save_scale(actor=cast.hibari.officer, label="段階", grades_text="100 a 1\n0 b 0")
    path = f"{INDEX}scales/{scale.id}/"
    client = client_for(cast.hibari.officer)
    assert "100 a 1" in client.get(path).content.decode()
    assert client.post(path, {"label": "新しい名", "grades_text": "90 a 1\n0 b 0"}).status_code == 302
    assert client_for(cast.misaki.officer).get(path).status_code == 404
    with tenant_scope(cast.hibari.id):
        assert {one.label for one in all_scales()} >= {"新しい名"}
        assert Event.objects.filter(code="plans.scale.saved").count() == 2


def test_a_unit_for_a_time_has_a_last_day(cast, small):
    with tenant_scope(cast.hibari.id):
        actor = cast.hibari.officer
        for changes, field in (
            ({"unit_name": "戦略室"}, "sunset_on"),
            ({"sunset_on": date(2027, 3, 31)}, "unit_name"),
            ({"budget_yen": -1}, "budget_yen"),
            ({"starts_on": date(2026, 5, 1), "ends_on": date(2026, 4, 1)}, "ends_on"),
        ):
            with pytest.raises(DomainError) as caught:
                services.edit_node(
                    actor=actor, node=type(small.initiative).objects.get(id=small.initiative.id), changes=changes
                )
            assert caught.value.field == field


def test_a_unit_goes_on_with_a_reason_and_ends_with_a_lesson(cast, client_for, small):
    client, page = client_for(cast.hibari.officer), f"{INDEX}initiatives/{small.initiative.id}/"
    past = clock.today() - timedelta(days=3)
    given = {
        "title": "取組",
        "weight": 1,
        "budget_yen": "１，２００，０００円",
        "unit_name": "デジタル変革戦略室",
        "sunset_on": past.isoformat(),
    }
    assert client.post(f"{page}edit/", given).status_code == 302
    shown = client.get(page).content.decode()
    assert "1,200,000円" in shown
    assert "期限を過ぎています" in shown
    later = (past + timedelta(days=365)).isoformat()
    for act in ("extend", "close"):
        assert client.post(f"{page}unit/", {"act": act, "until": later, "note": ""}).status_code == 422
    assert client.post(f"{page}unit/", {"act": "extend", "until": later, "note": "移行が残る"}).status_code == 302
    assert client.post(f"{page}unit/", {"act": "close", "until": later, "note": "各課に引き継いだ"}).status_code == 302
    assert client.post(f"{page}unit/", {"act": "close", "until": later, "note": "もう一度"}).status_code == 422
    with tenant_scope(cast.hibari.id):
        codes = set(Event.objects.values_list("code", flat=True))
    assert {"plans.unit.extended", "plans.unit.closed"} <= codes


def test_targets_are_drawn_by_the_method(cast, client_for, small):
    path = f"{INDEX}indicators/{small.indicator.id}/targets/"
    client = client_for(cast.hibari.officer)
    assert client.get(path).status_code == 200
    years = list(small.plan.years)
    given = {f"target_{year}": "" for year in years} | {
        f"target_{years[0]}": "50",
        f"target_{years[-1]}": "61",
        "way": "linear",
    }
    assert client.post(path, given).status_code == 302
    with tenant_scope(cast.hibari.id):
        targets = {one.fiscal_year: one for one in small.indicator.targets.all()}
    assert [str(targets[year].value.normalize()) for year in years] == ["5E+1", "52.8", "55.5", "58.3", "61"]
    assert [targets[year].is_derived for year in years] == [False, True, True, True, False]
    assert "計算" in client.get(f"{INDEX}initiatives/{small.initiative.id}/").content.decode()


@pytest.mark.parametrize(
    ("code", "edition", "first"),
    [
        ("mic-2.3", "第2.3版", "推進体制の構築"),
        ("tejunsho-4.0", "第4.0版", "STEP0 DXの認識共有・機運醸成"),
        ("pillars-1", "三本柱", "暮らしを便利にする"),
    ],
)
def test_every_template_says_its_edition(cast, client_for, code, edition, first):
    client = client_for(cast.hibari.officer)
    given = {"title": "計画", "first_year": 2026, "last_year": 2028, "attainment_policy": "indicators", "scale_code": "three",
             "skeleton_code": code, "kind": "dx"}  # fmt: skip
    page = client.get(client.post(f"{INDEX}new/", given)["Location"]).content.decode()
    assert edition in page
    assert first in page


def test_a_plan_by_ordinance_names_it(cast, client_for):
    given = {"title": "計画", "first_year": 2026, "last_year": 2028, "attainment_policy": "indicators", "scale_code": "three",
             "skeleton_code": "empty", "kind": "ordinance"}  # fmt: skip
    client = client_for(cast.hibari.officer)
    assert client.post(f"{INDEX}new/", given).status_code == 422
    assert client.post(f"{INDEX}new/", given | {"legal_basis": "デジタル推進条例3条"}).status_code == 302
