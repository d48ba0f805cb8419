"""Reads of solved cases: our own, those of others, and where they fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from kakehashi.desk.domain.conditions import Conditions, differences
from kakehashi.desk.domain.likeness import Likeness, likeness
from kakehashi.desk.domain.masking import Finding, find_personal
from kakehashi.desk.models import (
    CaseReuse,
    Consultation,
    PublishedCase,
    ReceivedCase,
    Scope,
    SolvedCase,
    SolvedCaseState,
)
from kakehashi.desk.models.solved_cases import MASKED_FIELDS
from kakehashi.desk.selectors.exchange import RECEIVED_KIND, received_cases
from kakehashi.governments.models import GovernmentKind
from kakehashi.governments.selectors import get_government
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.models import Person
from kakehashi.people.selectors import departments_below
from kakehashi.search.domain.snippet import Piece
from kakehashi.search.domain.tokens import person_names
from kakehashi.search.selectors import Hit, prefecture_of, search_shared, search_texts

SEARCH_KIND = "desk.solved_case"


@dataclass(frozen=True, slots=True)
class CaseHit:
    """A solved case that is like what somebody writes: why it matched, and what is different there."""

    case: SolvedCase | PublishedCase | ReceivedCase
    matched: str
    pieces: list[Piece]
    differences: list[str]
    is_ours: bool
    url: str
    score: float = 0.0


def solved_cases_for(actor: Actor) -> QuerySet[SolvedCase]:
    """Return the government's solved cases that the actor may see.

    A published case of scope 課 is for its own section; drafts and checks are for whoever may see the list at all.
    """
    department_id = getattr(actor, "department_id", None)
    hidden = Q(state=SolvedCaseState.PUBLISHED, scope=Scope.DEPARTMENT)
    if department_id is not None:
        hidden &= ~Q(department_id=str(department_id))
    rows: QuerySet[SolvedCase] = SolvedCase.objects.exclude(hidden)
    return rows.select_related("department", "consultation")


def get_solved_case(actor: Actor, case_id: UUID) -> SolvedCase:
    """Return one of our own solved cases. Raises NotFound."""
    found = solved_cases_for(actor).filter(id=case_id).first()
    if found is None:
        raise NotFound
    return found


def is_of_section(actor: Actor, case: SolvedCase) -> bool:
    """Say whether the actor can speak for a case's section: as one of it, or of a section above it, the head included."""
    mine = getattr(actor, "department_id", None)
    return case.department_id is None or mine is None or case.department_id in departments_below(mine)


def published_cases() -> QuerySet[PublishedCase]:
    """Return the cases that other governments published to us: to the whole country, or to our prefecture."""
    mine = current_government_id()
    prefecture_id = prefecture_of(mine)
    audience = Q(audience=Scope.COUNTRY)
    if prefecture_id is not None:
        audience |= Q(audience=Scope.PREFECTURE, prefecture_id=str(prefecture_id))
    return PublishedCase.objects.filter(audience).exclude(origin_id=mine)


def is_prefecture() -> bool:
    """Say whether the open scope is a prefecture's."""
    return get_government(current_government_id()).kind == GovernmentKind.PREFECTURE


def reuse_of(case_id: UUID) -> QuerySet[CaseReuse]:
    """Return where a case was taken over, newest first."""
    return CaseReuse.objects.filter(case_id=case_id).order_by("-adopted_at")


def reuses_of_ours() -> QuerySet[CaseReuse]:
    """Return what became of our cases elsewhere, newest first."""
    return CaseReuse.objects.filter(case_origin_id=current_government_id()).order_by("-adopted_at")


def conditions_here(system: str = "", rule: str = "") -> Conditions:
    """Return what is known of our own conditions; `system` and `rule` are what the writer has told."""
    return Conditions(get_government(current_government_id()).population, system.strip(), rule.strip())


