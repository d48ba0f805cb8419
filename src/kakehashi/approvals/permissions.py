"""What may be done with proposals. Who may decide is not a permission: the 専決 table and the post say it."""

from kakehashi.kernel.permissions import Permission, define


@define
class ApprovalsPermission(Permission):
    """Permissions of the approvals room."""

    READ = "approvals.proposal:read", "起案・決裁を見る"
    DRAFT = "approvals.proposal:draft", "起案する"
    ACT = "approvals.proposal:act", "承認・同意・決裁をする（職にある者として）"
    ISSUE = "approvals.proposal:issue", "施行する"
    MANAGE_RULES = "approvals.rules:manage", "決裁規程を整える"
