"""A case, its threads, and the counter its numbers come from."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.db import models
from django.db.models import Q

from kakehashi.cases.domain.phases import FAR_AWAY, LABELS, Phase
from kakehashi.kernel import clock
from kakehashi.kernel.personal_data import holds_personal_data
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel


@holds_personal_data("cases.case", subject="source_id", kind_from="kind", section="department_id")
class Case(TenantModel):
    """One piece of work that somebody must handle (案件).

    `kind` and `source_id` name the thing itself in the room that owns it. `number` stays empty until the worker's sweep
    gives it (no counter on the hot path). `sort_on` is the due date, or far away without one: lists are read in its order.
    `waiting_on` says in words whom the case waits for, since `waiting_since`.
    """

    kind = models.CharField(max_length=60)
    source_id = models.UUIDField()
    fiscal_year = models.PositiveSmallIntegerField()
    sequence = models.PositiveIntegerField(null=True)
    number = models.CharField(max_length=20, null=True)
    subject = models.CharField(max_length=200)
    requester_name = models.CharField(max_length=100, blank=True)
    department = TenantForeignKey("people.Department", related_name="+", db_index=False, composite=False)
    handler = TenantForeignKey("people.Person", null=True, related_name="+", db_index=False)
    phase = models.CharField(max_length=10, choices=[(p.value, LABELS[p]) for p in Phase], default=Phase.NEW)
    state_label = models.CharField(max_length=40)
    waiting_on = models.CharField(max_length=60, blank=True)
    waiting_since = models.DateTimeField(null=True)
    due_on = models.DateField(null=True)
    sort_on = models.DateField(default=FAR_AWAY)
    opened_at = models.DateTimeField(default=clock.now)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "fiscal_year", "sequence"), name="case_number_once"),
            models.UniqueConstraint(fields=("government_id", "kind", "source_id"), name="case_of_source_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) ^ Q(phase=Phase.DONE.value), name="case_done_is_closed"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=("government_id", "handler", "sort_on", "id"),
                condition=Q(closed_at__isnull=True),
                name="case_open_by_handler",
            ),
            models.Index(
                fields=("government_id", "department", "sort_on", "id"),
                condition=Q(closed_at__isnull=True),
                name="case_open_by_department",
            ),
            models.Index(
                fields=("government_id", "department", "waiting_since", "id"),
                condition=Q(phase="waiting"),
                name="case_waiting_by_department",
            ),
            models.Index(
                fields=("government_id", "sort_on", "id"), condition=Q(closed_at__isnull=True), name="case_open_by_due"
            ),
            models.Index(
                fields=("government_id", "fiscal_year", "id"),
                condition=Q(sequence__isnull=True),
                name="case_without_number",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number or '（番号待ち）'} {self.subject}"

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.closed_at is None

    @property
    def due(self) -> date | None:
        """The due date while the case is open; a closed case is never late."""
        return self.due_on if self.is_open else None


class Thread(models.TextChoices):
    """Who reads a message."""

    PUBLIC = "public", "申請者に見える"
    INTERNAL = "internal", "職員だけ"


class Message(TenantModel):
    """One message in a case's public or internal thread. It is never changed after it was posted."""

    case = TenantForeignKey(Case, related_name="messages", db_index=False)
    thread = models.CharField(max_length=10, choices=Thread.choices)
    body = models.TextField()
    author_kind = models.CharField(max_length=20)
    author_id = models.UUIDField(null=True)
    author_label = models.CharField(max_length=200)
    posted_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("government_id", "case", "id"), name="message_by_case")]

    def __str__(self) -> str:
        return f"{self.author_label}: {self.body[:30]}"


class MessageFile(TenantModel):
    """A file that came with a message."""

    message = TenantForeignKey(Message, related_name="attachments", db_index=False)
    stored_file = TenantForeignKey("files.StoredFile", related_name="+", db_index=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=("government_id", "message", "id"), name="message_file_by_message")]

    def __str__(self) -> str:
        return str(self.stored_file_id)


class CaseCounter(TenantModel):
    """The last case number given in a fiscal year. Locked only by the numbering sweep, never on the hot path."""

    fiscal_year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "fiscal_year"), name="case_counter_once")
        ]

    def __str__(self) -> str:
        return f"{self.fiscal_year}: {self.last}"


class SavedFilter(TenantModel):
    """A filter of the inbox that a person keeps under a name; `query` is the address's query string."""

    person = TenantForeignKey("people.Person", related_name="+", db_index=False)
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "person", "name"), name="saved_filter_name_once")
        ]

    def __str__(self) -> str:
        return self.name
