"""Sweeps of the worker."""

from __future__ import annotations

from uuid import UUID

from kakehashi.kernel.actor import system_actor
from kakehashi.kernel.queue import sweep, task
from kakehashi.procedures.services import (
    count_filings,
    count_late,
    measure_handling,
    measure_processing,
    remind_consents,
    route_arrived,
    run_work,
    sweep_drafts,
)
from kakehashi.procedures.services.payments import ask_about_open_charges
from kakehashi.procedures.services.progress import ProgressTeller
from kakehashi.procedures.services.resuming import warn_of_expiry
from kakehashi.procedures.services.taking import tell_of_bases
from kakehashi.procedures.services.uploads import sweep_uploads
from kakehashi.procedures.services.waiting import measure_waiting


@sweep(name="procedures.drafts", seconds=3600)
def forget_old_drafts(government_id: UUID) -> int:
    """Forget drafts that nobody has touched for thirty days."""
    return sweep_drafts()


@sweep(name="procedures.uploads", seconds=24 * 3600)
def forget_old_uploads(government_id: UUID) -> int:
    """Let go of attachments that were uploaded and never handed in."""
    return sweep_uploads(actor=system_actor(government_id))


@sweep(name="procedures.waiting", seconds=6 * 3600)
def measure_waiting_times(government_id: UUID) -> int:
    """Count how long each procedure took lately, for its public page."""
    return measure_waiting()


@sweep(name="procedures.expiring", seconds=6 * 3600)
def warn_of_expiring_drafts(government_id: UUID) -> int:
    """Tell applicants who gave an address that what they began will be forgotten."""
    return warn_of_expiry(actor=system_actor(government_id))


@sweep(name="procedures.consents", seconds=3600)
def remind_of_consents(government_id: UUID) -> int:
    """Remind co-signers and principals who have not answered."""
    return remind_consents(actor=system_actor(government_id))


@sweep(name="procedures.payments", seconds=300)
def ask_about_payments(government_id: UUID) -> int:
    """Ask the providers about charges whose notice and browser never came back."""
    return ask_about_open_charges(actor=system_actor(government_id, "支払いの確認"))


@sweep(
    name="procedures.routing",
    seconds=5,
    waiting="SELECT DISTINCT government_id FROM procedures_routingrule",
)
def route_by_answers(government_id: UUID) -> int:
    """Send what has arrived to the section its answers call for."""
    return route_arrived(government_id=government_id)


@sweep(name="procedures.late", seconds=1800)
def count_late_applications(government_id: UUID) -> int:
    """Count what is past its standard period, for the public pages."""
    return count_late()


@task(name="procedures.run_import")
def run_import(government_id: UUID, work_id: str) -> None:
    """Do a long import; while it runs, how far it is shows in its row."""
    with ProgressTeller(government_id, UUID(work_id)) as tell:
        run_work(work_id=UUID(work_id), tell=tell)


@sweep(name="procedures.filings", seconds=3600)
def count_begun_applications(government_id: UUID) -> int:
    """Count how many applications were begun, how far they came and how long the screens were worked at."""
    return count_filings() + measure_handling()


@sweep(name="procedures.processing", seconds=6 * 3600)
def measure_processing_times(government_id: UUID) -> int:
    """Count how long procedures took this fiscal year and the last, for the public page and the open data."""
    return measure_processing()


@sweep(
    name="procedures.bases",
    seconds=30,
    waiting="SELECT DISTINCT t.government_id FROM procedures_takenform AS t JOIN procedures_offeredform AS o ON o.id = t.offer_id"
    " WHERE o.revision > t.told_revision OR (o.withdrawn_at IS NOT NULL) <> t.told_withdrawn",
)
def tell_of_moved_bases(government_id: UUID) -> int:
    """Tell whoever took a form that its base has a new revision, or is offered no more."""
    return tell_of_bases(actor=system_actor(government_id, "基本様式の知らせ"), government_id=government_id)
