"""「元に戻す」: a confirmation that offers the opposite act while nothing has left the building."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest

UNDO_SECONDS = 10
"""As long as outward effects wait (see docs/decisions); the button goes away by itself, the service decides."""


def confirm_with_undo(request: HttpRequest, sentence: str, undo_path: str) -> None:
    """Show `sentence` on the next page with a button that POSTs to `undo_path` (a path of this site)."""
    if not undo_path.startswith("/") or undo_path.startswith("//"):
        message = "undo_path must be a path of this site"
        raise ValueError(message)
    messages.success(request, sentence, extra_tags=f"undo:{undo_path}")
