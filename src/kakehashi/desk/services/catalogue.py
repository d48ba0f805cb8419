"""The catalogue of tools, who knows them, and what each supporter can do."""

from __future__ import annotations

from collections.abc import Collection

from kakehashi.desk.domain.themes import LEVELS, Theme
from kakehashi.desk.models import SupporterSkill, Tool, ToolKnower, Zone
from kakehashi.desk.permissions import DeskPermission
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.people.models import Person

SUBJECT = "desk.tool"


@service
def write_tool(
    *,
    actor: Actor,
    name: str,
    use: str,
    is_owned: bool,
    cost: str = "",
    zones: Collection[str] = (),
    note: str = "",
    tool: Tool | None = None,
) -> Tool:
    """Write a tool into the catalogue, or change `tool`. Raises DomainError without name or use, or for a name twice."""
    require(actor, DeskPermission.SUPPORT)
    for field, value, message in (
        ("name", name, "道具の名前を書いてください。"),
        ("use", use, "何ができるかを書いてください。"),
    ):
        if not value.strip():
            raise DomainError(message, field=field, code="required")
    same = Tool.objects.filter(name=name.strip())
    if (same.exclude(id=tool.id) if tool is not None else same).exists():
        raise DomainError("この名前の道具はもう一覧にあります。", field="name", code="twice")
    kept = tool or Tool()
    kept.name, kept.use, kept.is_owned, kept.cost = name.strip()[:100], use.strip()[:300], is_owned, cost.strip()[:200]
    kept.zones = [zone for zone in Zone.values if zone and zone in zones]
    kept.note = note.strip()[:1000]
    kept.save()
    _record(actor, kept, "desk.tool.written")
    return kept


@service
def retire_tool(*, actor: Actor, tool: Tool) -> Tool:
    """Say that a tool is not used any more; what was decided with it stays as it was."""
    require(actor, DeskPermission.SUPPORT)
    tool.retired_on = clock.today()
    tool.save(update_fields=["retired_on"])
    _record(actor, tool, "desk.tool.retired")
    return tool


@service
def know_tool(*, actor: Actor, tool: Tool, person: Person, level: int) -> None:
    """Say who knows a tool and how well (1 to 3; 0 takes it back). Everybody may say it of themselves, the desk of all."""
    require(actor, DeskPermission.READ)
    if person.id != actor.id:
        require(actor, DeskPermission.SUPPORT)
    if level == 0:
        ToolKnower.objects.filter(tool=tool, person=person).delete()
        return
    if level not in LEVELS:
        raise DomainError("どのくらい詳しいかを選んでください。", field="level", code="required")
    ToolKnower.objects.update_or_create(tool=tool, person=person, defaults={"level": level})


@service
def set_skill(*, actor: Actor, person: Person, theme: str, level: int) -> None:
    """Say what somebody can do in a theme (1 to 3; 0 takes it back). Everybody may say it of themselves, the desk of all."""
    require(actor, DeskPermission.READ)
    if person.id != actor.id:
        require(actor, DeskPermission.SUPPORT)
    if theme not in set(Theme):
        raise DomainError("テーマを選んでください。", field="theme", code="required")
    if level == 0:
        SupporterSkill.objects.filter(person=person, theme=theme).delete()
        return
    if level not in LEVELS:
        raise DomainError("どのくらいできるかを選んでください。", field="level", code="required")
    SupporterSkill.objects.update_or_create(person=person, theme=theme, defaults={"level": level})


def _record(actor: Actor, tool: Tool, code: str) -> None:
    record_event(actor=actor, code=code, subject_kind=SUBJECT, subject_id=tool.id, payload={"name": tool.name})
