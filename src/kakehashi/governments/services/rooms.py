"""Switching rooms on and off: a small start is a feature."""

from __future__ import annotations

from kakehashi.governments.hooks import tell_switched_on
from kakehashi.governments.models import RoomSwitch
from kakehashi.governments.permissions import GovernmentsPermission
from kakehashi.governments.selectors import forget_tenants, switchable_rooms
from kakehashi.journal.services import record_event
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.permissions import require
from kakehashi.kernel.services import service
from kakehashi.kernel.tenancy import current_government_id


@service
def switch_room(*, actor: Actor, room: str, is_on: bool) -> RoomSwitch:
    """Switch a room of the actor's government on or off, and write `governments.room.switched`.

    Switching to the present state does nothing and writes nothing. A room that is off keeps its rows; its pages answer 404.
    Raises PermissionRefused, and DomainError for a room without a switch.
    """
    require(actor, GovernmentsPermission.SWITCH_ROOM)
    if room not in switchable_rooms():
        raise DomainError("この機能は切り替えられません。", field="room", code="no_switch")
    government_id = current_government_id()
    switch, _ = RoomSwitch.objects.select_for_update().get_or_create(government_id=government_id, room=room)
    if switch.is_on == is_on:
        return switch
    switch.is_on = is_on
    switch.save(update_fields=["is_on"])
    record_event(
        actor=actor,
        code="governments.room.switched",
        subject_kind="governments.government",
        subject_id=government_id,
        payload={"room": room, "is_on": is_on},
    )
    forget_tenants()
    if is_on:
        tell_switched_on(government_id, room)
    return switch
