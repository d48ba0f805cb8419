"""様式を取り入れる: a base form becomes a procedure and form of our own, and follows the base when people say so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from django.db import IntegrityError, models, transaction

from kakehashi.approvals.selectors import active_matters
from kakehashi.eforms.domain.definition import from_json
from kakehashi.eforms.models import Form
from kakehashi.eforms.services import create_form, save_draft
from kakehashi.exchange.selectors import is_split
from kakehashi.governments.selectors import absolute_url, get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError, Stale
from kakehashi.kernel.folding import fold
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.notices.services import Recipient, send_notice
from kakehashi.procedures.domain.base_content import (
    LANGUAGES,
    PROCEDURE,
    TEXTS,
    BaseContent,
    content_to_json,
    own_numbers,
)
from kakehashi.procedures.domain.base_merge import BaseMerge, merge_contents
from kakehashi.procedures.domain.kinds import Kind
from kakehashi.procedures.domain.letters import ANSWER, LetterText
from kakehashi.procedures.domain.names import NOTICE_BASE
from kakehashi.procedures.domain.names import PROCEDURE as SUBJECT
from kakehashi.procedures.domain.payments import FeeWhen
from kakehashi.procedures.models import FormTaking, Procedure, ProcedureText, TakenForm
from kakehashi.procedures.models.sharing import Way
from kakehashi.procedures.permissions import ProceduresPermission
from kakehashi.procedures.selectors.bases import (
    Base,
    base_here,
    base_of,
    candidates_for,
    newest_for,
    newest_revisions,
    offered_in_series,
    own_content,
    taken_from,
    whom_to_tell,
    withdrawn_of,
)
from kakehashi.procedures.selectors.letters import outcomes_of
from kakehashi.procedures.services.fee_settings import set_fee
from kakehashi.procedures.services.handling_rules import set_appeal_rule, set_period_rule
from kakehashi.procedures.services.inventory import create_procedure, start_form, update_procedure, write_text
from kakehashi.procedures.services.letters import write_letter

__all__ = ["accept_base", "compare_with_base", "take_form", "take_series", "tell_of_bases"]


@service
def take_form(*, actor: Actor, base: Base, procedure: Procedure | None = None) -> TakenForm:
    """取り入れる: make our own procedure and form from a base form; a second call gives the first.

    With `procedure`, one of our inventory that has no form gets the form, and what it does not say yet. Where it came from is
    kept. Raises DomainError for a withdrawn offer, a file of an unknown signer, or a procedure that has a form.
    """
    require(actor, ProceduresPermission.TAKE_FORMS)
    known = taken_from(base.origin_code, base.offer_id)
    if known is not None:
        return known
    if base.withdrawn_at is not None:
        raise DomainError("この様式は取り下げられています。", code="withdrawn")
    if not base.is_trusted:
        raise DomainError("署名した団体の鍵を、先に確かめてください。", code="unknown_signer")
    if procedure is not None and procedure.form_id is not None:
        raise DomainError("この手続には、もう様式があります。様式のない手続を選んでください。", field="procedure")
    content = base.body.content
    try:
        with transaction.atomic():
            made = _procedure_for(actor, content, procedure)
            row = _remember(actor, base, made)
    except IntegrityError as error:
        raise Stale("ほかの人が、いま同じ様式を取り入れました。一覧を開き直してください。") from error
    made.form = create_form(
        actor=actor,
        title=made.name,
        owner_kind=SUBJECT,
        owner_id=made.id,
        definition=own_numbers(content.definition),
    )
    start_form(actor=actor, procedure=made)
    _tell_origin(base)
    _record(actor, "procedures.base.taken", row, base, {})
    return row


@service
def take_series(*, actor: Actor, origin_code: str, series: str) -> list[TakenForm]:
    """セットを取り入れる: every form of a set that is not here yet, each into the procedure of the same name or a new one.

    Together in one transaction: a set is there wholly or not at all. Raises DomainError for a set that is not offered to us.
    """
    offered = offered_in_series(origin_code, series)
    if not offered:
        raise DomainError("このセットは、いま提供されていません。", code="withdrawn")
    made = []
    for row in offered:
        if taken_from(row.origin_code, row.id) is None:
            same = [one for one in candidates_for(row.title) if fold(one.name) == fold(row.title)]
            made.append(take_form(actor=actor, base=base_here(row.id), procedure=same[0] if same else None))
    return made


def compare_with_base(taken: TakenForm, newer: Base, choices: Mapping[str, str] | None = None) -> BaseMerge:
    """三者の比較: the base as it was taken, the base now, and our own draft and procedure."""
    form = _form_of(taken)
    own = own_content(taken.procedure, from_json(form.draft))
    return merge_contents(base_of(taken), newer.body.content, own, choices)


@service
def accept_base(
    *, actor: Actor, taken: TakenForm, revision: int, choices: Mapping[str, str], expected_revision: int
) -> TakenForm:
    """新しい版に合わせる: the merged form becomes our draft, what belongs to the procedure is written; nothing is published.

    `revision` is the base's that was looked at, `expected_revision` the draft's. Raises Stale when either moved meanwhile,
    DomainError while a conflict is not decided or the choices cannot stand together.
    """
    require(actor, ProceduresPermission.TAKE_FORMS)
    current: TakenForm = TakenForm.objects.select_for_update().get(id=taken.id)
    newer = newest_for(current)
    if newer is None or newer.revision != revision or current.revision >= revision:
        raise Stale("基本様式か、合わせた版が変わりました。新しい内容を確かめてください。")
    procedure = Procedure.objects.select_related("form").get(id=current.procedure_id)
    current.procedure = procedure
    form = _form_of(current)
    own = own_content(procedure, from_json(form.draft))
    merge = merge_contents(base_of(current), newer.body.content, own, choices)
    if merge.open_points:
        raise DomainError("まだ選んでいないところがあります。ひとつずつ選んでください。", code="open")
    if merge.content is None:
        raise DomainError(f"この選び方では、様式になりません。{merge.form.refused}", code="refused")
    act = f"基本様式「{newer.body.content.title[:80]}」の第{revision}版に合わせた"
    save_draft(
        actor=actor, form=form, definition=merge.content.definition, expected_revision=expected_revision, act=act
    )
    _write(actor, procedure, own, merge.content)
    _followed(actor, current, newer)
    _tell_origin(newer)
    _record(actor, "procedures.base.accepted", current, newer, merge.decided)
    return current


@service
def tell_of_bases(*, actor: Actor, government_id: UUID) -> int:
    """Tell those who took a form that its base has a new revision, or is offered no more; give how many bases were told of."""
    rows = list(TakenForm.objects.select_related("procedure").defer("base").order_by("id"))
    newest_known, gone = newest_revisions(rows), withdrawn_of(rows)
    told = 0
    for row in rows:
        is_gone = row.id in gone
        if newest_known[row.id] <= row.told_revision and is_gone == row.told_withdrawn:
            continue
        newest = newest_for(row)
        # What is offered again after it was withdrawn is no news by itself.
        if newest is not None and (is_gone or newest.revision > row.told_revision):
            _send(actor, row, newest, government_id)
            told += 1
        row.told_revision, row.told_withdrawn = max(row.told_revision, newest_known[row.id]), is_gone
        row.save(update_fields=["told_revision", "told_withdrawn"])
    return told


def _procedure_for(actor: Actor, content: BaseContent, procedure: Procedure | None) -> Procedure:
    values = {name: value for name, value in content.procedure.items() if name not in ("name", "kind")}
    kind = Kind(content.procedure["kind"])
    if procedure is None:
        made = create_procedure(actor=actor, name=content.title, kind=kind, values=values)
    else:
        # What the town has written stays; the comparison with the next revision sees it as the town's own.
        empty = {name: value for name, value in values.items() if not getattr(procedure, name)}
        if not procedure.kind_confirmed:
            empty["kind"] = kind.value
        made = update_procedure(actor=actor, procedure=procedure, values=empty)
    written = set(ProcedureText.objects.filter(procedure=made).values_list("language", flat=True))
    for language, texts in content.texts.items():
        if language not in written:
            write_text(actor=actor, procedure=made, language=language, values={"name": made.name} | dict(texts))
    has = own_content(made, content.definition)
    _write_rules(actor, made, BaseContent(content.definition), content)
    _write_road(actor, made, has, replace(content, **_unsaid(has, content)))
    return made


def _unsaid(has: BaseContent, content: BaseContent) -> dict[str, Any]:
    """Letters, fee and road: what the town has written stays, what it does not say yet comes from the base."""
    return {
        "letters": {**content.letters, **has.letters},
        "collecting": has.collecting or content.collecting,
        "road": has.road or content.road,
    }


def _write(actor: Actor, procedure: Procedure, own: BaseContent, merged: BaseContent) -> None:
    """Write what the merge changed of the procedure itself."""
    values = {
        name: merged.procedure.get(name, _nothing(Procedure, name))
        for name in PROCEDURE
        if merged.procedure.get(name) != own.procedure.get(name)
    }
    if values:
        update_procedure(actor=actor, procedure=procedure, values=values)
    for language in LANGUAGES:
        mine, theirs = own.texts.get(language, {}), merged.texts.get(language, {})
        if mine != theirs:
            texts = {name: theirs.get(name, _nothing(ProcedureText, name)) for name in TEXTS}
            texts["name"] = texts["name"] or procedure.name
            write_text(actor=actor, procedure=procedure, language=language, values=texts)
    _write_rules(actor, procedure, own, merged)
    _write_road(actor, procedure, own, merged)


def _nothing(model: type[models.Model], name: str) -> Any:
    """What a column holds when nothing is said."""
    field: Any = model._meta.get_field(name)
    return field.get_default()


def _write_rules(actor: Actor, procedure: Procedure, own: BaseContent, merged: BaseContent) -> None:
    if merged.appeal and merged.appeal != own.appeal:
        values: dict[str, Any] = {"review": "head", "office": "", "months": 3, "comes_first": False} | dict(
            merged.appeal
        )
        set_appeal_rule(actor=actor, procedure=procedure, **values)
    if merged.period and merged.period != own.period:
        spans: dict[str, Any] = {"leaves_out_corrections": True, "leaves_out_inquiries": False, "closings": []} | dict(
            merged.period
        )
        set_period_rule(actor=actor, procedure=procedure, **spans)


def _write_road(actor: Actor, procedure: Procedure, own: BaseContent, merged: BaseContent) -> None:
    """Letters, how the fee is collected, and the 決裁事項 where our own rules have it; what we cannot use stays as it is."""
    known = [f"{ANSWER}{field.label}" for _, field in merged.definition.walk() if not field.protected]
    for outcome, letter in merged.letters.items():
        if letter != own.letters.get(outcome) and outcome in dict(outcomes_of(procedure)):
            write_letter(
                actor=actor,
                procedure=procedure,
                outcome=outcome,
                letter=LetterText(*(str(letter.get(name, "")) for name in ("title", "text", "rows", "remark"))),
                is_certificate=bool(letter.get("is_certificate")),
                valid_days=letter.get("valid_days"),
                known=known,
            )
    if merged.collecting and merged.collecting != own.collecting:
        when = FeeWhen(merged.collecting.get("when", ""))
        when = FeeWhen.AFTER if is_split() and when in (FeeWhen.BEFORE, FeeWhen.WITH) else when
        set_fee(actor=actor, procedure=procedure, when=when, yen=merged.collecting.get("yen"))
    matter = merged.road.get("matter_code", "")
    if merged.road != own.road and active_matters().filter(code=matter).exists():
        update_procedure(actor=actor, procedure=procedure, values={"matter_code": matter})


def _remember(actor: Actor, base: Base, procedure: Procedure) -> TakenForm:
    row: TakenForm = TakenForm.objects.create(
        procedure=procedure,
        offer_id=base.offer_id,
        origin_code=base.origin_code,
        origin_name=base.origin_name,
        way=base.way,
        revision=base.revision,
        digest=base.digest,
        base=content_to_json(base.body.content),
        told_revision=base.revision,
        taken_by=actor.label[:200],
        accepted_by=actor.label[:200],
        accepted_by_id=actor.id,
    )
    return row


def _followed(actor: Actor, row: TakenForm, newer: Base) -> None:
    row.base, row.revision, row.digest = content_to_json(newer.body.content), newer.revision, newer.digest
    row.way, row.origin_name = newer.way, newer.origin_name
    row.told_revision = max(row.told_revision, newer.revision)
    row.accepted_at, row.accepted_by, row.accepted_by_id = clock.now(), actor.label[:200], actor.id
    row.save()


def _tell_origin(base: Base) -> None:
    """Inside one installation the offering side sees who took its form and how far; nothing of the form itself."""
    if base.way != Way.HERE or base.origin_id is None:
        return
    name = get_government(current_government_id()).name
    values = {"taker_name": name, "revision": base.revision, "accepted_at": clock.now()}
    FormTaking.objects.update_or_create(
        origin_id=current_government_id(),
        offer_id=base.offer_id,
        defaults=values,
        create_defaults=values | {"offer_origin_id": base.origin_id},
    )


def _form_of(taken: TakenForm) -> Form:
    form: Form | None = taken.procedure.form
    if form is None:
        raise DomainError("この手続には、もう様式がありません。", code="no_form")
    return form


def _send(actor: Actor, row: TakenForm, newest: Base, government_id: UUID) -> None:
    title, origin = row.procedure.name, newest.origin_name
    if newest.withdrawn_at is not None:
        subject = f"{origin}が、基本様式の提供を取り下げました：{title}"
        words = f"理由：{newest.withdrawn_reason}\nこの団体の様式は、そのまま使えます。新しい版は届きません。"
    else:
        subject = f"基本様式の第{newest.revision}版が出ました：{title}"
        words = (
            f"{origin}から：{newest.body.note or '（説明はありません）'}\nくらべて、合わせるところを選んでください。"
        )
    # A sweep runs outside of any town's addresses; the bell follows paths only.
    url = urlsplit(absolute_url(get_government(government_id), "procedures-staff:taken", row.id)).path
    for person in whom_to_tell(row):
        send_notice(
            actor=actor,
            kind=NOTICE_BASE,
            to=Recipient(person_id=person.id, name=person.name),
            subject=subject[:200],
            body_text=words,
            url=url,
            idempotency_key=uuid5(row.id, f"{newest.revision}:{newest.withdrawn_at}:{person.id}"),
        )


def _record(actor: Actor, code: str, row: TakenForm, base: Base, more: Mapping[str, Any]) -> None:
    payload = {
        "origin": base.origin_code, "offer": str(base.offer_id), "revision": base.revision, "digest": base.digest,
        "way": str(base.way), **more,
    }  # fmt: skip
    record_event(actor=actor, code=code, subject_kind=SUBJECT, subject_id=row.procedure_id, payload=payload)
