"""Pages of approvals: they work, refuse, and show what is needed to decide."""

import datetime as dt

import pytest
from django.test import Client

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services import edit_proposal, recall_proposal, submit_proposal
from kakehashi.approvals.testing import away, decided, deputy, drafted, endorsed, issued, submitted, with_rules
from kakehashi.files.selectors import receipt_for
from kakehashi.files.services import store_file
from kakehashi.files.testing import PDF
from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role
from kakehashi.people.testing import Cast, Town

BASE = "/staff/approvals/"


def text(response) -> str:
    return response.content.decode()


def act(client: Client, proposal: Proposal, verb: str, **data: str):
    return client.post(f"{BASE}{proposal.id}/act/{verb}/", {"digest": proposal.digest} | data)


def test_the_first_list_shows_what_waits_for_me(town: Town, client_for) -> None:
    with_rules(town)
    proposal = submitted(town)
    page = text(client_for(town.manager).get(BASE))
    assert proposal.subject in page
    assert "佐藤 一郎" in page
    assert proposal.subject not in text(client_for(town.mayor).get(BASE))


@pytest.mark.parametrize("box", ["turn", "acting", "mine", "all", "reviews", "nonsense"])
def test_every_box_opens(town: Town, client_for, box: str) -> None:
    with_rules(town)
    submitted(town)
    assert client_for(town.clerk).get(f"{BASE}?box={box}").status_code == 200


def test_the_list_is_exported(town: Town, client_for) -> None:
    with_rules(town)
    submitted(town)
    client = client_for(town.clerk)
    assert "公園使用の許可について" in text(client.get(f"{BASE}?box=all&format=csv"))
    assert client.get(f"{BASE}?box=all&format=xlsx").status_code == 200
    assert client.get(f"{BASE}?box=all&format=exe").status_code == 404


def test_the_decision_page_has_everything_and_one_primary_button(town: Town, client_for) -> None:
    with_rules(town)
    proposal = submitted(town)
    page = text(client_for(town.manager).get(f"{BASE}{proposal.id}/"))
    for part in (
        "次のとおり許可してよろしいか",
        "別表第1第3項",
        "決裁する",
        "差戻し",
        "許可通知書",
        "町長の決裁は不要です",
    ):
        assert part in page
    assert page.count('data-type="solid-fill"') == 1
    assert "承認する" not in page


def test_buttons_are_named_by_kind(town: Town, client_for) -> None:
    with_rules(town)
    proposal = submitted(town, matter_code="disposition.refuse")
    page = text(client_for(town.manager).get(f"{BASE}{proposal.id}/"))
    assert "承認する" in page
    assert "決裁する<" not in page


def test_two_taps_decide_and_offer_undo(town: Town, client_for) -> None:
    with_rules(town)
    proposal = submitted(town)
    client = client_for(town.manager)
    response = act(client, proposal, "decide")
    assert response.status_code == 302
    page = text(client.get(f"{BASE}{proposal.id}/"))
    assert "元に戻す" in page
    assert act(client, proposal, "undo").status_code == 302
    assert Proposal.objects.get(id=proposal.id).state == "in_circulation"


def test_a_double_click_is_one_decision_and_no_error(town: Town, client_for) -> None:
    with_rules(town)
    proposal = submitted(town)
    client = client_for(town.manager)
    assert [act(client, proposal, "decide").status_code for _ in range(2)] == [302, 302]
    later = clock.now() + dt.timedelta(minutes=2)
    with clock.frozen(later):
        assert act(client, proposal, "decide").status_code == 409


def test_opening_the_page_on_ones_turn_is_remembered(town: Town, client_for) -> None:
    with_rules(town)
    proposal = submitted(town)
    client_for(town.mayor).get(f"{BASE}{proposal.id}/")
    assert proposal.steps.get(kind="decide").seen_at is None
    client_for(town.manager).get(f"{BASE}{proposal.id}/")
    assert proposal.steps.get(kind="decide").seen_at is not None


def test_a_stale_body_is_answered_with_what_changed(town: Town, client_for) -> None:
    with_rules(town)
    old = submitted(town)
    recalled = recall_proposal(actor=town.clerk, proposal=old, reason="訂正")
    edit_proposal(actor=town.clerk, proposal=recalled, subject=old.subject, request="改めた伺い", reason=old.reason)
    submit_proposal(actor=town.clerk, proposal=recalled)
    response = act(client_for(town.manager), old, "decide", reason="書きかけの意見")
    assert response.status_code == 409
    for part in ("変わったところ", "改めた伺い", "次のとおり許可してよろしいか", "書きかけの意見"):
        assert part in text(response)
    assert Proposal.objects.get(id=old.id).state == "in_circulation"


