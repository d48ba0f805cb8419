"""照会・回答, the prefecture's side: ask, ask again, send back, take in, close, show the result."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F

from kakehashi.governments.models import Government
from kakehashi.governments.selectors import get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.books import UnreadableBook, read_apart
from kakehashi.kernel.business_days import business_days_between
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.plans.domain.inquiries import (
    Item,
    ItemError,
    check_answers,
    check_items,
    from_json,
    headings,
    shown,
    to_json,
)
from kakehashi.plans.models import InquiryCall, InquiryReply, InquiryState, MunicipalInquiry, ReplyStage
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors.inquiries import Standing, audience_of, standings

LARGEST_FILE = 5_000_000
DAYS_BEFORE, DAYS_BETWEEN = 3, 3
SHEET_MARK = "照会番号"


@service
def draft_inquiry(
    *, actor: Actor, title: str, due_on: date, items: Sequence[Item], idempotency_key: UUID, details: Mapping[str, Any]
) -> MunicipalInquiry:
    """Begin an inquiry; nobody sees it yet. `details` may hold body, contact, audience, chosen. The same key gives the first draft again.

    Raises PermissionRefused, and DomainError where an item cannot be asked.
    """
    require(actor, PlansPermission.INQUIRE)
    made, is_new = MunicipalInquiry.objects.get_or_create(
        government_id=current_government_id(),
        idempotency_key=idempotency_key,
        defaults={"title": title, "due_on": due_on, "created_by": actor.label[:200]},
    )
    if is_new:
        _change(made, title, due_on, items, details)
    return made


@service
def edit_inquiry(
    *,
    actor: Actor,
    inquiry: MunicipalInquiry,
    title: str,
    due_on: date,
    items: Sequence[Item],
    details: Mapping[str, Any],
    note: str = "",
) -> MunicipalInquiry:
    """Change a draft; or give an issued inquiry its next version, which every municipality is told of with `note`.

    Writes `plans.inquiry.revised` for the latter. Raises Stale when it is closed, DomainError, PermissionRefused.
    """
    require(actor, PlansPermission.INQUIRE)
    inquiry = _locked(inquiry)
    if inquiry.state == InquiryState.CLOSED:
        raise Stale("この照会は締め切られています。")
    is_issued = inquiry.state == InquiryState.ISSUED
    if is_issued and not note.strip():
        raise DomainError("市町村に伝える変更の内容を書いてください。", field="note", code="required")
    if is_issued:
        # Who is asked stays: a municipality that was asked would otherwise hold a call nobody waits for.
        details = {key: value for key, value in details.items() if key not in {"audience", "chosen"}}
        inquiry.version += 1
    _change(inquiry, title, due_on, items, details)
    if is_issued:
        InquiryCall.objects.filter(origin_id=current_government_id(), inquiry_id=inquiry.id).update(
            **_copied(inquiry), change_note=note.strip()[:300], touch=F("touch") + 1
        )
        _record(actor, inquiry, "revised", {"version": inquiry.version, "note": note.strip()})
    return inquiry


@service
def issue_inquiry(*, actor: Actor, inquiry: MunicipalInquiry) -> int:
    """Send an inquiry to everybody it is addressed to; gives how many. A second call sends nothing again. Writes `plans.inquiry.issued`.

    Raises DomainError where nobody would be asked, PermissionRefused, Stale when it is closed.
    """
    require(actor, PlansPermission.INQUIRE)
    inquiry = _locked(inquiry)
    if inquiry.state == InquiryState.CLOSED:
        raise Stale("この照会は締め切られています。")
    if inquiry.state == InquiryState.ISSUED:
        return 0
    asked = audience_of(inquiry)
    if not asked:
        raise DomainError("照会する相手がいません。相手を選び直してください。", field="audience")
    name = get_government(current_government_id()).name
    InquiryCall.objects.bulk_create(
        [
            InquiryCall(inquiry_id=inquiry.id, audience_id=one.id, prefecture_name=name, **_copied(inquiry))
            for one in asked
        ],
        ignore_conflicts=True,
    )
    inquiry.state, inquiry.issued_at = InquiryState.ISSUED, clock.now()
    inquiry.save(update_fields=["state", "issued_at"])
    _record(actor, inquiry, "issued", {"asked": [one.code for one in asked], "due_on": inquiry.due_on.isoformat()})
    return len(asked)


@service
def return_reply(*, actor: Actor, inquiry: MunicipalInquiry, municipality: Government, note: str) -> None:
    """Send an answer back to be corrected, with the reason. Writes `plans.inquiry.returned`. Raises DomainError, Stale, PermissionRefused."""
    require(actor, PlansPermission.INQUIRE)
    _open(inquiry)
    if not note.strip():
        raise DomainError("差し戻す理由を書いてください。", field="note", code="required")
    standing = _standing_of(inquiry, municipality)
    if not standing.has_answered:
        raise Stale("差し戻せる回答がありません。もう差し戻したか、まだ届いていません。")
    InquiryCall.objects.filter(id=_call(standing).id).update(
        returned_at=clock.now(), return_note=note.strip()[:500], touch=F("touch") + 1
    )
    _record(actor, inquiry, "returned", {"municipality": municipality.code, "note": note.strip()})


@service
def remind_inquiry(*, actor: Actor, inquiry: MunicipalInquiry) -> int:
    """Remind every municipality whose answer is not there; gives how many. Writes `plans.inquiry.reminded`."""
    require(actor, PlansPermission.INQUIRE)
    _open(inquiry)
    return _remind(actor, inquiry, [one for one in standings(inquiry) if not one.has_answered and not one.is_outside])


@service
def remind_by_worker(*, government_id: UUID) -> int:
    """Remind three working days before a term and every three after it, once each; gives how many municipalities."""
    actor, today = system_actor(government_id, "自動の催促"), clock.today()
    told = 0
    for inquiry in MunicipalInquiry.objects.filter(state=InquiryState.ISSUED):
        if inquiry.due_on >= today and business_days_between(today, inquiry.due_on) > DAYS_BEFORE:
            continue
        late = [
            one
            for one in standings(inquiry)
            if not one.has_answered and not one.is_outside and _is_quiet(_call(one), inquiry.due_on, today)
        ]
        told += _remind(actor, inquiry, late) if late else 0
    return told


@service
def close_inquiry(*, actor: Actor, inquiry: MunicipalInquiry) -> None:
    """Close an inquiry: no answer is taken any more. Writes `plans.inquiry.closed` with who had answered. A second call does nothing."""
    require(actor, PlansPermission.INQUIRE)
    inquiry = _locked(inquiry)
    if inquiry.state != InquiryState.ISSUED:
        return
    found = standings(inquiry)
    inquiry.state, inquiry.closed_at = InquiryState.CLOSED, clock.now()
    inquiry.save(update_fields=["state", "closed_at"])
    InquiryCall.objects.filter(origin_id=current_government_id(), inquiry_id=inquiry.id).update(
        closed_at=inquiry.closed_at, touch=F("touch") + 1
    )
    answered = [one.municipality.code for one in found if one.has_answered]
    _record(actor, inquiry, "closed", {"answered": answered, "asked": len(found)})


@service
def publish_result(*, actor: Actor, inquiry: MunicipalInquiry) -> int:
    """Show the collected table to everybody who was asked; until then nobody sees another's answer. Writes `plans.inquiry.published`.

    Raises Stale while answers are still taken, PermissionRefused.
    """
    require(actor, PlansPermission.INQUIRE)
    if inquiry.state != InquiryState.CLOSED:
        raise Stale("締め切ってから結果を公開してください。")
    items = from_json(inquiry.items)
    rows = [
        [
            one.municipality.name,
            one.state,
            *(shown(item, text) for item, text in zip(items, answer_texts(items, one), strict=True)),
        ]
        for one in standings(inquiry)
    ]
    table = {"headings": ["団体", "状態", *headings(items)], "rows": rows}
    count = InquiryCall.objects.filter(origin_id=current_government_id(), inquiry_id=inquiry.id).update(
        result=table, touch=F("touch") + 1
    )
    MunicipalInquiry.objects.filter(id=inquiry.id).update(published_at=clock.now())
    _record(actor, inquiry, "published", {"shown_to": count})
    return count


@service
def take_answer_file(
    *, actor: Actor, inquiry: MunicipalInquiry, municipality: Government, content: bytes
) -> InquiryReply:
    """Take in the Excel file that a municipality outside the installation sent back. Writes `plans.inquiry.file_taken`.

    The same answers again give the reply that is there. Raises DomainError beside the file: not ours, another municipality's, or answers that cannot be read.
    """
    require(actor, PlansPermission.INQUIRE)
    _open(inquiry)
    standing = _standing_of(inquiry, municipality)
    items = from_json(inquiry.items)
    given, version, note = _read_file(content, inquiry, municipality, items)
    checked = check_answers(items, given, {}, {})
    if checked.problems:
        first = next(iter(checked.problems))
        label = next(one.label for one in items if one.key == first)
        raise DomainError(f"「{label}」：{checked.problems[first]}", field="file")
    answers = [vars(one) for one in checked.answers]
    if standing.reply is not None and standing.reply.answers == answers and standing.has_answered:
        return standing.reply
    reply = InquiryReply.objects.create(
        audience_id=current_government_id(), inquiry_id=inquiry.id, municipality=municipality, stage=ReplyStage.ANSWERED,
        number=standing.reply.number + 1 if standing.reply else 1, version=version, answers=answers, note=note,
        answered_by=f"{municipality.name}（ファイル）", is_from_file=True,
    )  # fmt: skip
    _record(actor, inquiry, "file_taken", {"municipality": municipality.code, "number": reply.number})
    return reply


def answer_texts(items: Sequence[Item], standing: Standing) -> list[str]:
    """The kept values of one municipality in the order of the items; empty where there is no answer."""
    given = {row["key"]: row["value"] for row in standing.reply.answers} if standing.reply else {}
    return [str(given.get(item.key, "")) for item in items]


def answer_sheet(inquiry: MunicipalInquiry, municipality: Government) -> list[list[object]]:
    """The rows of the file a municipality outside the installation fills in; `take_answer_file` reads the same."""
    items = from_json(inquiry.items)
    head: list[list[object]] = [
        [SHEET_MARK, str(inquiry.id), "", ""],
        ["団体コード", municipality.code, "", ""],
        ["版", inquiry.version, "", ""],
        ["件名", inquiry.title, "", ""],
        ["期限", inquiry.due_on.isoformat(), "", ""],
        ["県への連絡", "", "", ""],
        ["記号", "項目", "書き方", "回答"],
    ]
    return head + [[one.key, one.label, _how(one), ""] for one in items]


def _how(item: Item) -> str:
    if item.choices:
        return "／".join(item.choices)
    if item.is_number:
        return f"数{f'（{item.unit}）' if item.unit else ''}。ないときは 該当なし・対象外・未調査・不明"
    return "文章"


def _read_file(
    content: bytes, inquiry: MunicipalInquiry, municipality: Government, items: Sequence[Item]
) -> tuple[dict[str, str], int, str]:
    if len(content) > LARGEST_FILE:
        raise DomainError("5MBまでのファイルを選んでください。", field="file")
    try:
        books = read_apart(content)
    except UnreadableBook:
        raise DomainError("Excelのファイルとして読めません。", field="file", code="unreadable") from None
    rows = [[_text(cell) for cell in row] for row in (books[0]["cells"] if books else [])]
    facts = {row[0]: row[1] for row in rows if len(row) > 1}
    if facts.get(SHEET_MARK) != str(inquiry.id):
        raise DomainError("この照会の回答ファイルではありません。", field="file", code="other_inquiry")
    if facts.get("団体コード", "").zfill(6) != municipality.code:
        raise DomainError(f"{municipality.name}の回答ファイルではありません。", field="file", code="other_municipality")
    known = {one.key for one in items}
    given = {row[0]: row[3] for row in rows if len(row) > 3 and row[0] in known}
    version = facts.get("版", "1")
    return given, int(version) if version.isdecimal() and len(version) < 4 else 1, facts.get("県への連絡", "")[:500]


def _text(cell: Any) -> str:
    text = "" if cell is None else str(cell).strip()
    # A spreadsheet gives whole numbers back as 「3.0」.
    return text[:-2] if re.fullmatch(r"\d+\.0", text) else text


def _change(
    inquiry: MunicipalInquiry, title: str, due_on: date, items: Sequence[Item], details: Mapping[str, Any]
) -> None:
    try:
        check_items(items)
    except ItemError as problem:
        raise DomainError(str(problem), field="items") from problem
    inquiry.title, inquiry.due_on, inquiry.items = title.strip()[:120], due_on, to_json(items)
    for name in ("body", "contact", "audience", "chosen"):
        if name in details:
            setattr(inquiry, name, details[name])
    inquiry.save()


def _copied(inquiry: MunicipalInquiry) -> dict[str, Any]:
    return {name: getattr(inquiry, name) for name in ("title", "body", "due_on", "contact", "items", "version")}


def _locked(inquiry: MunicipalInquiry) -> MunicipalInquiry:
    found: MunicipalInquiry = MunicipalInquiry.objects.select_for_update().get(id=inquiry.id)
    return found


def _open(inquiry: MunicipalInquiry) -> None:
    if _locked(inquiry).state != InquiryState.ISSUED:
        raise Stale("この照会は、回答を受け付けていません。")


def _standing_of(inquiry: MunicipalInquiry, municipality: Government) -> Standing:
    for one in standings(inquiry):
        if one.municipality.id == municipality.id:
            return one
    raise DomainError("この団体には照会していません。")


def _call(standing: Standing) -> InquiryCall:
    assert standing.call is not None
    return standing.call


def _is_quiet(call: InquiryCall, due_on: date, today: date) -> bool:
    """Whether nobody reminded lately: once before the term, then after each three days."""
    if call.reminded_at is None:
        return True
    last = call.reminded_at.astimezone(clock.JST).date()
    return today > due_on and today - last >= timedelta(days=DAYS_BETWEEN)


def _remind(actor: Actor, inquiry: MunicipalInquiry, late: Iterable[Standing]) -> int:
    chosen = list(late)
    InquiryCall.objects.filter(id__in=[_call(one).id for one in chosen]).update(
        reminded_at=clock.now(), reminders=F("reminders") + 1, touch=F("touch") + 1
    )
    if chosen:
        _record(actor, inquiry, "reminded", {"municipalities": [one.municipality.code for one in chosen]})
    return len(chosen)


def _record(actor: Actor, inquiry: MunicipalInquiry, verb: str, payload: dict[str, Any]) -> None:
    record_event(
        actor=actor, code=f"plans.inquiry.{verb}", subject_kind="plans.inquiry", subject_id=inquiry.id, payload=payload
    )


__all__ = [
    "answer_sheet",
    "answer_texts",
    "close_inquiry",
    "draft_inquiry",
    "edit_inquiry",
    "issue_inquiry",
    "publish_result",
    "remind_by_worker",
    "remind_inquiry",
    "return_reply",
    "take_answer_file",
]
