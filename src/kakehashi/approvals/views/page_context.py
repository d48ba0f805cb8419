"""What the decision page shows: everything to decide, and only the buttons that would work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from kakehashi.approvals import selectors
from kakehashi.approvals.domain.route_edits import describe_edit, edit_from_json
from kakehashi.approvals.domain.states import EDITABLE, ProposalState
from kakehashi.approvals.domain.transitions import Act, is_possible
from kakehashi.approvals.forms import ActForm, PaperForm
from kakehashi.approvals.hooks import source_of
from kakehashi.approvals.models import Opinion, OpinionKind, Proposal
from kakehashi.approvals.permissions import ApprovalsPermission
from kakehashi.approvals.selectors import Turn
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.requests import Request
from kakehashi.kernel.undo import UNDO_SECONDS
from kakehashi.people.selectors import holder_of
from kakehashi.records.selectors import document_for, why_this_date


@dataclass(frozen=True)
class Button:
    """One act offered: address part, word, look."""

    verb: str
    label: str
    look: str = "none"


def page_context(request: Request, proposal: Proposal, form: ActForm | None) -> dict[str, Any]:
    """The context of `approvals/proposal.html`. `form` is the refused one, with what was typed."""
    actor = request.actor
    turn = selectors.turn_of(actor, proposal)
    digest = selectors.current_digest(proposal)
    steps = selectors.current_steps(proposal)
    source = source_of(proposal.source_kind)
    source_is_on = proposal.source_kind.partition(".")[0] in request.rooms
    document = document_for("approvals.proposal", proposal.id)
    common, rare = buttons(request, proposal, turn)
    edit = edit_from_json(proposal.route_edit)
    if form is None:
        form = ActForm(initial={"digest": digest}, targets=_targets(proposal, turn))
    return {
        "proposal": proposal,
        "turn": turn,
        "digest": digest,
        "form": form,
        "buttons": common,
        "rare_buttons": rare,
        "primary_verb": (common or rare or [Button("opinion", "")])[0].verb,
        "stamps": list(zip(steps, selectors.stamps_of(proposal), strict=True)),
        "waiting": selectors.waiting_on([proposal]).get(proposal.id, []),
        "opinions": selectors.opinions_on(proposal),
        "attachments": proposal.attachments.all(),
        "source_kind": source,
        "source": _loaded(actor, proposal) if proposal.source_id and source_is_on else None,
        "source_url": _source_url(actor, proposal) if source_is_on else "",
        "document": document if "records" in request.rooms else None,
        "waits_for_records": proposal.completed_on is not None and document is None and "records" not in request.rooms,
        "explanation": why_this_date(document.record_file) if document else None,
        "may_issue": _may_issue(request, proposal),
        "undo_open": _undo_open(proposal),
        "holder_name": turn.holder.name if turn.holder else "",
        "deputy_barred": bool(proposal.bars) or bool(proposal.rule and proposal.rule.deputy_barred),
        "decider": _decider(proposal),
        "route_changes": describe_edit(edit),
        "route_reason": edit.reason,
        "readers": [each for each in proposal.readers.all() if each.round == proposal.round],
        "paper": paper_context(request, proposal),
        "sent_back": _sent_back(proposal),
        "stuck": _stuck(request, proposal, turn),
        "shown_at": clock.now().isoformat(),
        "new_since": _new_since(request, proposal, turn),
        "corrections": _corrections(proposal),
        "may_redraft": proposal.round > 0 and actor.can(ApprovalsPermission.DRAFT, request.government.id),
    }


def _sent_back(proposal: Proposal) -> Opinion | None:
    """Why it came back or ended, for the top of the page: the last reason of the state it is in now."""
    kinds = {
        ProposalState.RETURNED: OpinionKind.RETURN,
        ProposalState.REJECTED: OpinionKind.REJECT,
        ProposalState.WITHDRAWN: OpinionKind.WITHDRAW,
    }
    kind = kinds.get(proposal.state_enum)
    return selectors.opinions_on(proposal).filter(kind=kind).last() if kind else None


def _stuck(request: Request, proposal: Proposal, turn: Turn) -> dict[str, Any] | None:
    """Who is away and what can be done about it, for everybody who cannot act on the box themselves."""
    if turn.step is not None:
        return None
    found = selectors.stuck_at(proposal)
    if found is None:
        return None
    is_drafter = request.actor.id == proposal.drafter_id
    return {
        "at": found,
        "may_ask": is_drafter and bool(found.superiors),
        "may_grant": request.actor.can(ApprovalsPermission.MANAGE_RULES, request.government.id),
    }


def _source_url(actor: Actor, proposal: Proposal) -> str:
    """The page of the source; empty for who may not open it: no link leads to a page that is not there."""
    source = source_of(proposal.source_kind)
    if proposal.source_id is None or not source.may_open(actor, proposal.source_id):
        return ""
    return source.url(proposal.source_id)


def _loaded(actor: Actor, proposal: Proposal) -> Any:
    """The source as this reader may see it."""
    source = source_of(proposal.source_kind)
    if source.load_for is not None:
        return source.load_for(actor, proposal)
    return source.load(proposal.source_id) if proposal.source_id else None


def _new_since(request: Request, proposal: Proposal, turn: Turn) -> list[tuple[str, str, str]]:
    """What changed since this person last stamped an earlier round: why they are asked again."""
    if proposal.round < 2 or turn.step is None or turn.step.state != "active":
        return []
    stamped = [
        step
        for step in proposal.steps.all()
        if step.person_id == request.actor.id and step.round < proposal.round and step.digest
    ]
    return selectors.changes_since(proposal, stamped[-1].digest) if stamped else []


def _corrections(proposal: Proposal) -> list[Proposal]:
    """Proposals that decide this decided one anew."""
    if proposal.decided_at is None:
        return []
    return list(Proposal.objects.filter(corrects=proposal).exclude(state__in=("draft", "withdrawn", "rejected")))


def paper_context(request: Request, proposal: Proposal) -> dict[str, Any] | None:
    """The panel of a decision on paper: what is registered, and the form for who may register it."""
    if not proposal.is_on_paper:
        return None
    actor = request.actor
    in_reach = actor.id == proposal.drafter_id or actor.can(ApprovalsPermission.ISSUE, request.government.id)
    is_open = proposal.state_enum is ProposalState.IN_CIRCULATION
    return {
        "originals": list(proposal.originals.all()),
        "may_register": in_reach and is_open and actor.can(ApprovalsPermission.DRAFT, request.government.id),
        "form": PaperForm(initial={"decided_on": clock.today()}),
    }


def _targets(proposal: Proposal, turn: Turn) -> list[tuple[str, str]]:
    if turn.step is None or turn.step.state != "active":
        return []
    return [
        (str(step.id), f"{step.post_label} {step.person_name}".strip())
        for step in selectors.current_steps(proposal)
        if step.order < turn.step.order and step.acted_at is not None
    ]


def _decider(proposal: Proposal) -> str:
    """Who will decide, in words: the post and today's holder."""
    step = next((s for s in selectors.current_steps(proposal) if s.kind == "decide"), None)
    if step is None:
        return ""
    if step.represents_name:
        return f"{step.post_label} {step.represents_name}に代わって{step.acted_post_label}"
    if step.person_name:
        return f"{step.post_label} {step.person_name}"
    holder = holder_of(step.post, clock.today())
    return f"{step.post_label} {holder.name if holder else '（欠員）'}"


