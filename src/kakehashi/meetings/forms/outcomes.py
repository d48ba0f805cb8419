"""What is asked of attendance, decisions, links, actions and minutes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms

from kakehashi.kernel import clock
from kakehashi.kernel.actor import Actor
from kakehashi.kernel.tenancy import current_government_id
from kakehashi.meetings.domain.quorum import Quorum
from kakehashi.meetings.domain.states import OUTCOME_WORDS, PRESENCE_WORDS, Outcome, Presence
from kakehashi.meetings.forms.fields import DayField, PersonField, post_choices, staff_choices
from kakehashi.meetings.hooks import LinkTarget
from kakehashi.meetings.models import Attendance, Decision, Meeting
from kakehashi.meetings.selectors import matters
from kakehashi.meetings.services import Mark
from kakehashi.people.selectors import holder_of

_ANSWERS = [(one, PRESENCE_WORDS[one]) for one in Presence if one is not Presence.EXPECTED]


class AnswerForm(forms.Form):
    """How a member will take part."""

    presence = forms.ChoiceField(label="出欠", choices=_ANSWERS, widget=forms.RadioSelect)
    proxy = PersonField(label="代理の人", queryset=None, required=False, help_text="代理出席のときだけ選びます。")
    note = forms.CharField(label="ひとこと", max_length=100, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["proxy"].queryset = staff_choices()

    @property
    def mark(self) -> Mark:
        """The answer as the service takes it."""
        data = self.cleaned_data
        return Mark(Presence(data["presence"]), data["proxy"], data["note"])


class AttendanceForm(forms.Form):
    """Every seat of a meeting: how it is taken, by which proxy, with which remark."""

    def __init__(self, *args: Any, rows: list[Attendance], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rows = rows
        people = list(staff_choices())
        titles = PersonField(queryset=None).titles()
        choices = [("", "―"), *((str(one.id), f"{titles.get(one.id, '')} {one.name}".strip()) for one in people)]
        self.people = {str(one.id): one for one in people}
        for row in rows:
            who = f"{row.post_name}の"
            self.fields[f"presence_{row.id}"] = forms.ChoiceField(
                label=f"{who}出席", choices=list(PRESENCE_WORDS.items()), initial=row.presence
            )
            self.fields[f"proxy_{row.id}"] = forms.ChoiceField(
                label=f"{who}代理", choices=choices, initial=str(row.proxy_id or ""), required=False
            )
            self.fields[f"note_{row.id}"] = forms.CharField(
                label=f"{who}備考", max_length=100, initial=row.note, required=False
            )

    @property
    def marks(self) -> dict[UUID, Mark]:
        """What was chosen, by id of the seat."""
        data = self.cleaned_data
        return {
            row.id: Mark(
                Presence(data[f"presence_{row.id}"]), self.people.get(data[f"proxy_{row.id}"]), data[f"note_{row.id}"]
            )
            for row in self.rows
        }

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each seat with its three fields, for the table."""
        return [
            {"row": row, "presence": self[f"presence_{row.id}"], "proxy": self[f"proxy_{row.id}"], "note": self[f"note_{row.id}"]}
            for row in self.rows
        ]  # fmt: skip


class DecisionForm(forms.Form):
    """What the meeting made of an item."""

    outcome = forms.ChoiceField(
        label="結果", choices=list(OUTCOME_WORDS.items()), initial=Outcome.DECIDED.value, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label="内容",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="決まったことを、あとから読む人に分かる文で書きます。会議録にそのまま入ります。",
    )

    def __init__(self, *args: Any, quorum: Quorum, former: Decision | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not quorum.is_met:
            self.fields["quorum_reason"] = forms.CharField(
                label="定足数に達しないまま記録する理由",
                max_length=300,
                required=False,
                help_text="例：緊急のため持ち回りとし、次の会議で追認する。",
            )
        if former is not None:
            self.initial = {"outcome": former.outcome, "text": former.text, "quorum_reason": former.quorum_reason}


class HandOverForm(forms.Form):
    """Who goes on with an action, and why: somebody by name, or whoever holds a post."""

    owner = PersonField(label="引き継ぐ人", queryset=None, required=False)
    post: Any = forms.ModelChoiceField(
        label="引き継ぐ職",
        queryset=None,
        required=False,
        help_text="人を選ばないときは、いまこの職に就いている人が引き継ぎます。",
    )
    reason = forms.CharField(label="引き継ぐ理由", max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = staff_choices()
        fields["post"].queryset = post_choices()

    def clean(self) -> dict[str, Any]:
        """The person: who was chosen, or the holder of the post that was."""
        data: dict[str, Any] = super().clean() or {}
        post = data.pop("post", None)
        if data.get("owner") is None and post is not None:
            data["owner"] = holder_of(post, clock.today())
            if data["owner"] is None:
                self.add_error("post", "この職は、いま空いています。")
        elif data.get("owner") is None and not self.errors:
            self.add_error("owner", "引き継ぐ人か職を選んでください。")
        return data


class ProposeForm(forms.Form):
    """Under which matter a proposal is drafted."""

    matter = forms.ChoiceField(label="決裁事項", help_text="だれが決裁するかは、決裁事項で決まります。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["matter"].choices = matters()


class LinkForm(forms.Form):
    """What an item is about in another room; `kind id` in one value, grouped by room."""

    linked = forms.ChoiceField(label="つなぐ先")

    def __init__(
        self, *args: Any, targets: list[tuple[str, LinkTarget]], words: str, actor: Actor, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["linked"].choices = [
            (one.label, [(f"{kind} {target_id}", label) for target_id, label in one.choices(words)])
            for kind, one in targets
            if actor.can(one.permission, current_government_id())
        ]

    @property
    def chosen(self) -> tuple[str, UUID]:
        """Kind and id."""
        kind, _, target_id = self.cleaned_data["linked"].partition(" ")
        return kind, UUID(target_id)


class ActionForm(forms.Form):
    """Who does what by when."""

    title = forms.CharField(label="すること", max_length=150)
    detail = forms.CharField(label="説明", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    owner = PersonField(label="担当者", queryset=None)
    due_on = DayField(label="期限")
    item: Any = forms.ModelChoiceField(label="議題", queryset=None, required=False, empty_label="会議全体")

    def __init__(self, *args: Any, meeting: Meeting, items: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["owner"].queryset = staff_choices()
        fields["item"].queryset = meeting.items.filter(id__in=[item.id for item in items]).order_by("number")


class FinishForm(forms.Form):
    """How an action ended."""

    result = forms.CharField(label="結果", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))


class MinutesForm(forms.Form):
    """The text of the minutes; `revision` is the one it was read in."""

    text = forms.CharField(label="会議録", max_length=60000, widget=forms.Textarea(attrs={"rows": 24}))
    revision = forms.IntegerField(widget=forms.HiddenInput)
