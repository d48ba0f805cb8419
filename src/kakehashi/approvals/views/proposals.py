"""The decision page, its acts, 施行, and the papers."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kakehashi.approvals import selectors, services
from kakehashi.approvals.forms import ActForm
from kakehashi.approvals.models import Proposal, ProposalStep
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.views.page_context import page_context
from kakehashi.kernel import clock
from kakehashi.kernel.access import staff
from kakehashi.kernel.errors import DomainError, PermissionRefused, Stale
from kakehashi.kernel.personal_data import reads_personal_data
from kakehashi.kernel.requests import Request
from kakehashi.kernel.undo import confirm_with_undo

DOUBLE_CLICK_SECONDS = 60

Handler = Callable[[Request, Proposal, ActForm], str]


def find_proposal(proposal_id: UUID) -> Proposal:
    """A proposal with everything its page looks at; 404 for another town's."""
    rows = Proposal.objects.select_related("matter", "department", "rule", "drafter").prefetch_related(
        Prefetch("steps", ProposalStep.objects.select_related("post")), "attachments", "readers"
    )
    return get_object_or_404(rows, id=proposal_id)


@staff(ApprovalsPermission.READ)
@reads_personal_data("決裁", asks_reason=True)
@require_safe
def proposal(request: Request, proposal_id: UUID) -> HttpResponse:
    """Everything needed to decide, on one page. Opening it on one's turn is remembered as seen."""
    found = find_proposal(proposal_id)
    if services.see_proposal(actor=request.actor, proposal=found):
        found = find_proposal(proposal_id)
    return render(request, "approvals/proposal.html", page_context(request, found, None))


@staff(ApprovalsPermission.READ)
@reads_personal_data("決裁", asks_reason=True)
@require_POST
def act(request: Request, proposal_id: UUID, verb: str) -> HttpResponse:
    """One act. An outdated screen gets 409 with what changed; a rule that is not met stands beside the field."""
    handler = HANDLERS.get(verb)
    if handler is None:
        raise Http404
    found = find_proposal(proposal_id)
    form = ActForm(request.POST, targets=_targets(found))
    if not form.is_valid():
        return render(request, "approvals/proposal.html", page_context(request, found, form), status=422)
    try:
        sentence = handler(request, found, form)
    except (Stale, PermissionRefused) as late:
        return _too_late(request, verb, found, form, late)
    except DomainError as error:
        form.add_error("reason" if error.field in {"reason", "opinion"} else None, error.message)
        return render(
            request, "approvals/proposal.html", page_context(request, find_proposal(found.id), form), status=422
        )
    if verb in {"decide", "act-for"}:
        confirm_with_undo(request, sentence, reverse("approvals-staff:act", args=[found.id, "undo"]))
    else:
        messages.success(request, sentence)
    return redirect("approvals-staff:proposal", found.id)


def _targets(found: Proposal) -> list[tuple[str, str]]:
    """Earlier boxes a return may go to."""
    steps = selectors.current_steps(found)
    active = [step for step in steps if step.state == "active"]
    if not active:
        return []
    return [
        (str(step.id), f"{step.post_label} {step.person_name}".strip())
        for step in steps
        if step.order < active[0].order and step.acted_at is not None
    ]


def _is_a_double_click(request: Request, verb: str, current: Proposal, form: ActForm) -> bool:
    """Whether this person did the same a moment ago on the same text: then the second click is no news."""
    if verb == "submit":
        return current.drafter_id == request.actor.id and current.state == "in_circulation"
    if verb not in {"endorse", "consent", "dissent", "decide", "act-for", "decide-provisionally"}:
        return False
    return any(
        step.person_id == request.actor.id
        and step.digest == form.cleaned_data["digest"]
        and step.acted_at is not None
        and (clock.now() - step.acted_at).total_seconds() < DOUBLE_CLICK_SECONDS
        for step in selectors.current_steps(current)
    )


