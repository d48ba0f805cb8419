"""Keep the inventory: make a procedure, write it, put it online, take it off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from kakehashi.eforms.models import PaperForm
from kakehashi.eforms.services import adopt_form, create_form, read_dropped
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.kinds import Kind, guess_kind
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.domain.starter_form import starter_form
from kakehashi.procedures.domain.survey import LIFE_EVENTS
from kakehashi.procedures.models import ExclusionRule, Procedure, ProcedureText
from kakehashi.procedures.models.procedure import Stage, VolumeSource
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.gates import checklist
from kakehashi.search.services import index_text

EDITABLE = frozenset({
    "name", "kind", "legal_basis", "basis", "department", "fee", "standard_processing_days",
    "standard_processing_unit", "volume", "online_volume", "needs", "channels", "life_events",
    "contact", "identity_check", "retention_class", "matter_code", "founding", "attachments", "identity_note",
    "seal", "seal_reason", "visit", "visit_reason", "online_basis", "online_elsewhere", "target_year",
    "privacy_purpose", "note",
})  # fmt: skip
"""What a person may change; stage, form and survey move by their own verbs."""

_SUBJECT = PROCEDURE


@service
def create_procedure(
    *,
    actor: Actor,
    name: str,
    kind: Kind | None = None,
    origin_kind: str = "",
    origin_id: UUID | None = None,
    values: Mapping[str, Any] | None = None,
) -> Procedure:
    """Put a procedure of the town's own on the inventory, in the stage 窓口・郵送.

    Without `kind` it is guessed from the name and waits to be confirmed. `origin_kind` and
    `origin_id` name what it came from, such as a consultation, which becomes one procedure however often it
    is asked for. `values` are of `EDITABLE`.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    if origin_id is not None:
        made: Procedure | None = Procedure.objects.filter(origin_kind=origin_kind, origin_id=origin_id).first()
        if made is not None:
            return made
    if not name.strip():
        raise DomainError("手続の名前を入力してください。", field="name")
    procedure = Procedure(name=name.strip(), origin_kind=origin_kind, origin_id=origin_id)
    procedure.kind = (kind or guess_kind(name)).value
    procedure.kind_confirmed = kind is not None
    _apply(procedure, values or {})
    procedure.derive()
    procedure.save(force_insert=True)
    index_procedure(procedure)
    _record(actor, "procedures.procedure.created", procedure, {"name": procedure.name})
    return procedure


@service
def update_procedure(*, actor: Actor, procedure: Procedure, values: Mapping[str, Any]) -> Procedure:
    """Change what stands on the inventory (`EDITABLE`); a change of kind confirms it.

    A written volume becomes the town's own number; the kind of an online procedure is fixed.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    if procedure.is_online and values.get("kind", procedure.kind) != procedure.kind:
        raise DomainError("公開中の手続の種類は変えられません。公開を止めてから変えてください。", field="kind")
    changed = sorted(key for key, value in values.items() if getattr(procedure, key) != value)
    if not changed:
        return procedure
    _apply(procedure, values)
    if "kind" in values:
        procedure.kind_confirmed = True
    procedure.derive()
    procedure.save()
    index_procedure(procedure)
    _record(actor, "procedures.procedure.updated", procedure, {"changed": changed})
    return procedure


@service
def confirm_kind(*, actor: Actor, procedure: Procedure, kind: Kind) -> Procedure:
    """Say which kind it is; until then the kind is a guess."""
    return update_procedure(actor=actor, procedure=procedure, values={"kind": kind.value})


@service
def write_text(*, actor: Actor, procedure: Procedure, language: str, values: Mapping[str, Any]) -> ProcedureText:
    """Write what residents read, in one language (`ja`, `ja-easy`, `en`)."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    if language not in dict(ProcedureText.LANGUAGES):
        raise DomainError("その言語は使えません。", field="language")
    text: ProcedureText = ProcedureText.objects.update_or_create(
        procedure=procedure, language=language, defaults=values
    )[0]
    index_procedure(procedure)
    _record(actor, "procedures.text.written", procedure, {"language": language})
    return text


@service
def start_form(*, actor: Actor, procedure: Procedure) -> Procedure:
    """Make the procedure's form and open its editor: 窓口・郵送 becomes 様式作成中. Twice makes one."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    if procedure.form_id is None:
        procedure.form = create_form(
            actor=actor,
            title=procedure.name,
            owner_kind=_SUBJECT,
            owner_id=procedure.id,
            definition=starter_form(Kind(procedure.kind), _named_attachments(procedure)),
        )
    if procedure.stage != Stage.ONLINE:
        procedure.stage = Stage.DRAFTED
        procedure.excluded_reason, procedure.exclusion_rule = "", None
    procedure.derive()
    procedure.save()
    return procedure


@service
def start_form_from_paper(
    *,
    actor: Actor,
    procedure: Procedure,
    name: str = "",
    content: bytes = b"",
    paper: PaperForm | None = None,
) -> PaperForm:
    """様式から作る: the procedure's form is read from a file (``name``, ``content``) or taken from a draft already read.

    A form that is there already keeps its published version; its draft becomes what was read, which can be undone in the
    editor. Raises DomainError with what to do.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    if paper is None:
        paper = read_dropped(
            actor=actor,
            name=name,
            content=content,
            owner_kind=_SUBJECT,
            owner_id=procedure.id,
            form=procedure.form,
        )
        form = paper.form
    elif paper.form is None:
        raise DomainError("この様式は、まだ読み取れていません。", code="waiting")
    else:
        form = adopt_form(
            actor=actor,
            paper=paper,
            owner_kind=_SUBJECT,
            owner_id=procedure.id,
            title=procedure.name,
            form=procedure.form,
        )
    procedure.form = form
    if procedure.stage != Stage.ONLINE:
        procedure.stage = Stage.DRAFTED
        procedure.excluded_reason, procedure.exclusion_rule = "", None
    procedure.derive()
    procedure.save()
    return paper


