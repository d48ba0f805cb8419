"""Forms, their drafts, and the versions that residents answer."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.files.models import StoredFile
from kakehashi.kernel import clock
from kakehashi.kernel.row_security import insert_only
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class Form(TenantModel):
    """One form with the draft that staff work on.

    ``owner_kind`` and ``owner_id`` name the thing it belongs to (a procedure). ``revision`` counts every change of the
    draft and is what a save is compared with; ``position`` is the snapshot that the draft equals now (undo goes back).
    """

    title = models.CharField(max_length=200)
    owner_kind = models.CharField(max_length=60)
    owner_id = models.UUIDField()
    draft = models.JSONField()
    revision = models.PositiveIntegerField(default=1)
    position = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=clock.now)
    changed_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["government_id", "owner_kind", "owner_id"], name="form_by_owner")]

    def __str__(self) -> str:
        return self.title


class DraftSnapshot(TenantModel):
    """The draft as it was after one act, so that the act can be undone. ``act`` says in Japanese what was done."""

    form = TenantForeignKey(Form, on_delete=models.CASCADE, related_name="snapshots")
    position = models.PositiveIntegerField()
    definition = models.JSONField()
    act = models.CharField(max_length=200)
    made_at = models.DateTimeField(default=clock.now)
    made_by_label = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "form", "position"], name="snapshot_once_a_position")
        ]

    def __str__(self) -> str:
        return f"{self.position} {self.act}"


@insert_only
class FormVersion(TenantModel):
    """A published form. It is never changed or deleted, because answers were given to exactly these questions.

    The web's role may not UPDATE or DELETE the table; a correction is a new version. ``schema`` is the JSON Schema
    (2020-12) of the answers.
    """

    form = TenantForeignKey(Form, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    definition = models.JSONField()
    schema = models.JSONField()
    published_at = models.DateTimeField(default=clock.now)
    published_by_id = models.UUIDField(null=True)
    published_by_label = models.CharField(max_length=200)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "form", "number"], name="form_version_once_a_number")
        ]

    def __str__(self) -> str:
        return f"第{self.number}版"


class PaperState(models.TextChoices):
    """What became of a paper form that was dropped."""

    WAITING = "waiting", "順番を待っています"
    DRAFTED = "drafted", "下書きができました"
    UNREADABLE = "unreadable", "読み取れませんでした"


class PaperForm(TenantModel):
    """A paper form (.docx, .xlsx, .pdf) that staff dropped, and what was read from it.

    ``found`` says for every field key of the draft where it stands on the paper (marks), how sure the reader was and by
    which rule; ``judged`` what a person said of it: accepted, changed or dropped. ``batch_id`` holds together what was
    dropped at once.
    """

    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="paper_forms")
    form = TenantForeignKey(Form, on_delete=models.PROTECT, null=True, related_name="papers")
    name = models.CharField(max_length=200)
    title = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=PaperState.choices, default=PaperState.WAITING)
    message = models.TextField(blank=True)
    found = models.JSONField(default=dict)
    judged = models.JSONField(default=dict)
    notes = models.JSONField(default=list)
    batch_id = models.UUIDField()
    created_at = models.DateTimeField(default=clock.now)
    created_by_id = models.UUIDField(null=True)

    class Meta:
        indexes: ClassVar = [
            tenant_index("-created_at", "-id", name="paper_form_newest"),
            tenant_index("batch_id", name="paper_form_by_batch"),
        ]

    def __str__(self) -> str:
        return self.name


@insert_only
class VersionPaper(TenantModel):
    """The paper of a published version: which place of the file belongs to which field, so that answers print back.

    A row beside the version, not a column in it: accepting an application never loads it.
    """

    version = TenantForeignKey(FormVersion, on_delete=models.PROTECT, related_name="paper_rows")
    file = TenantForeignKey(StoredFile, on_delete=models.PROTECT, related_name="version_papers")
    found = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "version"], name="one_paper_a_version")
        ]

    def __str__(self) -> str:
        return str(self.version_id)


class BankBranch(TenantModel):
    """A branch of a bank, from the list the town loaded itself: none comes with the program."""

    bank_code = models.CharField(max_length=4)
    bank_name = models.CharField(max_length=60)
    branch_code = models.CharField(max_length=3)
    branch_name = models.CharField(max_length=60)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "bank_code", "branch_code"], name="bank_branch_once")
        ]

    def __str__(self) -> str:
        return f"{self.bank_name} {self.branch_name}"
