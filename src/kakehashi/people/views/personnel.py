"""人事異動: upload, preview of what breaks, apply; handover packs."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people import hooks, services
from kakehashi.people.domain.personnel_csv import COLUMNS
from kakehashi.people.forms.staff import HandoverForm, PersonnelUploadForm
from kakehashi.people.models import Department, Person, PersonnelChange, Post
from kakehashi.people.permissions import PeoplePermission
from kakehashi.people.selectors import holds_post
from kakehashi.people.selectors.personnel import handover_pack, losing_posts, own_breakages, plan_of
from kakehashi.people.views import say_on, status_of


@staff(PeoplePermission.TRANSFER)
@require_http_methods(["GET", "POST"])
def changes(request: Request) -> HttpResponse:
    """The orders uploaded so far, and the upload of another."""
    form = PersonnelUploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            change = services.upload_personnel_change(
                actor=request.actor,
                title=form.cleaned_data["title"],
                effective_on=form.cleaned_data["effective_on"],
                file_name=file.name,
                content=file.read(),
            )
            return redirect("people-staff:change", change.id)
        except DomainError as error:
            say_on(form, error)
    rows = PersonnelChange.objects.defer("content").select_related("uploaded_by").order_by("-uploaded_at")[:50]
    return render(request, "people/staff/changes.html", {"form": form, "rows": rows}, status=status_of(form))


@staff(PeoplePermission.TRANSFER)
@require_GET
def template_file(request: Request) -> HttpResponse:
    """An empty file with the right headings and one example of each order."""
    rows = [
        ("1001", "山田 花子", "ヤマダ ハナコ", "", "異動", "02", "係長", ""),
        ("1001", "山田 花子", "", "", "兼務", "01", "主査", "55"),
        ("1002", "佐藤 一郎", "", "", "兼務解除", "01", "主査", ""),
        ("2001", "新井 望", "アライ ノゾミ", "arai@example.lg.jp", "採用", "02", "主事", ""),
        ("1003", "鈴木 太郎", "", "", "退職", "", "", ""),
    ]
    return spreadsheet_response(kind="csv", name="人事異動の見本", headers=COLUMNS, rows=rows)


@staff(PeoplePermission.TRANSFER)
@require_GET
def change(request: Request, change_id: UUID) -> HttpResponse:
    """What the order does and what it breaks; after it was applied, the posts that changed hands."""
    row = get_object_or_404(PersonnelChange, id=change_id)
    context: dict[str, object] = {"change": row}
    if row.applied_at is None:
        plan = plan_of(row)
        losing = losing_posts(plan)
        context |= {
            "plan": plan,
            "breakages": [*own_breakages(plan), *hooks.breakages_of(losing, plan.effective_on)],
            "departments": Department.objects.in_bulk([each.department_id for each in plan.openings]),
            "names": dict(
                Person.objects.filter(id__in=[each.person_id for each in plan.openings if each.person_id]).values_list(
                    "id", "name"
                )
            ),
            "losing": losing,
        }
        context["moves"] = [
            (
                each,
                context["names"].get(each.person_id)  # type: ignore[attr-defined]
                or next((hire.name for hire in plan.hires if hire.staff_number == each.staff_number), ""),
                context["departments"].get(each.department_id),  # type: ignore[attr-defined]
            )
            for each in plan.openings
        ]
    else:
        context["posts"] = row.post_changes.select_related("post", "post__department", "from_person", "to_person")
    return render(request, "people/staff/change.html", context)


@staff(PeoplePermission.TRANSFER)
@require_POST
def apply_change(request: Request, change_id: UUID) -> HttpResponse:
    """Carry the order out."""
    row = get_object_or_404(PersonnelChange, id=change_id)
    try:
        services.apply_personnel_change(actor=request.actor, change=row)
        messages.success(request, "人事異動を適用しました。発令日の朝から新しい体制になります。")
    except Stale as error:
        messages.warning(request, error.message)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("people-staff:change", row.id)


@staff(PeoplePermission.TRANSFER)
@require_POST
def discard_change(request: Request, change_id: UUID) -> HttpResponse:
    """Put the order aside."""
    services.discard_personnel_change(actor=request.actor, change=get_object_or_404(PersonnelChange, id=change_id))
    messages.success(request, "この人事異動は使わないことにしました。")
    return redirect("people-staff:changes")


@staff(PeoplePermission.READ)
@reads_personal_data("引継書の確認")
@require_http_methods(["GET", "POST"])
def handover(request: Request, post_id: UUID) -> HttpResponse:
    """The handover pack of a post: what the next holder is given, on one page that prints."""
    row = get_object_or_404(Post.objects.select_related("department"), id=post_id)
    now, today = clock.now(), clock.today()
    pack = handover_pack(row, today, now)
    initial = {"body": pack.note.body if pack.note else "", "revision": pack.note.revision if pack.note else 0}
    form = HandoverForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.write_handover_note(
                actor=request.actor,
                post=row,
                body=form.cleaned_data["body"],
                expected_revision=form.cleaned_data["revision"],
            )
            messages.success(request, "引継事項を保存しました。")
            return redirect("people-staff:handover", row.id)
        except DomainError as error:
            say_on(form, error)
    may_write = holds_post(request.actor.id, row.id, today) or request.actor.can(
        PeoplePermission.EDIT, request.government.id
    )
    context = {
        "pack": pack,
        "sections": hooks.handover_sections(row.id, pack.subject_id, today),
        "form": form,
        "may_write": may_write,
        "now": now,
    }
    return render(request, "people/staff/handover.html", context, status=status_of(form))
