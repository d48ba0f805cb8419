"""write_scheme, retire_scheme, plan_funding, settle_funding, warn_of_closing: money a solution can use."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from kakehashi.desk.models import FundingScheme
from kakehashi.desk.selectors.funding import schemes, schemes_for, uses_of
from kakehashi.desk.services import plan_funding, retire_scheme, settle_funding, warn_of_closing, write_scheme
from kakehashi.desk.testing import assigned
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.notices.models import Notice
from kakehashi.people.testing import Cast, Town


def scheme(town: Town, **changes: Any) -> FundingScheme:
    values: dict[str, Any] = {
        "name": "窓口改革の交付金", "provider": "国", "words": "公民館、予約", "source": "県の通知", "checked_on": clock.today(),
        "apply_until": clock.today() + timedelta(days=10),
    }  # fmt: skip
    return write_scheme(actor=town.officer, values={**values, **changes})


def test_a_scheme_meets_the_consultation_by_its_words(town: Town) -> None:
    found, other = scheme(town), scheme(town, name="道路の補助金", words="舗装")
    consultation = assigned(town)
    assert [(row.id, words) for row, words in schemes_for(consultation)] == [(found.id, ["公民館"])]
    use = plan_funding(actor=town.officer, consultation=consultation, scheme=found)
    assert plan_funding(actor=town.officer, consultation=consultation, scheme=found).id == use.id
    assert (schemes_for(consultation), uses_of(consultation).get().id) == ([], use.id)
    with pytest.raises(DomainError, match="金額"):
        settle_funding(actor=town.officer, use=use, state="granted")
    assert settle_funding(actor=town.officer, use=use, state="granted", amount=500).amount == 500
    retire_scheme(actor=town.officer, scheme=other, is_retired=True)
    assert schemes("retired").get().id == other.id


def test_what_is_closed_cannot_be_planned(town: Town) -> None:
    closed = scheme(town, apply_until=clock.today() - timedelta(days=1))
    with pytest.raises(DomainError, match="終わって"):
        plan_funding(actor=town.officer, consultation=assigned(town), scheme=closed)


@pytest.mark.parametrize("missing", ["name", "provider", "source", "checked_on"])
def test_a_scheme_says_where_it_was_read(town: Town, missing: str) -> None:
    with pytest.raises(DomainError) as raised:
        scheme(town, **{missing: "" if missing != "checked_on" else None})
    assert raised.value.field == missing


def test_whoever_planned_it_is_told_before_it_closes(town: Town) -> None:
    plan_funding(actor=town.officer, consultation=assigned(town), scheme=scheme(town))
    actor = system_actor(town.id)
    assert (warn_of_closing(actor=actor), warn_of_closing(actor=actor)) == (1, 0)
    assert Notice.objects.filter(kind="desk.funding").count() == 1


def test_the_pages(client_for: Callable[..., Any], cast: Cast) -> None:
    client, today = client_for(cast.hibari.officer), clock.today().isoformat()
    values = {
        "name": "公民館の補助金",
        "kind": "subsidy",
        "provider": "県",
        "words": "公民館",
        "source": "要綱",
        "checked_on": today,
    }
    assert client.get("/staff/desk/funding/new/").status_code == 200
    assert client.post("/staff/desk/funding/new/", {**values, "name": ""}).status_code == 422
    path = client.post("/staff/desk/funding/new/", values)["Location"].replace("/hibari", "", 1)
    with tenant_scope(cast.hibari.id):
        consultation, row = assigned(cast.hibari), FundingScheme.objects.get()
    page = client.get(f"/staff/desk/{consultation.id}/").content.decode()
    assert "合いそうな財政措置" in page
    assert client.post(f"/staff/desk/{consultation.id}/funding/{row.id}/plan/").status_code == 302
    with tenant_scope(cast.hibari.id):
        use = uses_of(consultation).get()
    for amount in ("x", "1200"):
        sent = {"state": "granted", "amount": amount}
        assert client.post(f"/staff/desk/funding/uses/{use.id}/settle/", sent).status_code == 302
    assert "1,200千円" in client.get(path).content.decode()
    assert client.post(f"{path}edit/", {**values, "rate": "2分の1"}).status_code == 302
    assert "2分の1" in client.get("/staff/desk/funding/", {"q": "公民館"}).content.decode()
    assert client.post(f"{path}retire/", {"retired": "1"}).status_code == 302
    assert client.get("/staff/desk/funding/", {"tab": "all", "format": "csv"}).status_code == 200
    assert client_for(cast.misaki.officer).get(path).status_code == 404
