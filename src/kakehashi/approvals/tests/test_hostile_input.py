"""Whatever is sent: never a 500, nothing of another town, nothing changed by accident."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.testing import submitted, with_rules
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast

BASE = "/staff/approvals/"
NASTY = [
    "\x00",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin1"),
    "' OR 1=1 --",
    "𠮷" * 300,
    "９" * 5000,
    "../..",
    "%",
    "²",
]


@pytest.fixture
def clients(cast: Cast, client_for):
    with tenant_scope(cast.hibari.id):
        with_rules(cast.hibari)
        proposal = submitted(cast.hibari)
    return client_for(cast.hibari.clerk), client_for(cast.hibari.manager), proposal


@pytest.mark.parametrize("value", NASTY)
def test_filters_and_previews_take_anything(clients, value: str) -> None:
    clerk, _, _ = clients
    for name in ("q", "state", "box", "cursor"):
        assert clerk.get(BASE, {"box": "all", name: value}).status_code == 200
    for name in ("matter", "amount", "bars"):
        assert clerk.get(f"{BASE}route/", {"matter": "general.reply", name: value}).status_code == 200
    for name in ("q", "year", "department", "cursor"):
        assert clerk.get("/staff/records/", {name: value}).status_code == 200
    assert clerk.get("/staff/records/disposal/", {"year": value}).status_code == 200


@pytest.mark.parametrize("value", NASTY)
def test_acts_take_anything_and_move_nothing(clients, value: str) -> None:
    _, manager, proposal = clients
    for verb in ("decide", "return", "consent", "endorse", "reject", "recall", "submit", "post-review", "skip-issue"):
        data = {"digest": value, "reason": "", "back_to": value, "idempotency_key": value}
        status = manager.post(f"{BASE}{proposal.id}/act/{verb}/", data).status_code
        assert status in {403, 404, 409, 422}, verb
    with tenant_scope(proposal.government_id):
        assert Proposal.objects.get(id=proposal.id).state == "in_circulation"


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(value=st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_the_form_takes_any_text(clients, value: str) -> None:
    clerk, _, _ = clients
    form = {
        "matter": value,
        "subject": value,
        "request": value,
        "reason": value,
        "amount": value,
        "disclosure": value,
        "bars": value,
        "notice_title": value,
        "detach": value,
        "idempotency_key": value,
    }
    assert clerk.post(f"{BASE}new/", form).status_code == 422
    good = form | {"matter": "general.reply", "amount": "", "disclosure": "open", "bars": [], "notice_title": ""}
    assert clerk.post(f"{BASE}new/", good | {"idempotency_key": str(uuid7())}).status_code in {302, 422}


def test_forged_ids_find_nothing(clients, cast: Cast) -> None:
    clerk, _, _ = clients
    for path in (f"{uuid7()}/", f"{uuid7()}/edit/", f"{uuid7()}/issue/", f"{uuid7()}/notice.pdf"):
        assert clerk.get(BASE + path).status_code == 404
    assert clerk.post(f"/staff/records/holds/{uuid7()}/release/").status_code in {403, 404}
