"""様式の確認 and 実績: a person says that the form is right, and later what came in a year."""

from __future__ import annotations

from kakehashi.eforms.selectors import latest_version
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.models import FormReview, Procedure, Stage
from kakehashi.procedures.models.procedure import VolumeSource
from kakehashi.procedures.permissions import ProceduresPermission

__all__ = ["measure_procedure", "review_form"]


@service
def review_form(*, actor: Actor, procedure: Procedure, note: str = "") -> FormReview:
    """様式を確認した: this person looked at the version that residents would answer. Twice is once.

    様式作成中 becomes 様式確認済. A newer version must be checked anew before the procedure is opened again.
    """
    require(actor, ProceduresPermission.OPEN_PROCEDURE)
    version = latest_version(procedure.form) if procedure.form else None
    if version is None:
        raise DomainError("確認できる様式がありません。様式を作って、公開（版の確定）をしてください。", code="no_form")
    found: FormReview | None = FormReview.objects.filter(procedure=procedure, form_version=version).first()
    if found is not None:
        return found
    review: FormReview = FormReview.objects.create(
        procedure=procedure,
        form_version=version,
        reviewed_by_id=actor.id,
        reviewed_by=actor.label[:200],
        note=note.strip()[:500],
    )
    if procedure.stage in (Stage.PAPER, Stage.DRAFTED):
        procedure.stage = Stage.REVIEWED
        procedure.updated_at = clock.now()
        procedure.save(update_fields=["stage", "updated_at"])
    record_event(
        actor=actor,
        code="procedures.form.reviewed",
        subject_kind=PROCEDURE,
        subject_id=procedure.id,
        payload={"version": str(version.id), "number": version.number},
    )
    return review


@service
def measure_procedure(*, actor: Actor, procedure: Procedure, year: int, online: int, others: int) -> Procedure:
    """実績を書く: what came in a fiscal year, online and by counter or post, as a person has counted it.

    The counts become the town's own yearly volume, and an online procedure counts as 測定済. A town that takes paper
    elsewhere knows more than this system, so nothing is counted behind its back.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    if year > fiscal_year(clock.today()):
        raise DomainError("まだ来ていない年度です。", field="year")
    procedure.volume, procedure.online_volume = online + others, online
    procedure.volume_source, procedure.measured_year = VolumeSource.OWN, year
    procedure.derive()
    procedure.save()
    record_event(
        actor=actor,
        code="procedures.procedure.measured",
        subject_kind=PROCEDURE,
        subject_id=procedure.id,
        payload={"year": year, "online": online, "others": others},
    )
    return procedure
