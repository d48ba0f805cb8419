"""申請のしかた: whether a procedure takes proxies and co-signers."""

from __future__ import annotations

from collections.abc import Sequence

from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.domain.representation import PROOFS, ProxyKind
from kakehashi.procedures.models import CoSigning, FilingRule, Procedure
from kakehashi.procedures.permissions import ProceduresPermission

__all__ = ["MOST_CO_SIGNERS", "set_filing_rule"]

MOST_CO_SIGNERS = 10


@service
def set_filing_rule(
    *,
    actor: Actor,
    procedure: Procedure,
    proxies: Sequence[str],
    proofs: Sequence[str],
    co_signing: CoSigning,
    least_co_signers: int = 0,
) -> FilingRule:
    """Say who may file a procedure besides the applicant alone. What was begun before keeps what it has.

    Raises DomainError for agreed proxies without a way to show the 委任, and for a number of co-signers nobody may have.
    """
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    kinds = [ProxyKind(each).value for each in proxies]
    shown = [each.value for each in PROOFS[ProxyKind.VOLUNTARY] if each.value in proofs]
    if ProxyKind.VOLUNTARY in kinds and not shown:
        raise DomainError("任意代理人を認めるときは、委任の証明を1つ以上選んでください。", field="proofs")
    least = least_co_signers if co_signing != CoSigning.NONE else 0
    if not 0 <= least <= MOST_CO_SIGNERS:
        raise DomainError(f"連署する人は{MOST_CO_SIGNERS}人までです。", field="least_co_signers")
    rule, _ = FilingRule.objects.update_or_create(
        procedure=procedure,
        defaults={"proxies": kinds, "proofs": shown, "co_signing": co_signing, "least_co_signers": least},
    )
    record_event(
        actor=actor,
        code="procedures.filing_rule.set",
        subject_kind=PROCEDURE,
        subject_id=procedure.id,
        payload={"proxies": kinds, "proofs": shown, "co_signing": str(co_signing), "least_co_signers": least},
    )
    return rule
