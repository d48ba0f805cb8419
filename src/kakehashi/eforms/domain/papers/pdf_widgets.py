"""Fields of an AcroForm as controls."""

from __future__ import annotations

from typing import Any

from kakehashi.eforms.domain.papers.model import Control, Place

__all__ = ["widget_of"]


def widget_of(data: dict[str, Any], at: str) -> Control | None:
    """The control of a widget; None for what nobody fills in."""
    parent = _resolved(data.get("Parent")) or {}
    kind = _name(data.get("FT") or parent.get("FT"))
    flags = data.get("Ff") or parent.get("Ff") or 0
    name = _plain(data.get("TU") or parent.get("TU") or data.get("T") or parent.get("T"))
    place = Place(at)
    if kind == "Tx":
        return Control("text", name, (), place)
    if kind == "Ch":
        listed = _resolved(data.get("Opt") or parent.get("Opt")) or []
        options = [_plain(one[-1] if isinstance(one, list) else one) for one in map(_resolved, listed)]
        return Control("choice", name, tuple(one for one in options if one.strip()), place)
    if kind == "Btn" and not (isinstance(flags, int) and flags & (1 << 16)):
        return Control("check", name, (), place)
    return None


def _resolved(value: Any) -> Any:
    return value.resolve() if hasattr(value, "resolve") else value


def _name(value: Any) -> str:
    value = _resolved(value)
    return str(getattr(value, "name", value) or "").strip("/'")


def _plain(value: Any) -> str:
    value = _resolved(value)
    if isinstance(value, bytes):
        if value[:2] in (b"\xfe\xff", b"\xff\xfe"):
            return value.decode("utf-16", "replace")
        for encoding in ("utf-8", "cp932"):
            try:
                return value.decode(encoding)
            except UnicodeDecodeError:
                continue
        return value.decode("latin-1")
    return "" if value is None else str(value)
