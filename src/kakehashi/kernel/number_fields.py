"""Whole numbers as people in a Japanese office type them."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms

_LEFT_OUT = str.maketrans("", "", ",、 _円件人日\\¥")


class WholeNumberField(forms.IntegerField):
    """An integer field that reads 「１，２００円」; the browser shows digits on a phone and drops nothing that is typed."""

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """A plain text input: a number input would silently empty what it cannot read, full-width digits first of all."""
        return {**super().widget_attrs(widget), "inputmode": "numeric", "autocomplete": "off"}

    def to_python(self, value: Any) -> int | None:
        """The number, None for nothing."""
        if isinstance(value, str):
            value = unicodedata.normalize("NFKC", value).translate(_LEFT_OUT).strip()
        return super().to_python(value)
