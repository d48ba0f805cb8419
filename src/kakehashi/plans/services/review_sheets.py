"""What the review sheet needs and nothing else knows: the law, the purpose, money by year, reasons of indicators."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.plans.models import IndicatorReason, Initiative, InitiativeYear, PlanIndicator, SheetBasis
from kakehashi.plans.permissions import PlansPermission
from kakehashi.plans.selectors.review_sheets import sheet_years
from kakehashi.plans.services.nodes import LARGEST_BUDGET

Money = Mapping[int, tuple[int | None, int | None]]


@service
def save_sheet_basis(
    *,
    actor: Actor,
    initiative: Initiative,
    legal_basis: str,
    purpose: str,
    money: Money,
    reasons: Mapping[UUID, str],
) -> None:
    """Write what the review sheet of an initiative needs, and `plans.sheet.saved`.

    `money`: fiscal year → (budget, spent) in whole yen, None for what is not known. `reasons`: indicator → why. Raises
    PermissionRefused, and DomainError for a year outside the initiative, a negative amount, or an indicator of another one.
    """
    require(actor, PlansPermission.EDIT)
    Initiative.objects.select_for_update(of=("self",)).get(id=initiative.id)
    if not set(money) <= set(sheet_years(initiative)):
        raise DomainError("取組の期間の中の年度を書いてください。", code="outside")
    ours = set(PlanIndicator.objects.filter(initiative=initiative).values_list("id", flat=True))
    if not set(reasons) <= ours:
        raise DomainError("この取組の指標ではありません。", code="outside")
    for amount in (one for pair in money.values() for one in pair if one is not None):
        if not 0 <= amount < LARGEST_BUDGET:
            raise DomainError("金額は0円以上の整数で書いてください。", code="amount")
    SheetBasis.objects.update_or_create(
        initiative=initiative, defaults={"legal_basis": legal_basis.strip(), "purpose": purpose.strip()}
    )
    for year, (budget, spent) in money.items():
        row = InitiativeYear.objects.filter(initiative=initiative, fiscal_year=year)
        if budget is None and spent is None:
            row.delete()
            continue
        InitiativeYear.objects.update_or_create(
            initiative=initiative, fiscal_year=year, defaults={"budget_yen": budget, "spent_yen": spent}
        )
    for indicator_id, reason in reasons.items():
        indicator = PlanIndicator.objects.get(id=indicator_id)
        IndicatorReason.objects.update_or_create(indicator=indicator, defaults={"reason": reason.strip()})
    record_event(
        actor=actor,
        code="plans.sheet.saved",
        subject_kind="plans.initiative",
        subject_id=initiative.id,
        payload={
            "legal_basis": legal_basis.strip(),
            "money": {str(year): list(pair) for year, pair in money.items()},
            "reasons": {str(key): text.strip() for key, text in reasons.items()},
        },
    )
