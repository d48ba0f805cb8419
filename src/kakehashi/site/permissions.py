"""What only the whole installation can offer."""

from kakehashi.kernel.permissions import Permission, define


@define
class SitePermission(Permission):
    """Permissions of the site."""

    TAKE_HOME = "site.government:take_home", "団体のすべてのデータを持ち帰る"
    SEE_STATUS = "site.installation:view", "動作の状態を見る"
