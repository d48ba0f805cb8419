"""The archive of a demo town: a receipt book with a correction and a void number, last year's disposal with its certificate, and a
disclosure request that is half done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from uuid import UUID

from kakehashi.files.services import store_file
from kakehashi.kernel import clock
from kakehashi.kernel.business_days import add_business_days
from kakehashi.kernel.documents import ReceiptDocument, render_pdf
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.ids import uuid7
from kakehashi.people.models import Department, Post
from kakehashi.people.selectors import StaffActor, holder_of, staff_actor
from kakehashi.records import services
from kakehashi.records.models import DisposalItem, DisposalList, Document, Ground, Measure, Receipt, RequestKind, Way
from kakehashi.records.services import Letter, Placing, Proposed, Roads, Why
from kakehashi.site.demo.organisation import Body

_RECEIPTS = (
    (9, "道路の現況について（照会）", "ひばり県土木部", Way.POST, "C-09", "文書庫A-2"),
    (7, "町道の草刈りについて（要望）", "上町自治会", Way.COUNTER, "C-09", "文書庫A-2"),
    (6, "統計調査の実施について（通知）", "ひばり県統計課", Way.MAIL, "", ""),
    (6, "統計調査の実施について（通知）", "ひばり県統計課", Way.POST, "", "文書庫A-2"),
    (2, "児童館の開館時間について", "町内の保護者", Way.COUNTER, "", ""),
)
_NAMES = "道路愛護会の役員は、会長　甲野太郎、会計　乙川花子です。\n会合は年に二回、公民館で開きます。"


def keep_records(body: Body) -> None:
    """Receive, dispose and answer a request, each on its own days. The government's scope must be open."""
    fill_receipt_book(body)
    dispose_of_last_year(body)
    begin_disclosure(body)


@contextmanager
def _working_day(ago: int, hour: int = 10) -> Iterator[date]:
    """So many working days ago, at an hour."""
    day = add_business_days(clock.today(), -ago)
    with clock.frozen(datetime.combine(day, time(hour), clock.JST)):
        yield day


def fill_receipt_book(body: Body) -> None:
    """A few papers and mails of the last days: one put right, one registered twice and voided, one that waits."""
    officer = body.actor("officer")
    section = _section_of(body, officer)
    made: list[Receipt] = []
    for number, (ago, title, sender, way, class_code, place) in enumerate(_RECEIPTS):
        with _working_day(ago, 9 + number) as day:
            letter = Letter(title=title, sender=sender, received_on=day, way=way, place=place)
            placing = Placing(opens_case=number == 1, class_code=class_code)
            made.append(
                services.receive_document(
                    actor=officer, letter=letter, department=section, idempotency_key=uuid7(), placing=placing
                )
            )
    with _working_day(5):
        services.void_receipt(actor=officer, receipt=made[3], reason="メールで収受したものと同じ文書のため")
    with _working_day(1):
        last = made[4]
        right = Letter(
            title="児童館の開館時間について（要望）", sender=last.sender, received_on=last.received_on, way=Way.COUNTER
        )
        services.correct_receipt(actor=officer, receipt=last, letter=right, reason="件名の書き漏れ")


def dispose_of_last_year(body: Body) -> None:
    """Two files whose period ended, proposed and looked at by the posts of the rules, destroyed, with the certificate."""
    officer = body.actor("officer")
    for class_code, title, day in (
        ("C-02", "所得証明書の交付申請", date(2021, 6, 10)),
        ("C-05", "集会の届出", date(2021, 9, 3)),
    ):
        with clock.frozen(datetime.combine(day, time(11), clock.JST)):
            services.file_document(
                actor=officer,
                title=title,
                class_code=class_code,
                created_on=day,
                completed_on=day,
                source_kind=services.BY_HAND,
                source_id=uuid7(),
                department=_section_of(body, officer),
            )
    with _working_day(60):
        made = services.make_disposal_list(actor=officer, fiscal_year=fiscal_year(clock.today()) - 1)
        while services.gather_piece(disposal_list=made):
            pass
        items = list(DisposalItem.objects.filter(disposal_list=made).select_related("department"))
        asked = {item.id: Proposed(Measure.DESTROY) for item in items}
        _propose_and_confirm(body, made, asked)
    with _working_day(52):
        services.execute_list(actor=officer, disposal_list=made)
        while services.execute_piece(disposal_list=made, label=officer.label):
            pass


def _propose_and_confirm(body: Body, made: DisposalList, asked: dict[UUID, Proposed]) -> None:
    """Each stage by the holder of its post; a stage without one by whoever manages records, and the last never by the proposer."""
    for _ in range(6):
        item = DisposalItem.objects.filter(disposal_list=made, id__in=asked).order_by("id").first()
        stage = Roads().stage_of(item) if item is not None else None
        if item is None or stage is None:
            return
        person = holder_of(Post.objects.get(id=stage.post_id), clock.today()) if stage.post_id else None
        other = "manager" if item.proposer_id == body.person("officer").id else "officer"
        actor = staff_actor(person) if person is not None else body.actor(other)
        if item.stage == 0:
            services.propose_items(actor=actor, disposal_list=made, asked=asked)
        else:
            services.confirm_items(actor=actor, disposal_list=made, item_ids=[*asked])


def begin_disclosure(body: Body) -> None:
    """A request for a list of names: found and held, one name marked; the decision is still to come."""
    officer = body.actor("officer")
    section = _section_of(body, officer)
    with _working_day(8, 14) as day:
        told = ReceiptDocument(
            title="道路愛護会の役員名簿", issued_on="", addressee="", issuer="", issuer_name="", text=_NAMES
        )
        scan = store_file(
            actor=officer,
            name="役員名簿.pdf",
            content=render_pdf(told, made_at=clock.now()),
            purpose="records.receipt",
        )
        letter = Letter(title="道路愛護会の役員名簿の提出", sender="上町道路愛護会", received_on=day, way=Way.COUNTER)
        receipt = services.receive_document(
            actor=officer,
            letter=letter,
            department=section,
            idempotency_key=uuid7(),
            files=[scan],
            placing=Placing(class_code="C-09"),
        )
    with _working_day(4, 15) as day:
        request = services.receive_request(
            actor=officer,
            kind=RequestKind.INFORMATION,
            requester="見本 一郎",
            asked_for="道路愛護会の役員がわかる文書",
            requested_on=day,
            due_on=day + timedelta(days=15),
            department=section,
            idempotency_key=uuid7(),
        )
    with _working_day(3):
        document = Document.objects.get(source_id=receipt.id)
        services.take_documents(actor=officer, request=request, document_ids=[document.id])
        target = request.documents.get()
        why = Why(Ground.PERSON, "情報公開条例第7条第1号", "会計の氏名")
        services.mark_words(actor=officer, target=target, file_id=scan.id, words="乙川花子", why=why)


def _section_of(body: Body, actor: StaffActor) -> Department:
    return next(one for one in body.departments.values() if one.id == actor.department_id)
