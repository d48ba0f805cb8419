"""Every step of the road while the next room is off. The table of steps is docs/operate/coexistence.md."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.selectors import current_digest
from kakehashi.approvals.services import decide_proposal, install_rule_pack, issue_proposal, submit_proposal
from kakehashi.desk.services import promote_consultation
from kakehashi.exchange.models import OutsideNumber
from kakehashi.governments.services import switch_room
from kakehashi.kernel import clock
from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.procedures.domain.kinds import Result
from kakehashi.procedures.models import Application, IssuedDocument
from kakehashi.procedures.services import Disposition, accept_application, propose_application, record_outside_decision
from kakehashi.procedures.services.purge import purge_application
from kakehashi.procedures.testing import an_application, an_online_procedure
from kakehashi.records.models import Document
from kakehashi.search.services import index_pending

ROOMS = ["procedures", "approvals", "records", "desk", "plans"]
SYSTEMS = "/staff/exchange/systems/"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def switch_off(town, room):
    switch_room(actor=system_actor(town.id), room=room, is_on=False)


@pytest.fixture
def accepted(town):
    """An application in examination."""
    application = an_application(town, an_online_procedure(town))
    return accept_application(actor=town.clerk, application=application)


def packed(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_approvals_off_the_application_goes_out_as_pdf_and_csv(town, accepted, client_for):
    switch_off(town, "approvals")
    client = client_for(town.clerk)
    inside = packed(client.post(SYSTEMS + "out/procedures.deciding/make/").content)
    rows = list(csv.DictReader(io.StringIO(inside["一覧.csv"].decode("utf-8-sig"))))
    assert [row["受付番号"] for row in rows] == [accepted.receipt_label]
    paper = inside[f"書類/{accepted.receipt_number}_申請.pdf"]
    assert paper.startswith(b"%PDF-")
    assert client.get(f"/staff/procedures/applications/{accepted.id}/paper/").content.startswith(b"%PDF-")


def test_approvals_off_the_outside_decision_is_recorded_found_and_reaches_the_applicant(town, accepted, client_for):
    switch_off(town, "approvals")
    client = client_for(town.clerk)
    page = client.get(f"/staff/cases/{accepted.case_id}/").content.decode()
    assert "外部の決裁を記録する" in page
    assert "起案する" not in page
    given = {
        "result": "permitted", "number": "総決第12号", "decided_on": clock.today().isoformat(),
        "document_number": "住第９号", "notice": SimpleUploadedFile("通知.pdf", PDF),
    }  # fmt: skip
    assert client.post(f"/staff/procedures/applications/{accepted.id}/outside/", given).status_code == 302
    done = Application.objects.get(id=accepted.id)
    assert (done.state, done.outside_number) == ("completed", "総決第12号")
    assert IssuedDocument.objects.get().document_number == "住第９号"
    for text in ("総決第12", "住第9号"):
        listed = client.get("/staff/procedures/", {"q": text}).content.decode()
        assert accepted.receipt_label in listed
    index_pending()
    for text in ("総決第12号", "住第9号"):
        assert f"/procedures/applications/{accepted.id}/" in client.get("/staff/search/", {"q": text}).content.decode()
    name = done.applicant_name
    purge_application(actor=town.clerk, application=done)
    index_pending()
    assert set(OutsideNumber.objects.values_list("title", flat=True)) == {f"{done.procedure.name}（消去済み）"}
    assert name not in client.get("/staff/search/", {"q": "総決第12号"}).content.decode()


@pytest.mark.parametrize("heading", ["審査結果", "判定"])
def test_approvals_off_results_come_back_as_a_csv(town, accepted, client_for, heading):
    switch_off(town, "approvals")
    client = client_for(town.clerk)
    table = (
        f"申請番号,{heading},起案番号,決裁年月日,備考\r\n{accepted.receipt_label},許可,総決第3号,{clock.today()},x\r\n"
    )
    file = SimpleUploadedFile("結果.csv", table.encode("cp932"))
    page = client.post(SYSTEMS + "in/procedures.decision/", {"file": file})
    assert "取り込める 1行" in client.get(page.url).content.decode()
    client.post(page.url + "apply/")
    assert Application.objects.get(id=accepted.id).result == "permitted"
    again = client.post(SYSTEMS + "in/procedures.decision/", {"file": SimpleUploadedFile("結果.csv", table.encode())})
    assert "前に取り込んだ 1行" in client.get(again.url).content.decode()


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [(0, "131016-261121-7K3M-9Q2X-T", "受付番号"), (1, "不明", "選べません"), (3, "いつか", "日付")],
)
def test_a_wrong_row_says_why(town, accepted, client_for, column, value, said):
    row = [accepted.receipt_label, "許可", "総決第3号", clock.today().isoformat()]
    row[column] = value
    table = "受付番号,結果,決裁番号,決裁日\r\n" + ",".join(row) + "\r\n"
    client = client_for(town.clerk)
    page = client.post(SYSTEMS + "in/procedures.decision/", {"file": SimpleUploadedFile("a.csv", table.encode())})
    assert said in client.get(page.url).content.decode()


def test_a_refusal_comes_in_with_its_reason_and_teaching(town, accepted, client_for):
    switch_off(town, "approvals")
    client, head = client_for(town.clerk), "受付番号,結果,決裁番号,決裁日,拒否の理由,教示\r\n"
    for number, (reason, teaching, said) in enumerate(
        [("", "あり", "理由を示して"), ("対象外", "", "教示"), ("対象外", "あり", "取り込める 1行")]
    ):
        table = f"{head}{accepted.receipt_label},不許可,総決第{number}号,{clock.today()},{reason},{teaching}\r\n"
        page = client.post(SYSTEMS + "in/procedures.decision/", {"file": SimpleUploadedFile("a.csv", table.encode())})
        assert said in client.get(page.url).content.decode()


def decided(town, accepted) -> Proposal:
    install_rule_pack(actor=town.administrator, pack="town")
    draft = Disposition(result=Result.PERMITTED, reason="要綱第4条の基準に適合するため。")
    proposal = propose_application(actor=town.clerk, application=accepted, draft=draft)
    proposal = submit_proposal(actor=town.clerk, proposal=proposal)
    decide_proposal(actor=town.manager, proposal=proposal, digest=current_digest(proposal))
    with clock.frozen(clock.now() + dt.timedelta(seconds=11)):
        return issue_proposal(actor=town.clerk, proposal=proposal)


def test_records_off_the_decided_document_goes_out_and_its_numbers_come_back(town, accepted, client_for):
    switch_off(town, "records")
    proposal = decided(town, accepted)
    assert not Document.objects.exists()
    assert Application.objects.get(id=accepted.id).state == "completed"
    client = client_for(town.clerk)
    inside = packed(client.post(SYSTEMS + "out/approvals.issued/make/").content)
    assert {name.rsplit("_", 1)[1] for name in inside if name.endswith(".pdf")} == {"原議.pdf", "通知.pdf"}
    assert proposal.document_number in inside["一覧.csv"].decode("utf-8-sig")
    table = f"起案番号,文書番号,簿冊名\r\n{proposal.number},外-77,補助金綴\r\n"
    page = client.post(SYSTEMS + "in/approvals.record/", {"file": SimpleUploadedFile("a.csv", table.encode())})
    client.post(page.url + "apply/")
    numbers = set(OutsideNumber.objects.filter(subject_id=proposal.id).values_list("number", flat=True))
    assert numbers == {"外-77", "補助金綴"}
    shown = client.get(f"/staff/approvals/{proposal.id}/").content.decode()
    assert "補助金綴" in shown
    assert "/staff/records/" not in shown
    assert proposal.number in client.get("/staff/approvals/", {"q": "外-77", "box": "all"}).content.decode()


def test_records_on_files_by_itself_as_before(town, accepted):
    assert decided(town, accepted).record_document_id is not None


def test_procedures_off_a_consultation_is_still_solved_at_the_desk(town):
    from kakehashi.desk.testing import with_purpose

    found = with_purpose(town)
    switch_off(town, "procedures")
    with pytest.raises(DomainError, match="使っていません"):
        promote_consultation(actor=town.officer, consultation=found, kind="procedures.procedure")


_LINK = re.compile(r'href="(/hibari/staff/[^"#]*)"')


def wrong_links(client, room, addresses):
    """Links into a room that is off, by the page they stand on; pages that do not open at all."""
    found = []
    for address in addresses:
        answer = client.get(address)
        links = (
            _LINK.findall(answer.content.decode()) if answer.status_code == 200 else [f"answers {answer.status_code}"]
        )
        found += [(room, address, each) for each in links if each.startswith((f"/hibari/staff/{room}/", "answers"))]
    return found


def test_no_link_leads_into_a_room_that_is_off(town, accepted, client_for):
    decided(town, accepted)
    client, wrong = client_for(town.clerk), []
    shared = ["/staff/cases/", "/staff/exchange/", SYSTEMS, f"/staff/cases/{accepted.case_id}/"]
    for room in ROOMS:
        switch_off(town, room)
        wrong += wrong_links(client, room, [*shared, *[f"/staff/{each}/" for each in ROOMS if each != room]])
        assert client.get(f"/staff/{room}/").status_code == 404
        switch_room(actor=system_actor(town.id), room=room, is_on=True)
    assert not wrong, "\n".join(map(str, wrong))


def test_approvals_off_what_was_under_decision_goes_out_too(town, accepted, client_for):
    install_rule_pack(actor=town.administrator, pack="town")
    draft = Disposition(result=Result.PERMITTED, reason="要綱第4条の基準に適合するため。")
    proposal = propose_application(actor=town.clerk, application=accepted, draft=draft)
    submit_proposal(actor=town.clerk, proposal=proposal)
    client, address = client_for(town.clerk), f"/staff/procedures/applications/{accepted.id}/outside/"
    given = {"result": "permitted", "number": "総決第8号", "decided_on": clock.today().isoformat()}
    with pytest.raises(Stale):
        record_outside_decision(
            actor=town.clerk, application=Application.objects.get(id=accepted.id), result=Result.PERMITTED,
            number="総決第8号", decided_on=clock.today(),
        )  # fmt: skip
    switch_off(town, "approvals")
    inside = packed(client.post(SYSTEMS + "out/procedures.deciding/make/").content)
    assert accepted.receipt_label in inside["一覧.csv"].decode("utf-8-sig")
    assert client.post(address, given).status_code == 302
    done = Application.objects.get(id=accepted.id)
    assert (done.state, done.proposal_id) == ("completed", None)
