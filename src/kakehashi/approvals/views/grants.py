"""職務代理・事務取扱・委任・補助執行: the list, a new one, the end of one."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.approvals import selectors, services
from kakehashi.approvals.domain.authority import GrantKind
from kakehashi.approvals.forms import GrantForm
from kakehashi.approvals.models import AuthorityGrant, Matter
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors.authority import all_grants
from kakehashi.approvals.selectors.routes import posts_to_choose
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.requests import Request
from kakehashi.people.models import Post


@staff(ApprovalsPermission.MANAGE_RULES)
@require_http_methods(["GET", "POST"])
def grants(request: Request) -> HttpResponse:
    """Every grant with its clause and days, and the form for a new one."""
    matters = [(matter.code, matter.name) for matter in selectors.active_matters()]
    posts = [(str(post.id), post.name) for post in posts_to_choose(clock.today())]
    form = GrantForm(request.POST or None, initial={"valid_from": clock.today()}, posts=posts, matters=matters)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _grant(request, form)
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, error.message)
            else:
                messages.success(request, "記録しました。")
                return redirect("approvals-staff:grants")
    context = {"form": form, "grants": all_grants()[:500], "today": clock.today()}
    return render(request, "approvals/grants.html", context, status=status)


def _grant(request: Request, form: GrantForm) -> None:
    values = form.cleaned_data
    services.grant_authority(
        actor=request.actor,
        kind=GrantKind(values["kind"]),
        post=Post.objects.get(id=values["post"]),
        acting_post=Post.objects.get(id=values["acting_post"]),
        clause=values["clause"],
        reason=values["reason"],
        valid_from=values["valid_from"],
        valid_to=values["valid_to"],
        matter=Matter.objects.filter(code=values["matter"]).first() if values["matter"] else None,
    )


@staff(ApprovalsPermission.MANAGE_RULES)
@require_POST
def end(request: Request, grant_id: UUID) -> HttpResponse:
    """End a grant with today as its last day."""
    try:
        services.end_grant(actor=request.actor, grant=get_object_or_404(AuthorityGrant, id=grant_id))
    except DomainError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "今日で終わりにしました。")
    return redirect("approvals-staff:grants")
