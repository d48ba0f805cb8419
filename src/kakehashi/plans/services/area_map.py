"""Bring a map of the prefecture's municipalities."""

from __future__ import annotations

from kakehashi.governments.models import GovernmentKind
from kakehashi.governments.selectors import get_government
from kakehashi.journal.services import record_event
from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.plans.domain.area_map import UnreadableMap, read_shapes
from kakehashi.plans.models import AreaMap
from kakehashi.plans.permissions import PlansPermission


@service
def import_area_map(*, actor: Actor, name: str, content: bytes) -> AreaMap:
    """Take the shapes of this prefecture's municipalities out of a TopoJSON file; a former map is replaced. Writes `plans.area_map.imported`.

    Raises DomainError beside the file for what is no such map, and where the open scope is no prefecture's; PermissionRefused.
    """
    require(actor, PlansPermission.AREA)
    here = get_government(current_government_id())
    if here.kind != GovernmentKind.PREFECTURE:
        raise DomainError("地図は県だけが取り込めます。")
    try:
        found = read_shapes(content, here.code[:2])
    except UnreadableMap as problem:
        raise DomainError(str(problem), field="file", code="unreadable") from problem
    made, _ = AreaMap.objects.update_or_create(
        defaults={
            "file_name": name[:200],
            "width": found.width,
            "height": found.height,
            "shapes": [{"code": one.code, "name": one.name, "path": one.path} for one in found.shapes],
            "points": found.points,
            "imported_by": actor.label[:200],
            "imported_at": clock.now(),
        }
    )
    record_event(
        actor=actor, code="plans.area_map.imported", subject_kind="plans.area_map", subject_id=made.id,
        payload={"file": name[:200], "shapes": len(found.shapes)},
    )  # fmt: skip
    return made
