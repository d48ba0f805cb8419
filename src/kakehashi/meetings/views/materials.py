"""資料: attached, replaced, read page by page with one's own notes beside."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import read_file, uploaded_file
from kakehashi.files.services import store_file
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, NotFound, beside
from kakehashi.kernel.requests import Request
from kakehashi.meetings import selectors, services
from kakehashi.meetings.adapters import PICTURE_TYPE, UnreadablePdf, page_picture
from kakehashi.meetings.forms.materials import MaterialForm, ReplacementForm
from kakehashi.meetings.permissions import MeetingsPermission
from kakehashi.meetings.selectors import Opened
from kakehashi.meetings.views.answers import (
    form_page,
    item_or_404,
    meeting_or_404,
    only,
    posted,
    try_act,
)

PURPOSE = "meetings.material"
_ASK_FILE = "ファイルを選んでください。"


def material_or_404(request: Request, material_id: UUID) -> Opened:
    """A material the visitor may read, else 404."""
    try:
        return selectors.open_material(request.actor, material_id)
    except NotFound:
        raise Http404 from None


@staff(MeetingsPermission.READ)
@require_http_methods(["GET", "POST"])
def new_material(request: Request, item_id: UUID) -> HttpResponse:
    """Attach a file to an item."""
    item, meeting, seat = item_or_404(request, item_id)
    only(seat.prepares(item))
    form = MaterialForm(posted(request), request.FILES or None)

    def save(data: dict[str, Any]) -> str:
        services.attach_material(actor=request.actor, item=item, title=data["title"], file=_given(request))
        return reverse("meetings-staff:meeting", args=[meeting.id])

    context = {
        "title": "資料を加える",
        "verb": "資料を加える",
        "meeting": meeting,
        "has_file": True,
        "facts": [item.title],
    }
    return form_page(request, form, save, context, done="資料を加えました。")


@staff(MeetingsPermission.READ)
@require_http_methods(["GET", "POST"])
def replace(request: Request, material_id: UUID) -> HttpResponse:
    """Replace a material; after distribution with a reason everybody reads."""
    opened = material_or_404(request, material_id)
    only(opened.seat.prepares(opened.item))
    form = ReplacementForm(posted(request), request.FILES or None, is_given_out=opened.meeting.is_given_out)

    def save(data: dict[str, Any]) -> str:
        services.replace_material(
            actor=request.actor, material=opened.material, file=_given(request), reason=data.get("reason", "")
        )
        return reverse("meetings-staff:material", args=[opened.material.id])

    context = {
        "title": "資料を差し替える", "verb": "差し替える", "meeting": opened.meeting, "has_file": True,
        "facts": [opened.material.title],
    }  # fmt: skip
    return form_page(request, form, save, context, done="資料を差し替えました。メモは、同じページに付いたままです。")


@staff(MeetingsPermission.READ)
@require_POST
def remove(request: Request, material_id: UUID) -> HttpResponse:
    """Take a material away before it is given out."""
    opened = material_or_404(request, material_id)
    only(opened.seat.prepares(opened.item))
    try_act(
        request,
        lambda: services.remove_material(actor=request.actor, material=opened.material),
        f"資料「{opened.material.title}」を消しました。",
    )
    return redirect("meetings-staff:meeting", opened.meeting.id)


@staff(MeetingsPermission.READ)
@require_GET
def material(request: Request, material_id: UUID) -> HttpResponse:
    """One page of the material, the way to the others, and one's own notes beside it."""
    opened = material_or_404(request, material_id)
    return render(request, "meetings/material.html", reading_context(request, opened, asked_page(request)))


@staff(MeetingsPermission.READ)
@require_safe
def picture(request: Request, version_id: UUID, page: int) -> HttpResponse:
    """The picture of one page of a version. It never changes, so the reader's own browser may keep it."""
    try:
        version = selectors.open_version(request.actor, version_id)
    except NotFound:
        raise Http404 from None
    if not 0 < page <= version.page_count or not version.stored_file.may_leave:
        raise Http404
    try:
        shown = page_picture(version.sha256, page, version.media_type, lambda: read_file(version.stored_file))
    except (UnreadablePdf, FileNotFoundError):
        raise Http404 from None
    response = HttpResponse(shown, content_type=PICTURE_TYPE)
    response["Cache-Control"] = "private, max-age=3600, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@staff(MeetingsPermission.READ)
