"""The index: an own postings table, because GIN operators are not leak-proof under row-level security.

A posting row holds one term and the entries of one segment that contain it, packed (see `domain.postings`). It is found by
plain equality on (government_id, term), which PostgreSQL can evaluate below the security policy, so that no search reads a
whole table. A segment row holds what must be known of every entry before ranking: its kind, who may see it, how long it is.
Only the sweep writes both; entries are numbered by it, 8,192 to a segment. An entry that is removed or written anew leaves a
Retirement behind; the sweep marks its place dead, and compaction drops dead places from the postings.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.tenancy import SharedModel, TenantModel


class Audience(models.TextChoices):
    """Who may find a shared text."""

    PREFECTURE = "prefecture", "県内"
    COUNTRY = "country", "全国"


class Entry(TenantModel):
    """One text that can be found in its own government. `number` is None until the sweep has indexed it.

    `department_id` limits it to one section's staff; `is_public` opens it to residents.
    """

    kind = models.CharField(max_length=80)
    object_id = models.UUIDField()
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    is_public = models.BooleanField(default=False)
    department_id = models.UUIDField(null=True, blank=True)
    number = models.IntegerField(null=True, blank=True)
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
    """The entries of one segment that contain a term, as packed records."""

    term = models.CharField(max_length=80)
    segment = models.IntegerField()
    data = models.BinaryField()

    class Meta(TenantModel.Meta):
        verbose_name = "検索の索引"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "term", "segment"], name="search_posting_once")
        ]

    def __str__(self) -> str:
        return self.term


class Segment(TenantModel):
    """What is known of the entries numbered `segment × 8192` and following, as packed records.

    The codes in `data` count into `kinds` and, from 1, into `departments`. `version` changes with every writing.
    """

    segment = models.IntegerField()
    kinds = ArrayField(models.CharField(max_length=80), default=list)
    departments = ArrayField(models.UUIDField(), default=list)
    data = models.BinaryField()
    dead = models.IntegerField(default=0)
    version = models.UUIDField(default=uuid7)

    class Meta(TenantModel.Meta):
        verbose_name = "検索の区画"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "segment"], name="search_segment_once")
        ]

    def __str__(self) -> str:
        return str(self.segment)


class VectorBlock(TenantModel):
    """Vectors of a segment's first `count` places, made by `model`: `size` half-precision numbers each, NaN for none.

    Rows exist only where the operator has connected a model.
    """

    segment = models.IntegerField()
    model = models.CharField(max_length=200, blank=True)
    size = models.IntegerField(default=0)
    count = models.IntegerField(default=0)
    data = models.BinaryField()
    version = models.UUIDField(default=uuid7)

    class Meta(TenantModel.Meta):
        verbose_name = "検索のベクトル"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "segment"], name="search_vector_block_once")
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.segment}"


class Retirement(TenantModel):
    """A number whose entry was removed or written anew. Rows are only added, so that no request waits for another."""

    number = models.IntegerField()

    class Meta(TenantModel.Meta):
        verbose_name = "検索から外れた番号"

    def __str__(self) -> str:
        return str(self.number)


class SharedEntry(SharedModel):
    """A published text that other governments may find. Only its origin writes it; nobody opens the origin's scope."""

    kind = models.CharField(max_length=80)
    object_id = models.UUIDField()
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    audience = models.CharField(max_length=10, choices=Audience)
    prefecture_id = models.UUIDField(null=True, blank=True)
    number = models.IntegerField(null=True, blank=True)
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
    data = models.BinaryField()

    class Meta:
        verbose_name = "共有された検索の索引"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["term", "origin_id", "segment"], name="search_shared_posting_once")
        ]

    def __str__(self) -> str:
        return self.term


class SharedSegment(SharedModel):
    """A segment of shared texts. Public places are for the whole country; the group of the others is the prefecture."""

    segment = models.IntegerField()
    kinds = ArrayField(models.CharField(max_length=80), default=list)
    prefectures = ArrayField(models.UUIDField(), default=list)
    data = models.BinaryField()
    dead = models.IntegerField(default=0)
    version = models.UUIDField(default=uuid7)

    class Meta:
        verbose_name = "共有された検索の区画"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["origin_id", "segment"], name="search_shared_segment_once")
        ]

    def __str__(self) -> str:
        return str(self.segment)


class SynonymGroup(TenantModel):
    """Words that a government wants found for each other, beside the built-in thesaurus.

    `same`: each of `words` finds the others. `one_way`: asking for one of `words` also finds `finds`. `off`: the built-in
    thesaurus no longer takes the `words` for the same. `note` says why.
    """

    class Kind(models.TextChoices):
        SAME = "same", "同じ意味"
        ONE_WAY = "one_way", "片方向"
        OFF = "off", "同じとみなさない"

    kind = models.CharField(max_length=10, choices=Kind, default=Kind.SAME)
    words = ArrayField(models.CharField(max_length=60))
    finds = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    note = models.CharField(max_length=200, blank=True)
    is_on = models.BooleanField(default=True)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta(TenantModel.Meta):
        verbose_name = "同義語"

    def __str__(self) -> str:
        return "、".join(self.words)
