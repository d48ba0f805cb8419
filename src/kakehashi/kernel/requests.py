"""A request as our views see it, after the middleware."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from kakehashi.kernel.actor import Actor


class Request(HttpRequest):
    """Annotate views with this. `government` is a `governments.Government` or None at the root.

    Only a type: Django's own request object carries these attributes.
    """

    government: Any
    rooms: frozenset[str]
    actor: Actor
    htmx: Any
    is_signed_out: bool