@require_POST
def write_note(request: Request, material_id: UUID) -> HttpResponse:
    """Keep a note beside a page; an empty one is told, nothing typed is lost."""
    opened = material_or_404(request, material_id)
    page = _number(request.POST.get("page", ""))
    version = next((one for one in opened.versions if str(one.id) == request.POST.get("version")), opened.newest)
    body = request.POST.get("body", "")
    note_id = _uuid(request.POST.get("note", ""))
    try:
        services.write_note(actor=request.actor, version=version, page=page, body=body, note_id=note_id)
    except NotFound:
        raise Http404 from None
    except DomainError as problem:
        context = reading_context(request, opened, page) | {"note_body": body, "note_error": problem.message}
        return render(request, "meetings/material.html", context, status=422)
    messages.success(request, "メモを残しました。あなただけに見えます。")
    return redirect(_back(request, opened, page))


@staff(MeetingsPermission.READ)
@require_POST
def remove_note(request: Request, material_id: UUID, note_id: UUID) -> HttpResponse:
    """Throw one's own note away."""
    opened = material_or_404(request, material_id)
    try:
        services.remove_note(actor=request.actor, note_id=note_id)
    except NotFound:
        raise Http404 from None
    messages.success(request, "メモを消しました。")
    return redirect(_back(request, opened, _number(request.POST.get("page", ""))))


@staff(MeetingsPermission.READ)
@require_GET
def notes(request: Request, meeting_id: UUID) -> HttpResponse:
    """All one's own notes of a meeting."""
    meeting, seat = meeting_or_404(request, meeting_id)
    found = [
        {"material": one, "pages": sorted(kept.by_page.items()), "tray": kept.tray}
        for one, kept in selectors.own_notes(request.actor, meeting)
    ]
    return render(request, "meetings/notes.html", {"meeting": meeting, "seat": seat, "materials": found})


def reading_context(request: Request, opened: Opened, page: int) -> dict[str, Any]:
    """What a page of a material needs: its picture, its neighbours, one's notes, and what it replaced."""
    version = opened.newest
    last = max(version.page_count, 1)
    page = min(max(page, 1), last)
    kept = selectors.notes_on(request.actor, opened)
    return {
        "meeting": opened.meeting,
        "seat": opened.seat,
        "item": opened.item,
        "material": opened.material,
        "version": version,
        "former": opened.versions[:-1],
        "replaced": [one for one in opened.versions if one.number > 1 and one.reason],
        "page": page,
        "last": last,
        "page_text": selectors.page_text(version, page),
        "previous_page": page - 1 if page > 1 else None,
        "next_page": page + 1 if page < last else None,
        "notes": kept.by_page.get(page, []),
        "noted_pages": sorted(kept.by_page),
        "tray": kept.tray,
        "may_prepare": opened.seat.prepares(opened.item) and not opened.meeting.is_over,
        "may_present": opened.seat.turns(opened.item) and opened.meeting.is_open,
    }


def asked_page(request: Request) -> int:
    """The page named in the address, 1 for none or nonsense."""
    return _number(request.GET.get("page", ""))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _back(request: Request, opened: Opened, page: int) -> str:
    if request.POST.get("from") == "follow":
        return reverse("meetings-staff:follow", args=[opened.meeting.id])
    return f"{reverse('meetings-staff:material', args=[opened.material.id])}?page={page}"


def _given(request: Request) -> StoredFile:
    """The file of the form: sent with it, or in parts beforehand. Raises DomainError without one."""
    for receipt in request.POST.getlist("file.uploaded"):
        found = uploaded_file(receipt, PURPOSE)
        if found is not None:
            return found
    sent = request.FILES.get("file")
    if sent is None:
        raise DomainError(_ASK_FILE, field="file", code="required")
    with beside("file"):
        return store_file(actor=request.actor, name=sent.name or "資料", content=sent.read(), purpose=PURPOSE)
