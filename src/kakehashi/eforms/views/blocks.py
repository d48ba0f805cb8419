"""部品: the list of reusable blocks, putting one into a form, following what changed upstream."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.eforms.domain.blocks import BLOCK, Followed, detach_block, follow_block, insert_block
from kakehashi.eforms.domain.changes import describe_changes
from kakehashi.eforms.domain.definition import DefinitionError, FormDefinition, from_json
from kakehashi.eforms.domain.whole_form import BlockUse
from kakehashi.eforms.forms import BlockForm
from kakehashi.eforms.models import Form, FormVersion
from kakehashi.eforms.permissions import EformsPermission
from kakehashi.eforms.selectors.blocks import block_version, blocks, latest_block
from kakehashi.eforms.services import create_form, save_draft
from kakehashi.eforms.views.staff import editable_form
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.pages import keyset_page
from kakehashi.kernel.requests import Request


@staff(EformsPermission.EDIT)
@require_http_methods(["GET", "POST"])
def blocks_page(request: Request) -> HttpResponse:
    """The blocks of this government; POST makes a new one and opens its editor."""
    form = BlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = create_form(actor=request.actor, title=form.cleaned_data["title"], owner_kind=BLOCK, owner_id=uuid7())
        return redirect("eforms-staff:edit", made.id)
    page = keyset_page(blocks(), ("-changed_at", "-id"), request.GET.get("cursor"))
    context = {"form": form, "page": page}
    return render(request, "eforms/staff/blocks.html", context, status=422 if form.is_bound else 200)


@staff(EformsPermission.EDIT)
@require_POST
def insert(request: Request, form_id: UUID) -> HttpResponse:
    """Put a block at the end of a page: as a copy, or followed from now on."""
    form = editable_form(request, form_id)
    definition, step = from_json(form.draft), request.POST.get("step", "")
    try:
        version = latest_block(UUID(request.POST.get("block", "")))
        follows = request.POST.get("how") == "follow"
        use = BlockUse(str(version.form_id), version.number, version.form.title) if follows else None
        changed, key = insert_block(definition, step, from_json(version.definition), use)
        _save(request, form, changed, f"部品「{version.form.title}」を入れた")
    except Stale as stale:
        messages.error(request, stale.message)
        return redirect("eforms-staff:edit", form.id)
    except (DomainError, DefinitionError, ValueError) as error:
        said = str(error) if isinstance(error, DomainError | DefinitionError) else "部品を選んでください。"
        messages.error(request, said)
        return redirect("eforms-staff:edit", form.id)
    return redirect(f"{reverse('eforms-staff:edit', args=[form.id])}?at={key}")


@dataclass(frozen=True)
class Following:
    """What following a block would do to a form."""

    use: BlockUse
    version: FormVersion
    followed: Followed
    changes: list[str]


@staff(EformsPermission.EDIT)
@require_http_methods(["GET", "POST"])
def follow(request: Request, form_id: UUID, at: int) -> HttpResponse:
    """What changed upstream, as sentences; POST takes it over, or stops following."""
    form = editable_form(request, form_id)
    definition = from_json(form.draft)
    try:
        if request.method == "POST" and "detach" in request.POST:
            title = definition.blocks[at].title if at < len(definition.blocks) else ""
            _save(request, form, detach_block(definition, at), f"部品「{title}」を切りはなした")
            messages.success(request, "切りはなしました。項目はそのまま残っています。")
            return redirect("eforms-staff:edit", form.id)
        proposal = _proposal(definition, at)
        if request.method == "POST":
            act = f"部品「{proposal.use.title}」の第{proposal.version.number}版に合わせた"
            _save(request, form, proposal.followed.definition, act)
            messages.success(request, "部品に合わせました。公開するまで、住民の画面は変わりません。")
            return redirect("eforms-staff:edit", form.id)
    except Stale as stale:
        messages.error(request, stale.message)
        return redirect("eforms-staff:edit", form.id)
    except (DomainError, DefinitionError) as error:
        messages.error(request, str(error))
        return redirect("eforms-staff:edit", form.id)
    return render(request, "eforms/staff/follow.html", {"form": form, "at": at, "proposal": proposal})


def _proposal(definition: FormDefinition, at: int) -> Following:
    if not 0 <= at < len(definition.blocks):
        raise Http404
    use = definition.blocks[at]
    version, old = latest_block(UUID(use.block_id)), block_version(UUID(use.block_id), use.number)
    followed = follow_block(definition, at, from_json(old.definition), from_json(version.definition), version.number)
    return Following(use, version, followed, describe_changes(definition, followed.definition))


def _save(request: Request, form: Form, definition: FormDefinition, act: str) -> None:
    try:
        revision = int(request.POST.get("revision", ""))
    except ValueError:
        revision = form.revision
    save_draft(actor=request.actor, form=form, definition=definition, expected_revision=revision, act=act)
