"""改組シミュレーター: what hangs on one department or post, row by row, and the parts of it that go elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.registry import UnknownKey
from kakehashi.kernel.requests import Request
from kakehashi.kernel.tables import spreadsheet_response
from kakehashi.people import hooks, services
from kakehashi.people.domain.reorganisation import Comparison
from kakehashi.people.domain.shares import EVERY, share_of
from kakehashi.people.forms.reorganisation import ShareForm
from kakehashi.people.models import Department, Post, Reorganisation, ReorganisationShare
from kakehashi.people.permissions import PeoplePermission
from kakehashi.people.selectors.reorganisations import comparison_of, heir_names, reorganised
from kakehashi.people.views import say_on, status_of

_EXPORTED = 10_000


@dataclass(frozen=True, slots=True)
class ShownShare:
    """An exception in words."""

    id: UUID
    what: str
    heir: str


def shares_to_show(row: Reorganisation, found: Comparison) -> list[ShownShare]:
    """The exceptions of a plan in words."""
    names = heir_names(found)
    return [ShownShare(each.id, _what(each), names.get(each.heir, each.heir)) for each in row.shares.all()]


def _what(share: ReorganisationShare) -> str:
    kind = "すべて" if share.code == EVERY else kind_of(share.code).label
    if share.words:
        return f"{share.subject_label}の{kind}のうち、「{share.words}」を含むもの"
    return f"{share.subject_label}の{kind}のうち、選んだ{len(share.row_ids)}件"


def row_of(reorganisation_id: UUID) -> Reorganisation:
    """The plan with this id. Raises Http404."""
    return get_object_or_404(Reorganisation, id=reorganisation_id)


def kind_of(code: str) -> hooks.Affected:
    """The kind with this code. Raises Http404."""
    try:
        return hooks.affected_kind(code)
    except UnknownKey as error:
        raise Http404 from error


@staff(PeoplePermission.REORGANISE)
@require_http_methods(["GET", "POST"])
def holdings(request: Request, reorganisation_id: UUID, subject_id: UUID) -> HttpResponse:
    """Everything that hangs on one department or post, kept or ending, by kind; and a rule for all kinds at once."""
    row = row_of(reorganisation_id)
    found = comparison_of(row)
    subject = _subject(subject_id)
    form = _form(request, found, subject)
    if request.method == "POST" and form.is_valid() and _shared(request, row, EVERY, subject, form):
        return redirect("people-staff:reorganisation-holdings", row.id, subject.id)
    wanted = _kind_name(subject)
    kinds = [(code, kind, kind.counts([subject.id]).get(subject.id, 0)) for code, kind in hooks.affected_kinds()
             if kind.subject is wanted]  # fmt: skip
    context = {
        "row": row,
        "subject": subject,
        "kinds": [each for each in kinds if each[2]],
        "form": form,
        "shares": _of_subject(row, found, subject),
    }
    return render(request, "people/staff/reorganisation_holdings.html", context, status=status_of(form))


@staff(PeoplePermission.REORGANISE)
@reads_personal_data("改組の試算")
@require_http_methods(["GET", "POST"])
def rows(request: Request, reorganisation_id: UUID, code: str, subject_id: UUID) -> HttpResponse:
    """The rows behind a sentence: everything of a kind that hangs on one department or post; POST lets some go elsewhere."""
    row, kind, subject = row_of(reorganisation_id), kind_of(code), _subject(subject_id)
    found = comparison_of(row)
    form = _form(request, found, subject)
    if request.method == "POST" and form.is_valid() and _shared(request, row, code, subject, form):
        return redirect("people-staff:reorganisation-rows", row.id, code, subject.id)
    change = reorganised(row, found)
    shares = change.shares_of(code, subject.id)
    heir = change.ending(kind.subject).get(subject.id)
    default = heir.name if heir else ("引継ぎ先なし" if subject.id in change.ending(kind.subject) else "そのまま")

    def goes(each: object, item: hooks.HandoverItem) -> str:
        share = share_of(each.id, f"{item.label} {item.note}", shares)  # type: ignore[attr-defined]
        return share.heir_name if share else default

    asked = kind.of([subject.id])
    if request.GET.get("format"):
        described = [(each, kind.item(each)) for each in asked.order_by("-id")[:_EXPORTED]]
        lines = [(item.label, item.note, goes(each, item)) for each, item in described]
        headers = (kind.label, "備考", "引継ぎ先")
        return spreadsheet_response(
            kind=request.GET["format"], name=f"{subject.name}の{kind.label}", headers=headers, rows=lines
        )
    page = keyset_page(asked, order_by=("-id",), cursor=request.GET.get("cursor"))
    items = [(each.id, item, goes(each, item)) for each in page.rows for item in [kind.item(each)]]
    context = {
        "row": row, "kind": kind, "subject": subject, "page": page, "items": items, "form": form,
        "may_share": row.is_draft and kind.carries, "shares": _of_subject(row, found, subject, code),
    }  # fmt: skip
    return render(request, "people/staff/reorganisation_rows.html", context, status=status_of(form))


@staff(PeoplePermission.REORGANISE)
@require_POST
def take_back(request: Request, reorganisation_id: UUID, share_id: UUID) -> HttpResponse:
    """Leave the rows of a share to the default again."""
    share = get_object_or_404(ReorganisationShare, id=share_id, reorganisation_id=reorganisation_id)
    try:
        services.take_share_back(actor=request.actor, share=share)
        messages.success(request, "分けて引き継ぐのをやめました。")
    except Stale as error:
        messages.warning(request, error.message)
    return redirect("people-staff:reorganisation", reorganisation_id)


def _subject(subject_id: UUID) -> Department | Post:
    found = Department.objects.filter(id=subject_id).first() or Post.objects.filter(id=subject_id).first()
    if found is None:
        raise Http404
    return found


def _kind_name(subject: Department | Post) -> hooks.Subject:
    return hooks.Subject.DEPARTMENT if isinstance(subject, Department) else hooks.Subject.POST


def _form(request: Request, found: Comparison, subject: Department | Post) -> ShareForm:
    return ShareForm(request.POST or None, found=found, is_department=isinstance(subject, Department))


def _shared(request: Request, row: Reorganisation, code: str, subject: Department | Post, form: ShareForm) -> bool:
    try:
        services.share_out(
            actor=request.actor,
            reorganisation=row,
            code=code,
            subject_id=subject.id,
            subject_label=subject.name,
            heir=form.cleaned_data["heir"],
            words=form.cleaned_data["words"],
            row_ids=_ids(request.POST.getlist("row")),
        )
    except DomainError as error:
        say_on(form, error)
        return False
    messages.success(request, "分けて引き継ぐものに加えました。")
    return True


def _ids(texts: list[str]) -> list[UUID]:
    try:
        return [UUID(each) for each in texts]
    except ValueError as error:
        raise Http404 from error


def _of_subject(row: Reorganisation, found: Comparison, subject: Department | Post, code: str = "") -> list[ShownShare]:
    mine = {
        each.id
        for each in row.shares.all()
        if each.subject_id == subject.id and (not code or each.code in {code, EVERY})
    }
    return [each for each in shares_to_show(row, found) if each.id in mine]
