"""What is asked of a body."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.meetings.domain.quorum import KIND_WORDS, QuorumKind
from kakehashi.meetings.forms.fields import department_choices, post_choices
from kakehashi.meetings.models import MeetingBody
from kakehashi.meetings.selectors import record_classes
from kakehashi.people.models import Post


class BodyForm(forms.Form):
    """A body, its seats and its rule."""

    name = forms.CharField(label="会議体の名前", max_length=80, help_text="例：庁議、DX推進本部会議")
    basis = forms.CharField(
        label="設置の根拠", max_length=120, required=False, help_text="例：ひばり町庁議規程、DX推進本部設置要綱"
    )
    purpose = forms.CharField(label="所掌", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    chair_post: Any = forms.ModelChoiceField(label="議長の職", queryset=None)
    members: Any = forms.ModelMultipleChoiceField(
        label="構成員の職",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="人ではなく職で選びます。人事異動のあとも、そのまま使えます。議長は選ばなくても構成員です。",
    )
    secretariat: Any = forms.ModelChoiceField(
        label="事務局の課",
        queryset=None,
        help_text="この課の職員が、会議を招集し、資料を配ります。",
    )
    quorum_kind = forms.ChoiceField(label="定足数", choices=list(KIND_WORDS.items()), initial=QuorumKind.MAJORITY.value)
    quorum_number = forms.IntegerField(
        label="定足数の人数",
        min_value=0,
        max_value=200,
        required=False,
        help_text="「人数を決める」のときだけ書きます。",
    )
    quorum_clause = forms.CharField(
        label="定足数の条項", max_length=80, required=False, help_text="例：設置要綱第6条第2項"
    )
    counts_online = forms.BooleanField(label="オンラインの出席を数える", required=False, initial=True)
    counts_proxy = forms.BooleanField(label="代理の出席を数える", required=False)
    class_code = forms.ChoiceField(
        label="会議録の分類", required=False, help_text="会議録を承認すると、この分類の簿冊に入ります。"
    )
    place = forms.CharField(label="いつもの場所", max_length=100, required=False)

    def __init__(self, *args: Any, body: MeetingBody | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        for name in ("chair_post", "members"):
            fields[name].queryset = post_choices()
        fields["secretariat"].queryset = department_choices()
        fields["class_code"].choices = [("", "決めていない"), *record_classes()]
        if body is not None:
            fields["is_active"] = forms.BooleanField(label="この会議体を使う", required=False)
            self.initial = {name: getattr(body, name) for name in fields if name not in {"members", "idempotency_key"}}
            self.initial |= {"chair_post": body.chair_post_id, "secretariat": body.secretariat_id}
            self.initial["members"] = list(body.members.values_list("post_id", flat=True))

    def clean_quorum_number(self) -> int:
        """An empty number is none."""
        return self.cleaned_data["quorum_number"] or 0

    @property
    def values(self) -> dict[str, Any]:
        """What was asked, without the seats."""
        return {key: value for key, value in self.cleaned_data.items() if key != "members"}

    @property
    def seats(self) -> list[Post]:
        """The chosen posts in the order they are listed."""
        return list(self.cleaned_data["members"])
