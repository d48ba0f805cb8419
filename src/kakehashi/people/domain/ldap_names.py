"""Escaping for LDAP: what a person types at the sign-in page must never change the meaning of a query."""

from __future__ import annotations

_FILTER = {"\\": r"\5c", "*": r"\2a", "(": r"\28", ")": r"\29", "\x00": r"\00"}
_DN_SPECIAL = frozenset('\\,+"<>;=#')


def escape_filter(value: str) -> str:
    """A value inside a search filter (RFC 4515 section 3). Text outside ASCII is written as its UTF-8 bytes in hexadecimal."""
    out: list[str] = []
    for char in value:
        if char in _FILTER:
            out.append(_FILTER[char])
        elif char.isascii():
            out.append(char)
        else:
            out.extend(f"\\{byte:02x}" for byte in char.encode("utf-8"))
    return "".join(out)


def escape_dn(value: str) -> str:
    """A value inside a distinguished name (RFC 4514 section 2.4)."""
    out = [("\\" + char) if char in _DN_SPECIAL else ("\\00" if char == "\x00" else char) for char in value]
    if out and value[0] == " ":
        out[0] = "\\ "
    if len(out) > 1 and value[-1] == " ":
        out[-1] = "\\ "
    return "".join(out)


def search_filter(template: str, username: str) -> str:
    """Put a typed name into a filter such as `(sAMAccountName={username})`. Raises ValueError without the placeholder."""
    if "{username}" not in template:
        raise ValueError("the filter must contain {username}")
    return template.replace("{username}", escape_filter(username))
