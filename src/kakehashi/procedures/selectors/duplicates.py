"""重複: the same person's other applications for the same procedure, by names folded, birth, mail or sign-in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from kakehashi.kernel.folding import fold_name
from kakehashi.procedures.domain.states import State
from kakehashi.procedures.models import Application

__all__ = ["WINDOW_DAYS", "Duplicate", "duplicates_of"]

WINDOW_DAYS = 90
_LOOKED_THROUGH = 3000
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Another application that may be the same person's, and what they have in common."""

    application: Application
    reason: str


def duplicates_of(application: Application) -> list[Duplicate]:
    """Applications of the same procedure within 90 days that agree in sign-in, or in the folded name and birth or mail.

    A name alone is told as such. Withdrawn ones are left out. Mail and sign-in are asked of the database; for names the 3,000
    nearest of the window are folded here. At most ten, three queries.
    """
    window = dt.timedelta(days=WINDOW_DAYS)
    others: QuerySet[Application] = (
        Application.objects.filter(
            procedure_id=application.procedure_id,
            arrived_at__range=(application.arrived_at - window, application.arrived_at + window),
        )
        .exclude(id=application.id)
        .exclude(state=State.WITHDRAWN.value)
        .exclude(purged_at__isnull=False)
    )
    same = Q(pk__in=_of_the_same_name(application, others))
    if application.applicant_email:
        same |= Q(applicant_email__iexact=application.applicant_email)
    if application.resident_id:
        same |= Q(resident_id=application.resident_id)
    found = others.filter(same).select_related("case").defer("refusal_text").order_by("-arrived_at")[:_SHOWN]
    born = _born(application.answers)
    return [Duplicate(each, reason) for each in found if (reason := _in_common(application, each, born))]


def _of_the_same_name(application: Application, others: QuerySet[Application]) -> list[Any]:
    wanted = _name(application.applicant_name)
    if not wanted:
        return []
    names = others.order_by("-arrived_at").values_list("id", "applicant_name")[:_LOOKED_THROUGH]
    return [pk for pk, name in names if _name(name) == wanted][:_SHOWN]


def _name(name: str) -> str:
    """A name without spaces and variants of characters; nothing for who gave none."""
    return "" if name == "（氏名なし）" else fold_name(name).replace(" ", "")


def _in_common(one: Application, other: Application, born: str) -> str:
    shared = []
    if one.resident_id and one.resident_id == other.resident_id:
        shared.append("同じ本人確認")
    if _name(one.applicant_name) and _name(one.applicant_name) == _name(other.applicant_name):
        shared.append("同じ氏名")
    theirs = _born(other.answers)
    if born and theirs:
        if born == theirs and shared:
            shared.append("同じ生年月日")
        elif shared == ["同じ氏名"] and born != theirs:
            # Namesakes with different birthdays are two people.
            return ""
    if one.applicant_email and one.applicant_email.casefold() == other.applicant_email.casefold():
        shared.append("同じメールアドレス")
    return "・".join(shared)


def _born(answers: Mapping[str, Any]) -> str:
    """The day of birth among the answers, as it is kept; empty without one or where it is protected."""
    for key, value in answers.items():
        if key in {"born", "birth", "birth_date", "birthday"}:
            return str(value) if not isinstance(value, dict) else str(sorted(value.items()))
    return ""
