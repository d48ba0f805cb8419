"""対象外の定義: the town's written rules for what stays off line."""

from __future__ import annotations

from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.procedures.models import ExclusionRule
from kakehashi.procedures.permissions import ProceduresPermission

__all__ = ["close_exclusion_rule", "write_exclusion_rule"]


@service
def write_exclusion_rule(
    *, actor: Actor, code: str, title: str, text: str, rule: ExclusionRule | None = None
) -> ExclusionRule:
    """Write a rule, or rewrite one. Raises DomainError for an empty text or a code that is taken."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    code, title, text = code.strip(), title.strip(), text.strip()
    for field, value in (("code", code), ("title", title), ("text", text)):
        if not value:
            raise DomainError("記号、名前、文のすべてを入力してください。", field=field)
    rule = rule or ExclusionRule()
    if ExclusionRule.objects.filter(code=code).exclude(id=rule.id).exists():
        raise DomainError(f"記号「{code}」は、もう使われています。", field="code")
    rule.code, rule.title, rule.text, rule.closed_at = code[:20], title[:100], text, None
    rule.save()
    _record(actor, "procedures.exclusion_rule.written", rule)
    return rule


@service
def close_exclusion_rule(*, actor: Actor, rule: ExclusionRule) -> ExclusionRule:
    """Offer the rule no more; what was excluded by it stays excluded."""
    require(actor, ProceduresPermission.EDIT_INVENTORY)
    if rule.closed_at is None:
        rule.closed_at = clock.now()
        rule.save()
        _record(actor, "procedures.exclusion_rule.closed", rule)
    return rule


def _record(actor: Actor, code: str, rule: ExclusionRule) -> None:
    record_event(
        actor=actor,
        code=code,
        subject_kind="procedures.exclusion_rule",
        subject_id=rule.id,
        payload={"code": rule.code, "title": rule.title, "text": rule.text},
    )
