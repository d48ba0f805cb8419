"""One meeting: its agenda, what an item is linked to, and who took part."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from kakehashi.kernel import clock
from kakehashi.kernel.tenancy import TenantForeignKey, TenantModel, tenant_index
from kakehashi.meetings.domain.states import (
    GIVEN_OUT,
    KIND_WORDS,
    PRESENCE_WORDS,
    STATE_WORDS,
    TONES,
    ItemKind,
    MeetingState,
    Presence,
)
from kakehashi.meetings.models.bodies import MeetingBody


class Openness(models.TextChoices):
    """Whether anybody may listen (傍聴・公開区分)."""

    CLOSED = "closed", "非公開"
    OPEN = "open", "公開（傍聴できる）"


class Meeting(TenantModel):
    """A meeting of a body. `number` counts within the body and fiscal year (第3回).

    `clerk` prepares it and is the only one of the secretariat who sees confidential items. From distribution on the materials
    are frozen; `state` is moved by its own verbs.
    """

    body = TenantForeignKey(MeetingBody, related_name="meetings")
    fiscal_year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField("回")
    title = models.CharField("会議の名前", max_length=120)
    starts_at = models.DateTimeField("始まる日時")
    ends_at = models.DateTimeField("終わる予定", null=True, blank=True)
    place = models.CharField("場所", max_length=100, blank=True)
    online_url = models.URLField("オンライン会議の入口", max_length=500, blank=True)
    openness = models.CharField("公開区分", max_length=8, choices=Openness.choices, default=Openness.CLOSED)
    clerk = TenantForeignKey("people.Person", related_name="+", verbose_name="事務局の担当")
    state = models.CharField(max_length=12, choices=list(STATE_WORDS.items()), default=MeetingState.PREPARING.value)
    distributed_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.CharField(max_length=300, blank=True)
    idempotency_key = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "idempotency_key"), name="one_meeting_per_key"),
            models.UniqueConstraint(
                fields=("government_id", "body", "fiscal_year", "number"), name="meeting_number_once"
            ),
        ]
        indexes: ClassVar = [tenant_index("starts_at", name="meeting_by_day")]

    def __str__(self) -> str:
        return self.title

    @property
    def state_word(self) -> str:
        """The word of the state."""
        return STATE_WORDS[self.state]

    @property
    def tone(self) -> str:
        """The tone of the state's chip."""
        return TONES[self.state]

    @property
    def is_given_out(self) -> bool:
        """Whether the materials are frozen and members read them."""
        return self.state in GIVEN_OUT

    @property
    def is_before(self) -> bool:
        """Whether it has not begun and can still be changed."""
        return self.state in {MeetingState.PREPARING, MeetingState.DISTRIBUTED}

    @property
    def is_open(self) -> bool:
        """Whether it is sitting now."""
        return self.state == MeetingState.OPEN

    @property
    def is_over(self) -> bool:
        """Whether it has closed."""
        return self.state in {MeetingState.CLOSED, MeetingState.MINUTED}


class AgendaItem(TenantModel):
    """An item of the agenda (議題). A confidential one is seen by members, its own presenter and the clerk only."""

    meeting = TenantForeignKey(Meeting, related_name="items", on_delete=models.CASCADE)
    number = models.PositiveSmallIntegerField("順番")
    title = models.CharField("議題", max_length=150)
    kind = models.CharField("種類", max_length=8, choices=list(KIND_WORDS.items()), default=ItemKind.REPORT.value)
    summary = models.TextField("要旨", max_length=2000, blank=True)
    presenter = TenantForeignKey("people.Person", null=True, blank=True, related_name="+", verbose_name="説明者")
    presenter_label = models.CharField(max_length=200, blank=True)
    minutes_planned = models.PositiveSmallIntegerField("予定の時間（分）", null=True, blank=True)
    is_confidential = models.BooleanField("構成員限り", default=False)

    class Meta:
        ordering = ("number", "id")
        indexes: ClassVar = [
            tenant_index("meeting", "number", name="item_by_meeting"),
            tenant_index("presenter", name="item_by_presenter"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def kind_word(self) -> str:
        """協議, 報告 or 決定."""
        return KIND_WORDS[self.kind]


class AgendaLink(TenantModel):
    """What an item is about in another room: a proposal, an initiative of the plan. `kind` names the hook that knows it."""

    item = TenantForeignKey(AgendaItem, related_name="links", on_delete=models.CASCADE)
    kind = models.CharField(max_length=60)
    target_id = models.UUIDField()
    label = models.CharField(max_length=200)
    linked_by_label = models.CharField(max_length=200)
    linked_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "item", "kind", "target_id"), name="one_link_per_target"),
        ]
        indexes: ClassVar = [tenant_index("kind", "target_id", name="link_by_target")]

    def __str__(self) -> str:
        return self.label


class Attendance(TenantModel):
    """A member's seat at one meeting, as the post was held when the materials went out, and how it was taken.

    A proxy (`proxy`) sits in the member's place and reads what the member would.
    """

    meeting = TenantForeignKey(Meeting, related_name="attendances", on_delete=models.CASCADE)
    post = TenantForeignKey("people.Post", related_name="+")
    person = TenantForeignKey("people.Person", null=True, blank=True, related_name="+")
    post_name = models.CharField(max_length=60)
    person_name = models.CharField(max_length=100, blank=True)
    is_chair = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)
    presence = models.CharField(max_length=10, choices=list(PRESENCE_WORDS.items()), default=Presence.EXPECTED.value)
    proxy = TenantForeignKey("people.Person", null=True, blank=True, related_name="+")
    proxy_label = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=100, blank=True)

    class Meta:
        ordering = ("order",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("government_id", "meeting", "post"), name="one_attendance_per_post"),
        ]
        indexes: ClassVar = [
            tenant_index("person", name="attendance_by_person"),
            tenant_index("proxy", name="attendance_by_proxy"),
        ]

    def __str__(self) -> str:
        return f"{self.post_name} {self.person_name}"

    @property
    def presence_word(self) -> str:
        """出席, オンライン, 代理出席, 欠席 or 未確認."""
        return PRESENCE_WORDS[self.presence]
