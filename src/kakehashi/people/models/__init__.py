"""Tables of the people room."""

from kakehashi.people.models.accounts import Membership, User, UserManager
from kakehashi.people.models.organisation import Absence, Department, DeputyRule, Post, PostHolding
from kakehashi.people.models.personnel import HandoverNote, PersonnelChange, PostChange
from kakehashi.people.models.persons import Contract, Person, Resident, Role, RoleGrant
from kakehashi.people.models.reorganisations import Reorganisation, ReorganisationShare
from kakehashi.people.models.security import (
    AdministratorSession,
    CacheEntry,
    IdentityProvider,
    MailCode,
    MailCodePurpose,
    ProviderAudience,
    SecondFactorRule,
    SessionRule,
    StaffDirectory,
    StaffIdentity,
    TryCount,
)
from kakehashi.people.models.tokens import ApiAnswer, ApiToken

__all__ = [
    "Absence",
    "AdministratorSession",
    "ApiAnswer",
    "ApiToken",
    "CacheEntry",
    "Contract",
    "Department",
    "DeputyRule",
    "HandoverNote",
    "IdentityProvider",
    "MailCode",
    "MailCodePurpose",
    "Membership",
    "Person",
    "PersonnelChange",
    "Post",
    "PostChange",
    "PostHolding",
    "ProviderAudience",
    "Reorganisation",
    "ReorganisationShare",
    "Resident",
    "Role",
    "RoleGrant",
    "SecondFactorRule",
    "SessionRule",
    "StaffDirectory",
    "StaffIdentity",
    "TryCount",
    "User",
    "UserManager",
]