@service
def exclude_procedure(
    *, actor: Actor, procedure: Procedure, reason: str = "", rule: ExclusionRule | None = None
) -> Procedure:
    """Take it out of what will go online (対象外), by a written rule or with a reason. An online one is closed first."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    reason = reason.strip() or (rule.text if rule else "")
    if not reason:
        raise DomainError("対象外にするルールを選ぶか、理由を入力してください。", field="reason")
    if procedure.is_online:
        raise DomainError("公開中の手続です。公開を止めてから対象外にしてください。", field="reason")
    procedure.stage, procedure.excluded_reason, procedure.exclusion_rule = Stage.EXCLUDED, reason, rule
    procedure.derive()
    procedure.save()
    payload = {"reason": reason, "rule": rule.code if rule else ""}
    _record(actor, "procedures.procedure.excluded", procedure, payload)
    return procedure


@service
def include_procedure(*, actor: Actor, procedure: Procedure) -> Procedure:
    """対象に戻す: it is to go online after all; where it stands depends on whether it has a form."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    if procedure.stage != Stage.EXCLUDED:
        return procedure
    procedure.stage = Stage.DRAFTED if procedure.form_id else Stage.PAPER
    procedure.excluded_reason, procedure.exclusion_rule = "", None
    procedure.derive()
    procedure.save()
    _record(actor, "procedures.procedure.included", procedure, {"name": procedure.name})
    return procedure


def missing_for_opening(procedure: Procedure) -> list[str]:
    """What still has to be done before residents may apply online, as Japanese sentences: the gates that do not hold."""
    return [check.sentence for check in checklist(procedure) if check.gate.is_required and not check.holds]


@service
def open_procedure(*, actor: Actor, procedure: Procedure) -> Procedure:
    """Let residents apply online. Raises DomainError that lists what is still missing."""
    require(actor, ProceduresPermission.OPEN_PROCEDURE)
    missing = missing_for_opening(procedure)
    if missing:
        raise DomainError("".join(missing), code="incomplete")
    if procedure.is_online:
        return procedure
    procedure.stage, procedure.opened_at = Stage.ONLINE, clock.now()
    if "online" not in procedure.channels:
        procedure.channels = ["online", *procedure.channels]
    procedure.derive()
    procedure.save()
    index_procedure(procedure)
    _record(actor, "procedures.procedure.opened", procedure, {"name": procedure.name})
    return procedure


@service
def close_procedure(*, actor: Actor, procedure: Procedure) -> Procedure:
    """Stop online applications; what was filed goes on, drafts tell their owner."""
    require(actor, ProceduresPermission.OPEN_PROCEDURE)
    if not procedure.is_online:
        return procedure
    procedure.stage = Stage.REVIEWED
    procedure.derive()
    procedure.save()
    index_procedure(procedure)
    _record(actor, "procedures.procedure.closed", procedure, {"name": procedure.name})
    return procedure


def _named_attachments(procedure: Procedure) -> list[str]:
    """The attachments the survey names for it, without 「その他」 which names nothing."""
    cell = str(procedure.survey.get("申請時に添付させる書類", ""))
    names = [part.strip() for part in cell.split(";")]
    return [name for name in names if name and name not in ("添付書類なし", "その他の添付書類")]


def _apply(procedure: Procedure, values: Mapping[str, Any]) -> None:
    unknown = values.keys() - EDITABLE
    if unknown:
        message = f"not a writable column: {sorted(unknown)}"
        raise TypeError(message)
    for key, value in values.items():
        setattr(procedure, key, value)
    if {"volume", "online_volume"} & values.keys():
        procedure.volume_source = VolumeSource.OWN
    if procedure.volume is not None and (procedure.online_volume or 0) > procedure.volume:
        raise DomainError("オンラインの件数が年間件数より多くなっています。", field="online_volume")


def index_procedure(procedure: Procedure) -> None:
    """Make it findable: for residents when they may read about it, in all three languages."""
    object_id, title, fields, is_public = search_row(procedure, ProcedureText.objects.filter(procedure=procedure))
    index_text(
        government_id=procedure.government_id,
        kind=PROCEDURE,
        object_id=object_id,
        title=title,
        fields=fields,
        is_public=is_public,
    )


def search_row(procedure: Procedure, texts: Iterable[ProcedureText]) -> tuple[UUID, str, dict[str, str], bool]:
    """What of a procedure is found by search: its id, title, fields, and whether residents may find it."""
    known = list(texts)
    is_public = procedure.is_online or any(text.language == "ja" and text.what_for for text in known)
    events = " ".join(LIFE_EVENTS.get(code, "") for code in procedure.life_events)
    words = {
        f"{text.language}.{name}": str(getattr(text, name))
        for text in known
        for name in ("name", "what_for", "who_may")
    }
    return procedure.id, procedure.name, {"basis": procedure.legal_basis, "events": events, **words}, is_public


def _record(actor: Actor, code: str, procedure: Procedure, payload: dict[str, Any]) -> None:
    record_event(actor=actor, code=code, subject_kind=_SUBJECT, subject_id=procedure.id, payload=payload)
