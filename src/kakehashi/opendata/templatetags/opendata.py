"""Words and chips of the open data pages."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kakehashi.kernel.templatetags.kakehashi import status, wareki
from kakehashi.opendata.domain.files import FORMATS
from kakehashi.opendata.models import Dataset, DatasetState

register = template.Library()

_TONES = {DatasetState.DRAFT: "none", DatasetState.PUBLISHED: "success", DatasetState.WITHDRAWN: "waiting"}


@register.simple_tag
def dataset_state(dataset: Dataset) -> str:
    """The state of a dataset as a chip."""
    return status(_TONES[DatasetState(dataset.state)], dataset.get_state_display())


@register.simple_tag
def freshness_words(dataset: Dataset) -> str:
    """How old a dataset is, for staff."""
    freshness = dataset.freshness
    if not dataset.is_public or freshness.confirmed_on is None:
        return "—"
    if freshness.is_late:
        return format_html(
            "{} {}", status("error", f"{freshness.days_late}日遅れ"), f"（{dataset.get_frequency_display()}）"
        )
    return format_html("{}に確認（{}）", wareki(freshness.confirmed_on), dataset.get_frequency_display())


@register.simple_tag
def public_freshness(dataset: Dataset) -> SafeString | str:
    """How old a dataset is, for everybody: the truth, also when it is late."""
    freshness = dataset.freshness
    if freshness.confirmed_on is None:
        return ""
    said = format_html(
        '<p class="dads-u-muted">{} {}</p>', gettext("さいごにたしかめた日："), wareki(freshness.confirmed_on)
    )
    if freshness.is_late:
        return format_html("{}<p>{}</p>", said, status("waiting", gettext("更新が遅れています")))
    return said


@register.simple_tag
def edition_url(code: str, number: int, label: str) -> str:
    """The address of a file of one edition."""
    ending = next(key for key, each in FORMATS.items() if each.label == label)
    return reverse("opendata:edition-file", args=[code, number, ending])
