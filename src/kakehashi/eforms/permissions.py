"""Who may make forms. The owner of a form (a procedure, …) may narrow this further, see ``hooks``."""

from kakehashi.kernel.permissions import Permission, define


@define
class EformsPermission(Permission):
    """Permissions of the eforms room."""

    EDIT = "eforms.form:edit", "様式を作る・直す"
    PUBLISH = "eforms.form:publish", "様式を公開する"
