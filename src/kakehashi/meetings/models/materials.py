"""What is read at a meeting: materials in versions, personal notes beside their pages, and the page all screens show."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.meetings.models.meetings import AgendaItem, Meeting


class Material(TenantModel):
    """A material (資料) of an agenda item. What it contains is its newest version; older ones are kept."""

    item = TenantForeignKey(AgendaItem, related_name="materials", on_delete=models.CASCADE)
    number = models.PositiveSmallIntegerField("資料番号")
    title = models.CharField("資料の名前", max_length=150)

    class Meta:
        ordering = ("number", "id")
        indexes: ClassVar = [tenant_index("item", "number", name="material_by_item")]

    def __str__(self) -> str:
        return self.title

    @property
    def newest(self) -> MaterialVersion | None:
        """What it contains now; for materials whose versions were fetched in order."""
        return next(reversed(list(self.versions.all())), None)


class MaterialVersion(TenantModel):
    """One version of a material. `frozen_at` is the distribution or, for a replacement, its own moment.

    `page_count` is 0 for a file that is only downloaded. `page_map` says for each page of the version before where it went
    (`domain.anchors.match_pages`); `reason` why it replaced that one.
    """

    material = TenantForeignKey(Material, related_name="versions", on_delete=models.CASCADE)
    number = models.PositiveSmallIntegerField(default=1)
    stored_file = TenantForeignKey("files.StoredFile", related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    page_count = models.PositiveSmallIntegerField(default=0)
    page_map = models.JSONField(default=list, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    added_by_label = models.CharField(max_length=200)
    added_at = models.DateTimeField(default=clock.now)
    frozen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("number",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "material", "number"), name="one_version_per_number"),
        ]
        indexes: ClassVar = [tenant_index("stored_file", name="version_by_file")]

    def __str__(self) -> str:
        return f"{self.name}（第{self.number}版）"


class PageText(TenantModel):
    """What stands on one page of a version: for who cannot see the picture, and to find the page again after a replacement."""

    version = TenantForeignKey(MaterialVersion, related_name="texts", on_delete=models.CASCADE)
    page = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "version", "page"), name="one_text_per_page"),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Note(TenantModel):
    """A personal note beside a page: read by its writer alone, whoever else may read the page.

    It stays where it was written; `selectors.notes` finds the page that became of its own after a replacement.
    """

    person = TenantForeignKey("people.Person", related_name="+", on_delete=models.CASCADE)
    version = TenantForeignKey(MaterialVersion, related_name="notes", on_delete=models.CASCADE)
    page = models.PositiveSmallIntegerField()
    body = models.TextField(max_length=4000)
    written_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ("id",)
        indexes: ClassVar = [tenant_index("person", "version", name="note_by_person")]

    def __str__(self) -> str:
        return str(self.page)


class Stage(TenantModel):
    """What every following screen shows: one page of one material, turned by the presenter. `revision` counts the turns."""

    meeting = TenantForeignKey(Meeting, related_name="stages", on_delete=models.CASCADE)
    material = TenantForeignKey(Material, null=True, blank=True, related_name="+", on_delete=models.SET_NULL)
    page = models.PositiveSmallIntegerField(default=1)
    presenter = TenantForeignKey("people.Person", null=True, blank=True, related_name="+")
    presenter_label = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=0)
    moved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "meeting"), name="one_stage_per_meeting"),
        ]

    def __str__(self) -> str:
        return f"{self.material_id}: {self.page}"
