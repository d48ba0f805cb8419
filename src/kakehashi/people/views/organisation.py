"""設定・組織: the chart, departments, posts, staff, absences, deputies."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kakehashi.kernel import clock
from kakehashi.kernel.access import any_staff, staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import note_reading, reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people import services
from kakehashi.people.domain.absences import QuickAbsence, quick_span, span_of_days
from kakehashi.people.forms.staff import (
    AbolishDepartmentForm,
    AbsenceForm,
    AmendDepartmentForm,
    AmendPersonForm,
    AppointForm,
    DepartmentForm,
    DeputiesForm,
    GrantForm,
    PersonForm,
    PostForm,
)
from kakehashi.people.models import Absence, Department, Person, Post, PostHolding, RoleGrant
from kakehashi.people.permissions import PeoplePermission, has_power
from kakehashi.people.selectors import (
    absences_since,
    absent_ids,
    away_now,
    chart_on,
    deputy_line,
    find_staff,
    sessions_of,
    valid_on,
)
from kakehashi.people.views import safe_next, say_on, status_of


def _asked_day(request: Request) -> date:
    try:
        return date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return clock.today()


@staff(PeoplePermission.READ)
@require_GET
def index(request: Request) -> HttpResponse:
    """The entrance of 設定・組織."""
    return render(request, "people/staff/index.html", {"away": away_now(clock.now())[:20]})


@staff(PeoplePermission.READ)
@require_GET
def chart(request: Request) -> HttpResponse:
    """The organisation chart of a day, as a page, Excel or CSV."""
    on = _asked_day(request)
    lines = chart_on(on, clock.now())
    if request.GET.get("format"):
        rows = [
            (line.code, line.name, line.symbol, post.name, post.rank, name, "主務" if primary else "兼務")
            for line in lines
            for post in line.posts
            for _, name, primary, _ in (post.holders or ((None, "（空席）", True, False),))
        ]
        headers = ("所属コード", "所属", "文書記号", "職", "順位", "氏名", "主務・兼務")
        return spreadsheet_response(kind=request.GET["format"], name=f"組織図{on:%Y%m%d}", headers=headers, rows=rows)
    return render(request, "people/staff/chart.html", {"lines": lines, "on": on, "today": clock.today()})


@staff(PeoplePermission.EDIT)
@require_http_methods(["GET", "POST"])
def new_department(request: Request) -> HttpResponse:
    """A new department, or one that follows another."""
    form = DepartmentForm(request.POST or None, initial={"valid_from": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.create_department(actor=request.actor, **form.cleaned_data)
            return redirect("people-staff:department", made.id)
        except DomainError as error:
            say_on(form, error)
    return render(request, "people/staff/department_new.html", {"form": form}, status=status_of(form))


@staff(PeoplePermission.READ)
@require_http_methods(["GET", "POST"])
def department(request: Request, department_id: UUID) -> HttpResponse:
    """One department: its posts, corrections, its end."""
    row = get_object_or_404(Department.objects.select_related("parent", "successor"), id=department_id)
    initial = {"name": row.name, "symbol": row.symbol, "parent": row.parent_id, "order": row.order}
    act = request.POST.get("act")
    amend = AmendDepartmentForm(request.POST if act == "amend" else None, initial=initial)
    abolish = AbolishDepartmentForm(request.POST if act == "abolish" else None)
    new_post = PostForm(request.POST if act == "post" else None, initial={"rank": 60, "valid_from": clock.today()})
    verbs: dict[str, tuple[Any, Any]] = {
        "amend": (amend, lambda data: services.amend_department(actor=request.actor, department=row, **data)),
        "abolish": (abolish, lambda data: services.abolish_department(actor=request.actor, department=row, **data)),
        "post": (new_post, lambda data: services.create_post(actor=request.actor, department=row, **data)),
    }
    form, verb = verbs.get(act or "", (None, None))
    if form is not None and form.is_valid():
        try:
            verb(form.cleaned_data)
            messages.success(request, "変更しました。")
            return redirect("people-staff:department", row.id)
        except DomainError as error:
            say_on(form, error)
    context = {
        "department": row,
        "posts": row.posts.filter(valid_on(clock.today())),
        "amend": amend,
        "abolish": abolish,
        "new_post": new_post,
        "can_edit": request.actor.can(PeoplePermission.EDIT, request.government.id),
    }
    return render(request, "people/staff/department.html", context, status=422 if form is not None else 200)


@staff(PeoplePermission.READ)
@require_http_methods(["GET", "POST"])
def post(request: Request, post_id: UUID) -> HttpResponse:
    """One post: who held it and when, who acts for it, in which order."""
    row = get_object_or_404(Post.objects.select_related("department", "successor"), id=post_id)
    today, now = clock.today(), clock.now()
    line = deputy_line(row, today, now)
    initial: dict[str, Any] = {f"deputy_{place}": each.post_id for place, each in enumerate(line, start=1)}
    clause = row.deputies.values_list("clause", flat=True).first()
    form = DeputiesForm(request.POST or None, post=row, initial=initial | {"clause": clause or ""})
    if request.method == "POST" and form.is_valid():
        try:
            services.set_deputies(
                actor=request.actor, post=row, deputies=form.deputies, clause=form.cleaned_data["clause"]
            )
            messages.success(request, "代理の順序を変えました。")
            return redirect("people-staff:post", row.id)
        except DomainError as error:
            say_on(form, error)
    names = Person.objects.in_bulk([each.person_id for each in line if each.person_id])
    posts = Post.objects.in_bulk([each.post_id for each in line])
    context = {
        "post": row,
        "holdings": row.holdings.select_related("person").order_by("-valid_from")[:30],
        "line": [(posts[each.post_id], names.get(each.person_id) if each.person_id else None, each) for each in line],
        "form": form,
        "can_edit": request.actor.can(PeoplePermission.EDIT, request.government.id),
        "today": today,
    }
    return render(request, "people/staff/post.html", context, status=status_of(form))


@staff(PeoplePermission.READ)
@require_GET
def deputies(request: Request) -> HttpResponse:
    """Every order of deputies, and the posts of managers that have none."""
    today = clock.today()
    posts = Post.objects.filter(valid_on(today), rank__lt=60).select_related("department")
    rows = [
        (row, [rule.deputy_post for rule in row.deputies.all()])
        for row in posts.prefetch_related("deputies__deputy_post").order_by(
            "department__order", "department__code", "rank"
        )
    ]
    return render(request, "people/staff/deputies.html", {"rows": rows, "none": sum(not line for _, line in rows)})


@staff(PeoplePermission.READ)
@reads_personal_data("職員情報の確認")
@require_GET
def people(request: Request) -> HttpResponse:
    """Staff, found by name, reading or number."""
    query, today = request.GET.get("q", "").strip()[:60], clock.today()
    found = find_staff(query, today)
    if request.GET.get("format"):
        held = PostHolding.objects.filter(valid_on(today)).select_related("person", "post", "post__department")
        note_reading("people.person", found.values_list("id", flat=True))
        rows = [
            (
                each.person.staff_number,
                each.person.name,
                each.person.kana,
                each.post.department.name if each.post.department else "",
                each.post.name,
                "主務" if each.is_primary else "兼務",
            )
            for each in held.filter(person__in=found).order_by("person__kana", "person_id", "-is_primary")
        ]
        headers = ("職員番号", "氏名", "カナ", "所属", "職", "主務・兼務")
        return spreadsheet_response(kind=request.GET["format"], name="職員", headers=headers, rows=rows)
    page = keyset_page(found, order_by=("kana", "name", "id"), cursor=request.GET.get("cursor"))
    note_reading("people.person", [each.id for each in page.rows])
    held = PostHolding.objects.filter(valid_on(today), person__in=[each.id for each in page.rows])
    posts: dict[UUID, list[str]] = {}
    for each in held.select_related("post").order_by("-is_primary"):
        posts.setdefault(each.person_id, []).append(each.post.name)
    away = absent_ids([each.id for each in page.rows], clock.now())
    context = {
        "page": page,
        "rows": [(each, posts.get(each.id, []), each.id in away) for each in page.rows],
        "query": query,
        "can_edit": request.actor.can(PeoplePermission.EDIT, request.government.id),
    }
    return render(request, "people/staff/people.html", context)


@staff(PeoplePermission.EDIT)
@require_http_methods(["GET", "POST"])
def new_person(request: Request) -> HttpResponse:
    """Register a member of staff."""
    form = PersonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.register_person(actor=request.actor, **form.cleaned_data)
            return redirect("people-staff:person", made.id)
        except DomainError as error:
            say_on(form, error)
    return render(request, "people/staff/person_new.html", {"form": form}, status=status_of(form))


@staff(PeoplePermission.READ)
@reads_personal_data("職員情報の確認")
@require_http_methods(["GET", "POST"])
def person(request: Request, person_id: UUID) -> HttpResponse:
    """One member of staff: posts, absences, roles."""
    row = get_object_or_404(Person, id=person_id)
    note_reading("people.person", [row.id])
    today = clock.today()
    initial = {"name": row.name, "kana": row.kana, "staff_number": row.staff_number}
    act = request.POST.get("act")
    amend = AmendPersonForm(request.POST if act == "amend" else None, initial=initial)
    appoint = AppointForm(request.POST if act == "appoint" else None, initial={"valid_from": today})
    grant = GrantForm(request.POST if act == "grant" else None, initial={"valid_from": today})
    verbs: dict[str, tuple[Any, Any]] = {
        "amend": (amend, lambda data: services.amend_person(actor=request.actor, person=row, **data)),
        "appoint": (appoint, lambda data: services.appoint_person(actor=request.actor, person=row, **data)),
        "grant": (grant, lambda data: services.grant_role(actor=request.actor, person=row, **data)),
    }
    form, verb = verbs.get(act or "", (None, None))
    if form is not None and form.is_valid():
        try:
            verb(form.cleaned_data)
            messages.success(request, "変更しました。")
            return redirect("people-staff:person", row.id)
        except DomainError as error:
            say_on(form, error)
    government = request.government.id
    context = {
        "person": row,
        "holdings": row.holdings.select_related("post", "post__department").order_by("-is_primary", "-valid_from"),
        "absences": absences_since(row, clock.now()),
        "grants": row.role_grants.select_related("role", "department", "contract").order_by("-valid_from"),
        "amend": amend,
        "appoint": appoint,
        "grant": grant,
        "today": today,
        "can_edit": request.actor.can(PeoplePermission.EDIT, government),
        "can_grant": request.actor.can(PeoplePermission.GRANT_ROLE, government),
        "has_power": has_power(request.actor),
        "can_end_sessions": row.user_id and request.actor.can(PeoplePermission.ADMINISTER, government),
        "sessions": sessions_of(row) if has_power(request.actor) else [],
        "can_absent": row.id == request.actor.id or request.actor.can(PeoplePermission.RECORD_ABSENCE, government),
    }
    return render(request, "people/staff/person.html", context, status=422 if form is not None else 200)


@staff(PeoplePermission.ADMINISTER)
@reads_personal_data("職員情報の確認")
@require_POST
def end_sessions(request: Request, person_id: UUID) -> HttpResponse:
    """Sign a member of staff out on every machine."""
    row = get_object_or_404(Person, id=person_id)
    if not has_power(request.actor):
        onwards = reverse("people-staff:person", args=[row.id])
        return redirect(f"{reverse('people-staff:administration')}?next={onwards}")
    count = services.end_sessions_of(actor=request.actor, person=row)
    messages.success(request, f"{count}件のサインインを終わらせました。" if count else "サインインはありませんでした。")
    return redirect("people-staff:person", row.id)


@staff(PeoplePermission.EDIT)
@require_POST
def end_holding(request: Request, holding_id: UUID) -> HttpResponse:
    """Relieve a person of a post; today is the last day."""
    holding = get_object_or_404(PostHolding, id=holding_id)
    person_id = holding.person_id
    services.end_holding(actor=request.actor, holding=holding, last_day=clock.today())
    messages.success(request, "今日までにしました。")
    return redirect("people-staff:person", person_id)


@staff(PeoplePermission.GRANT_ROLE)
@require_POST
def revoke_grant(request: Request, grant_id: UUID) -> HttpResponse:
    """Take a role away."""
    grant = get_object_or_404(RoleGrant, id=grant_id)
    person_id = grant.person_id
    if not has_power(request.actor):
        onwards = reverse("people-staff:person", args=[person_id])
        return redirect(f"{reverse('people-staff:administration')}?next={onwards}")
    services.revoke_grant(actor=request.actor, grant=grant)
    messages.success(request, "役割を取り消しました。")
    return redirect("people-staff:person", person_id)


@any_staff
@require_http_methods(["GET", "POST"])
def absence(request: Request) -> HttpResponse:
    """Two taps: open this page, touch when. One's own absence; with `?person=`, a colleague's (庶務)."""
    asked = request.POST.get("person") or request.GET.get("person") or str(request.actor.id)
    try:
        row = get_object_or_404(Person, id=UUID(asked))
    except ValueError:
        row = get_object_or_404(Person, id=request.actor.id)
    now = clock.now()
    initial = {"first_day": clock.today(), "last_day": clock.today()}
    form = AbsenceForm(request.POST if request.POST.get("first_day") is not None else None, initial=initial)
    choice = request.POST.get("choice", "")
    try:
        if choice in set(QuickAbsence):
            span = quick_span(QuickAbsence(choice), now)
            services.record_absence(actor=request.actor, person=row, starts_at=span.starts_at, ends_at=span.ends_at)
        elif form.is_bound and form.is_valid():
            span = span_of_days(form.cleaned_data["first_day"], form.cleaned_data["last_day"])
            services.record_absence(
                actor=request.actor,
                person=row,
                starts_at=span.starts_at,
                ends_at=span.ends_at,
                reason=form.cleaned_data["reason"],
            )
        else:
            return _absence_page(request, row, form)
    except DomainError as error:
        form.add_error("last_day", error.message) if form.is_bound else messages.error(request, error.message)
        return _absence_page(request, row, form)
    except ValueError:
        form.add_error("last_day", "最後の日は、最初の日と同じか、後にしてください。")
        return _absence_page(request, row, form)
    messages.success(request, "不在を登録しました。")
    return redirect(f"{reverse('people-staff:absence')}?person={row.id}")


def _absence_page(request: Request, row: Person, form: AbsenceForm) -> HttpResponse:
    context = {
        "person": row,
        "is_self": row.id == request.actor.id,
        "choices": list(QuickAbsence),
        "form": form,
        "absences": absences_since(row, clock.now()),
        "now": clock.now(),
    }
    return render(request, "people/staff/absence.html", context, status=status_of(form))


@any_staff
@require_POST
def cancel_absence(request: Request, absence_id: UUID) -> HttpResponse:
    """Take an absence back."""
    row = get_object_or_404(Absence.objects.select_related("person"), id=absence_id)
    services.cancel_absence(actor=request.actor, absence=row)
    messages.success(request, "不在を取りやめました。")
    onwards = f"{reverse('people-staff:absence')}?person={row.person_id}"
    return redirect(safe_next(request, onwards))
