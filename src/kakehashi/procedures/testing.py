"""What the room's tests share: survey files and procedures of ひばり町."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Callable
from typing import Any
from uuid import UUID

import openpyxl
from docx import Document

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services import decide_proposal, endorse_step, issue_proposal, submit_proposal
from kakehashi.approvals.testing import with_rules
from kakehashi.eforms.domain.definition import FormDefinition, from_json
from kakehashi.eforms.models import Form, PaperForm
from kakehashi.eforms.selectors import latest_version, validate_step
from kakehashi.eforms.services import publish_form, read_dropped, save_draft
from kakehashi.governments.models import Government
from kakehashi.kernel import clock
from kakehashi.kernel.actor import AnonymousActor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.people.testing import Town
from kakehashi.people.testing.replay import Written, record_written
from kakehashi.procedures.domain.deliveries import Way
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.payments import FeeWhen
from kakehashi.procedures.domain.survey import COLUMNS
from kakehashi.procedures.models import Application, FormOffer, Procedure
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.services import (
    Disposition,
    accept_application,
    choose_delivery_way,
    create_procedure,
    inventory,
    offer_form,
    open_procedure,
    propose_application,
    review_form,
    start_form,
    submit_application,
    write_text,
)
from kakehashi.procedures.services.fee_settings import set_fee, write_account

SURVEY_ROW = {
    "手続ID": "9062",
    "所管府省庁": "総務省",
    "手続名": "転入届出",
    "法令名": "住民基本台帳法",
    "根拠条項号": "第22条第1項",
    "手数料等の納付有無": "1 手数料等無し",
    "総手続件数": "4473575",
    "オンライン手続件数": "0",
    "手続が行われるイベント(個人)": "引越し",
    "申請を提出する機関": "市役所・町村役場",
}


def survey_file(*rows: dict[str, str]) -> bytes:
    """A survey CSV with these rows; without any, one row for 転入届出."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows([SURVEY_ROW | row for row in rows] or [SURVEY_ROW])
    return file.getvalue().encode()


def a_messy_book(department: str) -> bytes:
    """Titles above, a header merged over two rows, a department over two rows, a twin, a total, a word for a number."""
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet["A1"] = "令和7年度　行政手続の棚卸し（ひばり町）"
    sheet.merge_cells("A1:H1")
    headers = ["No.", "手続の名称", "根拠法令等", "担当課", "年間件数", None, "押印の要否", "備考"]
    for column, text in zip("ABCDEFGH", headers, strict=True):
        sheet[f"{column}3"] = text
    sheet["E4"], sheet["F4"] = "全体", "うち電子"
    for column in "ABCDGH":
        sheet.merge_cells(f"{column}3:{column}4")
    sheet.merge_cells("E3:F3")
    for row in (
        [1, "住宅改修補助金交付申請", "ひばり町住宅改修補助金交付要綱", department, "約40", 3, "要（認印）", ""],
        [2, "転入届", "住民基本台帳法", None, 120, None, "不要", ""],
        [3, "住宅改修補助金　交付申請", "ひばり町住宅改修補助金 交付要綱", None, 40, None, None, ""],
        [4, "道路占用許可", "道路法", "ない課", "多数", None, "×", ""],
        [None, "合計", None, None, 160, None, None, None],
    ):
        sheet.append(row)
    sheet.merge_cells("D5:D7")
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def a_paper(town: Town, name: str = "犬の登録.docx") -> PaperForm:
    """A converted paper 「犬の登録申請書」 with three questions that no procedure uses yet; the town's scope is open."""
    document: Any = Document()
    document.add_paragraph("犬の登録申請書")
    table = document.add_table(rows=3, cols=2)
    for at, label in enumerate(("氏名", "電話番号", "犬の名前")):
        table.cell(at, 0).text = label
    file = io.BytesIO()
    document.save(file)
    return read_dropped(actor=town.officer, name=name, content=file.getvalue())


def a_procedure(
    actor: Any, name: str = "住宅改修補助金の交付申請", kind: Kind = Kind.DISPOSITION, **values: Any
) -> Procedure:
    """A procedure on the inventory; the scope of the actor's town is open."""
    return create_procedure(actor=actor, name=name, kind=kind, values=values)


