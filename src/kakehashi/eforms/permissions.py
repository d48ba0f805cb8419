"""Who may make forms. The owner of a form (a procedure, …) may narrow this further, see ``hooks``."""

from typing import Any

from kakehashi.kernel.actor import Actor
from kakehashi.kernel.permissions import Permission, define
from kakehashi.kernel.tenancy import current_government_id


@define
class EformsPermission(Permission):
    """Permissions of the eforms room."""

    EDIT = "eforms.form:edit", "様式を作る・直す"
    PUBLISH = "eforms.form:publish", "様式を公開する"


def may_read_paper(actor: Actor, stored_file: Any) -> bool:
    """Whoever makes forms may open the papers they are made from."""
    return actor.can(EformsPermission.EDIT, current_government_id())
