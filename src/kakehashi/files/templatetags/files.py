"""The attributes by which a form lets large files come in parts."""

from __future__ import annotations

from django import template
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from kakehashi.files.domain.parts import PART_BYTES
from kakehashi.files.selectors import upload_ticket

register = template.Library()


@register.simple_tag
def upload_attributes(purpose: str, *, for_staff: bool = False) -> SafeString:
    """Attributes of a ``<form>`` whose file inputs take large files for a registered purpose; load ``files/upload.js`` too."""
    attributes = {
        "url": reverse("files-staff:upload" if for_staff else "files:upload"),
        "ticket": upload_ticket(purpose),
        "from": PART_BYTES,
        "sending": gettext("送っています。このまま入力を続けられます。"),
        "done": gettext("送り終わりました"),
        "failed": gettext("送れませんでした。もう一度えらんでください。"),
        "remove": gettext("このファイルをはずす"),
    }
    return format_html_join("", ' data-upload-{}="{}"', attributes.items())
