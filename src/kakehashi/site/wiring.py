"""What one room offers to a neighbour it may not import is joined here."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid5

from django.conf import settings
from django.urls import reverse

from kakehashi.desk.hooks import Promotion, register_promotion
from kakehashi.desk.models import CaseReuse, Consultation, SolvedCase
from kakehashi.desk.models.solved_cases import ReuseResult
from kakehashi.desk.permissions import DeskPermission
from kakehashi.desk.selectors.joining import origins_of_object
from kakehashi.desk.selectors.solved_cases import SEARCH_KIND, published_cases, solved_cases_for
from kakehashi.desk.services import file_consultation
from kakehashi.exchange.hooks import register_owner_mail
from kakehashi.governments.selectors import room_is_on
from kakehashi.journal.hooks import register_subjects
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.fiscal_year import fiscal_year
from kakehashi.kernel.related import Related, register_related
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.meetings.hooks import LinkTarget, register_link_target
from kakehashi.notices.hooks import register_kind
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.plans.hooks import (
    EvidenceCase,
    NeighbourCase,
    Story,
    SupportDesk,
    SupportMatter,
    register_case_finder,
    register_evidence_cases,
    register_stories,
    register_support_desk,
)
from kakehashi.plans.models import Initiative, PlanProgram
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.services import add_initiative
from kakehashi.procedures.hooks import register_sample_paper
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.services import create_procedure
from kakehashi.search.selectors import search_shared
from kakehashi.site import finding, handover, open_data, reorganising
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
            object_of=last_id_in,
        ),
    )
    register_promotion(
        "plans.initiative",
        Promotion(
            label="計画の取組",
            verb="この相談から取組を作る",
            permission=PlansPermission.EDIT.value,
            choices=_programs,
            start_at=_initiative_from,
            object_of=last_id_in,
        ),
    )
    register_related(_consultations_behind)
    register_link_target(
        "plans.initiative",
        LinkTarget(
            label="DX計画の取組",
            room="plans",
            permission=PlansPermission.READ.value,
            choices=_initiatives,
            describe=_initiative,
        ),
    )
    handover.register()
    reorganising.register()
    register_owner_mail(_tell_owner)
    register_kind(_WEBHOOK, "Webhookが届かないお知らせ")
    finding.register()
    open_data.register()
    register_stories("desk", _solved_since)
    register_case_finder("desk", _cases_of)
    register_evidence_cases("desk", _evidence_cases)
    register_support_desk(
        "desk",
        SupportDesk(
            verb="支援の相談を始める",
            permission=DeskPermission.FILE.value,
            open_for=_support_for,
            opened_for=_support_opened,
        ),
    )
    register_subjects(SUBJECTS)
    if settings.CONFIG.demo:
        from kakehashi.site.demo.sample_paper import SAMPLE_NAME, make_sample

        register_sample_paper(SAMPLE_NAME, make_sample)


def _initiatives(words: str) -> list[tuple[UUID, str]]:
    """The initiatives of the plans that a meeting can be about."""
    rows = Initiative.objects.select_related("program__policy__plan").order_by(
        "program__policy__plan", "program", "number"
    )
    for word in words.replace("\x00", " ").split():
        rows = rows.filter(title__icontains=word)
    return [(one.id, f"{one.title}（{one.program.policy.plan.title}）") for one in rows[:50]]


def _initiative(initiative_id: UUID) -> tuple[str, str] | None:
    found = Initiative.objects.filter(id=initiative_id).first()
    return (found.title, reverse("plans-staff:initiative", args=[found.id])) if found is not None else None


def _tell_owner(person_id: UUID, subject: str, text: str, url: str, key: UUID) -> None:
    """A notice to the owner of a webhook, in the bell and by mail."""
    actor = system_actor(current_government_id(), "Webhook")
    send_notice(
        actor=actor, kind=_WEBHOOK, to=Recipient(person_id=person_id), subject=subject, body_text=text, url=url,
        idempotency_key=key, delay_seconds=0,
    )  # fmt: skip


def _solved_since(since: datetime) -> list[Story]:
    """Solved cases that were published lately, for the head's page."""
    if not room_is_on(current_government_id(), "desk"):
        return []
    found = SolvedCase.objects.filter(published_at__gte=since).order_by("-published_at")[:3]
    return [
        Story(
            one.published_at or since,
            one.title,
            one.what_was_done[:120],
            reverse("desk-staff:case", args=[one.id]),
        )
        for one in found
    ]


