"""States of a proposal and its steps, in the field's words."""

from enum import StrEnum


class ProposalState(StrEnum):
    """Where a proposal (起案) stands. RETURNED and DRAFT may be edited by the drafter."""

    DRAFT = "draft"
    IN_CIRCULATION = "in_circulation"
    RETURNED = "returned"
    READING = "reading"
    """供覧中: a proposal that asks for no decision lies with its readers."""
    DECIDED = "decided"
    ISSUED = "issued"
    NO_ISSUE_NEEDED = "no_issue_needed"
    COMPLETED = "completed"
    FILED = "filed"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return PROPOSAL_LABELS[self]


PROPOSAL_LABELS: dict[ProposalState, str] = {
    ProposalState.DRAFT: "起案中",
    ProposalState.IN_CIRCULATION: "回議・合議中",
    ProposalState.RETURNED: "差戻し",
    ProposalState.READING: "供覧中",
    ProposalState.DECIDED: "決裁済",
    ProposalState.ISSUED: "施行済",
    ProposalState.NO_ISSUE_NEEDED: "施行不要",
    ProposalState.COMPLETED: "完結",
    ProposalState.FILED: "施行・整理済",
    ProposalState.WITHDRAWN: "取下げ",
    ProposalState.REJECTED: "否決",
}

EDITABLE = frozenset({ProposalState.DRAFT, ProposalState.RETURNED})
AFTER_DECISION = frozenset(
    {
        ProposalState.DECIDED,
        ProposalState.ISSUED,
        ProposalState.NO_ISSUE_NEEDED,
        ProposalState.COMPLETED,
        ProposalState.FILED,
    }
)
TERMINAL = frozenset({ProposalState.FILED, ProposalState.WITHDRAWN, ProposalState.REJECTED})


class StepKind(StrEnum):
    """What a step of the route is for."""

    ENDORSE = "endorse"
    """回議: approval on the drafter's own line of superiors."""
    CONSULT = "consult"
    """合議: another section concerned."""
    PROVISIONAL = "provisional"
    """仮決裁: the decider looks before the other sections are asked, and decides after them."""
    DECIDE = "decide"
    """決裁: the one holder of authority."""
    ABOVE = "above"
    """上位職: drawn with 斜線, because the decision below did not need it."""

    @property
    def label(self) -> str:
        """The word on the screen."""
        return STEP_KINDS[self][0]

    @property
    def verb(self) -> str:
        """The word on the button."""
        return STEP_KINDS[self][1]


STEP_KINDS: dict[StepKind, tuple[str, str]] = {
    StepKind.ENDORSE: ("回議", "承認する"),
    StepKind.CONSULT: ("合議", "同意する"),
    StepKind.PROVISIONAL: ("仮決裁", "仮決裁する"),
    StepKind.DECIDE: ("決裁", "決裁する"),
    StepKind.ABOVE: ("上位", ""),
}


class StepState(StrEnum):
    """Where one step stands. NOT_REQUIRED (斜線) is not WAITING: nobody is expected to act."""

    WAITING = "waiting"
    ACTIVE = "active"
    ENDORSED = "endorsed"
    AGREED = "agreed"
    AGREED_WITH_OPINION = "agreed_with_opinion"
    DISSENTED = "dissented"
    PROVISIONALLY_DECIDED = "provisionally_decided"
    DECIDED = "decided"
    ACTED_FOR = "acted_for"
    ON_PAPER = "on_paper"
    POST_REVIEW_PENDING = "post_review_pending"
    POST_REVIEWED = "post_reviewed"
    NOT_REQUIRED = "not_required"
    RETURNED_HERE = "returned_here"

    @property
    def label(self) -> str:
        """The word on the screen."""
        return STEP_LABELS[self]


STEP_LABELS: dict[StepState, str] = {
    StepState.WAITING: "未着",
    StepState.ACTIVE: "手元にあり",
    StepState.ENDORSED: "承認",
    StepState.AGREED: "同意",
    StepState.AGREED_WITH_OPINION: "意見を付して同意",
    StepState.DISSENTED: "不同意",
    StepState.PROVISIONALLY_DECIDED: "仮決裁",
    StepState.DECIDED: "決裁",
    StepState.ACTED_FOR: "代決",
    StepState.ON_PAPER: "紙で押印",
    StepState.POST_REVIEW_PENDING: "後閲待ち",
    StepState.POST_REVIEWED: "後閲済",
    StepState.NOT_REQUIRED: "不要（斜線）",
    StepState.RETURNED_HERE: "差戻し",
}

OPEN_STEPS = frozenset({StepState.WAITING, StepState.ACTIVE})
CONSENT_STEPS = frozenset(
    {
        StepState.AGREED,
        StepState.AGREED_WITH_OPINION,
        StepState.DISSENTED,
        StepState.ENDORSED,
        StepState.PROVISIONALLY_DECIDED,
    }
)
CARRIED_STEPS = frozenset({StepState.AGREED, StepState.AGREED_WITH_OPINION, StepState.ENDORSED})
"""What stands when the same words and attachments are submitted again; a dissent, a return and a 仮決裁 are asked anew."""
MANDATORY_KINDS = frozenset({StepKind.ENDORSE, StepKind.CONSULT, StepKind.PROVISIONAL})
