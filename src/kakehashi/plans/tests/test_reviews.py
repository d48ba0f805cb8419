"""Reviews: figures of the moment, a cause and a next move for every miss, reminders, and a close that holds."""

from decimal import Decimal

import pytest

from kakehashi.indicators.domain.period import Period
from kakehashi.indicators.services import record_value
from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.models import Role
from kakehashi.plans import services
from kakehashi.plans.domain.reviews import review_bounds
from kakehashi.plans.models import PlanReview, ReviewLine
from kakehashi.plans.testing import small_plan

INDEX = "/staff/plans/"
MISS = {
    "result": "missed",
    "cause": "use",
    "cause_text": "知られていない",
    "move": "orient",
    "move_text": "来月、窓口で3人に聞く",
}


@pytest.fixture
def small(cast):
    with tenant_scope(cast.hibari.id):
        made = small_plan(cast.hibari.officer)
        services.edit_node(
            actor=cast.hibari.officer, node=made.initiative, changes={"department": cast.hibari.department}
        )
        record_value(actor=cast.hibari.officer, measure=made.measure, period=Period.year(made.year), value=Decimal(45))
        return made


@pytest.fixture
def opened(cast, small):
    with tenant_scope(cast.hibari.id):
        return services.open_review(actor=cast.hibari.officer, plan=small.plan, fiscal_year=small.year)


def lines(review):
    return {one.initiative.title: one for one in ReviewLine.objects.filter(review=review).select_related("initiative")}


def test_the_figures_are_those_of_the_moment(cast, small, opened):
    with tenant_scope(cast.hibari.id):
        record_value(
            actor=cast.hibari.officer,
            measure=small.measure,
            period=Period.year(small.year),
            value=Decimal(70),
            reason="直した",
        )
        missed = lines(opened)["オンライン申請を広げる"]
    assert (missed.is_missed, missed.figures[0]["actual"], missed.figures[0]["rate"]) == (True, "45.0", "75.0")
    assert "実績 ÷ 目標" in missed.figures[0]["policy"]
    assert opened.evaluations[0]["policy"].startswith("指標数ベース")


@pytest.mark.parametrize("left_out", ["cause", "cause_text", "move", "move_text"])
def test_a_miss_needs_its_cause_and_the_next_move(cast, opened, left_out):
    with tenant_scope(cast.hibari.id), pytest.raises(DomainError) as caught:
        services.write_line(
            actor=cast.hibari.clerk, line=lines(opened)["オンライン申請を広げる"], **(MISS | {left_out: ""})
        )
    assert caught.value.field == left_out


def test_numbers_are_not_talked_away(cast, opened):
    with tenant_scope(cast.hibari.id), pytest.raises(DomainError) as caught:
        services.write_line(actor=cast.hibari.clerk, line=lines(opened)["オンライン申請を広げる"], result="achieved")
    assert caught.value.field == "result"


def test_a_review_on_the_pages(cast, client_for, small):
    client = client_for(cast.hibari.officer)
    start = {"fiscal_year": small.year, "quarter": 0}
    assert client.post(f"{INDEX}{small.plan.id}/reviews/open/", start | {"quarter": 9}).status_code == 422
    page = client.post(f"{INDEX}{small.plan.id}/reviews/open/", start)["Location"]
    assert client.post(f"{INDEX}{small.plan.id}/reviews/open/", start).status_code == 422
    assert "まだ書かれていません" in client.get(page).content.decode()
    assert client.post(f"{page}close/", {"summary": "まとめ"}).status_code == 422
    client.post(f"{page}remind/")
    with tenant_scope(cast.hibari.id):
        review = PlanReview.objects.get()
        assert Notice.objects.filter(kind="plans.review").exists()
        written = lines(review)
    miss = f"{INDEX}reviews/lines/{written['オンライン申請を広げる'].id}/"
    assert "目標 60.0%／実績 45.0%" in client.get(miss).content.decode()
    assert client.post(miss, MISS | {"move_text": ""}).status_code == 422
    assert client.post(miss, MISS).status_code == 302
    assert (
        client.post(f"{INDEX}reviews/lines/{written['全体方針を定める'].id}/", {"result": "running"}).status_code == 302
    )
    assert client.post(f"{page}close/", {"summary": ""}).status_code == 422
    assert client.post(f"{page}close/", {"summary": "届かなかった理由が分かった"}).status_code == 302
    assert client.post(miss, MISS).status_code == 422
    shown = client.get(page).content.decode()
    for words in ("使われない・知られていない", "わかる（原因の見立てを改める）", "届かなかった理由が分かった"):
        assert words in shown
    assert "来月、窓口で3人に聞く" in client.get(f"{INDEX}initiatives/{small.initiative.id}/").content.decode()
    assert client.get(f"{page}?format=csv").status_code == 200
    assert client.get(f"{INDEX}{small.plan.id}/reviews/").status_code == 200
    with tenant_scope(cast.hibari.id):
        codes = set(Event.objects.values_list("code", flat=True))
    assert {f"plans.review.{verb}" for verb in ("opened", "written", "closed", "reminded")} <= codes


def test_who_may(cast, client_for, small, opened):
    with tenant_scope(cast.hibari.id):
        Role.objects.update(permissions=["plans.plan:read"])
    client, page = client_for(cast.hibari.clerk), f"{INDEX}reviews/{opened.id}/"
    assert client.get(page).status_code == 200
    for path in (f"{page}close/", f"{page}remind/", f"{INDEX}{small.plan.id}/reviews/open/"):
        assert client.post(path).status_code == 403
    assert client_for(cast.misaki.clerk).get(page).status_code == 404


def test_quarters_cover_the_year():
    bounds = [review_bounds(2026, quarter) for quarter in (1, 2, 3, 4)]
    assert [(first.month, last.month) for first, last in bounds] == [(4, 6), (7, 9), (10, 12), (1, 3)]
    assert (bounds[0][0], bounds[3][1]) == review_bounds(2026, 0)
