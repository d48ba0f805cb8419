"""What is asked of a material and a note."""

from __future__ import annotations

from typing import Any

from django import forms

_FILE_HELP = "PDFは、そのまま画面でめくれます。画像も見られます。WordやExcelはダウンロードで読むため、PDFにしてから選ぶと便利です。100MBまで。"


class MaterialForm(forms.Form):
    """A new material."""

    title = forms.CharField(
        label="資料の名前", max_length=150, required=False, help_text="空けておくと、ファイルの名前になります。"
    )
    file = forms.FileField(label="ファイル", required=False, help_text=_FILE_HELP)


class ReplacementForm(forms.Form):
    """What takes the place of a material, and why."""

    file = forms.FileField(label="新しいファイル", required=False, help_text=_FILE_HELP)
    reason = forms.CharField(
        label="差し替えの理由", max_length=300, help_text="出席する全員に見えます。前の資料も残ります。"
    )

    def __init__(self, *args: Any, is_given_out: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_given_out:
            del self.fields["reason"]
