"""操作の記録 and 記録の証明: what was done, and the proof that nobody changed it afterwards."""

from __future__ import annotations

from tempfile import SpooledTemporaryFile
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from kakehashi.journal.adapters.signing_key import load_key_history
from kakehashi.journal.domain.bundles import VERIFIER
from kakehashi.journal.domain.checkpoints import origin_of
from kakehashi.journal.domain.notes import VerifierKey
from kakehashi.journal.forms import EventFilterForm
from kakehashi.journal.hooks import known_events, subject_label
from kakehashi.journal.models import Event
from kakehashi.journal.permissions import JournalPermission
from kakehashi.journal.selectors import find_events, places_of, seal_status
from kakehashi.journal.services import export_bundle
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import note_reading, reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response

_MOST_EXPORTED = 50_000
_KEPT_IN_MEMORY = 4 * 1024 * 1024
_HEADERS = ("日時", "操作", "操作した人", "対象の種類", "対象の番号", "内容", "台帳の番号")


@staff(JournalPermission.READ)
@require_safe
def index(request: Request) -> HttpResponse:
    """The log, newest first, with filters; the same list as Excel and CSV."""
    form = EventFilterForm(request.GET)
    events = find_events(**form.cleaned_data) if form.is_valid() else Event.objects.none()
    if kind := request.GET.get("format"):
        rows = (_cells(row) for row in _with_places(list(events[:_MOST_EXPORTED])))
        return spreadsheet_response(kind=kind, name="操作の記録", headers=_HEADERS, rows=rows)
    page = keyset_page(events, ("-id",), request.GET.get("cursor"))
    context = {"form": form, "page": page, "rows": _with_places(page.rows), "is_filtered": any(request.GET.values())}
    return render(request, "journal/index.html", context, status=200 if form.is_valid() else 422)


def _with_places(events: list[Event]) -> list[dict[str, Any]]:
    labels, places = known_events(), places_of(event.id for event in events)
    return [
        {
            "event": event,
            "label": labels.get(event.code, event.code),
            "subject": subject_label(event.subject_kind),
            "index": places.get(event.id),
            # As a list: a template asks a mapping for its own key "items" first.
            "facts": list(event.payload.items()),
        }
        for event in events
    ]


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    event = row["event"]
    facts = "、".join(f"{name}：{value}" for name, value in row["facts"])
    place = "" if row["index"] is None else row["index"]
    return event.occurred_at, row["label"], event.actor_label, row["subject"], event.subject_id, facts, place


@staff(JournalPermission.READ)
@require_safe
def proof(request: Request) -> HttpResponse:
    """How far the log is sealed, the root to print in the 広報, and the evidence to take away."""
    status = seal_status()
    origin, history = origin_of(request.government.id), load_key_history(settings.JOURNAL_KEY)
    context = {
        "status": status,
        "lag_seconds": int(status.lag.total_seconds()),
        "root_groups": [status.root[start : start + 8] for start in range(0, len(status.root), 8)],
        "key": str(VerifierKey(origin, history.present)),
        "earlier_keys": [(str(VerifierKey(origin, public)), until) for public, until in history.keys()[1:]],
        "can_anchor": request.actor.can(JournalPermission.ANCHOR, request.government.id),
        "can_export": request.actor.can(JournalPermission.EXPORT, request.government.id),
    }
    return render(request, "journal/proof.html", context)


@staff(JournalPermission.EXPORT)
@reads_personal_data("記録の証明の書き出し")
@require_POST
def download(request: Request) -> HttpResponseBase:
    """The evidence of the whole government as a zip."""
    file = SpooledTemporaryFile(_KEPT_IN_MEMORY)  # noqa: SIM115 - the response closes it
    try:
        export_bundle(actor=request.actor, target=file)
    except DomainError as problem:
        file.close()
        messages.error(request, problem.message)
        return redirect("journal-staff:proof")
    file.seek(0)
    note_reading("governments.government", [request.government.id])
    name = f"記録の証明-{request.government.name}-{clock.today():%Y%m%d}.zip"
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/zip")


@staff(JournalPermission.READ)
@require_safe
def verifier(request: Request) -> HttpResponse:
    """The stand-alone verifier, to be read and run anywhere."""
    response = HttpResponse(VERIFIER.read_bytes(), content_type="text/x-python; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename="verify.py") or ""
    return response
