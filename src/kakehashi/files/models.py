"""The row of a stored file; its bytes are in the content store."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class ScanState(models.TextChoices):
    """What the virus scanner said."""

    UNSCANNED = "unscanned", "検査していない"
    WAITING = "waiting", "検査待ち"
    CLEAN = "clean", "問題なし"
    INFECTED = "infected", "ウイルスあり"


class StoredFile(TenantModel):
    """One file that somebody gave: its name and purpose; ``sha256`` names the content, which several rows may share.

    ``key_id`` is the key its content is sealed with (empty: it is not); then ``name`` says nothing and ``sha256`` is that of what
    was sealed. ``size`` is in bytes, of what somebody gave. ``media_type`` is what the content is, whatever its name says.
    """

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    purpose = models.CharField(max_length=60)
    key_id = models.CharField(max_length=60, blank=True, default="", db_default="")
    scan_state = models.CharField(max_length=12, choices=ScanState.choices, default=ScanState.UNSCANNED)
    stored_by_kind = models.CharField(max_length=20)
    stored_by_id = models.UUIDField(null=True)
    stored_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [
            tenant_index("sha256", name="stored_file_by_content"),
            tenant_index("scan_state", name="stored_file_by_scan"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_leave(self) -> bool:
        """Whether the content may be handed out as far as the scanner is concerned."""
        return self.scan_state in {ScanState.CLEAN, ScanState.UNSCANNED}


class Upload(TenantModel):
    """A file on its way in, part by part. ``size`` is what was announced, ``parts`` how many are here (all but the last are full).

    ``stored_file`` is what it became. Forgotten after a day, finished or not.
    """

    purpose = models.CharField(max_length=60)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    parts = models.PositiveIntegerField(default=0)
    stored_file = TenantForeignKey("files.StoredFile", null=True, on_delete=models.CASCADE, related_name="+")
    begun_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [tenant_index("begun_at", name="upload_by_age")]

    def __str__(self) -> str:
        return self.name
