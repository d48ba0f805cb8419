"""Tables of approvals."""

from kakehashi.approvals.models.authority import AuthorityGrant
from kakehashi.approvals.models.batches import BatchRowState, DecisionBatch, DecisionBatchRow
from kakehashi.approvals.models.circulation import Reader
from kakehashi.approvals.models.numbers import NumberSeries, VoidNumber
from kakehashi.approvals.models.packs import PackState, RulePack
from kakehashi.approvals.models.paper import PaperOriginal
from kakehashi.approvals.models.proposals import (
    Disclosure,
    Opinion,
    OpinionKind,
    Proposal,
    ProposalAttachment,
    ProposalStep,
    ProposalVersion,
    Purpose,
    SealKind,
)
from kakehashi.approvals.models.rules import AuthorityConsult, AuthorityRule, Matter

__all__ = [
    "AuthorityConsult",
    "AuthorityGrant",
    "AuthorityRule",
    "BatchRowState",
    "DecisionBatch",
    "DecisionBatchRow",
    "Disclosure",
    "Matter",
    "NumberSeries",
    "Opinion",
    "OpinionKind",
    "PackState",
    "PaperOriginal",
    "Proposal",
    "ProposalAttachment",
    "ProposalStep",
    "ProposalVersion",
    "Purpose",
    "Reader",
    "RulePack",
    "SealKind",
    "VoidNumber",
]
