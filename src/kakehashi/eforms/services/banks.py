"""The town's own list of banks and branches."""

from __future__ import annotations

import hashlib

from kakehashi.eforms.domain.banks import BankList, UnreadableListError, read_banks
from kakehashi.eforms.models import BankBranch
from kakehashi.eforms.permissions import EformsPermission
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id

__all__ = ["import_banks"]


@service
def import_banks(*, actor: Actor, content: bytes) -> BankList:
    """Replace the list of banks by the file's; what was answered before keeps the names it was given.

    Needs ``eforms.form:publish``. Raises DomainError for a file that cannot be read. An official act: ``eforms.banks.imported``.
    """
    require(actor, EformsPermission.PUBLISH)
    try:
        found = read_banks(content)
    except UnreadableListError as error:
        raise DomainError(str(error), field="file", code="unreadable") from error
    BankBranch.objects.all().delete()
    BankBranch.objects.bulk_create(
        [
            BankBranch(
                government_id=current_government_id(),
                bank_code=one.bank_code,
                bank_name=one.bank_name,
                branch_code=one.branch_code,
                branch_name=one.branch_name,
            )
            for one in found.branches
        ],
        batch_size=2_000,
    )
    record_event(
        actor=actor,
        code="eforms.banks.imported",
        subject_kind="eforms.banks",
        subject_id=current_government_id(),
        payload={
            "sha256": hashlib.sha256(content).hexdigest(),
            "branches": len(found.branches),
            "left_out": len(found.problems),
        },
    )
    return found
