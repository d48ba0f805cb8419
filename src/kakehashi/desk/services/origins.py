"""What stands beside the five questions: whose boss knows, when it is wished for, which network, and the files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from kakehashi.desk.models import Consultation, ConsultationFile, Intake
from kakehashi.files.models import StoredFile
from kakehashi.kernel.actor import Actor

WISHES = ("boss", "due_wish", "zone", "has_personal_data", "system")
FILE_PURPOSE = "desk.consultation"


def intake_of(consultation: Consultation) -> Intake:
    """The origin and the wishes of a consultation; made empty where nobody wrote any."""
    intake, _ = Intake.objects.get_or_create(consultation=consultation)
    kept: Intake = intake
    return kept


def keep_wishes(consultation: Consultation, answers: Mapping[str, Any]) -> None:
    """Keep what of `answers` is a wish; the caller has locked the consultation."""
    given = {name: answers[name] for name in WISHES if name in answers}
    if given:
        Intake.objects.update_or_create(consultation=consultation, defaults=given)


def keep_files(actor: Actor, consultation: Consultation, files: Sequence[StoredFile]) -> None:
    """Lay stored files to a consultation, in the caller's transaction."""
    ConsultationFile.objects.bulk_create(
        [ConsultationFile(consultation=consultation, stored_file=file, added_by=actor.label[:200]) for file in files]
    )
