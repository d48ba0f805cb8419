"""下書き: keep what a resident has typed, step by step. No official act, so no journal event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import latest_version, open_answers, seal_answers
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor, system_actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.services import Visitor
from kakehashi.procedures.domain.devices import Device
from kakehashi.procedures.domain.identity import Shown
from kakehashi.procedures.domain.prefill import fill_in
from kakehashi.procedures.models import Correction, Draft, Procedure
from kakehashi.procedures.selectors.applications import handed_in_as
from kakehashi.procedures.selectors.parties import rule_of
from kakehashi.procedures.selectors.reception import reception_of
from kakehashi.procedures.services.filing_tallies import keep_tallies
from kakehashi.procedures.services.parties import forget_parties
from kakehashi.procedures.services.reception import check_reception
from kakehashi.procedures.services.reuse import forget_reuse
from kakehashi.procedures.services.uploads import discard_uploads_of

__all__ = [
    "KEPT_DAYS",
    "discard_draft",
    "remember_visitor",
    "save_step",
    "start_correction",
    "start_draft",
    "sweep_drafts",
]

KEPT_DAYS = 30


@service
def start_draft(
    *,
    actor: Actor,
    procedure: Procedure,
    language: str = "ja",
    idempotency_key: UUID | None = None,
    visitor: Visitor | None = None,
    takes_facts: bool = False,
    mine: Iterable[str | UUID] = (),
    device: Device = Device.UNKNOWN,
) -> Draft:
    """Begin an application; the answers keep the form version of this moment. Raises DomainError when it is closed.

    The same key again gives the draft it made, unless that one was handed in meanwhile; and an untouched draft among
    `mine` (ids this browser may open) is taken up again, so that nobody collects empty ones. With `takes_facts` what the
    visitor's outside identity says is laid into the form; only who asked for it gets it.
    """
    version = latest_version(procedure.form) if procedure.is_online and procedure.form else None
    if version is None:
        raise DomainError(gettext("この手続は、いまオンラインで受け付けていません。"), code="closed")
    check_reception(reception_of(procedure))
    facts = visitor.facts.as_dict() if visitor is not None and takes_facts else {}
    begun = Draft.objects.filter(id__in=list(mine), procedure=procedure, form_version=version, correction=None)
    draft: Draft | None = begun.filter(typed={}, done_steps=[]).order_by("-updated_at").first()
    if draft is None or handed_in_as(draft) is not None:
        draft = _draft_of_key(idempotency_key or uuid7(), procedure, version, language, device)
    if facts and not draft.typed:
        draft.typed = seal_answers(version, fill_in(version.definition, facts))
        draft.save(update_fields=["typed"])
    return remember_visitor(draft=draft, visitor=visitor)


def _draft_of_key(key: UUID, procedure: Procedure, version: FormVersion, language: str, device: Device) -> Draft:
    values = {
        "procedure": procedure,
        "form_version": version,
        "language": language,
        "device": device.value,
        "expires_at": clock.now() + dt.timedelta(days=KEPT_DAYS),
        # Where others must sign, handing in has to look for them from the beginning.
        "has_parties": rule_of(procedure).least_co_signers > 0,
    }
    draft: Draft = Draft.objects.get_or_create(idempotency_key=key, defaults=values)[0]
    if draft.procedure_id == procedure.id and handed_in_as(draft) is None:
        return draft
    begun: Draft = Draft.objects.create(idempotency_key=uuid7(), **values)
    return begun


@service
def remember_visitor(*, draft: Draft, visitor: Visitor | None) -> Draft:
    """Note on the draft who is signed in and how they are known, so that handing in needs no session.

    A person somebody vouched for is not replaced by whoever confirms an address later.
    """
    if visitor is None or (draft.shown == Shown.PERSON and not visitor.is_identified):
        return draft
    shown = Shown.PERSON if visitor.is_identified else Shown.ADDRESS
    email = visitor.resident.email
    if (draft.resident_id, draft.shown, draft.confirmed_email) != (visitor.resident.id, shown, email):
        draft.resident, draft.shown, draft.confirmed_email = visitor.resident, shown.value, email
        draft.save(update_fields=["resident", "shown", "confirmed_email"])
    return draft


@service
def start_correction(*, actor: Actor, correction: Correction, language: str = "ja") -> Draft:
    """Begin (or go on with) the answer to a 補正, filled with the answers as they stand.

    Raises DomainError when the 補正 has been answered already.
    """
    application = correction.application
    if correction.answered_at is not None:
        raise DomainError(gettext("この補正は、もう提出されています。"), code="answered")
    draft: Draft | None = Draft.objects.filter(correction=correction).order_by("id").first()
    if draft is not None:
        return draft
    begun: Draft = Draft.objects.create(
        procedure=application.procedure,
        form_version=application.form_version,
        correction=correction,
        answers=application.answers,
        typed=application.answers,
        language=language,
        email=application.applicant_email,
        idempotency_key=uuid7(),
        expires_at=clock.now() + dt.timedelta(days=KEPT_DAYS),
    )
    return begun


@service
def save_step(
    *,
    actor: Actor,
    draft: Draft,
    step_key: str,
    field_keys: Iterable[str],
    values: Mapping[str, Any],
    typed: Mapping[str, Any],
    is_done: bool,
) -> Draft:
    """Keep one step: `values` are its good answers, `typed` everything as typed, good or not.

    Only this step's fields change, under a row lock, so that two tabs never undo each other. A step
    that arrives twice or out of order is simply kept again.
    """
    kept: Draft = Draft.objects.select_for_update().get(id=draft.id)
    keys, version = set(field_keys), draft.form_version
    kept.answers = {key: value for key, value in kept.answers.items() if key not in keys} | seal_answers(
        version, values
    )
    kept.typed = {key: value for key, value in kept.typed.items() if key.split(".")[0] not in keys} | seal_answers(
        version, typed
    )
    done = [key for key in kept.done_steps if key != step_key]
    kept.done_steps = [*done, step_key] if is_done else done
    kept.updated_at = clock.now()
    kept.expires_at = clock.now() + dt.timedelta(days=KEPT_DAYS)
    kept.save(update_fields=["answers", "typed", "done_steps", "updated_at", "expires_at"])
    draft.answers, draft.typed = open_answers(kept.answers), open_answers(kept.typed)
    draft.done_steps = kept.done_steps
    return draft


@service
def discard_draft(*, actor: Actor, draft_id: UUID) -> None:
    """Forget a draft, answers, attachments and all; nothing happens when it is gone."""
    found = list(Draft.objects.filter(id=draft_id))
    keep_tallies(drafts=found)
    discard_uploads_of(actor=actor, drafts=found)
    forget_parties(actor=actor, drafts=found)
    forget_reuse(found)
    Draft.objects.filter(id=draft_id).delete()


@service
def sweep_drafts(*, limit: int = 500) -> int:
    """Forget drafts whose time is over, with what was attached to them; called by the worker in each government's scope."""
    old = list(Draft.objects.filter(expires_at__lt=clock.now()).select_related("correction")[:limit])
    actor = system_actor(current_government_id())
    keep_tallies(drafts=old)
    discard_uploads_of(actor=actor, drafts=old)
    forget_parties(actor=actor, drafts=old)
    forget_reuse(old)
    Draft.objects.filter(id__in=[each.id for each in old]).delete()
    return len(old)
