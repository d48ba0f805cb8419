"""Tables of approvals."""

from kakehashi.approvals.models.numbers import NumberSeries, VoidNumber
from kakehashi.approvals.models.packs import PackState, RulePack
from kakehashi.approvals.models.proposals import (
    Disclosure,
    Opinion,
    OpinionKind,
    Proposal,
    ProposalAttachment,
    ProposalStep,
    ProposalVersion,
)
from kakehashi.approvals.models.rules import AuthorityConsult, AuthorityRule, Matter

__all__ = [
    "AuthorityConsult",
    "AuthorityRule",
    "Disclosure",
    "Matter",
    "NumberSeries",
    "Opinion",
    "OpinionKind",
    "PackState",
    "Proposal",
    "ProposalAttachment",
    "ProposalStep",
    "ProposalVersion",
    "RulePack",
    "VoidNumber",
]
