"""窓口の記録: how it came, what the paper lacks, and its scans; written with the application or added later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from kakehashi.files.models import StoredFile
from kakehashi.files.services import store_file
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.names import FILE_PURPOSE_ANSWER
from kakehashi.procedures.models import Application, Bringer, Channel, Manner, PaperIntake, PaperScan
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.services.handling import record

__all__ = ["MOST_SCANS", "Intake", "Scan", "add_scans", "note_intake"]

MOST_SCANS = 20


@dataclass(frozen=True)
class Scan:
    """One file of the counter's scanner: its content, or the file it became already when it was sent in parts."""

    name: str
    content: BinaryIO | StoredFile


@dataclass(frozen=True)
class Intake:
    """How something came to the counter; `missing` as in `PaperIntake`."""

    manner: Manner = Manner.PAPER
    bringer: Bringer = Bringer.APPLICANT
    bringer_name: str = ""
    missing: Sequence[dict[str, str]] = ()
    scans: Sequence[Scan] = field(default_factory=tuple)


@service
def note_intake(*, actor: Actor, application: Application, intake: Intake) -> PaperIntake:
    """Keep what the counter noted, once for an application; again it changes nothing. Raises DomainError for a bad scan."""
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    values: dict[str, Any] = {
        "manner": intake.manner,
        "bringer": intake.bringer,
        "bringer_name": intake.bringer_name.strip()[:100],
        "missing": list(intake.missing),
        "noted_by": actor.label,
    }
    noted, made = PaperIntake.objects.get_or_create(application=application, defaults=values)
    if made and intake.scans:
        add_scans(actor=actor, application=application, scans=intake.scans)
    return noted


@service
def add_scans(*, actor: Actor, application: Application, scans: Sequence[Scan]) -> list[PaperScan]:
    """紙の写しを付ける to an application that came by counter or post.

    Raises DomainError for an online one, too many files, or a file that is not accepted.
    """
    require(actor, ProceduresPermission.HANDLE_APPLICATIONS)
    if application.channel == Channel.ONLINE:
        raise DomainError("オンラインの申請に、紙の写しは付けられません。", field="scans")
    if not scans:
        raise DomainError("紙をスキャンしたファイルを選んでください。", field="scans")
    if PaperScan.objects.filter(application=application).count() + len(scans) > MOST_SCANS:
        raise DomainError(f"紙の写しは{MOST_SCANS}個までです。", field="scans")
    made = []
    for each in scans:
        content = each.content
        stored = (
            content
            if isinstance(content, StoredFile)
            else store_file(actor=actor, name=each.name, content=content, purpose=FILE_PURPOSE_ANSWER)
        )
        made.append(PaperScan.objects.create(application=application, stored_file=stored, added_by=actor.label))
    record(actor, "procedures.paper.scanned", application, {"files": len(made)})
    return made
