"""Input shapes of business manuals."""

from __future__ import annotations

from django import forms

LONGEST_MANUAL = 50_000


def _steps() -> forms.CharField:
    return forms.CharField(
        label="手順", help_text="一行に一つずつ書くと、変わったところが分かりやすくなります。",
        max_length=LONGEST_MANUAL, widget=forms.Textarea(attrs={"rows": 16}),
    )  # fmt: skip


class ManualForm(forms.Form):
    """A new manual."""

    task = forms.CharField(label="業務", max_length=100)
    title = forms.CharField(label="題名", max_length=120, help_text="例：公民館の使用受付の手引")
    department = forms.ChoiceField(label="所管の課", required=False)
    body = _steps()
    file = forms.FileField(
        label="ファイル（任意）", required=False, help_text="図や写真のあるPDF・Wordなど。20 MBまで。"
    )

    def __init__(self, *args: object, departments: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["department"].choices = [("", "決めない"), *departments]  # type: ignore[attr-defined]


class ReviseManualForm(forms.Form):
    """The next revision."""

    expected = forms.IntegerField(widget=forms.HiddenInput)
    body = _steps()
    why = forms.CharField(label="何がなぜ変わったか", max_length=300)
    file = forms.FileField(label="ファイル（任意）", required=False)


class NotNeededForm(forms.Form):
    """Why no manual has to change."""

    reason = forms.CharField(
        label="マニュアルを直さない理由", max_length=300, help_text="例：マニュアルのない業務で、様式の説明で足りる"
    )


class RetireManualForm(forms.Form):
    """Why a manual is no longer used."""

    reason = forms.CharField(label="使わなくなった理由", max_length=300)