def an_online_procedure(town: Town, kind: Kind = Kind.DISPOSITION, **values: Any) -> Procedure:
    """A procedure of the town that residents can apply for, with the starter form; its scope is open.

    Made once by the services, then written again in one statement. A town that has procedures, a held clock or a value
    that is no plain word or number gets the services themselves.
    """
    if (
        clock.is_frozen()
        or not all(isinstance(value, str | int | None) for value in values.values())
        or Procedure.objects.exists()
    ):
        return _made_by_services(town, kind, values)
    officer = town.officer
    found = {"government": town.id, "department": town.department.id, "officer": officer.id}
    if officer.post_id:
        found["post"] = officer.post_id
    who = (town.government.name, officer.label, officer.permissions)
    # A test may have the starter form ask for other papers than the services would.
    key = (who, str(kind), clock.today(), inventory._named_attachments, *sorted(values.items()))
    if key in _written:
        id_, written = _written[key]
        return Procedure.objects.select_related("form", "department").get(id=written.replay(found)(id_))
    made: list[Procedure] = []
    written = record_written(lambda: made.append(_made_by_services(town, kind, values)), found)
    _written[key] = (made[0].id, written)
    return made[0]


_written: dict[tuple[Any, ...], tuple[UUID, Written]] = {}


def _made_by_services(town: Town, kind: Kind, values: dict[str, Any]) -> Procedure:
    columns: dict[str, Any] = {
        "department": town.department,
        "contact": "住民課 0000-00-0000",
        "standard_processing_days": 14,
        "legal_basis": "ひばり町住宅改修補助金交付要綱",
        "basis": "ordinance",
        "volume": 40,
        "retention_class": "C-04",
        "privacy_purpose": "補助金の審査と交付のため",
    } | values
    procedure = a_procedure(town.officer, kind=kind, **columns)
    for language, words in TEXTS.items():
        write_text(actor=town.officer, procedure=procedure, language=language, values=words)
    start_form(actor=town.officer, procedure=procedure)
    publish_form(actor=town.officer, form=procedure.form)
    review_form(actor=town.officer, procedure=procedure)
    return open_procedure(actor=town.officer, procedure=procedure)


TEXTS = {
    "ja": {
        "name": "住宅改修補助金",
        "what_for": "住宅を安全に直す費用の一部を補助します。",
        "who_may": "町内に住所があり、町税の滞納がない方",
        "needs": ["見積書", "工事前の写真"],
        "fee": "無料",
    },
    "ja-easy": {
        "name": "家を直すための お金",
        "what_for": "家を 安全に 直すとき、町が お金を すこし 出します。",
        "who_may": "この町に 住んでいる人",
        "needs": ["工事の ねだんの 紙", "工事の 前の 写真"],
        "fee": "お金は かかりません",
    },
    "en": {
        "name": "Home improvement grant",
        "what_for": "The town pays part of the cost of making your home safe.",
        "who_may": "Residents without unpaid town tax",
        "needs": ["Quotation", "Photographs before the work"],
        "fee": "Free",
    },
}

YOU = {
    "name.family": "田中",
    "name.given": "めぐみ",
    "name.family_kana": "タナカ",
    "name.given_kana": "メグミ",
    "born.era": "昭和",
    "born.year": "60",
    "born.month": "4",
    "born.day": "1",
    "address.postcode": "1000001",
    "address.prefecture": "東京都",
    "address.city": "千代田区",
    "address.street": "千代田1-1",
    "address.building": "",
    "phone": "090-1234-5678",
    "mail": "megumi@example.jp",
}
"""The first page of the starter form as a browser posts it."""

REQUEST = {"content": "玄関の手すりを取り付けます。", "agree": "on"}
"""The second page."""


def good_answers(procedure: Procedure) -> dict[str, Any]:
    """Answers that can be handed in, in the shape they are kept."""
    version = latest_version(procedure.form)
    assert version is not None
    first = validate_step(version, "page_1", YOU)
    second = validate_step(version, "page_2", REQUEST, first.values)
    assert not first.errors, first.errors
    assert not second.errors, second.errors
    return {**first.values, **second.values}


