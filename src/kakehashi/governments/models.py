"""Local governments (地方公共団体) and which rooms each has switched on."""

from __future__ import annotations

from django.db import models

from kakehashi.kernel.tenancy import GlobalModel


class GovernmentKind(models.TextChoices):
    """What a local government is under the Local Autonomy Act (地方自治法)."""

    PREFECTURE = "prefecture", "都道府県"
    DESIGNATED_CITY = "designated_city", "政令指定都市"
    CITY = "city", "市"
    SPECIAL_WARD = "special_ward", "特別区"
    TOWN = "town", "町"
    VILLAGE = "village", "村"
    WARD = "ward", "行政区"


class Government(GlobalModel):
    """A prefecture, municipality or ward. Those with `is_tenant` are served by this installation.

    `code` is the six-digit 全国地方公共団体コード with its check digit. `slug` is the first part of its
    addresses (`/<slug>/…`); `host` serves it at a host name of its own.
    """

    code = models.CharField(max_length=6, unique=True)
    name = models.CharField(max_length=60)
    kana = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=20, choices=GovernmentKind.choices)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    population = models.PositiveIntegerField(null=True, blank=True)
    slug = models.SlugField(max_length=40, unique=True, null=True, blank=True)
    host = models.CharField(max_length=200, unique=True, null=True, blank=True)
    is_tenant = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.name


class RoomSwitch(GlobalModel):
    """Whether a government uses a room. A room without a switch is off."""

    government = models.ForeignKey(Government, on_delete=models.CASCADE, related_name="room_switches")
    room = models.CharField(max_length=30)
    is_on = models.BooleanField(default=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("government", "room"), name="one_switch_per_room"),)

    def __str__(self) -> str:
        return f"{self.room}: {self.is_on}"