def _may_issue(request: Request, proposal: Proposal) -> bool:
    return proposal.state_enum is ProposalState.DECIDED and request.actor.can(
        ApprovalsPermission.ISSUE, request.government.id
    )


def _undo_open(proposal: Proposal) -> bool:
    return (
        proposal.decided_at is not None
        and (clock.now() - proposal.decided_at).total_seconds() < UNDO_SECONDS
        and not proposal.is_issued
    )


def buttons(request: Request, proposal: Proposal, turn: Turn) -> tuple[list[Button], list[Button]]:
    """The acts open to this person now: those fixed at the bottom, the primary one first, and the rare ones."""
    now = selectors.situation_of(request.actor, proposal, turn, reason="理由", route_length=1)
    send = Act.SUBMIT if proposal.wants_decision else Act.CIRCULATE
    word = "回議に出す" if proposal.wants_decision else "供覧に出す"
    common = [Button("submit", word, "solid-fill")] if is_possible(send, now) else []
    common += [button for act, button in COMMON if is_possible(act, now)]
    if _may_speak(proposal, turn):
        common.append(Button("opinion", "意見だけ残す"))
    rare = [button for act, button in RARE if is_possible(act, now)]
    if turn.step is not None and turn.step.school == "opinion":
        common = [replace(each, label=OPINION_WORDS.get(each.verb, each.label)) for each in common]
        rare = [replace(each, label=OPINION_WORDS.get(each.verb, each.label)) for each in rare]
    return common, rare


COMMON = (
    (Act.ENDORSE, Button("endorse", "承認する", "solid-fill")),
    (Act.CONSENT, Button("consent", "同意する", "solid-fill")),
    (Act.DECIDE_PROVISIONALLY, Button("decide-provisionally", "仮決裁する", "solid-fill")),
    (Act.DECIDE, Button("decide", "決裁する", "solid-fill")),
    (Act.ACT_FOR, Button("act-for", "代決する", "solid-fill")),
    (Act.PULL_UP, Button("pull-up", "引き上げる", "solid-fill")),
    (Act.READ, Button("read", "供覧を済ませる", "solid-fill")),
    (Act.POST_REVIEW, Button("post-review", "後閲する", "solid-fill")),
    (Act.RETURN, Button("return", "差戻し")),
)
OPINION_WORDS = {"consent": "回答する", "dissent": "反対の意見を残す"}
"""What a section says whose opinion is heard: it neither agrees nor stops anything."""
RARE = (
    (Act.CONSENT, Button("dissent", "同意しない")),
    (Act.REJECT, Button("reject", "否決する", "danger")),
    (Act.RECALL, Button("recall", "引き戻す")),
    (Act.TAKE_BACK, Button("take-back", "承認・同意を引き戻す")),
    (Act.WITHDRAW, Button("withdraw", "取り下げる", "danger")),
)


def _may_speak(proposal: Proposal, turn: Turn) -> bool:
    if proposal.state_enum in EDITABLE or proposal.closed_at is not None:
        return False
    return turn.step is not None
