"""Reads of a government's synonyms."""

from __future__ import annotations

from django.db.models import QuerySet

from kakehashi.search.domain.thesaurus import Group, GroupKind, Thesaurus, thesaurus
from kakehashi.search.domain.tokens import tokenise
from kakehashi.search.models import SynonymGroup


def synonym_groups() -> QuerySet[SynonymGroup]:
    """Return the open scope's groups, those changed last first."""
    return SynonymGroup.objects.order_by("-updated_at", "-id")


def own_groups() -> tuple[Group, ...]:
    """Return the open scope's groups that are switched on, as the thesaurus takes them."""
    rows = SynonymGroup.objects.filter(is_on=True).order_by("id").values_list("kind", "words", "finds")
    return tuple(Group(GroupKind(kind), tuple(words), tuple(finds)) for kind, words, finds in rows)


def own_thesaurus() -> Thesaurus:
    """Return the built-in thesaurus with the open scope's groups. It is kept until the groups change."""
    return thesaurus(own_groups())


def also_found(word: str) -> list[str]:
    """Return what the thesaurus, the open scope's groups included, also looks for when somebody asks for `word`."""
    tokens = list(tokenise(word))
    return [each.text for match in own_thesaurus().matches(tokens) for each in match.expressions]
