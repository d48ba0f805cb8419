"""まとめての取り込みと変更: a file or a call, what became of each row, and what is needed to take it back."""

from __future__ import annotations

from typing import Any

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class BatchSource(models.TextChoices):
    """Where the rows came from."""

    SHEET = "sheet", "表のファイル"
    SELECTION = "selection", "台帳でしぼりこんだ手続"
    SURVEY = "survey", "棚卸調査"
    API = "api", "API"


class BatchState(models.TextChoices):
    """Where a batch stands."""

    DRAFT = "draft", "確認中"
    APPLIED = "applied", "反映した"
    UNDONE = "undone", "元に戻した"
    PARTLY_UNDONE = "partly", "一部を元に戻した"


class Batch(TenantModel):
    """One whole import or bulk change of the inventory: confirmed by a person (or a key), applied at once, undone as a whole.

    `layout` says how the file is read: {"sheet", "header_from", "header_rows", "mapping": {our key: place of the column},
    "fill_down"}; the content is let go of once it was applied. `counts` are rows by state; `digest` covers every row's result
    and stands in the journal.
    """

    source = models.CharField(max_length=10, choices=BatchSource.choices)
    name = models.CharField("ファイル", max_length=200)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField(default=bytes)
    layout: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=BatchState.choices, default=BatchState.DRAFT)
    counts: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, default="")
    idempotency_key = models.UUIDField(null=True)
    department_id = models.UUIDField(null=True)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField("時刻", default=clock.now)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        verbose_name = "まとめての変更"
        constraints = [
            models.UniqueConstraint(
                fields=["government_id", "idempotency_key"],
                condition=models.Q(idempotency_key__isnull=False),
                name="procedures_batch_key",
            )
        ]
        indexes = [
            tenant_index("-made_at", "-id", name="procedures_batch_latest"),
            tenant_index("sha256", name="procedures_batch_content"),
        ]

    def __str__(self) -> str:
        return self.name


class RowState(models.TextChoices):
    """What became of one row, or would become of it."""

    NEW = "new", "新しく載せる"
    CHANGE = "change", "変える"
    SAME = "same", "変わりなし"
    DUPLICATE = "duplicate", "重複"
    WRONG = "wrong", "取り込めない"
    UNDONE = "undone", "元に戻した"
    KEPT = "kept", "戻していない"

    @property
    def done_label(self) -> str:
        """What is said once the batch is applied."""
        return {RowState.NEW: "新しく載せた", RowState.CHANGE: "変えた"}.get(self, str(self.label))


class BatchRow(TenantModel):
    """One row of an applied batch. The procedure is named without a key: the report outlives what an undo deletes.

    `before` holds the values that the batch replaced (nothing for a procedure that it made), `after` the digest of the
    procedure as the batch left it: when the procedure is another one by then, the undo leaves it alone.
    """

    batch = TenantForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField("行")
    state = models.CharField(max_length=10, choices=RowState.choices)
    name = models.CharField("手続名", max_length=300, blank=True, default="")
    text = models.TextField("説明", blank=True, default="")
    procedure_id = models.UUIDField(null=True)
    before: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    after = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        verbose_name = "まとめての変更の行"
        indexes = [tenant_index("batch", "line", "id", name="procedures_batch_row_line")]

    def __str__(self) -> str:
        return f"{self.line} {self.name}"

    @property
    def done_label(self) -> str:
        """What became of it, in words."""
        return RowState(self.state).done_label


class RememberedColumn(TenantModel):
    """A header that somebody confirmed for one of our columns: it is proposed first in the next file.

    The key `header` holds whole headers, by their mark: which rows of a file are its header.
    """

    key = models.CharField(max_length=40)
    header = models.CharField(max_length=200)
    used_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "覚えた見出し"
        constraints = [
            models.UniqueConstraint(fields=["government_id", "key", "header"], name="procedures_remembered_column")
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.header}"
