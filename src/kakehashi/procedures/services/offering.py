"""様式を提供する: a form of ours becomes a base for others, gets new revisions, is withdrawn, leaves as a file."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.utils.text import slugify

from kakehashi.eforms.domain.definition import from_json
from kakehashi.eforms.models import FormVersion
from kakehashi.eforms.selectors import latest_version
from kakehashi.governments.models import Government
from kakehashi.governments.selectors import get_government
from kakehashi.journal.adapters.signing_key import load_forms_key
from kakehashi.journal.domain.notes import verifier_key
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.domain.base_content import (
    BaseContent,
    UnreadableBaseError,
    content_from_json,
    content_to_json,
)
from kakehashi.procedures.domain.base_file import BaseBody, fingerprint, write_base_file
from kakehashi.procedures.domain.names import OFFER
from kakehashi.procedures.models import Audience, FormOffer, OfferedForm, OfferedRevision, Procedure
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.bases import MOST_IN_A_SET, last_body, offers, own_content
from kakehashi.search.selectors import prefecture_of

__all__ = ["export_offer", "export_series", "next_content", "offer_form", "own_fingerprint", "withdraw_offer"]


@service
def offer_form(
    *,
    actor: Actor,
    procedure: Procedure,
    audience: str,
    named: Sequence[str] = (),
    description: str = "",
    note: str = "",
    series: str = "",
) -> FormOffer:
    """Offer the published form of a procedure, with what belongs to the procedure, to other governments.

    The first time makes revision 1. Later, what changed since makes the next revision, which needs a `note` saying why; a changed
    audience, description or set alone makes none. `series`: the set it belongs to, of several forms that are taken together. `named`: six-digit codes. An offer that was withdrawn is offered again. Raises DomainError.
    """
    require(actor, ProceduresPermission.OFFER_FORMS)
    version = _published(procedure)
    codes = _named(audience, named)
    prefecture_id = prefecture_of(procedure.government_id)
    if audience == Audience.PREFECTURE and prefecture_id is None:
        raise DomainError("都道府県が登録されていないため、県内には提供できません。", field="audience")
    FormOffer.objects.get_or_create(procedure=procedure, defaults={"audience": audience})
    offer: FormOffer = FormOffer.objects.select_for_update().get(procedure=procedure)
    content = _offerable(own_content(procedure, from_json(version.definition)))
    is_new = offer.revision == 0 or content_to_json(last_body(offer).content) != content_to_json(content)
    if is_new and offer.revision and not note.strip():
        raise DomainError(
            "何がなぜ変わったかを書いてください。取り入れた団体が読みます。", field="note", code="required"
        )
    was = (offer.audience, offer.named, offer.description, offer.series, offer.withdrawn_at)
    offer.audience, offer.named, offer.description = audience, codes, description.strip()[:2000]
    offer.series = series.strip()[:100]
    offer.withdrawn_at = None
    if is_new:
        offer.revision += 1
        _add_revision(actor, offer, content, note.strip()[:2000])
    elif was != (offer.audience, offer.named, offer.description, offer.series, None):
        _record(actor, "procedures.offer.changed", offer, {"audience": audience, "named": codes})
    offer.changed_at = clock.now()
    offer.save()
    _copy(offer, content, prefecture_id)
    return offer


@service
def withdraw_offer(*, actor: Actor, offer: FormOffer, reason: str) -> FormOffer:
    """Offer a form no more. Those who took it keep theirs and are told, with the reason. Raises DomainError without one."""
    require(actor, ProceduresPermission.OFFER_FORMS)
    if not reason.strip():
        raise DomainError("取り下げる理由を書いてください。取り入れた団体が読みます。", field="reason", code="required")
    current: FormOffer = FormOffer.objects.select_for_update().get(id=offer.id)
    if current.withdrawn_at is not None:
        return current
    current.withdrawn_at = current.changed_at = clock.now()
    current.save(update_fields=["withdrawn_at", "changed_at"])
    OfferedForm.objects.filter(id=offer.id, origin_id=offer.government_id).update(
        withdrawn_at=current.withdrawn_at, withdrawn_reason=reason.strip()[:300]
    )
    _record(actor, "procedures.offer.withdrawn", current, {"reason": reason.strip()[:300]})
    return current


@service
def export_offer(*, actor: Actor, offer: FormOffer) -> bytes:
    """The newest revision of an offer as a signed file, for networks that do not meet. It leaves the house: an official act."""
    require(actor, ProceduresPermission.OFFER_FORMS)
    if offer.withdrawn_at is not None:
        raise DomainError("取り下げた様式は書き出せません。もう一度提供してから書き出してください。")
    body = last_body(offer)
    code = get_government(offer.government_id).code
    content = write_base_file(body, load_forms_key(settings.JOURNAL_KEY, code))
    _record(actor, "procedures.offer.exported", offer, {"revision": body.revision, "digest": body.digest})
    return content


@service
def export_series(*, actor: Actor, series: str) -> bytes:
    """Every form of a set that is offered, as one ZIP of signed files. Raises DomainError for a set without forms."""
    rows = offers().filter(series=series, withdrawn_at__isnull=True).order_by("made_at", "id")[:MOST_IN_A_SET]
    if not series or not rows:
        raise DomainError("このセットの様式は、いま提供していません。")
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as package:
        for number, row in enumerate(rows, start=1):
            name = slugify(row.procedure.name, allow_unicode=True)[:60] or "form"
            package.writestr(f"{number:02}-{name}.kakehashi-base.json", export_offer(actor=actor, offer=row))
    return stream.getvalue()


def own_fingerprint(government: Government) -> str:
    """What the receiving side compares before it believes a file of this government."""
    key = load_forms_key(settings.JOURNAL_KEY, government.code)
    return fingerprint(verifier_key(f"kakehashi-base-form/{government.code}", key))


def next_content(offer: FormOffer, procedure: Procedure) -> BaseContent | None:
    """What the next revision would hold; None while what residents answer, and the inventory, are as offered."""
    version = latest_version(procedure.form) if procedure.form else None
    if version is None:
        return None
    content = own_content(procedure, from_json(version.definition))
    return content if content_to_json(last_body(offer).content) != content_to_json(content) else None


def _published(procedure: Procedure) -> FormVersion:
    version = latest_version(procedure.form) if procedure.form else None
    if version is None:
        raise DomainError(
            "様式がまだ公開（版の確定）されていません。公開した様式だけを提供できます。", code="not_ready"
        )
    return version


def _named(audience: str, named: Sequence[str]) -> list[str]:
    if audience not in Audience.values:
        raise DomainError("提供する相手を選んでください。", field="audience", code="required")
    if audience != Audience.NAMED:
        return []
    codes = sorted(set(named))
    known = set(Government.objects.filter(code__in=codes).values_list("code", flat=True))
    if not codes or len(codes) > 200 or known != set(codes):
        raise DomainError("提供する団体を選んでください。", field="named", code="required")
    return codes


def _offerable(content: BaseContent) -> BaseContent:
    """What others will read, read as they will; it must hold before it leaves."""
    try:
        return content_from_json(content_to_json(content))
    except UnreadableBaseError as error:
        raise DomainError(f"このままでは提供できません。{error}", code="not_ready") from error


def _add_revision(actor: Actor, offer: FormOffer, content: BaseContent, note: str) -> None:
    government = get_government(offer.government_id)
    body = BaseBody(
        offer=offer.id,
        revision=offer.revision,
        origin_code=government.code,
        origin_name=government.name,
        published_on=clock.today(),
        description=offer.description,
        note=note,
        content=content,
    )
    OfferedRevision.objects.create(
        offer_id=offer.id, revision=body.revision, note=note, digest=body.digest, body=body.to_json()
    )
    payload = {"revision": body.revision, "digest": body.digest, "title": content.title, "audience": offer.audience}
    _record(actor, "procedures.offer.published", offer, payload)


def _copy(offer: FormOffer, content: BaseContent, prefecture_id: Any) -> None:
    government = get_government(offer.government_id)
    values = {
        "origin_code": government.code,
        "origin_name": government.name,
        "audience": offer.audience,
        "named": offer.named,
        "prefecture_id": prefecture_id,
        "title": content.title,
        "description": offer.description,
        "series": offer.series,
        "revision": offer.revision,
        "withdrawn_at": None,
        "withdrawn_reason": "",
    }
    OfferedForm.objects.update_or_create(
        id=offer.id, origin_id=offer.government_id, defaults=values, create_defaults=values
    )


def _record(actor: Actor, code: str, offer: FormOffer, payload: dict[str, Any]) -> None:
    record_event(actor=actor, code=code, subject_kind=OFFER, subject_id=offer.id, payload=payload)
