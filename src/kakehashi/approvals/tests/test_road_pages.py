"""Pages of the other roads: what the drafter adds, the paper one, a new draft from an old one, grants."""

from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.approvals.models import AuthorityGrant, Proposal
from kakehashi.approvals.testing import decided, on_paper, submitted, with_rules
from kakehashi.files.testing import PDF
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role
from kakehashi.people.testing import Cast, Town

BASE = "/staff/approvals/"
FORM = {
    "matter": "general.reply",
    "subject": "照会への回答について",
    "request": "次のとおり回答してよろしいか伺います。",
    "disclosure": "open",
}


def text(response) -> str:
    return response.content.decode()


def test_an_addition_is_typed_previewed_and_shown_as_a_difference(town: Town, client_for) -> None:
    with_rules(town)
    client = client_for(town.clerk)
    added = {"consults": [str(town.officer.post_id)], "readers": [str(town.mayor.post_id)], "provisional": "on"}
    sent = FORM | added | {"idempotency_key": str(uuid7())}
    assert "規程の経路との違い" in text(client.get(f"{BASE}route/", {"matter": "general.reply"} | added))
    refused = client.post(f"{BASE}new/", sent | {"to_route": "1"})
    assert refused.status_code == 422
    assert "経路に加える理由を記入してください" in text(refused)
    assert client.post(f"{BASE}new/", sent | {"to_route": "1", "route_reason": "関係課のため"}).status_code == 302
    proposal = Proposal.objects.get()
    page = text(client.get(f"{BASE}{proposal.id}/"))
    for words in (
        "合議に総務課DX担当を加えました。",
        "合議の前に仮決裁を受けます。",
        "町長に供覧します。",
        "関係課のため",
    ):
        assert words in page
    assert f"{town.officer.post_id}" in text(client.get(f"{BASE}new/"))


def test_what_only_goes_round_is_read_by_a_button(town: Town, client_for) -> None:
    with_rules(town)
    sent = FORM | {"purpose": "reading", "readers": [str(town.officer.post_id)], "to_route": "1"}
    client_for(town.clerk).post(f"{BASE}new/", sent | {"idempotency_key": str(uuid7())})
    proposal = Proposal.objects.get()
    client = client_for(town.officer)
    assert proposal.subject in text(client.get(f"{BASE}?box=reading"))
    assert "供覧を済ませる" in text(client.get(f"{BASE}{proposal.id}/"))
    assert client.post(f"{BASE}{proposal.id}/act/read/").status_code == 302
    assert Proposal.objects.get().state == "filed"


def test_paper_is_registered_with_its_scan_on_the_page(town: Town, client_for) -> None:
    with_rules(town)
    proposal = on_paper(town)
    client = client_for(town.clerk)
    sent = {"digest": proposal.digest, "decided_on": clock.today().isoformat(), "location": "書庫1-3"}
    refused = client.post(f"{BASE}{proposal.id}/paper/", sent)
    assert refused.status_code == 422
    assert "原本をスキャンして" in text(refused)
    scan = SimpleUploadedFile("原本.pdf", PDF)
    assert client.post(f"{BASE}{proposal.id}/paper/", sent | {"original": scan}).status_code == 302
    page = text(client.get(f"{BASE}{proposal.id}/"))
    assert "書庫1-3" in page
    assert "SHA-256" in page
    assert "紙による" in page


def test_a_decision_is_drafted_anew_from_its_page(town: Town, client_for) -> None:
    with_rules(town)
    old = decided(town)
    client = client_for(town.clerk)
    assert "再決裁の起案をつくる" in text(client.get(f"{BASE}{old.id}/redraft/"))
    assert client.post(f"{BASE}{old.id}/redraft/", {"kind": "corrects"}).status_code == 422
    made = client.post(f"{BASE}{old.id}/redraft/", {"kind": "corrects", "reason": "条件を改める"})
    assert made.status_code == 302
    assert "（再決裁）" in text(client.get(made["Location"].removeprefix("/hibari")))


def test_grants_are_recorded_and_ended_by_who_keeps_the_rules(town: Town, client_for) -> None:
    with_rules(town)
    client = client_for(town.administrator)
    sent = {
        "kind": "statutory_deputy",
        "post": str(town.mayor.post_id),
        "acting_post": str(town.officer.post_id),
        "reason": "町長が欠けたため",
        "valid_from": clock.today().isoformat(),
    }
    assert client.post(f"{BASE}grants/", sent).status_code == 422
    assert client.post(f"{BASE}grants/", sent | {"clause": "地方自治法第152条"}).status_code == 302
    grant = AuthorityGrant.objects.get()
    assert "今日で終える" in text(client.get(f"{BASE}grants/"))
    assert client.post(f"{BASE}grants/{grant.id}/end/").status_code == 302
    assert AuthorityGrant.objects.get().valid_to == clock.today()


def test_strangers_and_other_towns_stay_outside(cast: Cast, client_for) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        with_rules(town)
        proposal = submitted(town)
    other = client_for(cast.misaki.manager)
    for path in (f"{proposal.id}/redraft/", f"batch/{uuid7()}/"):
        assert other.get(BASE + path).status_code == 404
    assert other.post(f"{BASE}{proposal.id}/paper/").status_code == 404
    with tenant_scope(town.id):
        Role.objects.update(permissions=[])
    client = client_for(town.clerk)
    for path in ("waiting/", "grants/", f"{proposal.id}/redraft/"):
        assert client.get(BASE + path).status_code == 403
    for path in ("batch/", f"{proposal.id}/paper/", f"grants/{uuid7()}/end/"):
        assert client.post(BASE + path).status_code == 403