def an_application(town: Town, procedure: Procedure, **changes: Any) -> Application:
    """An application for it, as a resident hands it in; the town's scope is open."""
    version = latest_version(procedure.form)
    assert version is not None
    return submit_application(
        actor=AnonymousActor(government_id=town.id),
        procedure=procedure,
        version=version,
        answers=good_answers(procedure) | changes,
        government_code=town.government.code,
        idempotency_key=uuid7(),
        accepts_electronic_notice=True,
    )


def an_issued_application(
    town: Town,
    way: Way = Way.POST,
    kind: Kind = Kind.DISPOSITION,
    before: Callable[[Procedure], object] = id,
    **draft: Any,
) -> Application:
    """An application decided and issued a moment later than now; its letter goes by `way`. The town has its rules."""
    procedure = an_online_procedure(town, kind)
    before(procedure)
    application = get_application(an_application(town, procedure).id)
    choose_delivery_way(actor=AnonymousActor(government_id=town.id), application=application, way=way)
    accept_application(actor=town.clerk, application=application)
    given = {"result": procedure.road.results[0], "reason": "要件を満たすため。"} | draft
    proposal = propose_application(actor=town.clerk, application=application, draft=Disposition(**given))
    proposal = submit_proposal(actor=town.clerk, proposal=proposal)
    while proposal.state != "decided":
        proposal = _one_step(town, proposal)
    with clock.frozen(clock.now() + dt.timedelta(seconds=30)):
        issue_proposal(actor=town.manager, proposal=proposal)
    return get_application(application.id)


def _one_step(town: Town, proposal: Proposal) -> Proposal:
    """The manager endorses or decides, the mayor decides where only the mayor may."""
    for actor in (town.manager, town.mayor):
        for act in (decide_proposal, endorse_step):
            try:
                act(actor=actor, proposal=proposal, digest=proposal.digest)
            except DomainError:
                continue
            return Proposal.objects.get(id=proposal.id)
    raise AssertionError(proposal.state)


def with_fees(town: Town, when: FeeWhen = FeeWhen.AFTER, yen: int = 300) -> Procedure:
    """A 証明 procedure with a fee in a demo town that uses the trial provider."""
    Government.objects.filter(id=town.id).update(is_demo=True)
    write_account(actor=town.administrator, provider="trial", values={}, secret="", is_on=True, is_live=False)
    procedure = an_online_procedure(with_rules(town), Kind.CERTIFICATE)
    return set_fee(actor=town.officer, procedure=procedure, when=when, yen=yen)


def an_accepted_with_fee(town: Town) -> Application:
    """An application in examination whose fee is paid afterwards."""
    procedure = with_fees(town)
    return accept_application(actor=town.clerk, application=get_application(an_application(town, procedure).id))


def type_in(page: Any, values: dict[str, str]) -> None:
    """Fill the inputs of a browser's page by name, whatever each of them is."""
    for name, value in values.items():
        box = page.locator(f'[name="{name}"]').first
        kind = box.evaluate("each => each.tagName + ' ' + each.type")
        if kind.startswith("SELECT"):
            box.select_option(value)
        elif kind.endswith(" checkbox"):
            box.check()
        elif kind.endswith(" radio"):
            page.locator(f'[name="{name}"][value="{value}"]').first.check()
        else:
            box.fill(value)


def an_offered_form(town: Town, audience: str = "all", **values: Any) -> FormOffer:
    """A published form of the town that it offers to others; its scope is open."""
    procedure = an_online_procedure(town, **values)
    return offer_form(actor=town.officer, procedure=procedure, audience=audience, description="県内で使う様式です。")


def changed_form(
    actor: Any, form: Form, change: Callable[[FormDefinition], FormDefinition], *, publishes: bool = True
) -> None:
    """Change the draft of a form, and publish it unless told otherwise."""
    form.refresh_from_db()
    save_draft(
        actor=actor, form=form, definition=change(from_json(form.draft)), expected_revision=form.revision, act="直した"
    )
    form.refresh_from_db()
    if publishes:
        publish_form(actor=actor, form=form)
