"""The town's own list of banks and branches."""

from __future__ import annotations

from kakehashi.eforms.domain.catalogue.accounts import Branch
from kakehashi.eforms.models import BankBranch

__all__ = ["branches", "find_branch", "has_branches"]


def has_branches() -> bool:
    """Whether the open government has loaded a list."""
    return bool(BankBranch.objects.exists())


def find_branch(bank_code: str, branch_code: str) -> Branch | None:
    """The branch of these two codes, None when the list does not have it."""
    found: BankBranch | None = BankBranch.objects.filter(bank_code=bank_code, branch_code=branch_code).first()
    return Branch(found.bank_code, found.bank_name, found.branch_code, found.branch_name) if found else None


def branches() -> list[tuple[str, str, str, str]]:
    """The whole list as rows of codes and names."""
    rows = BankBranch.objects.order_by("bank_code", "branch_code")
    return list(rows.values_list("bank_code", "bank_name", "branch_code", "branch_name"))
