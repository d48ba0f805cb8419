"""通知書のひな形を書く, and write the letter of a case from it: for the preview and for the proposal alike."""

from __future__ import annotations

from collections.abc import Iterable

from kakehashi.approvals.models import Proposal
from kakehashi.approvals.services import NoticeDraft
from kakehashi.governments.models import Government, GovernmentKind
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.documents import CertificateDocument, NoticeDocument, ReceiptDocument, render_pdf
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.wareki import format_wareki
from kakehashi.procedures.domain.kinds import Kind, Result
from kakehashi.procedures.domain.letters import LetterText, NothingToFillIn, UnknownPlaceholder, fill_letter, names_in
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.domain.teaching import Basis, Decider, reason_heading, teaching_paragraphs
from kakehashi.procedures.models import Application, LetterUse, LetterVersion, Procedure
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.clocks import appeal_of
from kakehashi.procedures.selectors.letters import (
    RECEIPT,
    Proposed,
    letter_in_use,
    outcomes_of,
    placeholders_of,
    values_of,
)

__all__ = [
    "BUILT_IN",
    "built_in_letter",
    "decider_of",
    "keep_letter_use",
    "notice_of",
    "preview_pdf",
    "receipt_pdf",
    "write_letter",
]

_UNDECIDED_NUMBER = "（番号は施行時に付きます）"
_UNDECIDED_DAY = "（日付は施行日になります）"

BUILT_IN: dict[str, LetterText] = {
    Result.APPROVED: LetterText(
        "利用決定通知書", "お申込みのあったことについて、承諾することに決定したので通知します。"
    ),
    Result.DECLINED: LetterText(
        "利用についてのお知らせ", "お申込みのあったことについて、ご希望に沿うことができないので、お知らせします。"
    ),
    Result.ISSUED: LetterText("証明書交付通知書", "請求のあった証明書を交付します。"),
    Result.PERMITTED: LetterText(
        "許可通知書", "申請のあったことについて、次のとおり許可することに決定したので通知します。"
    ),
    Result.PARTLY: LetterText(
        "一部許可通知書",
        "申請のあったことについて、次のとおり一部を許可し、その他は次の理由により許可しないことに決定したので通知します。",
    ),
    Result.GRANTED: LetterText(
        "交付決定通知書", "申請のあったことについて、次のとおり交付することに決定したので通知します。"
    ),
    Result.REFUSED: LetterText(
        "不許可通知書", "申請のあったことについて、次の理由により許可しないことに決定したので通知します。"
    ),
    Result.DISMISSED: LetterText(
        "却下通知書", "申請のあったことについて、次の理由により却下することに決定したので通知します。"
    ),
    RECEIPT: LetterText("受付票", "次のとおり受け付けました。この票は、結果をお約束するものではありません。"),
}
"""The words used until a procedure has its own."""


def built_in_letter(outcome: str) -> LetterText:
    """The words an editor begins with."""
    return BUILT_IN[outcome]


def decider_of(government: Government) -> Decider:
    """In whose name the disposition is made."""
    is_prefecture = government.kind == GovernmentKind.PREFECTURE
    return Decider(government.name, "知事" if is_prefecture else "長")


@service
def write_letter(
    *,
    actor: Actor,
    procedure: Procedure,
    outcome: str,
    letter: LetterText,
    is_certificate: bool = False,
    valid_days: int | None = None,
    known: Iterable[str] = (),
) -> LetterVersion:
    """ひな形を書く: the next version; the same words as now make none. `known`: placeholders of a form that is not published yet.

    Raises DomainError for an outcome the procedure does not have, an empty title or text, or a placeholder that is not on the list.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    if outcome not in dict(outcomes_of(procedure)):
        raise DomainError("この手続にはない結果です。", field="outcome")
    if is_certificate and outcome != Result.ISSUED:
        raise DomainError("二次元コードの付いた証明書にできるのは、「証明書の交付」だけです。", field="is_certificate")
    check_letter(procedure, letter, known)
    Procedure.objects.select_for_update().get(id=procedure.id)
    current = letter_in_use(procedure, outcome)
    same = current is not None and (current.letter, current.is_certificate, current.valid_days) == (
        letter, is_certificate, valid_days,
    )  # fmt: skip
    if current is not None and same:
        return current
    version: LetterVersion = LetterVersion.objects.create(
        procedure=procedure,
        outcome=outcome,
        number=(current.number if current else 0) + 1,
        title=letter.title.strip(),
        text=letter.text.strip(),
        rows=letter.rows.strip(),
        remark=letter.remark.strip(),
        is_certificate=is_certificate,
        valid_days=valid_days if is_certificate else None,
        made_by=actor.label,
    )
    record_event(
        actor=actor, code="procedures.letter.written", subject_kind=PROCEDURE, subject_id=procedure.id,
        payload={"outcome": outcome, "version": version.number},
    )  # fmt: skip
    return version


def check_letter(procedure: Procedure, letter: LetterText, known: Iterable[str] = ()) -> None:
    """Raises DomainError for what could never be a letter; `known` may stand in it besides the procedure's own placeholders."""
    if not letter.title.strip():
        raise DomainError("題名を入力してください。", field="title")
    if not letter.text.strip():
        raise DomainError("本文を入力してください。", field="text")
    allowed = {*placeholders_of(procedure), *known}
    for name in ("title", "text", "rows", "remark"):
        for each in names_in(getattr(letter, name)):
            if each not in allowed:
                raise DomainError(f"【{each}】は差し込みの一覧にありません。一覧の名前を使ってください。", field=name)


