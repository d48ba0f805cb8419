"""Answers as a browser posts them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.core import signing

from kakehashi.eforms.domain.catalogue import PlainRaw, Raw
from kakehashi.kernel.tenancy import current_government_id

_SALT = "eforms.attachment"


class Post(Protocol):
    """What Django's QueryDict offers."""

    def getlist(self, name: str) -> list[str]:
        """Every value under a name."""

    def __contains__(self, name: str) -> bool:
        """Whether the name was posted."""


@dataclass(frozen=True)
class FormPost:
    """A posted step as raw answers. ``stored`` are references of files taken in with this post, ``refused`` why not, ``twice`` what was there already."""

    post: Post
    stored: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    twice: tuple[str, ...] = ()

    def one(self, name: str) -> object:
        """The last value under a name."""
        values = self.post.getlist(name)
        return values[-1] if values else None

    def many(self, name: str) -> object:
        """Every value under a name."""
        return self.post.getlist(name) or None

    def attached(self, name: str) -> object:
        """References of files: those the page carried (signed, not ticked for removal) and those just taken in."""
        removed = set(self.post.getlist(f"{name}.remove"))
        # A browser posts an empty text for a file input in which nothing was chosen.
        carried = [_reference(token) for token in self.post.getlist(name)[:100] if token]
        kept: list[object] = [item for item in carried if not isinstance(item, dict) or item["id"] not in removed]
        return [*kept, *self.stored.get(name, [])] or None


def attachment_token(reference: Mapping[str, Any]) -> str:
    """A reference signed for this government, so that a page can carry it and nobody can make one up."""
    return signing.dumps([str(current_government_id()), dict(reference)], salt=_SALT, compress=True)


def _reference(token: str) -> object:
    try:
        government, reference = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError):
        return None
    return reference if government == str(current_government_id()) else None


def raw_answers(raw: Mapping[str, Any] | Post | FormPost) -> Raw:
    """Whatever a caller has, as raw answers."""
    if isinstance(raw, FormPost):
        return raw
    if hasattr(raw, "getlist"):
        return FormPost(raw)
    return PlainRaw(raw) if isinstance(raw, Mapping) else PlainRaw({})
