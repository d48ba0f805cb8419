"""`{% csrf_token %}` of every page: Django's own, and on pages of staff the mark of whom the form was drawn for (`kernel.typed`)."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from kakehashi.kernel.typed import MARK, mark_of

register = template.Library()


@register.simple_tag(takes_context=True)
def csrf_token(context: Context) -> SafeString:
    """The hidden fields of a form that writes."""
    token = mark_safe(CsrfTokenNode().render(context))
    request = context.get("request")
    if request is None or not getattr(request, "is_for_staff", False):
        return token
    mark = getattr(request, "typed_mark", None)
    if mark is None:
        government, user = getattr(request, "government", None), getattr(request, "user", None)
        mark = ""
        if government is not None and user is not None and user.is_authenticated:
            mark = mark_of(user.pk, government.id)
        request.typed_mark = mark
    return token + format_html('<input type="hidden" name="{}" value="{}">', MARK, mark) if mark else token
