"""証明一式 of one case or proposal, to take away."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from uuid import UUID

from django.http import FileResponse, Http404, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kakehashi.journal.domain.dossiers import dossier_kind
from kakehashi.journal.models import Anchor, AnchorKind
from kakehashi.journal.permissions import JournalPermission
from kakehashi.journal.services import export_dossier
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.personal_data import note_reading, reads_personal_data, unwatched
from kakehashi.kernel.requests import Request

_KEPT_IN_MEMORY = 4 * 1024 * 1024


@staff(JournalPermission.TAKE_DOSSIER)
@reads_personal_data("証明一式の書き出し", asks_reason=True)
@require_http_methods(["GET", "POST"])
def dossier(request: Request, kind: str, subject_id: UUID) -> HttpResponseBase:
    """What the zip holds and who may be given it; the zip itself on POST."""
    found = dossier_kind(kind)
    number = found.number(subject_id) if found else None
    if found is None or number is None or not found.may_read(request.actor, subject_id):
        raise Http404
    for concerned, concerned_id in found.concerns(subject_id):
        note_reading(concerned, [concerned_id])
    if request.method == "POST":
        return _zip(request, kind, subject_id)
    kinds = set(Anchor.objects.values_list("kind", flat=True).distinct())
    context = {
        "label": found.label,
        "number": number,
        "stamps": AnchorKind.TIMESTAMP in kinds,
        "witnesses": AnchorKind.WITNESS in kinds,
    }
    return render(request, "journal/dossier.html", context)


def _zip(request: Request, kind: str, subject_id: UUID) -> HttpResponseBase:
    file = SpooledTemporaryFile(_KEPT_IN_MEMORY)  # noqa: SIM115 - the response closes it
    try:
        # What it shows was noted by the page: one reason is asked for, not one for each paper.
        with unwatched():
            number = export_dossier(actor=request.actor, target=file, kind=kind, subject_id=subject_id)
    except NotFound as problem:
        file.close()
        raise Http404 from problem
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"証明一式-{number}.zip", content_type="application/zip")
