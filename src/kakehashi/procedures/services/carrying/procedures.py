"""手続と様式: what the staff publish, on its way to the residents' side. The newest revision wins; versions never change."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from kakehashi.eforms.models import Form, FormVersion
from kakehashi.eforms.selectors import latest_version
from kakehashi.eforms.services import receive_version
from kakehashi.exchange.hooks import Arrived, Waiting, Written
from kakehashi.exchange.models import OutgoingItem
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.people.models import Department
from kakehashi.people.services import create_department
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.models import Procedure, ProcedureText, Stage
from kakehashi.procedures.selectors.public import public_procedures
from kakehashi.procedures.services.inventory import index_procedure

__all__ = ["apply_procedure", "count_procedures", "pending_procedures", "write_procedure"]

_KIND = "procedures.procedure"
_MOST = 1_000_000
_COLUMNS = (
    "name", "kind", "kind_confirmed", "stage", "excluded_reason", "legal_basis", "basis", "fee",
    "standard_processing_days", "standard_processing_unit", "needs", "channels", "life_events", "institutions", "contact", "identity_check",
    "privacy_purpose",
)  # fmt: skip
_TEXT_COLUMNS = ("name", "what_for", "who_may", "needs", "fee", "contact")


def pending_procedures(limit: int) -> list[Waiting]:
    """Public procedures, and those that were public once, whose content is not what was last sent."""
    sent = _sent_marks()
    return [each for each in _candidates() if each.mark != sent.get(each.item_id)][:limit]


def count_procedures() -> int:
    """How many of them wait."""
    return len(pending_procedures(_MOST))


def _sent_marks() -> dict[UUID, str]:
    rows = OutgoingItem.objects.filter(kind=_KIND, is_waiting=False)
    return dict(rows.values_list("item_id", "mark"))


def _candidates() -> Iterable[Waiting]:
    known = set(OutgoingItem.objects.filter(kind=_KIND).values_list("item_id", flat=True))
    public = set(public_procedures().values_list("id", flat=True))
    rows = (
        Procedure.objects.filter(id__in=known | public).select_related("department", "form").prefetch_related("texts")
    )
    for each in rows.order_by("id"):
        content = json.dumps(_data(each), sort_keys=True, ensure_ascii=False)
        yield Waiting(each.id, hashlib.sha256(content.encode()).hexdigest()[:40])


def _data(procedure: Procedure) -> dict[str, Any]:
    form: Form | None = procedure.form
    version: FormVersion | None = latest_version(form) if form is not None else None
    department: Department | None = procedure.department
    return {
        **{name: getattr(procedure, name) for name in _COLUMNS},
        "department": {"code": department.code, "name": department.name} if department else None,
        "texts": {
            each.language: {name: getattr(each, name) for name in _TEXT_COLUMNS} for each in procedure.texts.all()
        },
        "form": {
            "id": str(form.id),
            "title": form.title,
            "version": str(version.id),
            "number": version.number,
            "definition": version.definition,
        }
        if form is not None and version is not None
        else None,
    }


def write_procedure(procedure_id: UUID) -> Written | None:
    """A procedure with its texts, its department's name and the newest version of its form; nothing of the inventory."""
    found: Procedure | None = (
        Procedure.objects.select_related("department", "form").prefetch_related("texts").filter(id=procedure_id).first()
    )
    return Written(_data(found), found.updated_at) if found is not None else None


def apply_procedure(arrived: Arrived) -> None:
    """Publish on the residents' side what the staff side publishes; a closed procedure closes here too."""
    data, actor = arrived.data, system_actor(arrived.government_id, "外との受け渡し")
    procedure: Procedure = Procedure.objects.filter(id=arrived.item_id).first() or Procedure(id=arrived.item_id)
    for name in _COLUMNS:
        # A side that was upgraded later does not know the newest columns yet.
        setattr(procedure, name, data.get(name, getattr(procedure, name)))
    procedure.department = _department(actor, data["department"]) if data["department"] else None
    told = data["form"]
    if told is not None:
        version = receive_version(
            actor=actor,
            form_id=UUID(told["id"]),
            version_id=UUID(told["version"]),
            number=int(told["number"]),
            title=told["title"],
            owner_kind=PROCEDURE,
            owner_id=procedure.id,
            definition=told["definition"],
        )
        procedure.form = version.form
    if procedure.stage == Stage.ONLINE and procedure.opened_at is None:
        procedure.opened_at = clock.now()
    procedure.derive()
    procedure.save()
    for language, words in data["texts"].items():
        ProcedureText.objects.update_or_create(
            procedure=procedure, language=language, defaults={name: words[name] for name in _TEXT_COLUMNS}
        )
    ProcedureText.objects.filter(procedure=procedure).exclude(language__in=list(data["texts"])).delete()
    index_procedure(procedure)


def _department(actor: Actor, told: dict[str, str]) -> Department:
    """The department in charge, known here by its code and name only."""
    named = Department.objects.filter(code=told["code"], valid_to__isnull=True)
    found: Department | None = named.filter(name=told["name"]).first() or named.first()
    if found is not None:
        return found
    return create_department(
        actor=actor, code=told["code"], name=told["name"], valid_from=clock.today() - dt.timedelta(days=1)
    )
