"""Wishes and ideas of staff: lighter than a consultation, answered by the manager."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.desk.models.consultations import Consultation
from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index


class WishKind(models.TextChoices):
    """What somebody brings."""

    WISH = "wish", "要望"
    IDEA = "idea", "アイデア"


class WishState(models.TextChoices):
    """What has become of it."""

    NEW = "new", "まだ読まれていない"
    SEEN = "seen", "上司が読んだ"
    ADOPTED = "adopted", "採り入れる"
    LATER = "later", "時期を見る"
    NOT_NOW = "not_now", "見送る"
    CONSULTATION = "consultation", "相談にした"


OPEN_WISHES = (WishState.NEW, WishState.SEEN)
ANSWERS = (WishState.ADOPTED, WishState.LATER, WishState.NOT_NOW)


class WishCircle(models.TextChoices):
    """Who may read a wish besides its writer and the manager whose turn it is."""

    DEPARTMENT = "department", "自分の課"
    GOVERNMENT = "government", "庁内のみんな"


class Wish(TenantModel):
    """One wish or idea in two lines (要望・アイデア). The manager whose turn it is (`manager`) answers or passes it up.

    `due_since` is when it came to that manager: the clock of the reminder.
    """

    kind = models.CharField("種類", max_length=5, choices=WishKind, default=WishKind.WISH)
    title = models.CharField("ひとことで", max_length=100)
    body = models.TextField("くわしく", blank=True)
    circle = models.CharField("読める人", max_length=10, choices=WishCircle, default=WishCircle.GOVERNMENT)
    written_by = TenantForeignKey("people.Person", related_name="+")
    department = TenantForeignKey("people.Department", null=True, blank=True, related_name="+")
    manager = TenantForeignKey("people.Person", null=True, blank=True, related_name="+")
    manager_post = TenantForeignKey("people.Post", null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=WishState, default=WishState.NEW)
    answer = models.TextField("返事", blank=True)
    answered_by = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    consultation = TenantForeignKey(Consultation, null=True, blank=True, related_name="wishes")
    created_at = models.DateTimeField(default=clock.now)
    due_since = models.DateTimeField(default=clock.now)
    reminded_at = models.DateTimeField(null=True, blank=True)

    class Meta(TenantModel.Meta):
        verbose_name = "要望・アイデア"
        indexes: ClassVar = [
            tenant_index("-created_at", "-id", name="desk_wish_latest"),
            tenant_index("manager", "state", name="desk_wish_manager"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        """Whether an answer is awaited."""
        return self.state in OPEN_WISHES


class WishSupport(TenantModel):
    """「わたしも」: one more person who has the same wish."""

    wish = TenantForeignKey(Wish, on_delete=models.CASCADE, related_name="supports")
    person = TenantForeignKey("people.Person", related_name="+")

    class Meta(TenantModel.Meta):
        verbose_name = "わたしも"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["government_id", "wish", "person"], name="desk_wish_support_once")
        ]

    def __str__(self) -> str:
        return str(self.wish)
