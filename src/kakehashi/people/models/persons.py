"""Staff members, residents, roles and who holds them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel


class Person(TenantModel):
    """A member of staff of one government. `user_id` is the account they sign in with."""

    user_id = models.UUIDField(null=True, blank=True)
    staff_number = models.CharField(max_length=30, blank=True)
    name = models.CharField(max_length=100)
    kana = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "user_id"), name="one_person_per_user"),
        ]

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


class RoleGrant(TenantModel):
    """A person holds a role from a day to a day (open end: None)."""

    person = TenantForeignKey(Person, related_name="role_grants")
    role = TenantForeignKey(Role, related_name="grants")
    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("government_id", "person"), name="grant_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.role_id}"


class Resident(TenantModel):
    """A resident or business that confirmed an address or signed in through an outside identity."""

    email = models.EmailField()
    name = models.CharField(max_length=100, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    identity_issuer = models.CharField(max_length=200, blank=True)
    identity_subject = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("government_id", "email"), name="resident_by_email")]

    def __str__(self) -> str:
        return self.name or self.email
