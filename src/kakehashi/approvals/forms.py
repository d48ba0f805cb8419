"""Input shapes of the approvals pages."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.approvals.domain.authority import GrantKind
from kakehashi.approvals.domain.paper import PaperReason
from kakehashi.approvals.domain.routes import Bar
from kakehashi.approvals.models import Disclosure, Purpose, SealKind
from kakehashi.kernel.number_fields import WholeNumberField


class ProposalForm(forms.Form):
    """起案: what is asked, why, under which matter, and what would go out."""

    matter = forms.ChoiceField(label="決裁事項", help_text="だれが決裁するかは、この事項と金額から規程で決まります。")
    subject = forms.CharField(label="件名", max_length=200)
    amount = WholeNumberField(
        label="金額", required=False, min_value=0, max_value=10**13, help_text="円。金額のない事項は空のままにします。"
    )
    request = forms.CharField(
        label="伺い",
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="「次のとおり…してよろしいか伺います。」のように、決めてほしいことを書きます。",
    )
    reason = forms.CharField(label="理由", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}))
    disclosure = forms.ChoiceField(label="公開区分", choices=Disclosure.choices, initial=Disclosure.OPEN)
    bars = forms.MultipleChoiceField(
        label="専決によらない事由",
        required=False,
        choices=[(bar.value, bar.label) for bar in Bar],
        widget=forms.CheckboxSelectMultiple,
        help_text="当てはまるものがあれば、首長の決裁になります。",
    )
    purpose = forms.ChoiceField(
        label="何をするか", choices=Purpose.choices, initial=Purpose.DECISION, required=False, widget=forms.RadioSelect
    )
    consults = forms.MultipleChoiceField(
        label="合議に加える職",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="規程の定める合議のほかに、意見を聞く課の職です。見せるだけなら供覧にします。",
    )
    provisional = forms.BooleanField(
        label="合議の前に仮決裁を受ける",
        required=False,
        help_text="決裁権者が先に方針を認め、合議が調ってから本決裁をします。",
    )
    readers = forms.MultipleChoiceField(
        label="供覧する職",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="決裁のあとで見せる職です。見るだけで、決裁を止めません。",
    )
    route_reason = forms.CharField(label="経路に加える理由", required=False, max_length=400)
    seal = forms.ChoiceField(label="公印", choices=SealKind.choices, initial=SealKind.OMITTED, required=False)
    paper_route_code = forms.ChoiceField(
        label="紙で決裁する理由",
        required=False,
        choices=[("", "紙では決裁しない（電子で決裁する）"), *((each.value, each.label) for each in PaperReason)],
        help_text="紙で回議し、押印した原本をスキャンして登録します。電子決裁率では、紙の決裁として数えます。",
    )
    paper_route_reason = forms.CharField(
        label="紙で決裁する理由の説明", required=False, max_length=120, help_text="「その他」では、必ず書きます。"
    )
    notice_title = forms.CharField(
        label="通知の題名", required=False, max_length=120, help_text="外へ通知を出さないときは空のままにします。"
    )
    notice_addressee = forms.CharField(
        label="宛先", required=False, max_length=400, widget=forms.Textarea(attrs={"rows": 2})
    )
    notice_text = forms.CharField(
        label="通知の本文", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 5})
    )
    notice_reason = forms.CharField(
        label="通知に書く理由", required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3})
    )
    issues_itself = forms.BooleanField(
        label="決裁の10秒後に、自動で施行する",
        required=False,
        help_text="決裁された文をそのまま通知します。付けないときは、決裁の後に「施行する」を押します。",
    )

    def __init__(
        self,
        *args: Any,
        matters: list[tuple[str, str]],
        posts: list[tuple[str, str]] | None = None,
        may_seal: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("matter", matters), ("consults", posts or []), ("readers", posts or [])):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
        if not may_seal:
            del self.fields["seal"]

    def clean(self) -> dict[str, Any]:
        """A notice has a title, an addressee and a text, or is not there at all."""
        cleaned = super().clean() or {}
        parts = [str(cleaned.get(name) or "").strip() for name in ("notice_title", "notice_addressee", "notice_text")]
        if any(parts) and not all(parts):
            for name, value in zip(("notice_title", "notice_addressee", "notice_text"), parts, strict=True):
                if not value and name not in self.errors:
                    self.add_error(name, "通知を出すときは、題名・宛先・本文のすべてを記入してください。")
        self._clean_route(cleaned)
        return cleaned

    def _clean_route(self, cleaned: dict[str, Any]) -> None:
        """A difference from the rule's route has its reason, and その他 is said in words."""
        is_reading = cleaned.get("purpose") == Purpose.READING
        added = cleaned.get("consults") or cleaned.get("provisional") or (cleaned.get("readers") and not is_reading)
        if added and not str(cleaned.get("route_reason") or "").strip():
            self.add_error("route_reason", "経路に加える理由を記入してください。")
        if is_reading and not cleaned.get("readers"):
            self.add_error("readers", "供覧する職を選んでください。")
        other = cleaned.get("paper_route_code") == PaperReason.OTHER
        if other and not str(cleaned.get("paper_route_reason") or "").strip():
            self.add_error("paper_route_reason", "「その他」の理由を記入してください。")


class ActForm(forms.Form):
    """What is said with an act, on what was on the screen, and where a return goes."""

    digest = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="意見・理由",
        required=False,
        max_length=5_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="差戻しなど、理由が要る処理では必ず記入します。承認や決裁に添える意見は任意です。",
    )
    back_to = forms.ChoiceField(label="差戻し先", required=False)

    def __init__(self, *args: Any, targets: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["back_to"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "起案者"), *targets]
        if not targets:
            del self.fields["back_to"]


class PaperForm(forms.Form):
    """紙の決裁: the scan of the stamped paper, where the paper lies, and the day on it."""

    location = forms.CharField(
        label="原本の保管場所", required=False, max_length=200, help_text="書庫・棚・簿冊など、紙のある場所。"
    )
    decided_on = forms.DateField(label="紙にある決裁日", widget=forms.DateInput(attrs={"type": "date"}))


class GrantForm(forms.Form):
    """職務代理・事務取扱・委任・補助執行 as it is recorded."""

    kind = forms.ChoiceField(label="種類", choices=[(kind.value, kind.label) for kind in GrantKind])
    post = forms.ChoiceField(label="だれの職務を")
    acting_post = forms.ChoiceField(label="どの職が行うか")
    matter = forms.ChoiceField(label="決裁事項", required=False, help_text="選ばないときは、その職のすべての事項です。")
    clause = forms.CharField(
        label="根拠", max_length=200, help_text="法令・規程の条項や発令番号。例：地方自治法第152条第1項"
    )
    reason = forms.CharField(label="理由", max_length=400, help_text="例：町長が欠けたため、長期の療養のため")
    valid_from = forms.DateField(label="始まる日", widget=forms.DateInput(attrs={"type": "date"}))
    valid_to = forms.DateField(
        label="終わる日", required=False, widget=forms.DateInput(attrs={"type": "date"}), help_text="未定なら空のまま。"
    )

    def __init__(self, *args: Any, posts: list[tuple[str, str]], matters: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (
            ("post", posts),
            ("acting_post", posts),
            ("matter", [("", "すべての事項"), *matters]),
        ):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = choices
