"""The proposal, its route, what was said about it, and what hangs on it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kakehashi.approvals.domain.paper import PaperReason
from kakehashi.approvals.domain.routes import Basis
from kakehashi.approvals.domain.states import AFTER_DECISION, EDITABLE, ProposalState, StepKind, StepState
from kakehashi.approvals.models.rules import AuthorityRule, Matter
from kakehashi.kernel import clock
from kakehashi.kernel.personal_data import holds_personal_data
from kakehashi.kernel.row_security import insert_only
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.people.models import Department, Person, Post


class Purpose(models.TextChoices):
    """What a proposal wants: a decision, or only to be read (供覧)."""

    DECISION = "decision", "決裁を受ける"
    READING = "reading", "供覧だけする（決裁は要らない）"


class SealKind(models.TextChoices):
    """公印の扱い of the notice that goes out."""

    OMITTED = "omitted", "公印省略"
    ELECTRONIC = "electronic", "電子公印"


class Disclosure(models.TextChoices):
    """公開区分: whether the document could be shown to who asks for it."""

    OPEN = "open", "公開"
    PARTLY = "partly", "一部非公開"
    CLOSED = "closed", "非公開"


@holds_personal_data("approvals.proposal", subject="source_id", kind_from="source_kind", section="department_id")
class Proposal(TenantModel):
    """起案: a document that asks for a decision. After the decision it is the 原議, the record copy.

    `body` is everything that is decided, as JSON: subject, request, reason, the source as it was,
    the notice that would go out. `digest` covers body and attachments; from submission on an act
    needs it, and from the decision on the database refuses to change them.
    `is_outward`: whether 施行 makes a notice. `issues_itself`: the drafter asked for 施行 by the program
    as soon as the ten seconds of 「元に戻す」 have passed. `paper_route_reason`: why this decision was made on
    paper (empty: electronically), so that the electronic rate is honest; `paper_route_code` is its line of the list.
    `route_edit`: what the drafter added to the rule's route (`domain.route_edits.edit_json`). `corrects`: the decided
    proposal this one decides anew (再決裁), for `redraft_reason`.
    """

    number = models.CharField(max_length=60, blank=True)
    state = models.CharField(
        max_length=20,
        choices=[(state.value, state.label) for state in ProposalState],
        default=ProposalState.DRAFT.value,
    )
    subject = models.CharField(max_length=200)
    matter = TenantForeignKey(Matter, related_name="proposals")
    matter_code = models.CharField(max_length=60)
    body = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    source_kind = models.CharField(max_length=60)
    source_id = models.UUIDField(null=True, blank=True)
    case_id = models.UUIDField(null=True, blank=True)
    department = TenantForeignKey(Department, related_name="+")
    drafter = TenantForeignKey(Person, related_name="+")
    drafter_post = TenantForeignKey(Post, related_name="+")
    drafter_label = models.CharField(max_length=200)
    amount = models.BigIntegerField(null=True, blank=True)
    bars = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    class_code = models.CharField(max_length=20)
    disclosure = models.CharField(max_length=20, choices=Disclosure.choices, default=Disclosure.OPEN)
    is_outward = models.BooleanField(default=False)
    issues_itself = models.BooleanField(default=False)
    paper_route_reason = models.CharField(max_length=200, blank=True)
    paper_route_code = models.CharField(
        max_length=20, choices=[(r.value, r.label) for r in PaperReason], blank=True, default="", db_default=""
    )
    purpose = models.CharField(
        max_length=20, choices=Purpose.choices, default=Purpose.DECISION, db_default=Purpose.DECISION.value
    )
    seal = models.CharField(
        max_length=20, choices=SealKind.choices, default=SealKind.OMITTED, db_default=SealKind.OMITTED.value
    )
    route_edit = models.JSONField(default=dict, blank=True, db_default={})
    rule = TenantForeignKey(AuthorityRule, null=True, blank=True, related_name="proposals")
    basis = models.CharField(max_length=30, choices=[(b.value, b.label) for b in Basis], blank=True)
    clause = models.CharField(max_length=240, blank=True)
    raised_because = models.CharField(max_length=200, blank=True)
    round = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by_label = models.CharField(max_length=200, blank=True)
    document_number = models.CharField(max_length=60, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    completed_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    record_document_id = models.UUIDField(null=True, blank=True)
    notice_file_id = models.UUIDField(null=True, blank=True)
    corrects = TenantForeignKey("self", null=True, blank=True, related_name="corrections")
    redraft_reason = models.CharField(max_length=400, blank=True, default="", db_default="")
    idempotency_key = models.UUIDField()

    class Meta:
        ordering = ("-created_at", "-id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "idempotency_key"), name="proposal_once"),
            models.UniqueConstraint(
                fields=("government_id", "document_number"),
                condition=~models.Q(document_number=""),
                name="document_number_once",
            ),
        ]
        indexes: ClassVar = [
            tenant_index("-created_at", "-id", name="proposal_by_time"),
            tenant_index("drafter", "-created_at", name="proposal_by_drafter"),
            tenant_index("source_kind", "source_id", name="proposal_by_source"),
            tenant_index("decided_at", name="proposal_by_decision"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def state_enum(self) -> ProposalState:
        """The state as its enum."""
        return ProposalState(self.state)

    @property
    def is_editable(self) -> bool:
        """Whether the drafter may change it."""
        return self.state_enum in EDITABLE

    @property
    def is_decided(self) -> bool:
        """Whether it has been decided, whatever came after."""
        return self.state_enum in AFTER_DECISION

    @property
    def is_on_paper(self) -> bool:
        """Whether it is decided on paper and only registered here."""
        return bool(self.paper_route_reason)

    @property
    def wants_decision(self) -> bool:
        """Whether it asks for a decision; otherwise it only goes round to be read."""
        return self.purpose == Purpose.DECISION

    @property
    def is_issued(self) -> bool:
        """Whether it took effect outside (施行)."""
        return self.issued_on is not None

    @property
    def request(self) -> str:
        """伺い: what is asked."""
        return str(self.body.get("request", ""))

    @property
    def reason(self) -> str:
        """理由: why the drafter asks it."""
        return str(self.body.get("reason", ""))

    @property
    def notice(self) -> dict[str, Any]:
        """The notice that would go out; empty when nothing does."""
        return dict(self.body.get("notice") or {})

    @property
    def sections(self) -> list[Any]:
        """The source as it was when the proposal was submitted: [(heading, [(label, text)])]."""
        return list(self.body.get("source") or [])


SCHOOLS = (("consent", "同意を要する"), ("opinion", "意見を聴く"))


class ProposalStep(TenantModel):
    """One box of the route. Names are those at the time of the act and never change after it.

    `round` counts submissions: a returned proposal that is submitted again gets new boxes, the old
    ones stay. `represents_name` is the absent holder a deputy decided for. `authority` and `authority_clause` are the
    basis of the act and where it is written. `carried_round`: the words had not changed since that round, so the
    stamp of then stands. `is_added`: the drafter put the box there, not the rule.
    `school` of a 合議: whether its consent is needed or its opinion heard (empty: as the whole rule says).
    """

    proposal = TenantForeignKey(Proposal, related_name="steps")
    round = models.PositiveSmallIntegerField(default=1)
    order = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.label) for kind in StepKind])
    post = TenantForeignKey(Post, related_name="+")
    post_label = models.CharField(max_length=120)
    state = models.CharField(
        max_length=30, choices=[(state.value, state.label) for state in StepState], default=StepState.WAITING.value
    )
    person_id = models.UUIDField(null=True, blank=True)
    person_name = models.CharField(max_length=100, blank=True)
    acted_post_label = models.CharField(max_length=120, blank=True)
    represents_name = models.CharField(max_length=100, blank=True)
    exception_reason = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64, blank=True)
    activated_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    acted_at = models.DateTimeField(null=True, blank=True)
    needs_post_review = models.BooleanField(default=False)
    post_reviewer_id = models.UUIDField(null=True, blank=True)
    post_reviewed_at = models.DateTimeField(null=True, blank=True)
    post_reviewer_name = models.CharField(max_length=100, blank=True)
    authority = models.CharField(
        max_length=30, choices=[(b.value, b.label) for b in Basis], blank=True, default="", db_default=""
    )
    authority_clause = models.CharField(max_length=240, blank=True, default="", db_default="")
    is_added = models.BooleanField(default=False, db_default=False)
    school = models.CharField(max_length=10, choices=SCHOOLS, blank=True, default="", db_default="")
    carried_round = models.PositiveSmallIntegerField(null=True, blank=True)
    seen_by_id = models.UUIDField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("round", "order", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=("government_id", "proposal", "round"),
                condition=models.Q(kind=StepKind.DECIDE.value),
                name="one_decider_a_round",
            ),
        ]
        indexes: ClassVar = [
            tenant_index("proposal", name="step_by_proposal"),
            tenant_index("state", "post", name="step_by_turn"),
            tenant_index("needs_post_review", "post_reviewed_at", name="step_by_post_review"),
        ]

    def __str__(self) -> str:
        return f"{self.post_label}: {self.state_enum.label}"

    @property
    def state_enum(self) -> StepState:
        """The state as its enum."""
        return StepState(self.state)

    @property
    def kind_enum(self) -> StepKind:
        """The kind as its enum."""
        return StepKind(self.kind)


class OpinionKind(models.TextChoices):
    """What a text on a proposal is."""

    OPINION = "opinion", "意見"
    RETURN = "return", "差戻しの理由"
    RECALL = "recall", "引戻しの理由"
    REJECT = "reject", "否決の理由"
    WITHDRAW = "withdraw", "取下げの理由"
    DISSENT = "dissent", "不同意の理由"
    EXCEPTION = "exception", "代決の例外の理由"
    POST_REVIEW = "post_review", "後閲の所見"
    BRANCH = "branch", "枝番で出す理由"


class Opinion(TenantModel):
    """What somebody said about a proposal, under the name and post of that moment. Never edited."""

    proposal = TenantForeignKey(Proposal, related_name="opinions")
    step = TenantForeignKey(ProposalStep, null=True, blank=True, related_name="opinions")
    kind = models.CharField(max_length=20, choices=OpinionKind.choices, default=OpinionKind.OPINION)
    text = models.TextField()
    author_id = models.UUIDField(null=True, blank=True)
    author_label = models.CharField(max_length=200)
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("written_at", "id")
        indexes: ClassVar = [tenant_index("proposal", name="opinion_by_proposal")]

    def __str__(self) -> str:
        return self.text[:40]


class ProposalAttachment(TenantModel):
    """A file that is decided with the proposal; its digest is part of the proposal's."""

    proposal = TenantForeignKey(Proposal, related_name="attachments")
    file_id = models.UUIDField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    media_type = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ("name", "id")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "proposal", "file_id"), name="attachment_once"),
        ]

    def __str__(self) -> str:
        return self.name


@insert_only
class ProposalVersion(TenantModel):
    """What was submitted in one round: body, attachments and digest as everybody saw them. Insert-only.

    A person whose screen is older than the present round is shown the difference, not asked to trust.
    """

    proposal = TenantForeignKey(Proposal, related_name="versions")
    round = models.PositiveSmallIntegerField()
    body = models.JSONField()
    attachments = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    submitted_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("round",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "proposal", "round"), name="version_of_a_round_once"),
        ]

    def __str__(self) -> str:
        return f"第{self.round}回"
