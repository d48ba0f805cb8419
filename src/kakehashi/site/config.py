"""The one place that reads the environment. Every name begins with `KAKEHASHI_`, save the two database URLs."""

from __future__ import annotations

import difflib
import os
import secrets
import sys
from dataclasses import dataclass, fields
from datetime import time
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit


class BadConfiguration(RuntimeError):
    """A setting is unknown or cannot be read; the message names it and the nearest known name."""


@dataclass(frozen=True)
class Config:
    """All settings of one installation. Each field is documented in docs/operate/settings.md."""

    home: Path
    database_url: str
    database_admin_url: str
    secret_key: str
    debug: bool
    demo: bool
    surface: str
    allowed_hosts: list[str]
    base_url: str
    mail_url: str
    mail_from: str
    trusted_proxy: bool
    shared_data: str
    log: str
    backup_times: tuple[time, ...] = ()
    backup_keep: int = 14
    backup_folder: Path | None = None

    @property
    def embedded(self) -> bool:
        """Whether the program runs its own PostgreSQL below `home`."""
        return not self.database_url


_FALSE = {"", "0", "no", "false", "off"}


def load(environ: dict[str, str] | None = None) -> Config:
    """Read the environment. Raises `BadConfiguration` for an unknown `KAKEHASHI_*` name or a bad value."""
    env = dict(os.environ if environ is None else environ)
    known = {f"KAKEHASHI_{field.name.upper()}" for field in fields(Config)} - {
        "KAKEHASHI_DATABASE_URL",
        "KAKEHASHI_DATABASE_ADMIN_URL",
    }
    for name in env:
        if name.startswith("KAKEHASHI_") and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            hint = f" — did you mean {near[0]}?" if near else ""
            message = f"unknown setting {name}{hint}"
            raise BadConfiguration(message)

    def get(name: str, default: str = "") -> str:
        return env.get(f"KAKEHASHI_{name}", default)

    home = Path(get("HOME", "var")).resolve()
    surface = get("SURFACE", "all")
    if surface not in {"public", "staff", "all"}:
        message = f"KAKEHASHI_SURFACE is {surface!r}, it must be public, staff or all"
        raise BadConfiguration(message)
    return Config(
        home=home,
        database_url=env.get("DATABASE_URL", ""),
        database_admin_url=env.get("DATABASE_ADMIN_URL", ""),
        secret_key=get("SECRET_KEY") or secret(home, "secret_key"),
        debug=get("DEBUG") not in _FALSE,
        demo=get("DEMO") not in _FALSE,
        surface=surface,
        allowed_hosts=[h for h in get("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",") if h],
        base_url=get("BASE_URL", "http://localhost:8000").rstrip("/"),
        mail_url=get("MAIL_URL"),
        mail_from=get("MAIL_FROM", "kakehashi@localhost"),
        trusted_proxy=get("TRUSTED_PROXY") not in _FALSE,
        shared_data=get("SHARED_DATA"),
        backup_times=times_of_day("BACKUP_TIMES", get("BACKUP_TIMES", "" if get("DEMO") not in _FALSE else "02:00")),
        backup_keep=whole_number("BACKUP_KEEP", get("BACKUP_KEEP", "14")),
        backup_folder=Path(get("BACKUP_FOLDER")).resolve() if get("BACKUP_FOLDER") else None,
        log=_log_shape(get("LOG")),
    )


def times_of_day(name: str, text: str) -> tuple[time, ...]:
    """Times such as `02:00,12:30`; `off` or nothing: none. Raises `BadConfiguration`."""
    if text.lower() in _FALSE:
        return ()
    try:
        return tuple(sorted(time.fromisoformat(part.strip()) for part in text.split(",")))
    except ValueError as error:
        message = f"KAKEHASHI_{name} is {text!r}, it must be times of day such as 02:00,12:30"
        raise BadConfiguration(message) from error


def whole_number(name: str, text: str) -> int:
    """A number of 1 or more. Raises `BadConfiguration`."""
    if not text.isdecimal() or int(text) < 1:
        message = f"KAKEHASHI_{name} is {text!r}, it must be a whole number from 1"
        raise BadConfiguration(message)
    return int(text)


def _log_shape(given: str) -> str:
    """Json or text; unset, a person at a terminal reads text and everything else gets JSON."""
    if given in {"json", "text"}:
        return given
    if given:
        message = f"KAKEHASHI_LOG is {given!r}, it must be json or text"
        raise BadConfiguration(message)
    return "text" if sys.stderr.isatty() else "json"


def secret(home: Path, name: str) -> str:
    """A secret that is made at first need, kept in a file of mode 0600 below `home`, outside the database."""
    folder = home / "keys"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / name
    if not path.exists():
        # Another process may be starting too: whoever links first wins, the other reads the winner's.
        draft = folder / f".{name}.{os.getpid()}"
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            path.chmod(0o600)
        draft.unlink()
    return path.read_text().strip()


def database(url: str) -> dict[str, object]:
    """Django's description of the database behind a `postgresql://` URL (socket folder as `?host=`)."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        message = f"only PostgreSQL is supported, not {parts.scheme!r}"
        raise BadConfiguration(message)
    query = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "kakehashi",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": dict(query),
    }
