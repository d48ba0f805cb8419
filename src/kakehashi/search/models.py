"""The index: an own postings table, because GIN operators are not leak-proof under row-level security.

A posting row holds one term and up to 8,192 entries that contain it, as two arrays. It is found by plain equality on
(government_id, term), which PostgreSQL can evaluate below the security policy, so that no search reads a whole table. Only
the sweep writes postings; entries are numbered by it. An entry that is removed or written anew leaves its old number behind in the arrays;
such numbers meet no entry and count for nothing.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import SharedModel, TenantModel

SEGMENT = 8192


class Audience(models.TextChoices):
    """Who may find a shared text."""

    PREFECTURE = "prefecture", "県内"
    COUNTRY = "country", "全国"


class Entry(TenantModel):
    """One text that can be found in its own government. `number` is None until the sweep has indexed it.

    `department_id` limits it to one section's staff; `is_public` opens it to residents. `length` counts words.
    """

    kind = models.CharField(max_length=80)
    object_id = models.UUIDField()
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    is_public = models.BooleanField(default=False)
    department_id = models.UUIDField(null=True, blank=True)
    number = models.IntegerField(null=True, blank=True)
    length = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "検索の見出し"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "kind", "object_id"], name="search_entry_once"),
            models.UniqueConstraint(fields=["government_id", "number"], name="search_entry_number"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["government_id", "updated_at"],
                condition=models.Q(number__isnull=True),
                name="search_entry_pending",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Posting(TenantModel):
    """The entries of one segment that contain a term: `numbers[i]` with `weights[i]`."""

    term = models.CharField(max_length=80)
    segment = models.IntegerField()
    numbers = ArrayField(models.IntegerField())
    weights = ArrayField(models.SmallIntegerField())

    class Meta(TenantModel.Meta):
        verbose_name = "検索の索引"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "term", "segment"], name="search_posting_once")
        ]

    def __str__(self) -> str:
        return self.term


class SharedEntry(SharedModel):
    """A published text that other governments may find. Only its origin writes it; nobody opens the origin's scope."""

    kind = models.CharField(max_length=80)
    object_id = models.UUIDField()
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    audience = models.CharField(max_length=10, choices=Audience)
    prefecture_id = models.UUIDField(null=True, blank=True)
    number = models.IntegerField()
    length = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "共有された検索の見出し"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin_id", "kind", "object_id"], name="search_shared_entry_once"),
            models.UniqueConstraint(fields=["origin_id", "number"], name="search_shared_entry_number"),
        ]

    def __str__(self) -> str:
        return self.title


class SharedPosting(SharedModel):
    """A posting of shared texts; one row per term, origin and segment, because a row has one writer."""

    term = models.CharField(max_length=80)
    segment = models.IntegerField()
    numbers = ArrayField(models.IntegerField())
    weights = ArrayField(models.SmallIntegerField())

    class Meta:
        verbose_name = "共有された検索の索引"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["term", "origin_id", "segment"], name="search_shared_posting_once")
        ]

    def __str__(self) -> str:
        return self.term
