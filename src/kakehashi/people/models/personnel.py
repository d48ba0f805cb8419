"""Tables of personnel change: the uploaded order, handover notes, contracts."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.people.models.organisation import Post
from kakehashi.people.models.persons import Person


class PersonnelChange(TenantModel):
    """An order of personnel change (人事異動) as it was uploaded; the plan is drawn from it anew each time it is looked at."""

    title = models.CharField(max_length=100)
    effective_on = models.DateField()
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    uploaded_by = TenantForeignKey(Person, null=True, blank=True, related_name="+")
    uploaded_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [tenant_index("effective_on", name="personnel_change_by_day")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether it can still be applied or discarded."""
        return self.applied_at is None and self.discarded_at is None


class PostChange(TenantModel):
    """One post whose holder an applied change replaced: the list of handover packs of that change."""

    change = TenantForeignKey(PersonnelChange, related_name="post_changes")
    post = TenantForeignKey(Post, related_name="+")
    from_person = TenantForeignKey(Person, null=True, blank=True, related_name="+")
    to_person = TenantForeignKey(Person, null=True, blank=True, related_name="+")

    class Meta:
        indexes: ClassVar = [tenant_index("change", name="post_change_by_change")]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.from_person_id} → {self.to_person_id}"


class HandoverNote(TenantModel):
    """What the holder of a post tells the next one (引継事項). One per post, revised; `revision` guards against overwriting."""

    post = TenantForeignKey(Post, related_name="handover_notes")
    body = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    written_by = TenantForeignKey(Person, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("government_id", "post"), name="one_note_per_post")]

    def __str__(self) -> str:
        return f"{self.post_id}: {self.revision}"
