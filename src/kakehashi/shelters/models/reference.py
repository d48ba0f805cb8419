"""The national list of designated places, as 国土地理院 publishes it: a reference that every town may read and none changes."""

from __future__ import annotations

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import GlobalModel


class ReferenceKind(models.TextChoices):
    """Which of the two lists."""

    SITE = "site", "指定緊急避難場所"
    SHELTER = "shelter", "指定避難所"


class ReferenceEdition(GlobalModel):
    """One import of a national list; the rows of the newest one are kept, those of earlier ones are replaced."""

    kind = models.CharField(max_length=10, choices=ReferenceKind.choices)
    file_name = models.CharField(max_length=200)
    row_count = models.PositiveIntegerField()
    fault_count = models.PositiveIntegerField(default=0)
    digest = models.CharField(max_length=64)
    imported_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("-imported_at",)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.file_name}"


class ReferenceSite(GlobalModel):
    """A row of a national list. `hazards` has a bit for each of `domain.hazards.HAZARDS`, the first the lowest."""

    kind = models.CharField(max_length=10, choices=ReferenceKind.choices)
    common_id = models.CharField("共通ID", max_length=20)
    code = models.CharField("団体コード", max_length=6)
    name = models.CharField("施設・場所名", max_length=300)
    address = models.CharField("住所", max_length=400)
    hazards = models.PositiveSmallIntegerField(default=0)
    is_both = models.BooleanField("もう一方の一覧と住所同一", default=False)
    accepts = models.CharField("受入対象者", max_length=1000, blank=True)
    needs = models.CharField("その他市町村長が必要と認める事項", max_length=1000, blank=True)
    note = models.CharField("備考", max_length=2000, blank=True)
    latitude = models.FloatField("緯度")
    longitude = models.FloatField("経度")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("kind", "common_id"), name="one_reference_site_per_id"),)
        indexes = (models.Index(fields=("code", "kind"), name="reference_site_by_code"),)

    def __str__(self) -> str:
        return self.name
