"""A solved case on its way out: written, checked by the section, cleared of persons, published."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from kakehashi.desk.domain.masking import mask_text, undecided
from kakehashi.desk.domain.states import ConsultationState
from kakehashi.desk.models import CaseRevision, Consultation, PublishedCase, Scope, SolvedCase, SolvedCaseState
from kakehashi.desk.models.solved_cases import COPIED_FIELDS, MASKED_FIELDS
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors import findings_of
from kakehashi.desk.selectors.funding import uses_of
from kakehashi.desk.selectors.solved_cases import SEARCH_KIND, is_of_section
from kakehashi.desk.services.movement import move
from kakehashi.desk.services.reuse import refuse_persons
from kakehashi.governments.selectors import get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.search.selectors import prefecture_of
from kakehashi.search.services import index_text, remove_text, share_text, unshare_text

SUBJECT = "desk.solved_case"
State = SolvedCaseState
OUTSIDE = frozenset({Scope.PREFECTURE, Scope.COUNTRY})
EDITABLE = frozenset(COPIED_FIELDS) | {"scope"}


@service
def draft_solved_case(*, actor: Actor, consultation: Consultation) -> SolvedCase:
    """Begin a solved case from a solved consultation, filled with what is known; a second call returns the first.

    Raises DomainError for a consultation that is not solved.
    """
    require(actor, DeskPermission.CASE_WRITE)
    if consultation.status not in {
        ConsultationState.RESOLVED,
        ConsultationState.DISCONTINUED_TASK,
        ConsultationState.SHARED,
    }:
        raise DomainError("解決した相談だけが、解決事例になります。", code="wrong_state")
    government = get_government(current_government_id())
    case, _ = SolvedCase.objects.get_or_create(
        consultation=consultation,
        defaults={
            "department": consultation.department,
            "title": consultation.task[:120],
            "problem": consultation.problem,
            "purpose": consultation.purpose,
            "cause": consultation.cause,
            "what_was_done": consultation.what_was_done,
            "what_failed": consultation.what_failed,
            "rule": consultation.rule,
            "population": government.population,
            "funding": "、".join(use.scheme.name for use in uses_of(consultation).filter(state="granted"))[:200],
            "contact": f"{government.name} {consultation.department.name if consultation.department else ''}".strip(),
            "is_discontinued": consultation.status is ConsultationState.DISCONTINUED_TASK,
            "before_minutes": consultation.minutes_each,
            "before_cases": consultation.cases_a_year,
            "after_minutes": consultation.after_minutes,
            "after_cases": consultation.after_cases,
            "before_sheets": consultation.before_sheets,
            "after_sheets": consultation.after_sheets,
            "migration_hours": consultation.migration_hours,
        },
    )
    kept: SolvedCase = case
    return kept


@service
def edit_solved_case(*, actor: Actor, case: SolvedCase, values: Mapping[str, Any]) -> SolvedCase:
    """Change a solved case that is not out yet; a change after the section's check asks for the check again.

    `values` maps names of `EDITABLE`. Raises DomainError for a published case: retire it first.
    """
    require(actor, DeskPermission.CASE_WRITE)
    if case.state in {State.PUBLISHED, State.RETIRED}:
        raise DomainError("公開した事例は直せません。取り下げてから直してください。", code="wrong_state")
    for name, value in values.items():
        if name in EDITABLE:
            setattr(case, name, value)
    if not case.title.strip():
        raise DomainError("題名を書いてください。", field="title", code="required")
    _set_state(case, case.state, State.DRAFT)
    case.checked_by = case.masked_by = ""
    case.save()
    return case


@service
def submit_solved_case(*, actor: Actor, case: SolvedCase) -> SolvedCase:
    """Ask the section to check a solved case. Raises DomainError while the purpose or what was done is missing."""
    require(actor, DeskPermission.CASE_WRITE)
    for field, label in (("purpose", "目的"), ("what_was_done", "したこと"), ("what_failed", "うまくいかなかったこと")):
        if not getattr(case, field).strip():
            message = f"{label}を書いてください。読む人が自分の町に当てはまるか決められません。"
            raise DomainError(message, field=field, code="required")
    return _move(actor, case, State.DRAFT, State.DEPT_CHECK, "desk.solved_case.submitted")


@service
def check_solved_case(*, actor: Actor, case: SolvedCase) -> SolvedCase:
    """Say for the section that what is written is true and may be shown. Raises DomainError for staff of another section."""
    require(actor, DeskPermission.CASE_CHECK)
    if not is_of_section(actor, case):
        raise DomainError(f"課として確認できるのは、{case.department}の職員です。", code="other_section")
    return _move(
        actor, case, State.DEPT_CHECK, State.MASKING_CHECK, "desk.solved_case.checked", checked_by=actor.label[:200]
    )


@service
def decide_findings(*, actor: Actor, case: SolvedCase, decisions: Mapping[str, str], reason: str = "") -> SolvedCase:
    """Mask or keep what could name a person. `decisions` maps a finding's key to `mask` or `keep`.

    Masking changes the text for good. Keeping needs a reason and is refused for what certainly names somebody
    (addresses of mail, telephone and other numbers).
    """
    require(actor, DeskPermission.CASE_PUBLISH)
    if case.state != State.MASKING_CHECK:
        raise DomainError("課の確認が終わってから、個人情報を確認します。", code="wrong_state")
    findings = findings_of(case)
    kept = dict(case.kept)
    for finding in findings:
        if decisions.get(finding.key) != "keep":
            continue
        if not finding.may_keep:
            message = f"{finding.label}は残せません。伏せてください。"
            raise DomainError(message, code="cannot_keep")
        if not reason.strip():
            raise DomainError("残す理由を書いてください。", field="reason", code="required")
        kept[finding.key] = reason.strip()[:200]
    for field in MASKED_FIELDS:
        chosen = [f for f in findings if f.field == field and decisions.get(f.key) == "mask"]
        if chosen:
            limit = getattr(SolvedCase._meta.get_field(field), "max_length", None)
            setattr(case, field, mask_text(getattr(case, field), chosen)[:limit])
    case.kept = kept
    case.masked_by = actor.label[:200]
    case.save()
    masked: dict[str, int] = {}
    for finding in findings:
        if decisions.get(finding.key) == "mask":
            masked[finding.kind.value] = masked.get(finding.kind.value, 0) + 1
    _record(actor, "desk.solved_case.masked", case, {"masked": masked, "kept": len(kept)})
    return case


@service
def publish_solved_case(*, actor: Actor, case: SolvedCase, scope: str, note: str = "") -> SolvedCase:
    """Show a solved case: to its section, the town hall, the prefecture or the country; each time is a new revision.

    From the second revision on, `note` says what changed, for those who took the case over.

    Nothing leaves the section while anything in it could name a person and nobody decided about it. Outside the town a copy is
    made; nobody else ever opens the town's own rows. Raises DomainError with what is still undecided.
    """
    require(actor, DeskPermission.CASE_PUBLISH)
    if scope not in Scope.values:
        raise DomainError("見せる範囲を選んでください。", field="scope", code="required")
    open_findings = undecided(findings_of(case), dict.fromkeys(case.kept, "keep"))
    if open_findings and scope != Scope.DEPARTMENT:
        kinds = "、".join(dict.fromkeys(finding.label for finding in open_findings))
        message = (
            f"個人が分かりそうな所が{len(open_findings)}か所残っています({kinds})。伏せるか、残す理由を書いてください。"
        )
        raise DomainError(message, code="unmasked")
    if case.revision and not note.strip():
        raise DomainError(
            "前の版から何が変わったかを書いてください。使っている団体が読みます。", field="note", code="required"
        )
    refuse_persons(note, field="note", is_checked=False)
    prefecture_id = prefecture_of(current_government_id())
    if scope == Scope.PREFECTURE and prefecture_id is None:
        raise DomainError("県が登録されていないため、県内には公開できません。", field="scope")
    _move(
        actor, case, State.MASKING_CHECK, State.PUBLISHED, "desk.solved_case.published",
        payload={"scope": scope, "revision": case.revision + 1}, scope=scope, published_at=clock.now(),
        revision=case.revision + 1,
    )  # fmt: skip
    _keep_revision(actor, case, note.strip()[:300])
    _index(case)
    if scope in OUTSIDE:
        _publish_copy(case, prefecture_id, note.strip()[:300])
    else:
        # A case that was shown wider before is shown no wider than this any more.
        _withdraw_copy(case)
    consultation = case.consultation
    if consultation is not None and consultation.status is not ConsultationState.SHARED:
        _share(actor, consultation)
    return case


@service
def revise_solved_case(*, actor: Actor, case: SolvedCase) -> SolvedCase:
    """Begin the next revision of a published case; what others read stays as it is until the next one is published.

    Both checks are asked again. Raises Stale for a case that is not published.
    """
    require(actor, DeskPermission.CASE_WRITE)
    return _move(
        actor, case, State.PUBLISHED, State.DRAFT, "desk.solved_case.revised",
        payload={"revision": case.revision}, checked_by="", masked_by="",
    )  # fmt: skip


@service
def retire_solved_case(*, actor: Actor, case: SolvedCase, reason: str) -> SolvedCase:
    """Take a published case back, the copies outside included; it can be corrected and published again.

    A case whose next revision is being written is taken back too. Raises Stale for one that is not out.
    """
    require(actor, DeskPermission.CASE_PUBLISH)
    if not reason.strip():
        raise DomainError("取り下げる理由を書いてください。", field="reason", code="required")
    if (
        case.state != State.PUBLISHED
        and not PublishedCase.objects.filter(id=case.id, origin_id=case.government_id).exists()
    ):
        raise Stale
    _move(
        actor, case, State(case.state), State.DRAFT, "desk.solved_case.retired",
        payload={"reason": reason.strip()[:300]}, published_at=None, checked_by="", masked_by="",
    )  # fmt: skip
    remove_text(government_id=case.government_id, kind=SEARCH_KIND, object_id=case.id)
    _withdraw_copy(case)
    return case


def _withdraw_copy(case: SolvedCase) -> None:
    unshare_text(kind=SEARCH_KIND, object_id=case.id)
    PublishedCase.objects.filter(id=case.id, origin_id=case.government_id).delete()


def _keep_revision(actor: Actor, case: SolvedCase, note: str) -> None:
    values = {name: getattr(case, name) for name in COPIED_FIELDS}
    kept = {name: str(value) if isinstance(value, Decimal) else value for name, value in values.items()}
    CaseRevision.objects.create(
        case=case, number=case.revision, scope=case.scope, note=note, values=kept, published_by=actor.label[:200]
    )


def _share(actor: Actor, consultation: Consultation) -> None:
    """The consultation's case is closed already, so only its own state moves."""
    case, consultation.case = consultation.case, None
    move(actor, consultation, ConsultationState.SHARED, "desk.consultation.shared")
    consultation.case = case


