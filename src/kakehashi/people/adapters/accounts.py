"""How the sign-in library behaves here: nobody signs up alone, addresses are known as the rest of the program knows them."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

#: What is written for a visitor whose address a proxy hides (RFC 6666 discard-only prefix): never a real client's.
UNKNOWN = "100::"


def client_address(request: HttpRequest) -> str:
    """The visitor's address as `kernel.transport` found it; empty when a proxy nobody told us of hides it."""
    return str(request.META.get("REMOTE_ADDR") or "")


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
