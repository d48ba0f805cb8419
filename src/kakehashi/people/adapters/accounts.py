"""How the sign-in library behaves here: nobody signs up alone, addresses are known as the rest of the program knows them."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

#: What is written for a visitor whose address a proxy hides (RFC 6666 discard-only prefix): never a real client's.
UNKNOWN = "100::"


def client_address(request: HttpRequest) -> str:
    """The visitor's address as the server, or the proxy it was told to trust, saw it; empty when it cannot be known.

    Behind a proxy nobody told us of, every visitor would look like the machine itself: that is no address at all.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
    if not forwarded:
        return str(request.META.get("REMOTE_ADDR") or "")
    return str(forwarded.rpartition(",")[2].strip()) if settings.CONFIG.trusted_proxy else ""


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """The hooks of django-allauth that we fill."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by the government that employs the person."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address for rate limits and the list of sessions."""
        return client_address(request) or UNKNOWN

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """After signing in, choose the government."""
        return reverse("people-signin:choose")
