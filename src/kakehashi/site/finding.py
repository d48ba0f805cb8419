"""The search finds what the exchange knows by the numbers of other systems (決裁番号, 文書番号, 簿冊)."""

from __future__ import annotations

from kakehashi.cases.permissions import CasePermission
from kakehashi.exchange.hooks import NumberFact, on_number
from kakehashi.exchange.selectors import page_of_number
from kakehashi.search.hooks import SearchKind, register_kind
from kakehashi.search.services import index_text, remove_text

__all__ = ["NUMBER", "register"]

NUMBER = "exchange.number"


def register() -> None:
    """Called once when the program starts. Whoever reads cases reads their titles, and finds them by these numbers."""
    register_kind(NUMBER, SearchKind("外部の番号", page_of_number, permission=CasePermission.READ))
    on_number(_index)


def _index(fact: NumberFact) -> None:
    if not fact.number:
        remove_text(government_id=fact.government_id, kind=NUMBER, object_id=fact.id)
        return
    index_text(
        government_id=fact.government_id,
        kind=NUMBER,
        object_id=fact.id,
        title=f"{fact.label} {fact.number}　{fact.title}",
        fields={"number": fact.number},
    )
