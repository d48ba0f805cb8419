"""以前の回答を写す: only what the applicant chose, and the choice is kept."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef

from kakehashi.eforms.selectors import open_answers, seal_answers
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.names import APPLICATION
from kakehashi.procedures.models import Application, Draft, ReuseConsent
from kakehashi.procedures.selectors.reuse import Offer

__all__ = ["forget_reuse", "reuse_answers"]


@service
def reuse_answers(
    *, actor: Actor, draft: Draft, offers: Iterable[Offer], chosen: Collection[str]
) -> ReuseConsent | None:
    """Lay the chosen earlier answers into the draft as if they had been typed, and keep what was consented to.

    `offers` are what the page showed to this applicant; a key that was not offered is passed over. Nothing counts as an answer
    before the applicant has gone through its page. Writes `procedures.answers.reused` on every application copied from. None
    when nothing was chosen.
    """
    taken = [each for each in offers if each.key in chosen]
    if not taken:
        return None
    locked = Draft.objects.select_for_update().get(id=draft.id)
    typed = open_answers(locked.typed) | {each.key: each.match.value for each in taken}
    locked.typed = seal_answers(draft.form_version, typed)
    locked.updated_at = clock.now()
    locked.save(update_fields=["typed", "updated_at"])
    draft.typed = typed
    items = [{"key": each.key, "label": each.match.field.label, "from": str(each.match.source.id)} for each in taken]
    consent, _ = ReuseConsent.objects.update_or_create(
        filing_key=draft.idempotency_key, defaults={"items": items, "agreed_at": clock.now()}
    )
    for source in {each.match.source.id for each in taken}:
        fields = sum(each.match.source.id == source for each in taken)
        payload = {"consent": str(consent.id), "procedure": str(draft.procedure_id), "fields": fields}
        record_event(
            actor=actor, code="procedures.answers.reused", subject_kind=APPLICATION, subject_id=source, payload=payload
        )
    return consent


def forget_reuse(drafts: Iterable[Draft]) -> None:
    """With drafts that were dropped goes what was consented to for them; what was handed in keeps it."""
    handed_in = Application.objects.filter(idempotency_key=OuterRef("filing_key"))
    dropped = ReuseConsent.objects.filter(filing_key__in=[each.idempotency_key for each in drafts])
    dropped.exclude(Exists(handed_in)).delete()