def test_a_return_without_a_reason_keeps_what_was_typed(town: Town, client_for) -> None:
    with_rules(town)
    proposal = submitted(town)
    response = act(client_for(town.manager), proposal, "return", reason=" ")
    assert response.status_code == 422
    assert "理由を記入してください" in text(response)
    assert act(client_for(town.manager), proposal, "return", reason="根拠を").status_code == 302


def test_the_wrong_person_gets_403_and_the_other_town_404(cast: Cast, client_for) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        with_rules(town)
        proposal = submitted(town)
    assert act(client_for(town.officer), proposal, "decide").status_code == 403
    other = client_for(cast.misaki.manager)
    assert other.get(f"{BASE}{proposal.id}/").status_code == 404
    assert other.post(f"{BASE}{proposal.id}/act/decide/").status_code == 404


def test_without_the_permission_nothing_opens(cast: Cast, client_for) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        with_rules(town)
        proposal = submitted(town)
        Role.objects.update(permissions=[])
    client = client_for(town.clerk)
    for path in ("", "new/", "rules/", f"{proposal.id}/", f"{proposal.id}/issue/", f"{proposal.id}/decision.pdf"):
        assert client.get(BASE + path).status_code == 403
    assert act(client, proposal, "decide").status_code == 403


def test_wrong_methods_and_unknown_acts(cast: Cast, client_for) -> None:
    town = cast.hibari
    with tenant_scope(town.id):
        with_rules(town)
        proposal = submitted(town)
    client = client_for(town.manager)
    assert client.get(f"{BASE}{proposal.id}/act/decide/").status_code == 405
    assert client.post(BASE).status_code == 405
    assert act(client, proposal, "explode").status_code == 404
    assert client.get(f"{BASE}{uuid7()}/").status_code == 404


FORM = {
    "matter": "general.reply",
    "subject": "照会への回答について",
    "request": "次のとおり回答してよろしいか伺います。",
    "reason": "照会があったため。",
    "disclosure": "open",
}


def test_a_proposal_is_drafted_and_submitted_on_one_page(town: Town, client_for) -> None:
    with_rules(town)
    client = client_for(town.clerk)
    key = str(uuid7())
    for _ in range(2):
        response = client.post(f"{BASE}new/", FORM | {"idempotency_key": key})
        assert response.status_code == 302
    proposal = Proposal.objects.get()
    assert proposal.state == "draft"
    response = client.post(f"{BASE}{proposal.id}/edit/", FORM | {"to_route": "1", "subject": "改めた件名"})
    assert response.status_code == 302
    proposal.refresh_from_db()
    assert (proposal.state, proposal.subject) == ("in_circulation", "改めた件名")


def test_the_route_is_previewed_with_its_clause(town: Town, client_for) -> None:
    with_rules(town)
    client = client_for(town.clerk)
    assert "別表第1第10項" in text(client.post(f"{BASE}new/", FORM | {"preview": "1"}))
    begun = text(client.post(f"{BASE}new/", {"matter": FORM["matter"], "preview": "1"}))
    assert "別表第1第10項" in begun
    assert "直すところがあります" not in begun
    assert "町長" in text(client.get(f"{BASE}route/", {"matter": "general.reply", "bars": "dispute"}))
    assert "副町長" in text(client.get(f"{BASE}route/", {"matter": "disposition.grant", "amount": "1000000"}))
    assert client.get(f"{BASE}route/", {"matter": "none", "amount": "x"}).status_code == 200


def test_bad_input_stays_typed_and_is_named(town: Town, client_for) -> None:
    with_rules(town)
    response = client_for(town.clerk).post(f"{BASE}new/", FORM | {"subject": "", "notice_title": "通知書"})
    assert response.status_code == 422
    assert "次のとおり回答してよろしいか" in text(response)
    assert "題名・宛先・本文のすべて" in text(response)


