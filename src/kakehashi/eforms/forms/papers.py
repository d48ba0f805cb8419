"""Papers dropped at once."""

from __future__ import annotations

from typing import Any

from django import forms

__all__ = ["PAPER_ENDINGS", "BankListForm", "PaperDropForm"]


class _ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class _ManyFiles(forms.FileField):
    """Several files under one name."""

    widget = _ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Every file, each checked as one."""
        several = data if isinstance(data, list | tuple) else [data] if data else []
        if not several:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(_ManyFiles, self).clean(one, initial) for one in several[:MOST_DROPPED]]


MOST_DROPPED = 500
PAPER_ENDINGS = ".docx,.xlsx,.pdf"


class PaperDropForm(forms.Form):
    """Papers dropped at once: files, or a zip of them."""

    papers = _ManyFiles(
        label="様式のファイル",
        help_text="Word（.docx）・Excel（.xlsx）・PDF。いくつでも、zipにまとめたものでもかまいません。",
        widget=_ManyFilesInput(attrs={"accept": f"{PAPER_ENDINGS},.zip"}),
        error_messages={"required": "様式のファイルを選んでください。"},
    )


class BankListForm(forms.Form):
    """A list of banks as CSV."""

    file = forms.FileField(
        label="金融機関の一覧（CSV）",
        widget=forms.ClearableFileInput(attrs={"accept": ".csv"}),
        error_messages={"required": "CSVのファイルを選んでください。", "empty": "ファイルが空です。"},
    )

    def clean_file(self) -> Any:
        """Refuse a file too large to read at once."""
        file = self.cleaned_data["file"]
        if file.size > 10_000_000:
            raise forms.ValidationError("ファイルは10MBまでです。")
        return file