def _evidence_cases(actor: Actor) -> list[EvidenceCase]:
    """The published solved cases that an arrow of a logic model may rest on, the newest first."""
    if not room_is_on(current_government_id(), "desk"):
        return []
    found = solved_cases_for(actor).filter(published_at__isnull=False).order_by("-published_at")[:100]
    return [EvidenceCase(one.id, one.title, reverse("desk-staff:case", args=[one.id])) for one in found]


def _cases_of(matter: str, government_ids: Collection[UUID]) -> list[NeighbourCase]:
    """Solved cases that other governments share with us, and those they took over from others."""
    if not room_is_on(current_government_id(), "desk"):
        return []
    ids = list(government_ids)
    about = {hit.object_id for hit in search_shared(query=matter, kinds=[SEARCH_KIND], limit=50)}
    shared = published_cases().filter(origin_id__in=ids).order_by("-published_at")[:200]
    found = [
        NeighbourCase(
            one.origin_id,
            one.title,
            reverse("desk-staff:shared-case", args=[one.id]),
            one.contact,
            is_about=one.id in about,
        )
        for one in shared
    ]
    readable = {
        one: (title, contact) for one, title, contact in published_cases().values_list("id", "title", "contact")
    }
    taken = CaseReuse.objects.filter(origin_id__in=ids, case_id__in=list(readable)).order_by("-adopted_at")[:200]
    return found + [
        NeighbourCase(
            one.origin_id, readable[one.case_id][0], reverse("desk-staff:shared-case", args=[one.case_id]), readable[one.case_id][1],
            is_adopted=True, is_about=one.case_id in about,
        )
        for one in taken
        if one.result != ReuseResult.DID_NOT_FIT
    ]  # fmt: skip


def _support_for(actor: Actor, matter: SupportMatter) -> str:
    """Open a consultation of our own desk about helping a municipality; the one that is open already is given again."""
    if found := _support_opened(actor, matter.key):
        return found
    answers = {"task": matter.subject[:100], "problem": matter.text}
    made = file_consultation(actor=actor, consultation_id=_support_id(matter.key), answers=answers)
    return reverse("desk-staff:consultation", args=[made.id])


def _support_opened(_actor: Actor, key: str) -> str:
    """The page of the consultation that was opened about a municipality and an indicator, empty where there is none."""
    found = Consultation.objects.filter(id=_support_id(key)).first()
    return reverse("desk-staff:consultation", args=[found.id]) if found is not None else ""


def _support_id(key: str) -> UUID:
    """One consultation for a matter: whoever opens it, and how often."""
    return uuid5(current_government_id(), f"support/{key}")


def _procedure_from(actor: Actor, consultation: Consultation) -> str:
    """Make a procedure of the inventory from a consultation and return the path of its page."""
    procedure = create_procedure(
        actor=actor, name=consultation.task, origin_kind="desk.consultation", origin_id=consultation.id
    )
    return reverse("procedures-staff:procedure", args=[procedure.id])


def _programs(actor: Actor, consultation: Consultation) -> list[tuple[str, str]]:
    """The programmes an initiative can stand under, those of the plans that run now, newest plan first."""
    year = fiscal_year(clock.today())
    rows = PlanProgram.objects.filter(policy__plan__last_year__gte=year).select_related("policy__plan")
    ordered = rows.order_by("-policy__plan__first_year", "policy__number", "number")[:200]
    return [(str(row.id), f"{row.policy.title} › {row.title}") for row in ordered]


def _initiative_from(actor: Actor, consultation: Consultation, choice: str) -> str:
    """Make an initiative of a plan from a consultation and return the path of its page."""
    words = (
        ("困りごと", consultation.problem),
        ("目的", consultation.purpose),
        ("目指す状態", consultation.desired_state),
    )
    initiative = add_initiative(
        actor=actor, program=PlanProgram.objects.get(id=choice), title=consultation.task[:120],
        description="\n".join(f"{label}：{text}" for label, text in words if text)[:2000],
        department=consultation.department,
    )  # fmt: skip
    return reverse("plans-staff:initiative", args=[initiative.id])


def last_id_in(url: str) -> UUID | None:
    """The id of the thing whose page a path is."""
    for part in reversed(url.strip("/").split("/")):
        try:
            return UUID(part)
        except ValueError:
            continue
    return None


def _consultations_behind(object_id: UUID) -> list[Related]:
    """The consultations a thing was made from: its page leads back to them and to their thread."""
    return [
        Related(
            "もとの相談",
            made.consultation.task,
            f"{reverse('desk-staff:consultation', args=[made.consultation_id])}#timeline",
        )
        for made in origins_of_object(object_id)
    ]
