"""Input shapes of the journal's pages."""

from __future__ import annotations

from typing import Any

from django import forms

from kakehashi.journal.hooks import known_events
from kakehashi.journal.models import AccessAct, ShownToSubject


class EventFilterForm(forms.Form):
    """What to look for in the log; every field may be left empty."""

    code = forms.ChoiceField(label="操作", required=False)
    who = forms.CharField(label="操作した人", required=False, max_length=100)
    since = forms.DateField(label="この日から", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="この日まで", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    subject = forms.UUIDField(
        label="対象の番号（ID）", required=False, error_messages={"invalid": "対象の番号の形が違います。"}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        assert isinstance(code, forms.ChoiceField)
        code.choices = [("", "すべて"), *sorted(known_events().items(), key=lambda item: item[1])]


class AccessFilterForm(forms.Form):
    """What to look for in the log of accesses; every field may be left empty."""

    subject = forms.CharField(label="受付番号・メールアドレス・ID", required=False, max_length=200)
    who = forms.CharField(label="見た人", required=False, max_length=100)
    act = forms.ChoiceField(label="操作", required=False, choices=[("", "すべて"), *AccessAct.choices])
    since = forms.DateField(label="この日から", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(label="この日まで", required=False, widget=forms.DateInput(attrs={"type": "date"}))


class ReasonForm(forms.Form):
    """Why somebody of another section needs to see it."""

    reason = forms.CharField(
        label="見る理由",
        min_length=5,
        max_length=300,
        help_text="例：住民課からの照会に答えるため（10月2日の電話）。この文は閲覧記録に残り、本人に開示されることがあります。",
        error_messages={
            "required": "見る理由を入力してください。",
            "min_length": "あとで読む人に分かるように、5文字以上で書いてください。",
        },
    )


class DisclosureForm(forms.Form):
    """Whose accesses are disclosed, and whether the readers are named."""

    subject = forms.CharField(
        label="受付番号かメールアドレス", max_length=200, help_text="本人であることを確かめてから調べます。"
    )
    names = forms.BooleanField(label="職員の名前も載せる", required=False)


class AccessRuleForm(forms.Form):
    """The body's own rule about accesses."""

    asks_reason = forms.BooleanField(
        label="所管の課でない人に、見る理由をたずねる",
        required=False,
        help_text="ひとつの申請や起案を開くときと、一覧を書き出すときにたずねます。決裁や合議の順番にある人と首長にはたずねません。",
    )
    shown_to_subject = forms.ChoiceField(
        label="申請者本人に見せるもの", choices=ShownToSubject.choices, widget=forms.RadioSelect
    )


class RetentionForm(forms.Form):
    """How long one kind of personal data is kept, and by which rule."""

    amount = forms.IntegerField(label="期間", min_value=1, max_value=36_500)
    basis = forms.CharField(
        label="根拠", max_length=200, error_messages={"required": "根拠（規程の名前と条項など）を入力してください。"}
    )


class PrintForm(forms.Form):
    """Where the root is printed."""

    place = forms.CharField(
        label="載せるもの",
        max_length=200,
        help_text="例：広報ひばり 令和8年12月号、告示第12号",
        error_messages={"required": "載せるもの（広報の号など）を書いてください。"},
    )


class RequestForm(forms.Form):
    """What a witness is asked to sign."""

    since = forms.IntegerField(
        label="前回の件数",
        min_value=0,
        required=False,
        help_text="その証人が前に署名した件数です。はじめて頼むときは空のままにします。",
    )


class LetterForm(forms.Form):
    """A file from another government."""

    file = forms.FileField(
        label="受け取ったファイル",
        widget=forms.ClearableFileInput(attrs={"accept": ".json"}),
        error_messages={"required": "ファイルを選んでください。"},
    )
    trusts_key = forms.BooleanField(
        label="鍵を確かめた",
        required=False,
        help_text="はじめての相手のときだけ。相手の広報・電話など、このファイルとは別の道で、鍵が同じことを確かめてから印を付けます。",
    )

    def clean_file(self) -> Any:
        """Refuse what is far too large for a letter."""
        file = self.cleaned_data["file"]
        if file.size > 200_000:
            raise forms.ValidationError("証人のファイルではありません（大きすぎます）。")
        return file