def find_similar(
    actor: Actor,
    *,
    task: str,
    problem: str,
    purpose: str,
    desired_state: str,
    system: str = "",
    rule: str = "",
    limit: int = 6,
) -> list[CaseHit]:
    """Return solved cases like a consultation that is being written, best first, ours and others' in one order.

    Candidates are found by words: of everything that was typed, of the business alone and of the purpose alone. They are ranked
    by how near their purpose and their business are as well as by the words (`domain.likeness`), with the reasons and with what
    of the preconditions differs: population, system, rule.
    """
    whole = " ".join([task[:60], purpose[:90], problem[:150], desired_state[:80]])
    hits: dict[UUID, tuple[Hit, bool]] = {}
    for query in dict.fromkeys(_plain(text) for text in (whole, task[:60], purpose[:120])):
        if query.strip():
            for hit in search_texts(actor=actor, query=query, kinds=[SEARCH_KIND], limit=limit * 3):
                hits.setdefault(hit.object_id, (hit, True))
            for hit in search_texts(actor=actor, query=query, kinds=[RECEIVED_KIND], limit=limit * 3):
                hits.setdefault(hit.object_id, (hit, False))
            for hit in search_shared(query=query, kinds=[SEARCH_KIND], limit=limit * 3):
                hits.setdefault(hit.object_id, (hit, False))
    own = [key for key, (_, ours) in hits.items() if ours]
    rows: dict[UUID, SolvedCase | PublishedCase | ReceivedCase] = {
        **SolvedCase.objects.in_bulk(own),
        **received_cases().in_bulk([key for key in hits if key not in own]),
        **PublishedCase.objects.in_bulk([key for key in hits if key not in own]),
    }
    most = max((hit.score for hit, _ in hits.values()), default=0.0) or 1.0
    here = conditions_here(system, rule)
    ranked = []
    for key, (hit, ours) in hits.items():
        if (case := rows.get(key)) is None:
            continue
        near = likeness(
            task=task, purpose=purpose, problem=problem, words=hit.score / most,
            other_task=case.title, other_purpose=case.purpose, other_problem=case.problem,
        )  # fmt: skip
        ranked.append((near.score, _case_hit(hit, case, here, near, is_ours=ours)))
    ranked.sort(key=lambda pair: (-pair[0], not pair[1].is_ours, pair[1].case.title))
    return [found for _, found in ranked[: limit + 2]]


def _plain(text: str) -> str:
    """What was typed is no query: a dash or a quotation mark in it means nothing."""
    return text.replace("「", " ").replace("-", " ")


def _case_hit(
    hit: Hit, case: SolvedCase | PublishedCase | ReceivedCase, here: Conditions, near: Likeness, *, is_ours: bool
) -> CaseHit:
    there = Conditions(None if is_ours else case.population, case.system, case.rule)
    matched = "。".join([*near.reasons, hit.matched])
    return CaseHit(case, matched, hit.snippet, differences(there, here), is_ours=is_ours, url=hit.url, score=near.score)


def differences_here(case: PublishedCase) -> list[str]:
    """Return what is different where a case comes from."""
    return differences(Conditions(case.population, case.system, case.rule), conditions_here())


def findings_of(case: SolvedCase) -> list[Finding]:
    """Return what in a solved case's texts could name a person: by pattern, by the list of staff, by the dictionary."""
    return personal_in({field: getattr(case, field) or "" for field in MASKED_FIELDS})


def personal_in(fields: Mapping[str, str]) -> list[Finding]:
    """Return what in some texts could name a person: by pattern, by the list of staff, by the dictionary."""
    names: set[str] = set()
    for full_name in Person.objects.values_list("name", flat=True)[:5000]:
        names |= {full_name, full_name.replace(" ", "").replace("　", ""), *full_name.split()}
    return find_personal(fields, known_names=names, name_spans=person_names)


def consultation_of_adoption(actor: Actor, case_id: UUID) -> Consultation | None:
    """Return our own work that takes over a published case, or None."""
    found: Consultation | None = Consultation.objects.filter(adopted_case_id=case_id).first()
    return found
