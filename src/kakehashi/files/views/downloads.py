"""Downloads. A file is always handed over as an attachment; nothing a person sent is ever shown as a page of ours."""

from __future__ import annotations

from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from kakehashi.files.hooks import purpose_of
from kakehashi.files.models import ScanState, StoredFile
from kakehashi.files.selectors import is_signed_for, open_file, stored_file
from kakehashi.kernel.access import any_staff, resident
from kakehashi.kernel.data_keys import KeyGone
from kakehashi.kernel.error_pages import ErrorText, explain
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.kernel.personal_data import note_reading, reads_personal_data


@any_staff
@reads_personal_data("添付ファイルの確認")
@require_safe
def download_for_staff(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """A file for a member of staff whom its purpose lets read it."""
    return _download(request, file_id)


@resident
@require_safe
def download(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """A file for a resident: let in by its purpose, or by the pass of the page that offered it."""
    return _download(request, file_id)


def _download(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    try:
        stored = stored_file(file_id)
    except NotFound as error:
        raise Http404 from error
    # 404 for a file one may not read: whether it exists is nobody else's business.
    if not _may_read(request, stored):
        raise Http404
    if not stored.may_leave:
        return _held_back(request, stored)
    note_reading("files.file", [stored.id])
    try:
        content = open_file(stored)
    except FileNotFoundError as error:
        raise Http404 from error
    except KeyGone:
        raise DomainError("この添付の鍵は廃棄されたため、だれにも読めません。", code="key_gone") from None
    response = FileResponse(content, as_attachment=True, filename=stored.name, content_type=stored.media_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def _held_back(request: HttpRequest, stored: StoredFile) -> HttpResponse:
    """Quarantine: whoever may read the file is told why it does not come, nobody else learns that it exists."""
    if stored.scan_state == ScanState.INFECTED:
        return explain(request, 403, _INFECTED)
    return explain(request, 409, _WAITING)


_WAITING = ErrorText(
    gettext_lazy("ウイルスの検査を待っています"),
    gettext_lazy("このファイルは受け取りましたが、検査が終わるまでは開けません。"),
    (gettext_lazy("1分ほど待ってから、もう一度開いてください。長く続くときは、システムの管理者に伝えてください。"),),
)
_INFECTED = ErrorText(
    gettext_lazy("ウイルスが見つかったため、このファイルは渡せません"),
    gettext_lazy("ファイルは隔離しました。だれも開くことはできません。"),
    (gettext_lazy("送った方に、ウイルスのないファイルをもう一度出してもらってください。"),),
)


def _may_read(request: HttpRequest, stored: StoredFile) -> bool:
    actor = request.actor  # type: ignore[attr-defined]
    return is_signed_for(request.GET.get("pass", ""), stored) or purpose_of(stored.purpose).may_read(actor, stored)
