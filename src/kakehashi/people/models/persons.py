"""Staff members, residents, roles and who holds them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kakehashi.kernel.personal_data import holds_personal_data
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class Person(TenantModel):
    """A member of staff of one government. `user_id` is the account they sign in with.

    From `left_on` (退職日の翌日) on the account opens nothing here any more.
    """

    user_id = models.UUIDField(null=True, blank=True)
    staff_number = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=100)
    kana = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    left_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "user_id"), name="one_person_per_user"),
        ]
        indexes: ClassVar = [tenant_index("staff_number", name="person_by_number")]

    def __str__(self) -> str:
        return self.name


class Role(TenantModel):
    """A bundle of permissions under a name the government chose."""

    code = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    permissions = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "code"), name="role_code_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Contract(TenantModel):
    """A contract with a company whose people work in the system. Roles given under it end with it."""

    name = models.CharField(max_length=100)
    company = models.CharField(max_length=100)
    valid_from = models.DateField()
    valid_to = models.DateField()

    def __str__(self) -> str:
        return f"{self.company} {self.name}"


class RoleGrant(TenantModel):
    """A person holds a role from a day to a day (open end: None).

    Under a contract it ends with the contract at the latest; with a department it holds only while the person has a post there.
    """

    person = TenantForeignKey(Person, related_name="role_grants")
    role = TenantForeignKey(Role, related_name="grants")
    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+")
    contract = TenantForeignKey(Contract, null=True, blank=True, related_name="grants")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("government_id", "person"), name="grant_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role_id}"


@holds_personal_data("people.resident")
class Resident(TenantModel):
    """A resident or business that confirmed an address or signed in through an outside identity."""

    email = models.EmailField(blank=True)
    name = models.CharField(max_length=100, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    identity_issuer = models.CharField(max_length=200, blank=True)
    identity_subject = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=("government_id", "email"), name="resident_by_email"),
            tenant_index("identity_issuer", "identity_subject", name="resident_by_identity"),
        ]

    def __str__(self) -> str:
        return self.name or self.email
