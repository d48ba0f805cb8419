"""What a person typed, when the page they sent cannot be done: shown again, never lost, and never to anybody else.

Every form of a staff page carries a signed mark of the person it was drawn for. With it a form that comes too late (the session is
over, or another sign-in has changed the token of the forms) is known to be that person's, whoever sits there now. The mark opens
nothing: it only says whose words these are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core import signing
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError

from kakehashi.kernel.registry import Registry

__all__ = ["MARK", "Typed", "keepers", "mark_of", "owner_of", "same_origin", "typed_in"]

MARK = "_typed_by"
_SALT = "kakehashi.typed"
_LIVES = timedelta(days=7)
#: More than this is no form that a person filled in.
_MOST = 2 * 1024 * 1024
_SECRETS = re.compile(r"passw|passphrase|secret|signing_key|^otp$", re.IGNORECASE)
_NO_WORDS = re.compile(r"(?:[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32,}|on|off|true|false)?", re.IGNORECASE)

#: Who keeps what a stranger sent to a page of staff until they have signed in: gives the answer that leads there, or None.
keepers: Registry[Callable[[HttpRequest], HttpResponse | None]] = Registry("keepers of typed text")


@dataclass(frozen=True)
class Typed:
    """One form as it was sent: where to, its values, and which fields held files (held beside it)."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[tuple[str, str], ...] = ()
    left_out: bool = False
    #: Names what is held of the files (`kernel.kept_files`), and which they are; the others must be chosen again.
    held_id: str = ""
    held: tuple[tuple[str, str], ...] = ()

    @property
    def words(self) -> list[str]:
        """What a person wrote, in the order of the form: no ids, no ticks, no signs of the program's own."""
        own = [value for name, value in self.fields if not name.startswith("_")]
        return [value for value in own if not _NO_WORDS.fullmatch(value.strip())]

    @property
    def lost_files(self) -> list[tuple[str, str]]:
        """The files that were too large to be held, by field and name."""
        return [one for one in self.files if one not in self.held]

    @property
    def file_fields(self) -> list[str]:
        """The fields that held files, each once."""
        return list(dict.fromkeys(name for name, _ in self.files))

    def dump(self) -> bytes:
        """As bytes, to be sealed."""
        all_of_it = [self.path, self.fields, self.files, self.left_out, self.held_id, self.held]
        return json.dumps(all_of_it, ensure_ascii=False).encode()

    @classmethod
    def load(cls, content: bytes) -> Typed:
        """The form again."""
        path, fields, files, left_out, held_id, held = json.loads(content)
        return cls(
            path, tuple(map(tuple, fields)), tuple(map(tuple, files)), left_out, held_id, tuple(map(tuple, held))
        )


def mark_of(user_id: object, government_id: object) -> str:
    """The signed mark of forms drawn for this person in this government."""
    return signing.dumps([str(user_id), str(government_id)], salt=_SALT)


def owner_of(request: HttpRequest) -> tuple[str, str] | None:
    """(user, government) for whom the form of this POST was drawn, if its mark is ours and not older than a week."""
    try:
        user, government = signing.loads(request.POST.get(MARK, ""), salt=_SALT, max_age=_LIVES)
    except _UNREADABLE:
        return None
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(user), str(government)


def typed_in(request: HttpRequest) -> Typed | None:
    """What was sent with this POST; None when there is nothing to show or it is far too long. Passwords and codes are left out."""
    try:
        if request.method != "POST":
            return None
        sent = [(name, value) for name, values in request.POST.lists() for value in values]
        files = tuple((name, str(each.name)) for name, many in request.FILES.lists() for each in many)
    except _UNREADABLE:
        return None
    own = [(name, value) for name, value in sent if name not in {MARK, "csrfmiddlewaretoken"}]
    kept = tuple((name, value) for name, value in own if not _SECRETS.search(name))
    if not (kept or files) or sum(len(value) for _, value in kept) > _MOST:
        return None
    return Typed(request.get_full_path(), kept, files, left_out=len(kept) < len(own))


def same_origin(request: HttpRequest) -> bool:
    """Whether the browser itself says that a page of ours sent this, so that a stranger's page cannot make us repeat its words."""
    origin = request.META.get("HTTP_ORIGIN", "")
    return bool(origin) and origin == f"{request.scheme}://{request.get_host()}"


def _unreadable() -> tuple[type[Exception], ...]:
    # RawPostDataException and a broken wire are OSError and Exception of Django's own; the rest are its limits.
    from django.http.request import RawPostDataException, UnreadablePostError

    return (
        RawPostDataException, UnreadablePostError, MultiPartParserError, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent,
    )  # fmt: skip


_UNREADABLE: tuple[type[Exception], ...] = _unreadable()


def context_of(typed: Typed, request: HttpRequest | None = None) -> dict[str, Any]:
    """What `kernel/_typed.html` needs; with a request the form can be sent again with a new token."""
    from django.middleware.csrf import get_token

    return {"typed": typed, "csrf_token": get_token(request) if request is not None else ""}
