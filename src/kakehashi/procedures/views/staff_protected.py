"""特に保護する項目: the reason is asked first, every time."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import download_path
from kakehashi.kernel.access import staff
from kakehashi.kernel.personal_data import reads_personal_data, unwatched
from kakehashi.kernel.requests import Request
from kakehashi.procedures.forms import ProtectedForm
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.applications import get_application
from kakehashi.procedures.services import open_protected
from kakehashi.procedures.services.protected import Opened


@staff(ProceduresPermission.READ_PROTECTED)
@reads_personal_data("特に保護する項目の確認", asks_reason=True)
@never_cache
@require_http_methods(["GET", "POST"])
def protected(request: Request, application_id: UUID) -> HttpResponse:
    """Ask why, then show the protected answers and give a pass for each file. The door writes down who came."""
    with unwatched():
        application = get_application(application_id)
        form = ProtectedForm(request.POST or None)
        opened = None
        if request.method == "POST" and form.is_valid():
            reason = form.cleaned_data["reason"]
            opened = open_protected(actor=request.actor, application=application, reason=reason)
        context = {
            "application": application,
            "form": form,
            "opened": opened,
            "files": _files(opened) if opened else [],
            "back": reverse("procedures-staff:application", args=[application.id]),
        }
        status = 422 if form.is_bound and opened is None else 200
        return render(request, "procedures/staff/protected.html", context, status=status)


def _files(opened: Opened) -> list[tuple[str, str, str]]:
    """Name, question and address of each file; one whose key is gone has no address."""
    stored: dict[str, StoredFile] = {
        str(one.id): one for one in StoredFile.objects.filter(id__in=[each["id"] for each in opened.attachments])
    }
    found = []
    for each in opened.attachments:
        file, name = stored.get(each["id"]), each["name"]
        if isinstance(name, dict):
            found.append((str(name.get("gone", "")), each["label"], ""))
        elif file is not None:
            found.append((str(name), each["label"], download_path(file, for_staff=True)))
    return found
