"""Rules as data: matters (決裁事項) and who decides them, from a day to a day, with the clause."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from kakehashi.approvals.models.packs import RulePack
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.people.models import Post


class Matter(TenantModel):
    """決裁事項: something that is decided, such as 補助金の交付決定.

    `class_code` is the class its decided document is filed in; `notice_title` names the notice that
    goes out (empty: nothing is issued outward by default). `batch_allowed`: the pack lets many be decided together.
    """

    code = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    group = models.CharField(max_length=60, blank=True, db_default="")
    class_code = models.CharField(max_length=20)
    notice_title = models.CharField(max_length=120, blank=True)
    batch_allowed = models.BooleanField(default=False, db_default=False)
    order = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ("order", "code")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "code"), name="matter_code_once"),
        ]

    def __str__(self) -> str:
        return self.name


class AuthorityRule(TenantModel):
    """One line of the 専決 table of a generation of the 事務決裁規程.

    A rule is never edited: a version of the pack that begins ends the rules before it and brings its own, so that the rule
    which justified a decision can be read for ever. `decider_title` empty means the head; `decider_posts` are the posts
    the title stands for (empty: the title itself). Amounts in whole yen, both inclusive; `amount_from` None: from 0.
    `departments`: names or codes whose proposals this line is for (empty: all).
    """

    matter = TenantForeignKey(Matter, related_name="rules")
    pack = TenantForeignKey(RulePack, null=True, blank=True, db_index=False, related_name="rules")
    decider_title = models.CharField(max_length=40, blank=True)
    decider_posts = ArrayField(models.CharField(max_length=60), default=list, db_default=[], blank=True)
    departments = ArrayField(models.CharField(max_length=60), default=list, db_default=[], blank=True)
    amount_from = models.BigIntegerField(null=True, blank=True)
    amount_limit = models.BigIntegerField(null=True, blank=True)
    regulation = models.CharField(max_length=120)
    clause = models.CharField(max_length=120)
    text = models.TextField(blank=True)
    deputy_barred = models.BooleanField(default=False)
    self_decision_allowed = models.BooleanField(default=False)
    proceed_with_opinion = models.BooleanField(default=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("matter__order", "amount_limit", "valid_from")
        indexes: ClassVar = [tenant_index("matter", "valid_from", name="authority_by_matter")]

    def __str__(self) -> str:
        return f"{self.regulation}{self.clause}"


class AuthorityConsult(TenantModel):
    """合議: a post that is asked besides those the rule's pack names."""

    rule = TenantForeignKey(AuthorityRule, related_name="consults")
    post = TenantForeignKey(Post, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "rule", "post"), name="consult_post_once"),
        ]

    def __str__(self) -> str:
        return str(self.post_id)
