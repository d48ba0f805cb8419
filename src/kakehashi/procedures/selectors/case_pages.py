"""What the case page and the inbox show of an application, and where it leads."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.urls import reverse

from kakehashi.cases.hooks import CaseAct
from kakehashi.cases.models import Case
from kakehashi.eforms.models import Form
from kakehashi.exchange.domain.sides import Side
from kakehashi.exchange.selectors import our_side
from kakehashi.governments.selectors import room_is_on
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.wareki import format_wareki
from kakehashi.notices.services import Recipient
from kakehashi.procedures.domain.changes import count_changes
from kakehashi.procedures.domain.deliveries import WAY_LABELS
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.representation import ProxyKind
from kakehashi.procedures.domain.states import Act, State, allowed_acts
from kakehashi.procedures.models import Application, Channel
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.applications import attachments_of, compared_answers, get_application, has_protected
from kakehashi.procedures.selectors.clocks import clock_of, period_rule_of, promptness_of
from kakehashi.procedures.selectors.deliveries import chosen_way, delivered_documents
from kakehashi.procedures.selectors.duplicates import duplicates_of
from kakehashi.procedures.selectors.intake import intake_of, scans_of
from kakehashi.procedures.selectors.originals import has_original
from kakehashi.procedures.selectors.parties import kind_of, parties_of_application, proxy_of
from kakehashi.procedures.selectors.payments import fee_box
from kakehashi.procedures.selectors.reuse import reuse_of
from kakehashi.procedures.selectors.routing import routed_as

__all__ = [
    "acts",
    "due",
    "language",
    "placeholders",
    "procedure_url_of_form",
    "public_search_url",
    "requester",
    "resident_url",
    "search_url",
    "summary_context",
]


def summary_context(case: Case) -> dict[str, Any]:
    """The application with its answers, what the last 補正 changed, attachments, clock and documents."""
    application = get_application(case.source_id)
    answers = compared_answers(application)
    allowed = allowed_acts(Kind(application.procedure.kind), State(application.state))
    return {
        "application": application,
        "procedure": application.procedure,
        "answers": answers,
        "changes": count_changes(answers),
        "attachments": attachments_of(application),
        "has_protected": has_protected(application),
        "clock": clock_of(application),
        "corrections": list(application.corrections.all()),
        "documents": delivered_documents(application),
        "fee": fee_box(application),
        "delivery_way": WAY_LABELS[chosen_way(application)],
        "has_original": has_original(application),
        "parties": parties_of_application(application),
        "reuse": reuse_of(application.idempotency_key),
        "period_rule": period_rule_of(application.procedure),
        "promptness": promptness_of(application),
        "duplicates": duplicates_of(application),
        "routed": routed_as(application),
        **_paper(application, allowed),
        "can_accept": Act.ACCEPT in allowed and not application.procedure.road.arrival_completes,
        "can_confirm": Act.CONFIRM_ARRIVAL in allowed,
    }


def _paper(application: Application, allowed: tuple[Act, ...]) -> dict[str, Any]:
    """What the counter noted; nothing is asked for an online application."""
    if application.channel == Channel.ONLINE:
        return {}
    return {
        "intake": intake_of(application),
        "scans": scans_of(application),
        "can_correct": Act.REQUEST_CORRECTION in allowed,
    }


def acts(case: Case, actor: Actor) -> list[CaseAct]:
    """The acts this actor is offered from where the application stands."""
    application = Application.objects.select_related("procedure").filter(id=case.source_id).first()
    if application is None:
        return []
    allowed = allowed_acts(Kind(application.procedure.kind), State(application.state))
    here = application.government_id
    offered = []
    if Act.REQUEST_CORRECTION in allowed and actor.can(ProceduresPermission.HANDLE_APPLICATIONS, here):
        offered.append(_act("補正を依頼する", "correction", application))
    if actor.can(ProceduresPermission.PROPOSE_APPLICATIONS, here):
        decides_here = room_is_on(here, "approvals")
        if decides_here and Act.PROPOSE in allowed:
            offered.append(_act("起案する", "propose", application, primary=True))
        elif not decides_here and Act.RECORD_OUTSIDE in allowed:
            offered.append(_act("外部の決裁を記録する", "outside", application, primary=True))
    return offered


def _act(label: str, name: str, application: Application, *, primary: bool = False) -> CaseAct:
    return CaseAct(label, reverse(f"procedures-staff:{name}", args=[application.id]), primary)


def resident_url(case: Case) -> str:
    """The applicant's own page."""
    return reverse("procedures:application", args=[case.source_id])


def requester(case: Case) -> Recipient | None:
    """Where a public message is announced; nobody without an address, and not where the applicant's page is elsewhere."""
    columns = ("applicant_email", "applicant_name", "channel", "idempotency_key")
    application = Application.objects.filter(id=case.source_id).only(*columns).first()
    if application is None or (application.channel == Channel.ONLINE and our_side() is Side.STAFF):
        return None
    proxy = proxy_of(application.idempotency_key)
    if proxy is not None and kind_of(proxy) is not ProxyKind.MESSENGER:
        # A proxy speaks for the principal; a messenger does not.
        return Recipient(email=proxy.email, name=proxy.name)
    if not application.applicant_email:
        return None
    return Recipient(email=application.applicant_email, name=application.applicant_name)


def language(case: Case) -> str:
    """The language the applicant chose; the staff's own for what came on paper."""
    found = Application.objects.filter(id=case.source_id).values_list("language", flat=True).first()
    return found or "ja"


def placeholders(case: Case) -> dict[str, str]:
    """What 文例 are filled in with from the application."""
    application = Application.objects.select_related("procedure").filter(id=case.source_id).first()
    if application is None:
        return {}
    return {
        "申請者名": application.applicant_name,
        "手続名": application.procedure.name,
        "受付番号": application.receipt_label,
        "到達日": format_wareki(application.arrived_on),
        "問合せ先": application.procedure.contact,
    }


def due(case: Case) -> dt.date | None:
    """The due date anew, after a 照会 has ended that the clock leaves out."""
    application = Application.objects.select_related("procedure").filter(id=case.source_id).first()
    return clock_of(application).due_on if application is not None else None


def procedure_url_of_form(form: Form) -> str:
    """The procedure a form belongs to, on the staff's side."""
    return reverse("procedures-staff:procedure", args=[form.owner_id])


def search_url(procedure_id: UUID) -> str:
    """The staff's page of a procedure."""
    return reverse("procedures-staff:procedure", args=[procedure_id])


def public_search_url(procedure_id: UUID) -> str:
    """The residents' page of a procedure."""
    return reverse("procedures:procedure", args=[procedure_id])


def matters(application_ids: Sequence[UUID]) -> dict[UUID, str]:
    """The procedures that applications are for, by application."""
    rows = Application.objects.filter(id__in=list(application_ids))
    return dict(rows.values_list("id", "procedure__name"))
