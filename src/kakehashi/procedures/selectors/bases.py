"""共有された様式: what others offer us, what came as a file, what we took, and what our own offers became elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from kakehashi.eforms.domain.definition import FormDefinition
from kakehashi.governments.selectors import get_government
from kakehashi.journal.domain.notes import VerifierKey
from kakehashi.kernel import clock
from kakehashi.kernel.errors import NotFound
from kakehashi.kernel.folding import fold
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.people.models import Person, RoleGrant
from kakehashi.people.selectors import valid_on
from kakehashi.procedures.domain.base_content import (
    APPEAL,
    LETTER,
    PERIOD,
    PROCEDURE,
    TEXTS,
    BaseContent,
    content_from_json,
    without_nothing,
)
from kakehashi.procedures.domain.base_file import BaseBody, body_from_json, fingerprint
from kakehashi.procedures.models import (
    AppealRule,
    Audience,
    FormOffer,
    FormTaking,
    KnownSigner,
    LetterVersion,
    OfferedForm,
    OfferedRevision,
    PeriodRule,
    Procedure,
    ProcedureText,
    ReceivedBase,
    TakenForm,
)
from kakehashi.procedures.models.procedure import Stage
from kakehashi.procedures.models.sharing import Way
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.search.selectors import prefecture_of

__all__ = [
    "MOST_IN_A_SET",
    "Base",
    "base_here",
    "base_of_file",
    "candidates_for",
    "known_signers",
    "newest_for",
    "newest_revisions",
    "offer_of",
    "offered_in_series",
    "offered_to_us",
    "offers",
    "own_content",
    "own_letters",
    "received",
    "revisions_of",
    "series_offered",
    "signer_words",
    "taken",
    "taken_form",
    "taken_of",
    "takings_of",
    "whom_to_tell",
    "withdrawn_of",
]

_TOLD_AT_MOST = 20
MOST_IN_A_SET = 50
"""More forms than that are several sets."""


@dataclass(frozen=True)
class Base:
    """A revision of a base form that can be looked at: offered inside this installation, or come as a file.

    `id` is the offer's inside, the received file's own outside. `signer` and `is_trusted` matter for files only.
    """

    id: UUID
    way: Way
    offer_id: UUID
    origin_code: str
    origin_name: str
    origin_id: UUID | None
    revision: int
    digest: str
    body: BaseBody
    come_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_reason: str = ""
    signer: str = ""
    is_trusted: bool = True

    @property
    def fingerprint(self) -> str:
        """Of whoever signed the file."""
        return fingerprint(VerifierKey.parse(self.signer)) if self.signer else ""


def own_content(procedure: Procedure, definition: FormDefinition) -> BaseContent:
    """A procedure with a definition of its form, in the shape in which base forms are compared and offered."""
    appeal = AppealRule.objects.filter(procedure=procedure).first()
    period = PeriodRule.objects.filter(procedure=procedure).first()
    taught = {
        "review": appeal.review, "office": appeal.review_office, "months": appeal.review_months,
        "comes_first": appeal.review_comes_first,
    } if appeal else {}  # fmt: skip
    return BaseContent(
        definition=definition,
        procedure=without_nothing({name: _plain(getattr(procedure, name)) for name in PROCEDURE}),
        texts={
            text.language: without_nothing({name: _plain(getattr(text, name)) for name in TEXTS})
            for text in ProcedureText.objects.filter(procedure=procedure)
        },
        appeal=without_nothing({name: taught[name] for name in APPEAL if name in taught}),
        period=without_nothing({name: _plain(getattr(period, name)) for name in PERIOD}) if period else {},
        letters=own_letters(procedure),
        collecting=without_nothing(
            {"when": procedure.fee_when, "yen": procedure.fee_yen if procedure.fee_when else None}
        ),
        road=without_nothing({"matter_code": procedure.matter_code}),
    )


def own_letters(procedure: Procedure) -> dict[str, dict[str, Any]]:
    """The letters in use, by outcome; those with the built-in words are left out. One query."""
    newest: dict[str, LetterVersion] = {}
    for row in LetterVersion.objects.filter(procedure=procedure).order_by("number"):
        newest[row.outcome] = row
    return {
        outcome: without_nothing({name: getattr(row, name) or None for name in LETTER})
        for outcome, row in sorted(newest.items())
    }


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [str(one) for one in value]
    # A TextChoices member is stored as its plain word.
    return str(value) if isinstance(value, str) else value


def offered_to_us() -> QuerySet[OfferedForm]:
    """What other governments of this installation offer to the open scope, withdrawn ones included."""
    mine = current_government_id()
    government, prefecture_id = get_government(mine), prefecture_of(mine)
    audience = Q(audience=Audience.ALL) | Q(audience=Audience.NAMED, named__contains=[government.code])
    if prefecture_id is not None:
        audience |= Q(audience=Audience.PREFECTURE, prefecture_id=prefecture_id)
    return OfferedForm.objects.filter(audience).exclude(origin_id=mine)


def series_offered() -> list[dict[str, Any]]:
    """The sets that are offered to us: whose, the name, how many forms. One query."""
    rows = offered_to_us().filter(withdrawn_at__isnull=True).exclude(series="")
    counted = rows.values("origin_code", "origin_name", "series").annotate(count=Count("id"))
    return [dict(row) for row in counted.order_by("origin_code", "series")[:200]]


def offered_in_series(origin_code: str, series: str) -> list[OfferedForm]:
    """The forms of one set, in the order in which they were offered."""
    rows = offered_to_us().filter(withdrawn_at__isnull=True, origin_code=origin_code, series=series)
    return list(rows.order_by("offered_at", "id")[:MOST_IN_A_SET]) if series else []


def base_here(offer_id: UUID) -> Base:
    """The newest revision of a form that is offered to us. Raises NotFound."""
    offered = offered_to_us().filter(id=offer_id).first()
    if offered is None:
        raise NotFound
    row = OfferedRevision.objects.filter(
        origin_id=offered.origin_id, offer_id=offered.id, revision=offered.revision
    ).get()
    return Base(
        offered.id, Way.HERE, offered.id, offered.origin_code, offered.origin_name, offered.origin_id, row.revision, row.digest,
        body_from_json(row.body), row.published_at, offered.withdrawn_at, offered.withdrawn_reason,
    )  # fmt: skip


def base_of_file(received_id: UUID) -> Base:
    """What came as a file. Raises NotFound."""
    row: ReceivedBase | None = ReceivedBase.objects.filter(id=received_id).first()
    if row is None:
        raise NotFound
    return _of_file(row, _is_known(row))


def _of_file(row: ReceivedBase, is_trusted: bool) -> Base:
    return Base(
        row.id, Way.FILE, row.offer_id, row.origin_code, row.origin_name, None, row.revision, row.digest,
        body_from_json(row.body), row.received_at, signer=row.signer, is_trusted=is_trusted,
    )  # fmt: skip


def _is_known(row: ReceivedBase) -> bool:
    return KnownSigner.objects.filter(code=row.origin_code, signer=row.signer).exists()


def known_signers(code: str = "") -> QuerySet[KnownSigner]:
    """The signers a person here has confirmed, of one government or of all."""
    rows: QuerySet[KnownSigner] = KnownSigner.objects.order_by("code", "confirmed_at")
    return rows.filter(code=code) if code else rows


def signer_words(signer: str) -> str:
    """The fingerprint of a signer's line."""
    return fingerprint(VerifierKey.parse(signer))


