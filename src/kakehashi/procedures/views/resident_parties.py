"""だれの申請か、だれといっしょに申請するか: proxy and co-signers of a draft, and asking them to agree."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_POST

from kakehashi.files.models import StoredFile
from kakehashi.files.selectors import uploaded_file
from kakehashi.files.services import store_file
from kakehashi.kernel.access import resident
from kakehashi.kernel.errors import DomainError, NotFound
from kakehashi.people.domain.tries import Limit
from kakehashi.people.services.limits import limited
from kakehashi.procedures.domain.names import FILE_PURPOSE_ANSWER
from kakehashi.procedures.domain.representation import PROOFS, Proof, ProxyKind
from kakehashi.procedures.forms import CoSignerForm, ProxyPartyForm, WhoForm
from kakehashi.procedures.models import CoSigning, Draft, FilingRule
from kakehashi.procedures.selectors.parties import Parties, parties_of_draft, proxy_of, rule_of
from kakehashi.procedures.selectors.public import guide_of
from kakehashi.procedures.services import (
    add_co_signer,
    remove_co_signer,
    remove_proxy,
    set_proxy,
)
from kakehashi.procedures.views.passes import applicant_of, own_draft
from kakehashi.procedures.views.resident_apply import already_handed_in

# Each names an address that is written to: a family or a committee, not a list.
NAMED_PER_CLIENT = Limit("procedures.parties_per_client", 60, 900)


def _open_draft(request: HttpRequest, draft_id: UUID) -> tuple[Draft, FilingRule, HttpResponse | None]:
    draft = own_draft(request, draft_id)
    if draft.correction is not None or draft.typed_by_id is not None:
        raise NotFound
    return draft, rule_of(draft.procedure), already_handed_in(request, draft)


def _next_page(draft: Draft) -> HttpResponse:
    """On to the form, or back to the confirmation when the form is written."""
    steps = draft.form_version.definition["steps"]
    if draft.done_steps:
        return redirect("procedures:confirm", draft.id)
    return redirect("procedures:step", draft.id, steps[0]["key"])


def _page(request: HttpRequest, name: str, draft: Draft, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    base = {"draft": draft, "procedure": draft.procedure, "guide": guide_of(draft.procedure, get_language() or "ja")}
    return render(request, f"procedures/resident/{name}.html", base | context, status=status)


@resident
@require_http_methods(["GET", "POST"])
def who_page(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """だれの申請ですか: one's own, or for somebody else and by what right."""
    draft, rule, already = _open_draft(request, draft_id)
    if already is not None:
        return already
    if not rule.proxies:
        raise NotFound
    now = proxy_of(draft.idempotency_key) if draft.has_parties else None
    form = WhoForm(request.POST or None, kinds=rule.proxies, initial={"who": now.kind if now else "self"})
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["who"] == "self":
            remove_proxy(actor=applicant_of(request), draft=draft)
            # One's own earlier answers are offered for one's own application only.
            if not draft.done_steps:
                return redirect("procedures:reuse", draft.id)
            return _next_page(draft)
        return redirect("procedures:proxy", draft.id, form.cleaned_data["who"])
    return _page(request, "who", draft, {"form": form}, status=422 if form.is_bound else 200)


@resident
@limited(NAMED_PER_CLIENT)
@require_http_methods(["GET", "POST"])
def proxy_page(request: HttpRequest, draft_id: UUID, kind: str) -> HttpResponse:
    """Who you are, and by what it is shown that you may."""
    draft, rule, already = _open_draft(request, draft_id)
    if already is not None:
        return already
    if kind not in rule.proxies:
        raise NotFound
    wanted = ProxyKind(kind)
    proofs = rule.proofs if wanted is ProxyKind.VOLUNTARY else [each.value for each in PROOFS[wanted]]
    parties = parties_of_draft(draft)
    receipt = request.POST.get("file.uploaded", "")
    uploaded = uploaded_file(receipt, FILE_PURPOSE_ANSWER) if receipt else None
    form = ProxyPartyForm(
        request.POST or None, request.FILES or None, kind=wanted, proofs=proofs,
        has_file=uploaded is not None or _has_file(parties, request.POST.get("proof", "")), initial=_known(parties, proofs),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            _set(request, draft, wanted, dict(form.cleaned_data), uploaded)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return _next_page(draft)
    context = {
        "form": form,
        "kind": wanted,
        "attached": parties.proxy.proof_file if parties.proxy else None,
        "file_purpose": FILE_PURPOSE_ANSWER,
        "uploaded": uploaded,
        "receipt": receipt,
    }
    return _page(request, "proxy", draft, context, status=422 if form.is_bound else 200)


def _has_file(parties: Parties, proof: str) -> bool:
    return parties.proxy is not None and parties.proxy.proof_file is not None and parties.proxy.proof == proof


def _known(parties: Parties, proofs: list[str]) -> dict[str, str]:
    """What was written before, so that it is mended and not written anew."""
    known: dict[str, str] = {"proof": proofs[0]} if proofs else {}
    if parties.proxy is not None:
        one = parties.proxy
        known |= {"name": one.name, "relationship": one.relationship, "phone": one.phone, "email": one.email}
        known |= {"proof": one.proof} if one.proof in proofs else {}
    for each in parties.consents:
        if each not in parties.co_signers:
            known |= {"principal_name": each.name, "principal_email": each.email}
    return known


def _set(
    request: HttpRequest, draft: Draft, kind: ProxyKind, given: dict[str, Any], uploaded: StoredFile | None
) -> None:
    """A small file comes with the form; a large one was sent in parts, and the form brings its receipt."""
    upload, proof = given.pop("file", None), Proof(given.pop("proof"))
    stored = uploaded if proof is not Proof.CONFIRMATION else None
    if upload is not None and proof is not Proof.CONFIRMATION:
        stored = store_file(
            actor=applicant_of(request), name=upload.name or "", content=upload.file, purpose=FILE_PURPOSE_ANSWER
        )
    set_proxy(actor=applicant_of(request), draft=draft, kind=kind, proof=proof, proof_file=stored, **given)


@resident
@limited(NAMED_PER_CLIENT)
@require_http_methods(["GET", "POST"])
def co_signers_page(request: HttpRequest, draft_id: UUID) -> HttpResponse:
    """いっしょに申請する人: name each of them."""
    draft, rule, already = _open_draft(request, draft_id)
    if already is not None:
        return already
    if rule.co_signing == CoSigning.NONE:
        raise NotFound
    form = CoSignerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_co_signer(actor=applicant_of(request), draft=draft, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect("procedures:co-signers", draft.id)
    context = {"form": form, "rule": rule, "parties": parties_of_draft(draft)}
    return _page(request, "co_signers", draft, context, status=422 if form.is_bound else 200)


@resident
@require_POST
def remove(request: HttpRequest, draft_id: UUID, consent_id: UUID) -> HttpResponse:
    """Take somebody off the list."""
    draft, _, already = _open_draft(request, draft_id)
    if already is not None:
        return already
    remove_co_signer(actor=applicant_of(request), draft=draft, consent_id=consent_id)
    return redirect("procedures:co-signers", draft.id)
