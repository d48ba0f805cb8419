"""The organisation: departments as a dated tree, posts apart from persons, absences and deputies."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel
from kakehashi.people.models.persons import Person


class Department(TenantModel):
    """A department, section or unit (所属) that exists from `valid_from` to `valid_to` (inclusive, None: open).

    `symbol` is the 文書記号 of the body's table. After a reorganisation `successor` names the heir.
    """

    code = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    symbol = models.CharField(max_length=10, blank=True)
    parent = TenantForeignKey("self", null=True, blank=True, related_name="children")
    successor = TenantForeignKey("self", null=True, blank=True, related_name="predecessors")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("order", "code")
        indexes: ClassVar = [models.Index(fields=("government_id", "code"), name="department_by_code")]

    def __str__(self) -> str:
        return self.name


class Post(TenantModel):
    """A post (職) such as 総務課長. `rank`: smaller is higher (町長 10, 副町長 20, 部長 30, 課長 40, 係長 50, 係員 60).

    `is_single`: one person at a time holds it, unlike 主事. What waits for an abolished post goes to its `successor`.
    """

    department = TenantForeignKey(Department, null=True, blank=True, related_name="posts")
    name = models.CharField(max_length=60)
    rank = models.PositiveSmallIntegerField(default=60)
    is_single = models.BooleanField(default=True)
    successor = TenantForeignKey("self", null=True, blank=True, related_name="predecessors")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("rank", "name")
        indexes: ClassVar = [models.Index(fields=("government_id", "department"), name="post_by_department")]

    def __str__(self) -> str:
        return self.name


class PostHolding(TenantModel):
    """A person holds a post from a day to a day. Several at once are 兼務; one is primary."""

    person = TenantForeignKey(Person, related_name="holdings")
    post = TenantForeignKey(Post, related_name="holdings")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    is_primary = models.BooleanField(default=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=("government_id", "person"), name="holding_by_person"),
            models.Index(fields=("government_id", "post"), name="holding_by_post"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.post_id}"


class Absence(TenantModel):
    """A person cannot decide from one instant to another (不在). 代決 needs one that covers the instant."""

    person = TenantForeignKey(Person, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.CharField(max_length=100, blank=True)
    recorded_by_id = models.UUIDField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("government_id", "person", "starts_at"), name="absence_by_person")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.starts_at}–{self.ends_at}"


class DeputyRule(TenantModel):
    """Who acts for a post while its holder is absent, in this order (代決の順序)."""

    post = TenantForeignKey(Post, related_name="deputies")
    deputy_post = TenantForeignKey(Post, related_name="+")
    order = models.PositiveSmallIntegerField(default=1)
    clause = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("order",)
        indexes: ClassVar = [models.Index(fields=("government_id", "post"), name="deputy_by_post")]

    def __str__(self) -> str:
        return f"{self.post_id} ← {self.deputy_post_id}"
