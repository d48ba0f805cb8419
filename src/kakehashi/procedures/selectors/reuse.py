"""Earlier answers of the same applicant, offered for another form."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q
from django.utils.translation import get_language

from kakehashi.eforms.domain.definition import localized
from kakehashi.eforms.domain.protection import gone_text
from kakehashi.eforms.selectors import compiled_form, open_answers
from kakehashi.procedures.domain.reuse import Earlier, Match, match_answers
from kakehashi.procedures.models import Application, Draft, ReuseConsent

__all__ = ["Offer", "offers_for", "reuse_of"]

_LOOKED_BACK = 10


@dataclass(frozen=True)
class Offer:
    """One earlier answer that could be copied, as the applicant reads it."""

    match: Match[Application]
    label: str
    text: str

    @property
    def key(self) -> str:
        """The key of the question in the new form."""
        return self.match.field.key


def offers_for(draft: Draft, *, resident_id: UUID | None, application_ids: Collection[str]) -> list[Offer]:
    """What the applicant's own last ten applications would answer in this draft's form; two queries at most.

    Own are those filed while the same resident was signed in, and those this browser holds a pass for.
    """
    mine = Q(id__in=list(application_ids))
    if resident_id is not None:
        mine |= Q(resident_id=resident_id)
    rows = (
        Application.objects.filter(mine, form_version__isnull=False, purged_at__isnull=True)
        .select_related("form_version", "procedure")
        .defer("procedure__survey", "refusal_text")
        .order_by("-arrived_at")[:_LOOKED_BACK]
    )
    earlier = []
    for row in rows:
        assert row.form_version is not None
        answers = {key: value for key, value in open_answers(row.answers).items() if not gone_text(value)}
        earlier.append(Earlier(row, compiled_form(row.form_version).definition, answers))
    if not earlier:
        return []
    return [_offer(each) for each in match_answers(compiled_form(draft.form_version).definition, earlier)]


def _offer(match: Match[Application]) -> Offer:
    language = get_language() or "ja"
    version = match.source.form_version
    assert version is not None
    text = compiled_form(version).types[match.asked.key].describe(match.asked, match.value, language)
    return Offer(match, localized(match.field, "label", language), text)


def reuse_of(filing_key: UUID) -> ReuseConsent | None:
    """The consent that was given for one filing, or None."""
    found: ReuseConsent | None = ReuseConsent.objects.filter(filing_key=filing_key).first()
    return found