def _publish_copy(case: SolvedCase, prefecture_id: UUID | None, note: str) -> None:
    PublishedCase.objects.update_or_create(
        id=case.id,
        origin_id=case.government_id,
        defaults={
            **{name: getattr(case, name) for name in COPIED_FIELDS},
            "origin_name": get_government(case.government_id).name,
            "audience": case.scope,
            "prefecture_id": prefecture_id,
            "revision": case.revision,
            "note": note,
            "published_at": clock.now(),
        },
    )
    share_text(
        kind=SEARCH_KIND, object_id=case.id, title=case.title, fields=_searched(case),
        audience=case.scope, prefecture_id=prefecture_id,
    )  # fmt: skip


def _index(case: SolvedCase) -> None:
    index_text(
        government_id=case.government_id, kind=SEARCH_KIND, object_id=case.id, title=case.title, fields=_searched(case),
        audience="department" if case.scope == Scope.DEPARTMENT else "government", department_id=case.department_id,
    )  # fmt: skip


def _searched(case: SolvedCase) -> dict[str, str]:
    return {
        name: getattr(case, name)
        for name in ("purpose", "problem", "cause", "what_was_done", "what_failed", "conditions", "system")
    }


def _move(
    actor: Actor,
    case: SolvedCase,
    source: State,
    target: State,
    code: str,
    *,
    payload: dict[str, Any] | None = None,
    **changes: Any,
) -> SolvedCase:
    _set_state(case, source, target, **changes)
    _record(actor, code, case, payload or {})
    return case


def _set_state(case: SolvedCase, source: str, target: str, **changes: Any) -> None:
    """Compare and set. Raises Stale when the case is not where the page said."""
    changes |= {"state": target}
    if not SolvedCase.objects.filter(id=case.id, state=source).update(**changes):
        raise Stale
    for name, value in changes.items():
        setattr(case, name, value)


def _record(actor: Actor, code: str, case: SolvedCase, payload: dict[str, Any]) -> None:
    record_event(actor=actor, code=code, subject_kind=SUBJECT, subject_id=case.id, payload=payload)
