"""Reads of the intake: mails that wait, origins, files."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from kakehashi.desk.domain.states import ConsultationState
from kakehashi.desk.models import Arrival, ArrivalFile, ArrivalState, Consultation, ConsultationFile, Intake, Mailbox
from kakehashi.desk.permissions import DeskPermission
from kakehashi.files.models import StoredFile
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import NotFound
from kakehashi.people.models import Person


def arrivals_in(state: str) -> QuerySet[Arrival]:
    """Return the mails of one state (all for an unknown one)."""
    rows = Arrival.objects.select_related("sender", "consultation")
    return rows.filter(state=state) if state in ArrivalState.values else rows


def waiting_mails() -> int:
    """How many mails wait to be looked at, at most 100."""
    count: int = Arrival.objects.filter(state=ArrivalState.WAITING)[:100].count()
    return count


def get_arrival(arrival_id: UUID) -> Arrival:
    """Return one mail. Raises NotFound."""
    found = Arrival.objects.select_related("sender", "consultation").filter(id=arrival_id).first()
    if found is None:
        raise NotFound
    return found


def origin_of(consultation: Consultation) -> Intake | None:
    """How a consultation came in and what its asker wishes, or None for one from before this was kept."""
    found: Intake | None = Intake.objects.filter(consultation=consultation).first()
    return found


def files_of(consultation: Consultation) -> list[ConsultationFile]:
    """The files of a consultation, oldest first."""
    return list(ConsultationFile.objects.filter(consultation=consultation).select_related("stored_file").order_by("id"))


def possible_askers() -> list[Person]:
    """The staff somebody of the desk may file for, by name; at most 3,000."""
    return list(Person.objects.filter(is_active=True).order_by("kana", "name")[:3_000])


def the_mailbox() -> Mailbox | None:
    """The desk's mailbox, or None."""
    found: Mailbox | None = Mailbox.objects.first()
    return found


def may_read_desk_file(actor: Actor, stored: StoredFile) -> bool:
    """A file of a filed consultation or of a mail is for who may read those; one of a draft is for its writer."""
    if not actor.can(DeskPermission.READ, stored.government_id):
        return False
    laid = ConsultationFile.objects.select_related("consultation").filter(stored_file=stored).first()
    if laid is not None:
        is_draft = laid.consultation.state == ConsultationState.DRAFT
        return not is_draft or laid.consultation.asked_by_id == actor.id
    is_desk = actor.can(DeskPermission.SUPPORT, stored.government_id)
    return bool(is_desk and ArrivalFile.objects.filter(stored_file=stored).exists())
