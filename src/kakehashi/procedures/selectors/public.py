"""What residents may see of procedures."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.folding import fold
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.models import LateCount, Procedure, ProcedureText, Stage
from kakehashi.search.selectors import rank_texts

__all__ = ["MOST_FOUND", "Guide", "find_procedures", "guide_of", "public_procedure", "public_procedures"]

MOST_FOUND = 30
"""As many as a person reads through; more words find better than more pages."""


@dataclass(frozen=True, slots=True)
class Guide:
    """The words of one procedure in the reader's language; `is_own_text` is False for a Japanese stand-in."""

    name: str
    what_for: str
    who_may: str
    needs: tuple[str, ...]
    fee: str
    contact: str
    is_own_text: bool


def public_procedures() -> QuerySet[Procedure]:
    """Procedures residents may read about: online ones, and others that somebody wrote a text for."""
    written = ProcedureText.objects.filter(procedure=OuterRef("pk"), language="ja").exclude(what_for="")
    rows: QuerySet[Procedure] = Procedure.objects.defer("survey").prefetch_related("texts")
    return rows.filter(Q(stage=Stage.ONLINE) | Exists(written))


def find_procedures(*, actor: Actor, text: str, event: str = "", limit: int = MOST_FOUND) -> list[Procedure]:
    """Public procedures for some words or a life event, best first; everything (online first) without either."""
    rows = public_procedures()
    if event:
        rows = rows.filter(life_events__contains=[event])
    if not fold(text):
        return list(rows.order_by("-opened_at", "name")[:limit])
    hits = rank_texts(actor=actor, query=text[:200], kind=PROCEDURE, limit=limit)
    found = {row.id: row for row in rows.filter(id__in=hits)}
    ranked = [found[each] for each in hits if each in found]
    if len(ranked) >= limit:
        return ranked
    # Few hits: what only contains a word, such as a number of a rule, follows by name.
    words = [word for word in fold(text).split()[:10] if word]
    by_words = Q(*[Q(search_key__contains=word) for word in words], _connector=Q.OR)
    return [*ranked, *rows.filter(by_words).exclude(id__in=hits).order_by("name", "id")[: limit - len(ranked)]]


def public_procedure(procedure_id: UUID) -> Procedure:
    """One public procedure, with how many of its open applications are `late`. Raises NotFound for one nobody has published."""
    counted = LateCount.objects.filter(procedure=OuterRef("pk"))
    rows = public_procedures().annotate(late=counted.values("late")[:1], still_open=counted.values("open")[:1])
    found = rows.select_related("department").filter(id=procedure_id).first()
    if found is None:
        raise NotFound
    return found


def guide_of(procedure: Procedure, language: str) -> Guide:
    """The text in `language`, else the Japanese one, else what the inventory says."""
    texts = {text.language: text for text in procedure.texts.all()}
    text = texts.get(language) or texts.get("ja")
    if text is None:
        return Guide(procedure.name, "", "", tuple(procedure.needs), procedure.fee, procedure.contact, language == "ja")
    fallback = texts.get("ja", text)
    return Guide(
        name=text.name or procedure.name,
        what_for=text.what_for or fallback.what_for,
        who_may=text.who_may or fallback.who_may,
        needs=tuple(text.needs or fallback.needs),
        fee=text.fee or fallback.fee or procedure.fee,
        contact=text.contact or fallback.contact or procedure.contact,
        is_own_text=text.language == language,
    )
