"""What residents may see of procedures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize
from uuid import UUID

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet
from django.utils.translation import gettext

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.folding import fold
from kakehashi.procedures.domain.effort import NO_FEE
from kakehashi.procedures.domain.names import PROCEDURE
from kakehashi.procedures.models import LateCount, Procedure, ProcedureText, Stage
from kakehashi.search.selectors import rank_texts

__all__ = ["MOST_FOUND", "Guide", "find_procedures", "guide_of", "public_procedure", "public_procedures"]

MOST_FOUND = 30
"""As many as a person reads through; more words find better than more pages."""
_WORDS = ("name", "what_for", "who_may", "needs", "fee", "contact")
Words = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Guide:
    """The words of one procedure in the reader's language.

    `is_own_text` is False where nothing is written in it, and `stand_ins` names the fields that are the Japanese ones
    for want of a translation, so that a page can say so and tell a screen reader.
    """

    name: str
    what_for: str
    who_may: str
    needs: tuple[str, ...]
    fee: str
    contact: str
    is_own_text: bool
    stand_ins: frozenset[str] = frozenset()


def public_procedures() -> QuerySet[Procedure]:
    """Procedures residents may read about: online ones, and others that somebody wrote a text for."""
    written = ProcedureText.objects.filter(procedure=OuterRef("pk"), language="ja").exclude(what_for="")
    rows: QuerySet[Procedure] = Procedure.objects.defer("survey").prefetch_related("texts")
    return rows.filter(Q(stage=Stage.ONLINE) | Exists(written))


def find_procedures(
    *, actor: Actor, text: str, language: str, limit: int = MOST_FOUND
) -> list[tuple[Procedure, Guide]]:
    """Public procedures for some words, best first, each with its words; everything (online first) without any."""
    rows = public_procedures().order_by()
    # Which ones comes first: joined with the words of all four thousand, it would depend on a lucky plan.
    ids = _found(rows, actor, text, limit)
    found = {row.id: row for row in _with_words(rows, language).filter(id__in=ids)}
    return [(found[each], _words_of(found[each], language)) for each in ids if each in found][:limit]


def _found(rows: QuerySet[Procedure], actor: Actor, text: str, limit: int) -> list[UUID]:
    if not fold(text):
        return list(rows.order_by("-opened_at", "name").values_list("id", flat=True)[:limit])
    hits = rank_texts(actor=actor, query=text[:200], kind=PROCEDURE, limit=limit)
    if len(hits) >= limit:
        return hits
    # Few hits: what only contains a word, such as a number of a rule, follows by name.
    words = [word for word in fold(text).split()[:10] if word]
    by_words = Q(*[Q(search_key__contains=word) for word in words], _connector=Q.OR)
    more = rows.filter(by_words).exclude(id__in=hits).order_by("name", "id").values_list("id", flat=True)
    return [*hits, *more[:limit]]


def _with_words(rows: QuerySet[Procedure], language: str) -> QuerySet[Procedure]:
    """What a list shows, in one statement: of sixty columns the few it needs, and the one or two texts the reader may get."""
    texts = {"japanese": "ja"} if language == "ja" else {"japanese": "ja", "translated": language}
    joined = {name: FilteredRelation("texts", condition=Q(texts__language=each)) for name, each in texts.items()}
    words = {f"{name}_{field}": F(f"{name}__{field}") for name in texts for field in _WORDS}
    few = rows.prefetch_related(None).only("name", "stage", "needs", "fee", "contact")
    return few.annotate(**joined).annotate(**words)


def _words_of(procedure: Procedure, language: str) -> Guide:
    japanese = _joined(procedure, "japanese")
    return _guide(procedure, japanese if language == "ja" else _joined(procedure, "translated"), japanese, language)


def _joined(procedure: Procedure, prefix: str) -> Words | None:
    words = {field: getattr(procedure, f"{prefix}_{field}") for field in _WORDS}
    return words if words["name"] is not None else None


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
    own, japanese = texts.get(language), texts.get("ja")
    return _guide(procedure, vars(own) if own else None, vars(japanese) if japanese else None, language)


def _guide(procedure: Procedure, own: Words | None, japanese: Words | None, language: str) -> Guide:
    from_inventory = {
        "name": procedure.name,
        "needs": procedure.needs,
        "fee": procedure.fee,
        "contact": procedure.contact,
    }
    words: dict[str, Any] = {}
    stand_ins = set()
    for field in _WORDS:
        written = own[field] if own else None
        words[field] = written or (japanese[field] if japanese else None) or from_inventory.get(field, "")
        if words[field] and not written and language != "ja":
            stand_ins.add(field)
    if normalize("NFKC", words["fee"]).strip() in NO_FEE:
        # What an inventory calls 「なし」 or 「0円」 is one word on the page, and that word is translated.
        words["fee"] = gettext("無料")
        stand_ins.discard("fee")
    words["needs"] = tuple(words["needs"])
    is_own = own is not None or language == "ja"
    return Guide(**words, is_own_text=is_own, stand_ins=frozenset(stand_ins))
