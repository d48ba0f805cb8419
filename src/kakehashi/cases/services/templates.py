"""文例: write a text once, for residents in three languages; its placeholders are checked when it is written."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import IntegrityError, transaction

from kakehashi.cases import hooks
from kakehashi.cases.domain.placeholders import PLACEHOLDERS, fill, unknown_placeholders
from kakehashi.cases.models import Case, MessageTemplate, Purpose, TemplateText
from kakehashi.cases.permissions import CasePermission
from kakehashi.governments.selectors import get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.wareki import format_wareki
from kakehashi.people.models import Department

TEMPLATE = "cases.template"
LONGEST = 3000


@service
def write_template(
    *,
    actor: Actor,
    name: str,
    purpose: str,
    department: Department | None,
    texts: Mapping[str, str],
    template: MessageTemplate | None = None,
) -> MessageTemplate:
    """Write a template of a section (None: of the whole government) with its texts by language; Japanese is needed.

    Raises `DomainError` beside `name` or the language (`ja`, `ja_easy`, `en`) for a placeholder that means nothing.
    """
    require(actor, CasePermission.HANDLE)
    word = name.strip()[:40]
    if not word:
        raise DomainError("文例の名前を書いてください。", field="name", code="required")
    kept = {language: _checked(language, texts.get(language, "")) for language, _ in TemplateText.LANGUAGES}
    if not kept["ja"]:
        raise DomainError("日本語の文を書いてください。", field="ja", code="required")
    row = template or MessageTemplate(department=department)
    row.name, row.purpose, row.retired_at, row.changed_at = word, Purpose(purpose).value, None, clock.now()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise DomainError(f"「{word}」という文例がもうあります。", field="name") from None
    TemplateText.objects.filter(template=row).delete()
    TemplateText.objects.bulk_create(
        [TemplateText(template=row, language=language, body=body) for language, body in kept.items() if body]
    )
    payload = {"name": word, "purpose": row.purpose, "languages": [key for key, body in kept.items() if body]}
    record_event(actor=actor, code="cases.template.written", subject_kind=TEMPLATE, subject_id=row.id, payload=payload)
    return row


@service
def retire_template(*, actor: Actor, template: MessageTemplate) -> None:
    """Offer it no more. Its name is free again."""
    require(actor, CasePermission.HANDLE)
    name = template.name
    template.retired_at = clock.now()
    template.name = f"{template.name[:30]} {template.id.hex[-8:]}"
    template.save(update_fields=["retired_at", "name"])
    record_event(
        actor=actor,
        code="cases.template.retired",
        subject_kind=TEMPLATE,
        subject_id=template.id,
        payload={"name": name},
    )


def _checked(language: str, body: str) -> str:
    text = body.replace("\x00", "").replace("\r\n", "\n").strip()
    field = language.replace("-", "_")
    if len(text) > LONGEST:
        raise DomainError(f"{LONGEST:,}文字までで書いてください。", field=field)
    if wrong := unknown_placeholders(text):
        known = "、".join(f"{{{each}}}" for each in PLACEHOLDERS)
        raise DomainError(f"差し込めない言葉があります：{'、'.join(wrong)}。使えるのは{known}です。", field=field)
    return text


def text_for(template: MessageTemplate, case: Case) -> str:
    """The template's text for a case, in the language of whoever applied (Japanese where theirs is not written), filled in."""
    kind = hooks.case_kind(case.kind)
    language = kind.language(case) if kind.language else "ja"
    texts: dict[str, TemplateText] = {each.language: each for each in template.texts.all()}
    chosen = texts.get(language) or texts.get("ja")
    if chosen is None:
        return ""
    return fill(chosen.body, {**_plain_values(case), **(kind.placeholders(case) if kind.placeholders else {})})


def _plain_values(case: Case) -> dict[str, str]:
    return {
        "申請者名": case.requester_name,
        "件名": case.subject,
        "案件番号": case.number or "",
        "期限": format_wareki(case.due_on) if case.due_on else "",
        "担当課": case.department.name,
        "担当者": case.handler.name if case.handler else "",
        "団体名": get_government(case.government_id).name,
    }
