"""Tables of the people room."""

from kakehashi.people.models.accounts import Membership, User, UserManager
from kakehashi.people.models.organisation import Absence, Department, DeputyRule, Post, PostHolding
from kakehashi.people.models.persons import Person, Resident, Role, RoleGrant

__all__ = [
    "Absence",
    "Department",
    "DeputyRule",
    "Membership",
    "Person",
    "Post",
    "PostHolding",
    "Resident",
    "Role",
    "RoleGrant",
    "User",
    "UserManager",
]
