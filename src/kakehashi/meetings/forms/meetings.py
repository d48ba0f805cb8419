"""What is asked of a meeting and of an item."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.kernel import clock
from kakehashi.meetings.domain.states import KIND_WORDS, ItemKind
from kakehashi.meetings.forms.fields import ClockField, DayField, PersonField, moment, staff_choices
from kakehashi.meetings.models import AgendaItem, Meeting, MeetingBody
from kakehashi.meetings.models.meetings import Openness


class MeetingForm(forms.Form):
    """Day, place, link and clerk of a meeting."""

    title = forms.CharField(
        label="会議の名前", max_length=120, required=False, help_text="空けておくと「第3回庁議」のようになります。"
    )
    day = DayField(label="日")
    begins = ClockField(label="始まる時刻")
    ends = ClockField(label="終わる時刻", required=False)
    place = forms.CharField(label="場所", max_length=100, required=False)
    online_url = forms.URLField(
        label="オンライン会議の入口",
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text="https:// で始まるアドレス",
    )
    openness = forms.ChoiceField(label="公開区分", choices=Openness.choices, initial=Openness.CLOSED)
    clerk = PersonField(label="事務局の担当", queryset=None, required=False)

    def __init__(self, *args: Any, body: MeetingBody, meeting: Meeting | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["clerk"].queryset = staff_choices(department=body.secretariat)
        self.initial.setdefault("place", body.place)
        if meeting is not None:
            start = meeting.starts_at.astimezone(clock.JST)
            end = meeting.ends_at.astimezone(clock.JST) if meeting.ends_at else None
            self.initial = dict(self.initial) | {
                "title": meeting.title, "day": start.date().isoformat(), "begins": start.time(), "ends": end and end.time(),
                "place": meeting.place, "online_url": meeting.online_url, "openness": meeting.openness, "clerk": meeting.clerk_id,
            }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Join day and times to instants."""
        given = super().clean() or {}
        if given.get("day") and given.get("begins"):
            given["starts_at"] = moment(given["day"], given["begins"])
            given["ends_at"] = moment(given["day"], given["ends"]) if given.get("ends") else None
        return given

    @property
    def details(self) -> dict[str, Any]:
        """What `call_meeting` and `edit_meeting` take beside the start."""
        names = ("ends_at", "place", "online_url", "openness", "clerk")
        found = {name: self.cleaned_data.get(name) for name in names}
        return {name: value for name, value in found.items() if name != "clerk" or value is not None}


class ReasonForm(forms.Form):
    """Why a meeting is called off."""

    reason = forms.CharField(label="理由", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))


class ItemForm(forms.Form):
    """An item of the agenda."""

    title = forms.CharField(label="議題", max_length=150)
    kind = forms.ChoiceField(
        label="種類", choices=list(KIND_WORDS.items()), initial=ItemKind.REPORT.value, widget=forms.RadioSelect
    )
    summary = forms.CharField(label="要旨", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    presenter = PersonField(
        label="説明者",
        queryset=None,
        required=False,
        help_text="説明者は、この議題の資料を加え、会議中にみんなの画面のページをめくれます。",
    )
    minutes_planned = forms.IntegerField(label="予定の時間（分）", min_value=1, max_value=600, required=False)
    is_confidential = forms.BooleanField(
        label="構成員限りにする",
        required=False,
        help_text="構成員と代理、この議題の説明者、事務局の担当だけが見られます。ほかの議題の説明者と事務局のほかの職員には見えません。",
    )

    def __init__(self, *args: Any, item: AgendaItem | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["presenter"].queryset = staff_choices()
        if item is not None:
            fields["number"] = forms.IntegerField(label="順番", min_value=1, max_value=99)
            self.initial = {name: getattr(item, name) for name in fields} | {"presenter": item.presenter_id}
