"""Input shape of an announcement."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.kernel import clock
from kakehashi.notices.models import Announcement, AnnouncementKind


class AnnouncementForm(forms.ModelForm):  # type: ignore[type-arg]
    """お知らせ in three languages with its dates."""

    kind = forms.ChoiceField(
        label="種類",
        choices=AnnouncementKind.choices,
        widget=forms.RadioSelect,
        initial=AnnouncementKind.NEWS,
        help_text="緊急のお知らせは、住民のすべてのページのいちばん上に出ます。災害など、命や暮らしにかかわるときだけ使います。",
    )
    starts_at = forms.DateTimeField(
        label="のせはじめる日時", widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    )
    ends_at = forms.DateTimeField(
        label="のせおわる日時",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="空けておくと、取りやめるまで出ます。",
    )

    class Meta:
        model = Announcement
        fields = (
            "kind", "title", "body", "title_easy", "body_easy", "title_en", "body_en", "starts_at", "ends_at",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("starts_at", clock.now())

    def save(self, commit: bool = True) -> Announcement:
        """Forms never write: the service does."""
        raise NotImplementedError