def notice_of(
    application: Application, proposed: Proposed, government: Government, letter: LetterText | None = None
) -> NoticeDraft:
    """The notice word by word: the template's words filled in, then what the law demands whatever the template says.

    Reasons of a refusal, also of a part (行政手続法8条), and the 教示 (行政不服審査法82条, 行政事件訴訟法46条) are never left to a
    template. Raises DomainError when the case has nothing for a placeholder.
    """
    result = proposed.result
    used = letter or _letter_for(application.procedure, result)
    title, text, own_rows, remark = _filled(used, application, proposed, government)
    refusal = result.is_refusal
    shows_teaching = refusal or application.procedure.kind == Kind.DISPOSITION
    # What is granted in part or with a burden is refused for the rest: that part has its reason too.
    limits = application.procedure.kind == Kind.DISPOSITION and (
        proposed.is_partial or bool(proposed.conditions.strip())
    )
    mentioned = names_in(f"{used.text}{used.rows}{used.remark}")
    rows = [("受付番号", application.receipt_label), ("手続", application.procedure.name), *own_rows]
    if proposed.amount is not None and "金額" not in mentioned:
        rows.append(("金額", f"{proposed.amount:,}円"))
    if proposed.conditions.strip() and "条件" not in mentioned:
        rows.append(("条件", proposed.conditions.strip()))
    instructions = [("備考", remark)] if remark else []
    if shows_teaching:
        instructions.append(
            ("教示", "\n".join(teaching_paragraphs(decider_of(government), appeal_of(application.procedure))))
        )
    return NoticeDraft(
        title=title,
        addressee=f"{application.applicant_name} 様",
        text=text,
        rows=tuple(rows),
        reason_heading=reason_heading(Basis(application.procedure.basis), government.name)
        if refusal or limits
        else "理由",
        reason=proposed.reason.strip() if refusal or limits or result is Result.DECLINED else "",
        instructions=tuple(instructions),
        contact=application.procedure.contact,
    )


def _letter_for(procedure: Procedure, result: Result) -> LetterText:
    version = letter_in_use(procedure, result)
    return version.letter if version is not None else BUILT_IN[result]


def _filled(
    letter: LetterText, application: Application, proposed: Proposed | None, government: Government
) -> tuple[str, str, tuple[tuple[str, str], ...], str]:
    try:
        letter.check(placeholders_of(application.procedure))
        return fill_letter(letter, values_of(application, government, decider_of(government), proposed))
    except NothingToFillIn as error:
        raise DomainError(
            f"この申請には【{error.name}】に入るものがないので、「{letter.title}」を作れません。"
            "起案の内容を書き足すか、補正を依頼するか、ひな形を直してください。",
            code="nothing_to_fill_in",
        ) from error
    except UnknownPlaceholder as error:
        raise DomainError(
            f"ひな形の【{error.name}】は、いまの様式にありません。ひな形を直してください。", code="unknown_placeholder"
        ) from error


def keep_letter_use(application: Application, proposal: Proposal, result: Result) -> None:
    """Note which version the proposal's notice was written from."""
    version = letter_in_use(application.procedure, result)
    if version is not None:
        LetterUse.objects.get_or_create(
            proposal_id=proposal.id, defaults={"application": application, "version": version}
        )


def preview_pdf(
    *,
    application: Application,
    proposed: Proposed,
    government: Government,
    letter: LetterText | None = None,
    is_certificate: bool | None = None,
) -> bytes:
    """The letter of a real case as it would go out, with number and day still open. Raises DomainError like `notice_of`."""
    notice = notice_of(application, proposed, government, letter)
    version = letter_in_use(application.procedure, proposed.result)
    if is_certificate is None:
        is_certificate = letter is None and version is not None and version.is_certificate
    frame = {
        "title": notice.title,
        "document_number": _UNDECIDED_NUMBER,
        "issued_on": _UNDECIDED_DAY,
        "addressee": notice.addressee,
        "issuer": decider_of(government).name,
        "issuer_name": government.name,
        "text": notice.text,
        "rows": notice.rows,
        "contact": notice.contact,
        "footer": "見本：まだ決まっていません",
    }
    if is_certificate:
        verify = "施行すると、ここに検証用の二次元コードが入ります。"
        return render_pdf(CertificateDocument(**frame, verify_text=verify), made_at=clock.now())  # type: ignore[arg-type]
    document = NoticeDocument(
        **frame,  # type: ignore[arg-type]
        reason_heading=notice.reason_heading,
        reason=notice.reason,
        instructions=notice.instructions,
    )
    return render_pdf(document, made_at=clock.now())


def receipt_pdf(*, application: Application, government: Government, letter: LetterText | None = None) -> bytes:
    """受付票: that it arrived, with number and moment, in the procedure's own words. Raises DomainError like `notice_of`."""
    version = letter_in_use(application.procedure, RECEIPT) if letter is None else None
    used = letter or (version.letter if version is not None else BUILT_IN[RECEIPT])
    title, text, own_rows, remark = _filled(used, application, None, government)
    arrived = application.arrived_at.astimezone(clock.JST)
    rows = (
        ("受付番号", application.receipt_label),
        ("手続", application.procedure.name),
        ("到達", f"{format_wareki(arrived.date())} {arrived:%H:%M}"),
        *own_rows,
    )
    document = ReceiptDocument(
        title=title,
        issued_on=format_wareki(application.arrived_on),
        addressee=f"{application.applicant_name} 様",
        issuer=decider_of(government).name,
        issuer_name=government.name,
        text=text,
        rows=rows,
        note="\n".join(part for part in (remark, application.procedure.contact) if part),
        footer=application.receipt_label,
    )
    return render_pdf(document, made_at=application.arrived_at)
