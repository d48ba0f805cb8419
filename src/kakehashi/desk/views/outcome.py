"""What a page says after an act: done, refused beside the field, or refused above the page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from kakehashi.desk.views.access import show_error
from kakehashi.kernel.errors import DomainError, NotFound, Stale
from kakehashi.kernel.requests import Request


def attempt(request: Request, form: forms.BaseForm, act: Callable[[], object], words: str) -> bool:
    """Do an act with a form's values and say so; False when the form or the service refused, which the form then shows."""
    if not form.is_valid():
        return False
    try:
        act()
    except NotFound:
        raise Http404 from None
    except Stale as error:
        form.add_error(None, error.message)
        return False
    except DomainError as error:
        show_error(form, error)
        return False
    messages.success(request, words)
    return True


def do_and_return(request: Request, act: Callable[[], object], words: str, to: str, *args: Any) -> HttpResponse:
    """Do an act without a form and go to a page; a refusal is said there."""
    try:
        act()
        messages.success(request, words)
    except NotFound:
        raise Http404 from None
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(to, *args)


def words_of(request: Request, name: str = "q", most: int = 100) -> str:
    """What was typed into a search field, without what a database cannot keep."""
    return request.GET.get(name, "").replace("\x00", "")[:most]