def test_attachments_are_hung_on_and_taken_off(town: Town, client_for) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    with_rules(town)
    proposal = drafted(town)
    client = client_for(town.clerk)
    upload = SimpleUploadedFile("図面.pdf", b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n")
    client.post(f"{BASE}{proposal.id}/edit/", FORM | {"files": upload})
    attachment = proposal.attachments.get()
    assert attachment.name == "図面.pdf"
    client.post(f"{BASE}{proposal.id}/edit/", FORM | {"detach": str(attachment.id)})
    assert not proposal.attachments.exists()


def test_a_large_file_that_was_sent_in_parts_is_hung_on(town: Town, client_for) -> None:
    with_rules(town)
    proposal = drafted(town)
    client = client_for(town.clerk)
    assert "data-upload-ticket" in text(client.get(f"{BASE}{proposal.id}/edit/"))
    stored = store_file(actor=town.clerk, name="図面.pdf", content=PDF, purpose="approvals.attachment")
    other = store_file(actor=town.clerk, name="別.pdf", content=PDF, purpose="approvals.paper")
    receipts = [receipt_for(stored), receipt_for(other), "made up"]
    client.post(f"{BASE}{proposal.id}/edit/", FORM | {"files.uploaded": receipts})
    assert [each.name for each in proposal.attachments.all()] == ["図面.pdf"]


def test_what_is_mended_after_a_refusal_is_what_circulates(town: Town, client_for) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    with_rules(town)
    client = client_for(town.clerk)
    sent = FORM | {"idempotency_key": str(uuid7()), "to_route": "1"}
    good = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"

    def files() -> dict[str, list[SimpleUploadedFile]]:
        return {"files": [SimpleUploadedFile("図面.pdf", good)]}

    program = [*files()["files"], SimpleUploadedFile("写真.pdf", b"MZ\x90\x00" + b"\x00" * 200)]
    assert client.post(f"{BASE}new/", sent | {"files": program}).status_code == 422
    mended = sent | {"subject": "改めた件名"}
    # Twice, as a double click does: one proposal with the words typed last, one file, and no error.
    assert [client.post(f"{BASE}new/", mended | files()).status_code for _ in range(2)] == [302, 302]
    proposal = Proposal.objects.get()
    assert (proposal.state, proposal.subject) == ("in_circulation", "改めた件名")
    assert [each.name for each in proposal.attachments.all()] == ["図面.pdf"]


def test_the_issue_page_compares_and_issues(town: Town, client_for) -> None:
    with_rules(town)
    proposal = decided(town)
    client = client_for(town.clerk)
    early = client.post(f"{BASE}{proposal.id}/issue/", {"digest": proposal.digest})
    assert early.status_code == 422
    with clock.frozen(clock.now() + dt.timedelta(seconds=11)):
        assert "許可通知書" in text(client.get(f"{BASE}{proposal.id}/issue/"))
        assert client.post(f"{BASE}{proposal.id}/issue/", {"digest": "x"}).status_code == 422
        assert client.post(f"{BASE}{proposal.id}/issue/", {"digest": proposal.digest}).status_code == 302
    page = text(client.get(f"{BASE}{proposal.id}/"))
    assert "なぜこの日？" in page
    assert Proposal.objects.get(id=proposal.id).document_number in page


def test_the_deputy_is_told_why_they_may_decide(town: Town, client_for) -> None:
    with_rules(town)
    deputy(town.mayor, town.officer)
    proposal = endorsed(town)
    away(town.mayor)
    client = client_for(town.officer)
    page = text(client.get(f"{BASE}{proposal.id}/"))
    assert "代決する" in page
    assert "代決が制限されています" in page
    assert act(client, proposal, "act-for").status_code == 422
    assert act(client, proposal, "act-for", reason="特に指示を受けた").status_code == 302
    assert proposal.subject in text(client_for(town.mayor).get(f"{BASE}?box=reviews"))
    assert act(client_for(town.mayor), proposal, "post-review").status_code == 302


def test_papers_are_downloaded(town: Town, client_for) -> None:
    with_rules(town)
    proposal = issued(town)
    client = client_for(town.clerk)
    first = client.get(f"{BASE}{proposal.id}/notice.pdf")
    assert first.content.startswith(b"%PDF-")
    assert client.get(f"{BASE}{proposal.id}/notice.pdf").content == first.content
    assert client.get(f"{BASE}{proposal.id}/decision.pdf").content.startswith(b"%PDF-")
    assert Proposal.objects.get(id=proposal.id).notice_file_id is not None
