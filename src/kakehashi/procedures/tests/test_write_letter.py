"""通知書のひな形: what is filled in, what stops, what is always there."""

from __future__ import annotations

import io

import pypdf
import pytest

from kakehashi.approvals.testing import with_rules
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError, PermissionRefused
from kakehashi.people.testing import Cast, Town
from kakehashi.procedures.domain.kinds import Result
from kakehashi.procedures.domain.letters import LetterText, NothingToFillIn, fill, fill_letter, names_in
from kakehashi.procedures.models import LetterUse
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.selectors.letters import Proposed, letter_in_use
from kakehashi.procedures.services import Disposition, accept_application, propose_application
from kakehashi.procedures.services.letters import notice_of, preview_pdf, receipt_pdf, write_letter
from kakehashi.procedures.testing import an_application, an_online_procedure

WORDS = LetterText(
    "住宅改修補助金 許可通知書",
    "【申請者の氏名】様から【申請日】に申請のあった【手続の名前】を許可します。",
    "内容：【回答：内容】\n条件：【条件】",
    "工事が終わったら報告してください。",
)


def text_of(pdf: bytes) -> str:
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).replace("\n", "")


def test_what_is_filled_in_is_not_read_again() -> None:
    assert fill("【氏名】様", {"氏名": "【金額】"}) == "【金額】様"
    with pytest.raises(NothingToFillIn):
        fill("【金額】", {"金額": "  "})
    assert names_in("【あ】と【い】と【あ】") == ["あ", "い"]
    letter = LetterText("題", "文", "場所：【回答：場所】\n【回答：備考】", "")
    assert fill_letter(letter, {"回答：場所": "公園：北", "回答：備考": "なし"})[2] == (
        ("場所", "公園：北"),
        ("", "なし"),
    )


def a_question(procedure) -> str:
    """The label of a question of the starter form that everybody answers."""
    from kakehashi.eforms.selectors import latest_version

    fields = latest_version(procedure.form).definition["steps"][1]["fields"]
    return next(each["label"] for each in fields if each["key"] == "content")


def test_a_proposal_takes_the_words_of_its_version(town: Town) -> None:
    procedure = an_online_procedure(with_rules(town))
    words = LetterText(
        WORDS.title, WORDS.text, f"内容：【回答：{a_question(procedure)}】\n条件：【条件】", WORDS.remark
    )
    first = write_letter(actor=town.officer, procedure=procedure, outcome="permitted", letter=words)
    again = write_letter(actor=town.officer, procedure=procedure, outcome="permitted", letter=words)
    assert (first.number, again.id) == (1, first.id)
    application = get_application(an_application(town, procedure).id)
    accept_application(actor=town.clerk, application=application)
    missing = Disposition(Result.PERMITTED, "要件を満たすため。")
    with pytest.raises(DomainError, match="【条件】に入るものがない"):
        propose_application(actor=town.clerk, application=application, draft=missing)
    draft = Disposition(Result.PERMITTED, "要件を満たすため。", conditions="年度内に終えること。")
    proposal = propose_application(actor=town.clerk, application=application, draft=draft)
    assert proposal.notice["title"] == "住宅改修補助金 許可通知書"
    assert ["内容", "玄関の手すりを取り付けます。"] in [list(row) for row in proposal.notice["rows"]]
    assert [head for head, _ in proposal.notice["instructions"]] == ["備考", "教示"]
    write_letter(actor=town.officer, procedure=procedure, outcome="permitted", letter=WORDS.__class__("新", "新しい文"))
    assert LetterUse.objects.get(proposal_id=proposal.id).version.number == 1


def test_what_the_law_demands_is_there_whatever_the_template_says(town: Town) -> None:
    procedure = an_online_procedure(with_rules(town))
    write_letter(
        actor=town.officer, procedure=procedure, outcome="partly", letter=LetterText("一部許可", "一部を許可します。")
    )
    application = get_application(an_application(town, procedure).id)
    proposed = Proposed(Result.PARTLY, "二階は対象外のため。")
    notice = notice_of(application, proposed, town.government)
    assert notice.reason == "二階は対象外のため。"
    assert "審査請求" in notice.instructions[0][1]
    shown = text_of(preview_pdf(application=application, proposed=proposed, government=town.government))
    for words in ("一部を許可します", "公印省略", "番号は施行時", "二階は対象外", "教示", "田中"):
        assert words in shown, words


@pytest.mark.parametrize(
    ("letter", "sentence"),
    [
        (LetterText("", "文"), "題名"),
        (LetterText("題", " "), "本文"),
        (LetterText("題", "【重要】"), "一覧にありません"),
        (LetterText("題", "【回答：ない質問】"), "一覧にありません"),
    ],
)
def test_a_letter_that_could_not_be_written_is_not_kept(town: Town, letter: LetterText, sentence: str) -> None:
    procedure = an_online_procedure(town)
    with pytest.raises(DomainError, match=sentence):
        write_letter(actor=town.officer, procedure=procedure, outcome="permitted", letter=letter)
    with pytest.raises(DomainError, match="ない結果"):
        write_letter(actor=town.officer, procedure=procedure, outcome="arrived", letter=LetterText("題", "文"))
    with pytest.raises(PermissionRefused):
        write_letter(
            actor=AnonymousActor(government_id=town.id),
            procedure=procedure,
            outcome="permitted",
            letter=LetterText("題", "文"),
        )
    assert letter_in_use(procedure, "permitted") is None


def test_the_receipt_has_words_of_its_own(town: Town) -> None:
    procedure = an_online_procedure(town)
    application = get_application(an_application(town, procedure).id)
    assert "受付票" in text_of(receipt_pdf(application=application, government=town.government))
    words = LetterText("届出の受付票", "【申請者の氏名】様の書類が届きました。")
    write_letter(actor=town.officer, procedure=procedure, outcome="receipt", letter=words)
    assert "届出の受付票" in text_of(receipt_pdf(application=application, government=town.government))


def test_the_pages_write_and_preview(cast: Cast, client_for) -> None:
    from kakehashi.kernel.tenancy import tenant_scope

    with tenant_scope(cast.hibari.id):
        procedure = an_online_procedure(with_rules(cast.hibari))
        application = an_application(cast.hibari, procedure)
    client = client_for(cast.hibari.officer)
    path = f"/staff/procedures/inventory/{procedure.id}/letters/"
    assert "一部許可" in client.get(path).content.decode()
    assert "許可通知書" in client.get(f"{path}permitted/").content.decode()
    given = {"title": "許可書", "text": "【申請者の氏名】様に許可します。", "rows": "", "remark": ""}
    seen = client.post(f"{path}permitted/", given | {"preview": "1", "case": str(application.id)})
    assert (seen.status_code, seen.content[:5]) == (200, b"%PDF-")
    assert client.post(f"{path}permitted/", given | {"preview": "1", "case": "x"}).status_code == 422
    assert client.post(f"{path}permitted/", given | {"text": "【重要】"}).status_code == 422
    assert client.post(f"{path}permitted/", given).status_code == 302
    assert "第1版" in client.get(path).content.decode()
    assert client.get(f"{path}arrived/").status_code == 404
    assert client_for(cast.misaki.officer).get(path).status_code == 404
