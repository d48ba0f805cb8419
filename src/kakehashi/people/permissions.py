"""Who may change the organisation."""

from kakehashi.kernel.actor import Actor, ActorKind
from kakehashi.kernel.errors import PermissionRefused
from kakehashi.kernel.permissions import Permission, define


@define
class PeoplePermission(Permission):
    """Permissions of the people room."""

    READ = "people.organisation:read", "組織と職員を見る"
    EDIT = "people.organisation:edit", "組織・職・職員を変更する"
    RECORD_ABSENCE = "people.absence:record", "ほかの職員の不在を登録する"
    GRANT_ROLE = "people.role:grant", "役割を付け外しする"
    TRANSFER = "people.personnel:transfer", "人事異動を取り込む"
    REORGANISE = "people.reorganisation:plan", "改組を試算し、適用する"
    ADMINISTER = "people.administration:open", "管理者の操作を始める"
    SECURE = "people.security:edit", "サインインの方法を変更する"


def has_power(actor: Actor) -> bool:
    """Whether the actor acts in an open administrator session, or is the program itself."""
    return actor.kind in {ActorKind.ADMINISTRATOR, ActorKind.SYSTEM}


def require_power(actor: Actor) -> None:
    """Raise `PermissionRefused` unless administrator power is open."""
    if not has_power(actor):
        raise PermissionRefused(PeoplePermission.ADMINISTER)