def _too_late(
    request: Request, verb: str, found: Proposal, form: ActForm, refused: Stale | PermissionRefused
) -> HttpResponse:
    """An act on a screen that is no longer true: who did what meanwhile and when, and what changed in the words.

    A second click on the same button is no news. Who never stood there gets what everybody without a standing gets.
    """
    current = find_proposal(found.id)
    if _is_a_double_click(request, verb, current, form):
        return redirect("approvals-staff:proposal", found.id)
    shown_at = form.cleaned_data.get("shown_at")
    news = selectors.acts_since(current, shown_at, request.actor.id)
    if isinstance(refused, PermissionRefused) and (shown_at is None or not news):
        raise refused
    context = {
        "proposal": current,
        "changes": selectors.changes_since(current, form.cleaned_data["digest"]),
        "news": news,
        "message": refused.message if isinstance(refused, Stale) and not news else "",
        "typed": form.cleaned_data["reason"],
    }
    return render(request, "approvals/stale.html", context, status=409)


def _digest(form: ActForm) -> str:
    return str(form.cleaned_data["digest"])


def _text(form: ActForm) -> str:
    return str(form.cleaned_data["reason"])


def _submit(request: Request, found: Proposal, form: ActForm) -> str:
    services.submit_proposal(actor=request.actor, proposal=found)
    return "回議に出しました。" if found.wants_decision else "供覧に出しました。"


def _endorse(request: Request, found: Proposal, form: ActForm) -> str:
    services.endorse_step(actor=request.actor, proposal=found, digest=_digest(form), opinion=_text(form))
    return "承認しました。"


def _consent(request: Request, found: Proposal, form: ActForm) -> str:
    is_heard = _only_heard(request, found)
    services.consent_step(actor=request.actor, proposal=found, digest=_digest(form), opinion=_text(form))
    return "回答しました。" if is_heard else "同意しました。"


def _dissent(request: Request, found: Proposal, form: ActForm) -> str:
    is_heard = _only_heard(request, found)
    services.consent_step(actor=request.actor, proposal=found, digest=_digest(form), agrees=False, opinion=_text(form))
    return "反対の意見を残しました。" if is_heard else "不同意を記録しました。"


def _only_heard(request: Request, found: Proposal) -> bool:
    """Whether this person's opinion is heard, so that nothing is agreed to."""
    step = selectors.turn_of(request.actor, found).step
    return step is not None and step.school == "opinion"


def _decide_provisionally(request: Request, found: Proposal, form: ActForm) -> str:
    services.decide_provisionally(actor=request.actor, proposal=found, digest=_digest(form), opinion=_text(form))
    return "仮決裁しました。合議が調うと、本決裁に戻ります。"


def _read(request: Request, found: Proposal, form: ActForm) -> str:
    services.read_proposal(actor=request.actor, proposal=found)
    return "供覧を済ませました。"


def _decide(request: Request, found: Proposal, form: ActForm) -> str:
    services.decide_proposal(actor=request.actor, proposal=found, digest=_digest(form), opinion=_text(form))
    return "決裁しました。"


def _act_for(request: Request, found: Proposal, form: ActForm) -> str:
    services.act_for_decider(actor=request.actor, proposal=found, digest=_digest(form), exception_reason=_text(form))
    return "代決しました。後閲に回ります。"


def _return(request: Request, found: Proposal, form: ActForm) -> str:
    target = form.cleaned_data.get("back_to")
    step = ProposalStep.objects.filter(id=target, proposal=found).first() if target else None
    services.return_proposal(actor=request.actor, proposal=found, reason=_text(form), target_step=step)
    return f"{step.post_label if step else '起案者'}へ差し戻しました。"


def _recall(request: Request, found: Proposal, form: ActForm) -> str:
    services.recall_proposal(actor=request.actor, proposal=found, reason=_text(form))
    return "引き戻しました。直して、もう一度回議に出せます。"


def _take_back(request: Request, found: Proposal, form: ActForm) -> str:
    services.take_back_step(actor=request.actor, proposal=found, reason=_text(form))
    return "引き戻しました。もう一度、あなたの番です。"


def _pull_up(request: Request, found: Proposal, form: ActForm) -> str:
    services.pull_up_proposal(actor=request.actor, proposal=found, reason=_text(form))
    return "引き上げました。不在の段階は後閲になります。"


