"""Forms that came from a stranger because the session was over: kept for an hour until the same person has signed in.

The content lies sealed among the cached entries; the key is in a cookie of that browser alone, so that neither the database nor
another browser can read it. After signing in it is opened for the person the form was drawn for, and for nobody else.
"""

from __future__ import annotations

import base64
import binascii
import json
import secrets
from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kakehashi.kernel.ids import uuid7
from kakehashi.kernel.kept_files import HeldFile, files_in
from kakehashi.kernel.sealing import SealBroken, seal_bytes, unseal_bytes
from kakehashi.kernel.typed import Typed, owner_of, typed_in

__all__ = ["COOKIE", "FileHolder", "forget", "give_cookie", "keep", "lead_to_sign_in", "open_kept"]

COOKIE = f"{settings.COOKIE_PREFIX}kakehashi_kept"
_SECONDS = 3600
#: As many tabs as a person may have left open overnight and tries to send one after the other.
_MOST = 5


def keep(request: HttpRequest) -> str | None:
    """Keep the form of this POST; gives the path at which its owner finds it again. None: it is not one of our forms' own."""
    government = request.government  # type: ignore[attr-defined]
    owner = owner_of(request)
    typed = typed_in(request) if owner is not None and government is not None else None
    if typed is None or owner is None or owner[1] != str(government.id):
        return None
    kept_id, key = _new_key(request)
    if files := files_in(request):
        _hold(kept_id, key, owner, files)
        typed = replace(typed, held_id=str(kept_id), held=tuple((one.field, one.name) for one in files))
    cache.set(f"kept:{kept_id}", seal_bytes(key, typed.dump(), _bound(kept_id, *owner)), _SECONDS)
    messages.info(
        request,
        "サインインの時間が切れました。入力した内容は預かっています。同じ人がサインインすると、続きから送れます。",
    )
    return reverse("people-staff:kept", args=[kept_id])


def give_cookie(request: HttpRequest, response: HttpResponse) -> None:
    """Hand the key to the browser, when this request kept a form."""
    value = getattr(request, "kept_forms", None)
    if value is not None:
        response.set_cookie(
            COOKIE, value, max_age=_SECONDS, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax"
        )


def lead_to_sign_in(request: HttpRequest) -> HttpResponse | None:
    """The answer to a form that came too late: it is kept, and the browser is led to the sign-in and back to it."""
    where = keep(request)
    return redirect_to_login(where) if where is not None else None


def open_kept(request: HttpRequest, kept_id: UUID) -> Typed | None:
    """The form again, for its owner in the browser that sent it; None for anybody else, and after its hour."""
    key = dict(_keys(request)).get(kept_id)
    sealed = cache.get(f"kept:{kept_id}") if key is not None else None
    if key is None or not isinstance(sealed, bytes):
        return None
    government = request.government  # type: ignore[attr-defined]
    try:
        return Typed.load(unseal_bytes(key, sealed, _bound(kept_id, str(request.user.pk), str(government.id))))
    except SealBroken:
        return None


def forget(kept_id: UUID) -> None:
    """Throw a kept form away, and its files."""
    cache.delete_many([f"kept:{kept_id}", f"kept-files:{kept_id}"])


class FileHolder:
    """Files of forms, held like the forms: sealed, for an hour, for their sender in the same browser; a few for each person."""

    def hold(self, request: HttpRequest, files: Sequence[HeldFile]) -> UUID | None:
        """Hold files for whoever is signed in."""
        government = request.government  # type: ignore[attr-defined]
        if not request.user.is_authenticated or government is None:
            return None
        held_id, key = _new_key(request)
        _hold(held_id, key, (str(request.user.pk), str(government.id)), files)
        return held_id

    def held(self, request: HttpRequest, held_id: UUID) -> Sequence[HeldFile]:
        """The files, for their owner; nothing after their hour."""
        key = dict(_keys(request)).get(held_id)
        sealed = cache.get(f"kept-files:{held_id}") if key is not None else None
        if key is None or not isinstance(sealed, bytes):
            return ()
        government = request.government  # type: ignore[attr-defined]
        try:
            content = unseal_bytes(key, sealed, f"files: {_bound(held_id, str(request.user.pk), str(government.id))}")
        except SealBroken:
            return ()
        head, _, rest = content.partition(b"\n")
        found, at = [], 0
        for field, name, media_type, size in json.loads(head):
            found.append(HeldFile(field, name, media_type, rest[at : at + size]))
            at += size
        return found


def _hold(held_id: UUID, key: bytes, owner: tuple[str, str], files: Sequence[HeldFile]) -> None:
    head = json.dumps([(one.field, one.name, one.media_type, len(one.content)) for one in files]).encode()
    content = head + b"\n" + b"".join(one.content for one in files)
    cache.set(f"kept-files:{held_id}", seal_bytes(key, content, f"files: {_bound(held_id, *owner)}"), _SECONDS)
    # Whoever sends files that are refused again and again fills no disk: the oldest go.
    place = f"kept-files-of:{owner[0]}"
    known = [*(cache.get(place) or []), str(held_id)]
    cache.delete_many([f"kept-files:{one}" for one in known[:-_MOST]])
    cache.set(place, known[-_MOST:], _SECONDS)


def _new_key(request: HttpRequest) -> tuple[UUID, bytes]:
    """A new key, which the browser is given with the answer."""
    kept_id, key = uuid7(), secrets.token_bytes(32)
    keys = [(kept_id, key), *_keys(request)][:_MOST]
    request.kept_forms = "~".join(f"{each}.{base64.urlsafe_b64encode(k).decode()}" for each, k in keys)  # type: ignore[attr-defined]
    return kept_id, key


def _bound(kept_id: UUID, user_id: str, government_id: str) -> str:
    return f"kept form {kept_id} of {user_id} in {government_id}"


def _keys(request: HttpRequest) -> list[tuple[UUID, bytes]]:
    found = []
    for part in request.COOKIES.get(COOKIE, "")[:1000].split("~"):
        name, _, key = part.partition(".")
        try:
            found.append((UUID(name), base64.urlsafe_b64decode(key)))
        except (ValueError, binascii.Error):
            continue
    return [(name, key) for name, key in found if len(key) == 32]
