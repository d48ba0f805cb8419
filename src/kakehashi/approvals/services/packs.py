"""Versions of the rule pack: begin a draft, change it, throw it away, put it in force, call it off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from kakehashi.approvals.domain.packs import SHIPPED, read_pack
from kakehashi.approvals.domain.packs.document import PackDocument
from kakehashi.approvals.domain.packs.lint import errors
from kakehashi.approvals.models import AuthorityRule, PackState, RulePack
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.services.pack_projection import Projection, project_matters, project_pack, take_back_pack
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.wareki import format_wareki

SHIPPED_FROM = dt.date(2020, 4, 1)
"""From when a shipped pack holds where nothing else is said: long enough ago for what is entered afterwards."""


@dataclass(frozen=True)
class InstalledPack:
    """What putting a pack in force changed."""

    name: str
    new_rules: int
    new_classes: int
    version: RulePack


@service
def begin_rule_pack(
    *, actor: Actor, document: PackDocument | str, title: str = "", based_on: RulePack | None = None
) -> RulePack:
    """Begin a draft from a document, or from a shipped pack by its code. A draft is no official act: no event."""
    require(actor, ApprovalsPermission.MANAGE_RULES)
    if isinstance(document, str):
        if document not in SHIPPED:
            raise DomainError("このひな形はありません。", field="pack")
        document = read_pack(document)
    return RulePack.objects.create(
        title=(title.strip() or document.name)[:120],
        document=document.to_json(),
        digest=document.digest,
        based_on=based_on,
        made_by_label=actor.label,
    )


@service
def change_rule_pack(
    *, actor: Actor, pack: RulePack, document: PackDocument, expected_revision: int | None = None
) -> RulePack:
    """Give a draft another document. Raises Stale when somebody changed it since, DomainError when it is no draft."""
    require(actor, ApprovalsPermission.MANAGE_RULES)
    current = _locked_draft(pack, expected_revision)
    if document.digest == current.digest:
        return current
    current.document, current.digest = document.to_json(), document.digest
    current.revision += 1
    current.changed_at = clock.now()
    current.save(update_fields=["document", "digest", "revision", "changed_at"])
    return current


@service
def discard_rule_pack(*, actor: Actor, pack: RulePack) -> None:
    """Throw a draft away. Raises DomainError for a version that was put in force."""
    require(actor, ApprovalsPermission.MANAGE_RULES)
    _locked_draft(pack, None).delete()


@service
def put_in_force(
    *,
    actor: Actor,
    pack: RulePack,
    valid_from: dt.date,
    edition: str = "",
    adopted_by: str = "",
    expected_revision: int | None = None,
) -> InstalledPack:
    """制定: freeze a draft as the next version, in force from a day; the version before it ends the day before.

    Raises DomainError when the linter finds an error, or when a version begins on that day or later.
    """
    require(actor, ApprovalsPermission.MANAGE_RULES)
    current = _locked_draft(pack, expected_revision)
    document = PackDocument.from_json(current.document)
    wrong = errors(document)
    if wrong:
        more = f"ほか{len(wrong) - 1}件の誤りがあります。" if len(wrong) > 1 else ""
        raise DomainError(f"点検で誤りが見つかったため、制定できません。{wrong[0].sentence}{more}", code="lint")
    _end_predecessor(valid_from)
    current.number = (RulePack.objects.aggregate(last=Max("number"))["last"] or 0) + 1
    current.state, current.valid_from = PackState.IN_FORCE, valid_from
    current.edition, current.adopted_by = edition.strip()[:200], adopted_by.strip()[:120]
    current.enforced_by_label, current.enforced_at = actor.label, clock.now()
    current.save()
    made = project_pack(actor=actor, pack=current, document=document)
    if valid_from <= clock.today():
        project_matters(pack=current, document=document)
    _record(actor, current, document, made)
    return InstalledPack(document.name, made.rules, made.classes, current)


@service
def install_rule_pack(
    *, actor: Actor, pack: str | PackDocument = "town", valid_from: dt.date | None = None
) -> InstalledPack:
    """Put a whole pack in force in one act, by a shipped pack's code or as a document; default from `SHIPPED_FROM`.

    The same pack again changes nothing.
    """
    require(actor, ApprovalsPermission.MANAGE_RULES)
    document = read_pack(pack) if isinstance(pack, str) else pack
    newest = RulePack.objects.filter(state=PackState.IN_FORCE).order_by("-valid_from").first()
    if newest is not None and newest.digest == document.digest:
        return InstalledPack(document.name, 0, 0, newest)
    draft = begin_rule_pack(actor=actor, document=document)
    return put_in_force(actor=actor, pack=draft, valid_from=valid_from or SHIPPED_FROM)


@service
def call_off_rule_pack(*, actor: Actor, pack: RulePack, reason: str) -> RulePack:
    """施行の取りやめ: a version whose day has not come is called off, and the one before it goes on.

    Raises DomainError when its day has come, when a later version follows it, or without a reason.
    """
    require(actor, ApprovalsPermission.MANAGE_RULES)
    current = RulePack.objects.select_for_update().get(id=pack.id)
    if current.state != PackState.IN_FORCE or current.valid_from is None or current.valid_from <= clock.today():
        raise DomainError("施行日の来ていない版だけが、取りやめられます。")
    if not reason.strip():
        raise DomainError("取りやめる理由を記入してください。", field="reason")
    if current.valid_to is not None:
        raise DomainError("この版のあとに施行する版があります。先に、そちらを取りやめてください。")
    take_back_pack(actor=actor, pack=current)
    RulePack.objects.filter(state=PackState.IN_FORCE, valid_to=current.valid_from - dt.timedelta(days=1)).update(
        valid_to=None
    )
    current.state = PackState.CALLED_OFF
    current.save(update_fields=["state"])
    record_event(
        actor=actor,
        code="approvals.rules.called_off",
        subject_kind="approvals.rules",
        subject_id=current.id,
        payload={"number": current.number, "valid_from": current.valid_from.isoformat(), "reason": reason.strip()},
    )
    return current


def _locked_draft(pack: RulePack, expected_revision: int | None) -> RulePack:
    current = RulePack.objects.select_for_update().get(id=pack.id)
    if not current.is_draft:
        raise DomainError("この版は制定されているため、変えられません。この版から新しい下書きを作ってください。")
    if expected_revision is not None and expected_revision != current.revision:
        raise Stale
    return current


def _end_predecessor(valid_from: dt.date) -> None:
    last = RulePack.objects.select_for_update().filter(state=PackState.IN_FORCE).order_by("-valid_from").first()
    if last is None or last.valid_from is None:
        # Rules from before there were versions end where the first version begins.
        _end_unversioned(valid_from)
        return
    if last.valid_from >= valid_from:
        day = format_wareki(last.valid_from)
        raise DomainError(
            f"{day}から施行する{last.label}があります。施行日は、その翌日以後にしてください。", field="valid_from"
        )
    last.valid_to = valid_from - dt.timedelta(days=1)
    last.save(update_fields=["valid_to"])


def _end_unversioned(valid_from: dt.date) -> None:
    rules = AuthorityRule.objects.filter(pack__isnull=True, valid_to__isnull=True)
    if rules.filter(valid_from__gte=valid_from).exists():
        raise DomainError("同じ日以降に始まる決裁の規定がすでにあります。", field="valid_from")
    rules.update(valid_to=valid_from - dt.timedelta(days=1))


def _record(actor: Actor, pack: RulePack, document: PackDocument, made: Projection) -> None:
    payload: Mapping[str, Any] = {
        "pack": document.name,
        "number": pack.number,
        "digest": pack.digest,
        "edition": pack.edition,
        "adopted_by": pack.adopted_by,
        "valid_from": pack.valid_from.isoformat() if pack.valid_from else "",
        "new_rules": made.rules,
        "new_classes": made.classes,
    }
    record_event(
        actor=actor,
        code="approvals.rules.installed",
        subject_kind="approvals.rules",
        subject_id=pack.id,
        payload=dict(payload),
    )


@service
def bring_in_due_packs() -> int:
    """Bring names and classes of matters to the version whose first day has come; returns how many versions."""
    due = RulePack.objects.filter(state=PackState.IN_FORCE, is_projected=False, valid_from__lte=clock.today()).order_by(
        "valid_from"
    )
    for pack in due:
        project_matters(pack=pack, document=PackDocument.from_json(pack.document))
    return len(due)