def _ask_pull_up(request: Request, found: Proposal, form: ActForm) -> str:
    told = services.ask_to_pull_up(actor=request.actor, proposal=found)
    return f"{'、'.join(told)}に、引上げを頼みました。"


def _opinion(request: Request, found: Proposal, form: ActForm) -> str:
    services.write_opinion(actor=request.actor, proposal=found, text=_text(form))
    return "意見を残しました。"


def _undo(request: Request, found: Proposal, form: ActForm) -> str:
    services.undo_decision(actor=request.actor, proposal=found)
    return "決裁を元に戻しました。"


def _withdraw(request: Request, found: Proposal, form: ActForm) -> str:
    services.withdraw_proposal(actor=request.actor, proposal=found, reason=_text(form))
    return "取り下げました。"


def _reject(request: Request, found: Proposal, form: ActForm) -> str:
    services.reject_proposal(actor=request.actor, proposal=found, reason=_text(form))
    return "否決しました。"


def _skip_issue(request: Request, found: Proposal, form: ActForm) -> str:
    services.skip_issue(actor=request.actor, proposal=found)
    return "施行不要として完結し、簿冊に整理しました。"


def _post_review(request: Request, found: Proposal, form: ActForm) -> str:
    step = selectors.pending_post_reviews(request.actor).filter(proposal=found).first()
    if step is None:
        raise Http404
    services.post_review_step(actor=request.actor, step=step, remark=_text(form))
    return "後閲しました。"


HANDLERS: dict[str, Handler] = {
    "submit": _submit,
    "endorse": _endorse,
    "consent": _consent,
    "dissent": _dissent,
    "decide-provisionally": _decide_provisionally,
    "read": _read,
    "decide": _decide,
    "act-for": _act_for,
    "return": _return,
    "recall": _recall,
    "take-back": _take_back,
    "pull-up": _pull_up,
    "ask-pull-up": _ask_pull_up,
    "opinion": _opinion,
    "undo": _undo,
    "withdraw": _withdraw,
    "reject": _reject,
    "skip-issue": _skip_issue,
    "post-review": _post_review,
}


@staff(ApprovalsPermission.ISSUE)
@reads_personal_data("施行", asks_reason=True)
@require_http_methods(["GET", "POST"])
def issue(request: Request, proposal_id: UUID) -> HttpResponse:
    """施行: compare the fair copy with what was decided, then let it go out."""
    found = find_proposal(proposal_id)
    error = ""
    if request.method == "POST":
        try:
            issued = services.issue_proposal(
                actor=request.actor,
                proposal=found,
                digest=request.POST.get("digest", ""),
                branch_of=request.POST.get("branch_of", "")[:60].replace("\x00", ""),
                branch_reason=request.POST.get("branch_reason", "")[:200].replace("\x00", ""),
            )
        except DomainError as raised:
            error = raised.message
        else:
            messages.success(request, f"施行しました。文書番号は{issued.document_number}です。簿冊に整理しました。")
            return redirect("approvals-staff:proposal", found.id)
    if not found.is_decided or found.is_issued:
        return redirect("approvals-staff:proposal", found.id)
    context = {"proposal": found, "digest": selectors.current_digest(found), "error": error}
    return render(request, "approvals/issue.html", context, status=422 if error else 200)


@staff(ApprovalsPermission.READ)
@reads_personal_data("決裁・施行（通知の案）", asks_reason=True)
@require_safe
def notice_pdf(request: Request, proposal_id: UUID) -> HttpResponse:
    """The notice as PDF: a preview before 施行, the kept one after it."""
    found = find_proposal(proposal_id)
    if not found.notice:
        raise Http404
    return _pdf(services.notice_pdf(proposal=found), "notice")


@staff(ApprovalsPermission.READ)
@reads_personal_data("決裁（原議）", asks_reason=True)
@require_safe
def decision_pdf(request: Request, proposal_id: UUID) -> HttpResponse:
    """The 原議 with its stamp sheet as PDF."""
    return _pdf(services.decision_pdf(proposal=find_proposal(proposal_id)), "decision")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    return response
