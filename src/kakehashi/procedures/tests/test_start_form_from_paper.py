"""様式から作る: from a dropped file to a reviewed draft, a published version and an application printed back."""

import io
import zipfile
from collections.abc import Callable
from typing import Any

import docx
import pytest

from kakehashi.eforms.domain.definition import from_json
from kakehashi.eforms.models import PaperForm, PaperState, VersionPaper
from kakehashi.eforms.services import publish_form, read_waiting
from kakehashi.eforms.tests.papers.layouts import DEVELOPMENT
from kakehashi.eforms.tests.papers.writers import WRITERS
from kakehashi.journal.models import AccessRule
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.testing import Cast
from kakehashi.procedures.models import Application, Procedure
from kakehashi.procedures.testing import a_procedure

PAPERS = "/staff/eforms/papers/"


def upload(name: str, content: bytes) -> io.BytesIO:
    file = io.BytesIO(content)
    file.name = name
    return file


def a_paper(format_: str = "docx", layout: str = "suido") -> bytes:
    return WRITERS[format_](DEVELOPMENT[layout][0])


@pytest.fixture
def made(cast: Cast, client_for: Callable) -> Any:
    """A procedure whose form was just read from the town's paper."""
    with tenant_scope(cast.hibari.id):
        procedure = a_procedure(cast.hibari.officer)
    client = client_for(cast.hibari.officer)
    address = f"/staff/procedures/inventory/{procedure.id}/paper/"
    answer = client.post(address, {"file": upload("水道.docx", a_paper())})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return client, procedure, answer["Location"]


def test_a_file_becomes_a_draft_beside_its_original(made: Any) -> None:
    client, _, address = made
    page = client.get(address).content.decode()
    assert "元の様式" in page
    assert "お客様番号" in page
    assert 'href="#f-2"' in page
    assert 'id="o-2"' in page


def judge(client: Any, cast: Cast, key: str, act: str, **data: Any) -> Any:
    with tenant_scope(cast.hibari.id):
        paper = PaperForm.objects.select_related("form").get()
    values = {"revision": paper.form.revision, "number": "1", **data}
    return client.post(f"{PAPERS}{paper.id}/{key}/{act}", values)


def test_fields_are_accepted_changed_and_dropped(made: Any, cast: Cast) -> None:
    client, _, address = made
    with tenant_scope(cast.hibari.id):
        first, second, third = [f.key for _, f in from_json(PaperForm.objects.get().form.draft).walk()][:3]
    assert judge(client, cast, first, "accept").status_code == 302
    assert judge(client, cast, second, "change", label="番号", type="choice", options="甲\n乙").status_code == 302
    assert judge(client, cast, third, "drop").status_code == 302
    with tenant_scope(cast.hibari.id):
        paper = PaperForm.objects.get()
        fields = from_json(paper.form.draft).by_key
        assert paper.judged == {first: "accept", second: "change", third: "drop"}
        assert fields[second].type == "choice"
        assert [one.label for one in fields[second].options] == ["甲", "乙"]
        assert third not in fields
    assert judge(client, cast, first, "change", label="個人番号", type="text").status_code == 422
    assert judge(client, cast, first, "drop", revision="1").status_code == 409
    assert client.get(address).status_code == 200


def test_an_application_prints_back_into_the_paper(made: Any, cast: Cast) -> None:
    client, procedure, _ = made
    with tenant_scope(cast.hibari.id):
        procedure = Procedure.objects.get(id=procedure.id)
        publish_form(actor=cast.hibari.administrator, form=procedure.form)
        kept = VersionPaper.objects.select_related("version").get()
        names = {f.label: f.key for _, f in from_json(kept.version.definition).walk()}
        AccessRule.objects.create(asks_reason=False)
        application = Application.objects.create(
            receipt_number="T-1", procedure=procedure, form_version=kept.version, idempotency_key=uuid7(),
            applicant_name="山田", arrived_at=procedure.created_at, arrived_on=procedure.created_at.date(),
            answers={names["電話番号"]: "0312345678", names["世帯人数"]: 3},
        )  # fmt: skip
    answer = client.get(f"/staff/procedures/applications/{application.id}/original/")
    cells = [c.text for t in docx.Document(io.BytesIO(answer.content)).tables for r in t.rows for c in r.cells]
    assert "0312345678" in cells
    assert any(text.strip("　").startswith("3") and text.endswith("人") for text in cells)


def test_a_folder_is_read_by_the_worker_and_a_draft_is_taken(cast: Cast, client_for: Callable) -> None:
    client = client_for(cast.hibari.officer)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("様式/犬.docx", a_paper(layout="inu"))
        package.writestr("様式/読めない.pdf", b"%PDF-1.4 nothing")
        package.writestr("様式/メモ.txt", b"-")
    answer = client.post(
        PAPERS, {"papers": [upload("様式.zip", stream.getvalue()), upload("水道.xlsx", a_paper("xlsx"))]}
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert "3件のうち0件" in client.get(PAPERS).content.decode()
    with tenant_scope(cast.hibari.id):
        states = {paper.name: read_waiting(paper=paper).state for paper in PaperForm.objects.all()}
        procedure = a_procedure(cast.hibari.officer)
        dog = PaperForm.objects.get(name="犬.docx")
    assert states == {
        "犬.docx": PaperState.DRAFTED,
        "読めない.pdf": PaperState.UNREADABLE,
        "水道.xlsx": PaperState.DRAFTED,
    }
    assert "PDFとして開けません" in client.get(f"{PAPERS}list").content.decode()
    address = f"/staff/procedures/inventory/{procedure.id}/paper/"
    assert "犬の登録" in client.get(address).content.decode()
    assert client.post(address, {"paper": dog.id}).status_code == 302
    again = client.post(address, {"paper": dog.id})
    assert again.status_code == 422
    assert "もうほかの手続" in again.content.decode()


def test_what_cannot_be_read_is_refused_beside_the_field(cast: Cast, client_for: Callable) -> None:
    with tenant_scope(cast.hibari.id):
        procedure = a_procedure(cast.hibari.officer)
    client = client_for(cast.hibari.officer)
    address = f"/staff/procedures/inventory/{procedure.id}/paper/"
    for file, said in (
        (upload("a.png", b"\x89PNG"), "受け取"),
        (upload("a.pdf", b"%PDF-1.4 x"), "PDFとして開けません"),
    ):
        answer = client.post(address, {"file": file})
        assert answer.status_code == 422
        assert said in answer.content.decode()
    assert client.post(address, {}).status_code == 422


def test_strangers_are_kept_out(made: Any, cast: Cast, client_for: Callable) -> None:
    _, procedure, address = made
    assert client_for(cast.hibari.clerk).post(address.split("#")[0]).status_code in (403, 405)
    assert client_for(cast.misaki.officer).get(address).status_code == 404
    assert client_for(cast.misaki.officer).get(f"/staff/procedures/inventory/{procedure.id}/paper/").status_code == 404