def received() -> list[tuple[ReceivedBase, bool]]:
    """What came as files and stands there, newest first, with whether the signer is known."""
    known = set(KnownSigner.objects.values_list("code", "signer"))
    rows = ReceivedBase.objects.defer("body").order_by("-received_at", "-id")[:200]
    return [(row, (row.origin_code, row.signer) in known) for row in rows]


def taken() -> QuerySet[TakenForm]:
    """The forms that were taken from elsewhere, latest first."""
    rows: QuerySet[TakenForm] = TakenForm.objects.select_related("procedure").defer("base")
    return rows.order_by("-taken_at", "-id")


def taken_form(taken_id: UUID) -> TakenForm:
    """One taken form with its procedure and form. Raises NotFound."""
    found: TakenForm | None = TakenForm.objects.select_related("procedure__form").filter(id=taken_id).first()
    if found is None:
        raise NotFound
    return found


def taken_of(procedure: Procedure) -> TakenForm | None:
    """Where a procedure's form came from, None for one of our own."""
    found: TakenForm | None = TakenForm.objects.filter(procedure=procedure).defer("base").first()
    return found


def taken_from(origin_code: str, offer_id: UUID) -> TakenForm | None:
    """What was taken of an offer."""
    found: TakenForm | None = TakenForm.objects.filter(origin_code=origin_code, offer_id=offer_id).first()
    return found


