"""Large files in parts, asked for by `upload.js`. Each request carries the ticket that the page with the form handed out."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_POST, require_safe

from kakehashi.files.domain.parts import PART_BYTES
from kakehashi.files.models import Upload
from kakehashi.files.selectors import purpose_of_ticket, receipt_for
from kakehashi.files.services import begin_upload, finish_upload, take_part
from kakehashi.kernel.access import any_staff, resident
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.people.domain.tries import Limit
from kakehashi.people.services.limits import limited

PARTS_PER_CLIENT = Limit("files.part_per_client", 1_000, 900)
View = Callable[..., JsonResponse]


def _told(view: View) -> View:
    """Errors as JSON for the script: a sentence for the person, and a status that says whether to try again."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> JsonResponse:
        try:
            purpose = purpose_of_ticket(request.headers.get("X-Upload-Ticket", ""))
            return view(request, *args, purpose=purpose, **kwargs)
        except NotFound:
            return JsonResponse({}, status=404)
        except DomainError as error:
            return JsonResponse({"error": error.message}, status=422)

    return answer


def _begin(request: HttpRequest, *, purpose: str) -> JsonResponse:
    size = request.POST.get("size", "")
    upload = begin_upload(
        actor=request.actor,  # type: ignore[attr-defined]
        purpose=purpose,
        name=request.POST.get("name", ""),
        size=int(size) if size.isascii() and size.isdigit() and len(size) < 16 else 0,
    )
    return _state_of(upload)


def _state(request: HttpRequest, upload_id: UUID, *, purpose: str) -> JsonResponse:
    return _state_of(_own(upload_id, purpose))


def _part(request: HttpRequest, upload_id: UUID, number: int, *, purpose: str) -> JsonResponse:
    _own(upload_id, purpose)
    if int(request.META.get("CONTENT_LENGTH") or 0) > PART_BYTES:
        return JsonResponse({}, status=413)
    upload = take_part(actor=request.actor, upload_id=upload_id, number=number, data=request.body)  # type: ignore[attr-defined]
    return _state_of(upload)


def _finish(request: HttpRequest, upload_id: UUID, *, purpose: str) -> JsonResponse:
    _own(upload_id, purpose)
    stored = finish_upload(actor=request.actor, upload_id=upload_id)  # type: ignore[attr-defined]
    facts = {"receipt": receipt_for(stored), "name": stored.name, "size": stored.size, "state": stored.scan_state}
    return JsonResponse(facts)


def _own(upload_id: UUID, purpose: str) -> Upload:
    upload: Upload | None = Upload.objects.filter(id=upload_id, purpose=purpose).first()
    if upload is None:
        raise NotFound(str(upload_id))
    return upload


def _state_of(upload: Upload) -> JsonResponse:
    return JsonResponse({"id": str(upload.id), "next": upload.parts, "part_bytes": PART_BYTES})


begin = resident(limited(PARTS_PER_CLIENT)(require_POST(_told(_begin))))
state = resident(require_safe(_told(_state)))
part = resident(limited(PARTS_PER_CLIENT)(require_POST(_told(_part))))
finish = resident(limited(PARTS_PER_CLIENT)(require_POST(_told(_finish))))

begin_for_staff = any_staff(limited(PARTS_PER_CLIENT)(require_POST(_told(_begin))))
state_for_staff = any_staff(require_safe(_told(_state)))
part_for_staff = any_staff(limited(PARTS_PER_CLIENT)(require_POST(_told(_part))))
finish_for_staff = any_staff(limited(PARTS_PER_CLIENT)(require_POST(_told(_finish))))
