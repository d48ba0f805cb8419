"""What one room offers to a neighbour it may not import is joined here."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.urls import reverse

from kakehashi.desk.hooks import Promotion, register_promotion
from kakehashi.desk.models import Consultation
from kakehashi.exchange.hooks import register_owner_mail
from kakehashi.journal.hooks import register_subjects
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.notices.hooks import register_kind
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.procedures.hooks import register_sample_paper
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.services import create_procedure
from kakehashi.site import finding, handover, reorganising
from kakehashi.site.subjects import SUBJECTS

_WEBHOOK = "exchange.webhook"


def connect() -> None:
    """Join the rooms. Called once when the program starts."""
    register_promotion(
        "procedures.procedure",
        Promotion(
            label="手続",
            verb="この相談から手続を作る",
            permission=ProceduresPermission.EDIT_INVENTORY.value,
            start=_procedure_from,
        ),
    )
    handover.register()
    reorganising.register()
    register_owner_mail(_tell_owner)
    register_kind(_WEBHOOK, "Webhookが届かないお知らせ")
    finding.register()
    register_subjects(SUBJECTS)
    if settings.CONFIG.demo:
        from kakehashi.site.demo.sample_paper import SAMPLE_NAME, make_sample

        register_sample_paper(SAMPLE_NAME, make_sample)


def _tell_owner(person_id: UUID, subject: str, text: str, url: str, key: UUID) -> None:
    """A notice to the owner of a webhook, in the bell and by mail."""
    actor = system_actor(current_government_id(), "Webhook")
    send_notice(
        actor=actor, kind=_WEBHOOK, to=Recipient(person_id=person_id), subject=subject, body_text=text, url=url,
        idempotency_key=key, delay_seconds=0,
    )  # fmt: skip


def _procedure_from(actor: Actor, consultation: Consultation) -> str:
    """Make a procedure of the inventory from a consultation and return the path of its page."""
    procedure = create_procedure(
        actor=actor, name=consultation.task, origin_kind="desk.consultation", origin_id=consultation.id
    )
    return reverse("procedures-staff:procedure", args=[procedure.id])
