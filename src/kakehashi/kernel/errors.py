"""What can go wrong in a service, said once so that page, API and command line answer alike."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.http import Http404


class KakehashiError(Exception):
    """Base of the errors a person can cause and a page must answer kindly."""


class DomainError(KakehashiError):
    """A rule of the field was not met.

    `message` is a Japanese sentence for the person who acted; `field` names the input it stands
    beside (None: above the form); `code` is for machines. Views answer 422.
    """

    def __init__(self, message: str, *, field: str | None = None, code: str = "invalid") -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.code = code


@contextmanager
def beside(field: str) -> Iterator[None]:
    """A refusal inside that names no field stands beside this one: of a file, say, the one it was chosen in."""
    try:
        yield
    except DomainError as error:
        error.field = error.field or field
        raise


class Stale(DomainError):
    """Somebody else acted first (compare-and-set lost). Views answer 409 and show what changed."""

    def __init__(
        self, message: str = "この内容は、他の人の操作で新しくなっています。最新の内容を確かめてください。"
    ) -> None:
        super().__init__(message, code="stale")


class NotFound(KakehashiError):
    """The thing is not there for this actor. Views answer 404 and never say whether it exists."""


class PermissionRefused(KakehashiError):
    """The actor may not do this. Views answer 403."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class ElsewhereSignedIn(Http404):
    """A page of staff, opened by somebody who is signed in, but not for this government: it does not exist for them."""
