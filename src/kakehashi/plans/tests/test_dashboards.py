"""The head's one page and the pages of sections."""

from decimal import Decimal

import pytest

from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.services import record_value
from kakehashi.journal.models import Event
from kakehashi.kernel import clock
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role
from kakehashi.plans import hooks, services
from kakehashi.plans.domain.states import InitiativeState
from kakehashi.plans.hooks import Story, register_stories
from kakehashi.plans.selectors import head_codes
from kakehashi.plans.testing import small_plan

INDEX = "/staff/plans/"


@pytest.fixture
def small(cast):
    with tenant_scope(cast.hibari.id):
        made = small_plan(cast.hibari.officer)
        actor = cast.hibari.officer
        services.edit_node(
            actor=actor, node=made.initiative, changes={"department": cast.hibari.department, "budget_yen": 3000}
        )
        record_value(actor=actor, measure=made.measure, period=Period.year(made.year), value=Decimal(45))
        services.report_initiative(
            actor=actor, initiative=made.initiative, state=InitiativeState.AT_RISK, reason="遅い", next_move="3人に聞く"
        )
        services.publish_plan(actor=actor, plan=made.plan)
        return made


def test_the_head_sees_one_page(cast, client_for, small, monkeypatch):
    monkeypatch.setattr(hooks, "STORIES", type(hooks.STORIES)("test.stories"))
    register_stories("desk", lambda since: [Story(clock.now(), "窓口の話", "待ち時間が半分になった", "/x/")])
    page = client_for(cast.hibari.mayor).get(f"{INDEX}head/").content.decode()
    for words in (
        "満足度",
        "達成率 75.0％",
        "達成率の決め方：実績 ÷ 目標",
        "決裁を待つもの（0）",
        "3人に聞く",
        "窓口の話",
        "指標数ベース",
        "ind-plot",
    ):
        assert words in page
    assert client_for(cast.hibari.mayor).get(f"{INDEX}head/?format=csv").status_code == 200


def test_the_numbers_are_chosen(cast, client_for, small):
    client = client_for(cast.hibari.officer)
    with tenant_scope(cast.hibari.id):
        assert head_codes()[0] == small.measure.code
        assert len(head_codes()) == 10
        with pytest.raises(DomainError):
            services.choose_head_numbers(actor=cast.hibari.officer, codes=["x.y"])
    assert client.get(f"{INDEX}head/numbers/").status_code == 200
    assert client.post(f"{INDEX}head/numbers/", {"codes": ["x.y"]}).status_code == 422
    assert client.post(f"{INDEX}head/numbers/", {"codes": [small.measure.code]}).status_code == 302
    with tenant_scope(cast.hibari.id):
        assert Event.objects.filter(code="plans.head.chosen").count() == 1


def test_a_section_sees_its_own(cast, client_for, small):
    client = client_for(cast.hibari.clerk)
    assert cast.hibari.department.name in client.get(f"{INDEX}sections/").content.decode()
    path = f"{INDEX}sections/{cast.hibari.department.id}/"
    with tenant_scope(cast.hibari.id):
        services.open_review(actor=cast.hibari.officer, plan=small.plan, fiscal_year=small.year)
    page = client.get(path).content.decode()
    for words in ("オンライン申請を広げる", "3,000円", "この課が書くもの", "75.0％", "実績 ÷ 目標"):
        assert words in page
    assert client.get(f"{path}?format=xlsx").status_code == 200
    assert client_for(cast.misaki.clerk).get(path).status_code == 404


def test_who_may(cast, client_for, small):
    with tenant_scope(cast.hibari.id):
        Role.objects.update(permissions=["plans.plan:read"])
    assert client_for(cast.hibari.clerk).get(f"{INDEX}head/").status_code == 200
    assert client_for(cast.hibari.clerk).get(f"{INDEX}head/numbers/").status_code == 403