def base_of(row: TakenForm) -> BaseContent:
    """The base a taken form was last brought in line with."""
    return content_from_json(row.base)


def newest_for(row: TakenForm) -> Base | None:
    """The newest revision that may be followed: offered to us here, or come as a file from a known signer. None: neither is there."""
    found: list[Base] = []
    if offered_to_us().filter(id=row.offer_id, origin_code=row.origin_code).exists():
        found.append(base_here(row.offer_id))
    files = ReceivedBase.objects.filter(offer_id=row.offer_id, origin_code=row.origin_code)
    found += [_of_file(one, True) for one in files if _is_known(one)]
    return max(found, key=lambda base: base.revision, default=None)


def newest_revisions(rows: Iterable[TakenForm]) -> dict[UUID, int]:
    """For each taken form the newest revision there is, by its id; a few queries for all."""
    rows = list(rows)
    ids = [row.offer_id for row in rows]
    found = {
        (code, offer): number
        for offer, code, number in offered_to_us().filter(id__in=ids).values_list("id", "origin_code", "revision")
    }
    known = set(KnownSigner.objects.values_list("code", "signer"))
    files = ReceivedBase.objects.filter(offer_id__in=ids).values_list("origin_code", "offer_id", "revision", "signer")
    for code, offer, number, signer in files:
        if (code, signer) in known:
            found[code, offer] = max(number, found.get((code, offer), 0))
    return {row.id: max(row.revision, found.get((row.origin_code, row.offer_id), 0)) for row in rows}


def withdrawn_of(rows: Iterable[TakenForm]) -> set[UUID]:
    """The ids of the taken forms whose base is offered no more."""
    rows = list(rows)
    offered = offered_to_us().filter(id__in=[row.offer_id for row in rows], withdrawn_at__isnull=False)
    gone = set(offered.values_list("origin_code", "id"))
    return {row.id for row in rows if (row.origin_code, row.offer_id) in gone}


def candidates_for(title: str) -> list[Procedure]:
    """Procedures of our inventory that have no form yet and could be the one a base form is for, the same name first."""
    wanted = fold(title)
    rows = Procedure.objects.filter(form__isnull=True).exclude(stage=Stage.EXCLUDED).defer("survey")
    words = [word for word in wanted.split() if word] or [wanted]
    found = list(rows.filter(search_key__contains=words[0]).order_by("-volume_order", "-id")[:20])
    return sorted(found, key=lambda one: fold(one.name) != wanted)


def offers() -> QuerySet[FormOffer]:
    """What we offer, changed last first."""
    rows: QuerySet[FormOffer] = FormOffer.objects.select_related("procedure").filter(revision__gt=0)
    return rows


def offer_of(procedure: Procedure) -> FormOffer | None:
    """The offer of a procedure's form, None when it is not offered."""
    found: FormOffer | None = FormOffer.objects.filter(procedure=procedure, revision__gt=0).first()
    return found


def revisions_of(offer: FormOffer) -> list[OfferedRevision]:
    """The revisions of an offer of ours, newest first, without their bodies."""
    rows = OfferedRevision.objects.filter(origin_id=offer.government_id, offer_id=offer.id)
    return list(rows.defer("body").order_by("-revision"))


def last_body(offer: FormOffer) -> BaseBody:
    """The newest revision of an offer of ours, complete. Raises NotFound before the first."""
    row = OfferedRevision.objects.filter(
        origin_id=offer.government_id, offer_id=offer.id, revision=offer.revision
    ).first()
    if row is None:
        raise NotFound
    return body_from_json(row.body)


def takings_of(offer_ids: Iterable[UUID]) -> list[FormTaking]:
    """Who of this installation has taken these offers of ours, and at which revision they stand."""
    mine = current_government_id()
    return list(FormTaking.objects.filter(offer_origin_id=mine, offer_id__in=list(offer_ids)).order_by("taken_at"))


def whom_to_tell(row: TakenForm) -> list[Person]:
    """Who hears that the base moved: whoever took it or followed it last, else those who may take forms, at most twenty."""
    grants = RoleGrant.objects.filter(
        valid_on(clock.today()), role__permissions__contains=[ProceduresPermission.TAKE_FORMS.value]
    )
    people = list(Person.objects.filter(id__in=grants.values("person_id")).order_by("id")[:500])
    last = [person for person in people if person.id == row.accepted_by_id]
    return last or people[:_TOLD_AT_MOST]
