"""Django forms in the markup of the Digital Agency's design system: label, 必須 mark, help, error beside the field."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Input

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.Textarea, "dads-textarea__textarea"),
    (forms.RadioSelect, "dads-radio__input"),
    (forms.CheckboxSelectMultiple, "dads-checkbox__input"),
    (forms.CheckboxInput, "dads-checkbox__input"),
    (forms.FileInput, "dads-file-upload__input"),
    (forms.Select, "dads-select__select"),
    (forms.DateInput, "dads-input-text__input"),
    (Input, "dads-input-text__input"),
)


def widget_class(widget: forms.Widget) -> str:
    """The block class of a widget, empty for a hidden or unknown one."""
    if widget.is_hidden:
        return ""
    return next((name for kind, name in _CLASSES if isinstance(widget, kind)), "")


class KakehashiBoundField(BoundField):
    """A field that carries its block class and never asks the browser to hold a form back.

    The browser's own `required` bubble speaks the browser's language, shows one error at a time and
    would keep the server's error summary from ever being seen; 必須 stands in the label instead.
    """

    def build_widget_attrs(self, attrs: Any, widget: forms.Widget | None = None) -> dict[str, Any]:
        built: dict[str, Any] = dict(super().build_widget_attrs(attrs, widget))
        used = widget or self.field.widget
        built.pop("required", None)
        names = [widget_class(used), str(used.attrs.get("class", ""))]
        if joined := " ".join(name for name in names if name):
            built["class"] = joined
        return built

    @property
    def is_choice_group(self) -> bool:
        """Whether the widget is a group of radio buttons or check boxes, which needs a fieldset."""
        return bool(self.field.widget.use_fieldset)

    @property
    def is_single_checkbox(self) -> bool:
        """Whether the widget is one check box, whose label stands behind it."""
        return isinstance(self.field.widget, forms.CheckboxInput)


class KakehashiRenderer(TemplatesSetting):
    """The form renderer named by FORM_RENDERER; its templates are in `kernel/forms/`."""

    form_template_name: ClassVar[str] = "kernel/forms/form.html"  # type: ignore[misc]
    formset_template_name: ClassVar[str] = "kernel/forms/formset.html"  # type: ignore[misc]
    field_template_name: ClassVar[str] = "kernel/forms/field.html"  # type: ignore[misc]
    bound_field_class: ClassVar[type[BoundField]] = KakehashiBoundField  # type: ignore[misc]
