"""The one place that reads the environment. Every name begins with `KAKEHASHI_`, save the two database URLs."""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import time, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

from kakehashi.kernel import clock
from kakehashi.kernel.key_files import earlier_secrets, secret_in

# Connections to the database that one process may hold; a web process has fewer threads than that.
POOL_SIZE = 6
Network = IPv4Network | IPv6Network
Value = TypeVar("Value")

# A pass of a resident's browser lives thirty days: what signed it must be known that long, and a little longer.
COOKIES_LIVE = timedelta(days=40)
# Where a town hall's own machines are: the machine itself and the private networks of RFC 1918 and RFC 4193.
_OFFICE = "127.0.0.0/8,::1/128,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"


class BadConfiguration(RuntimeError):
    """A setting is unknown or cannot be read; the message names it and the nearest known name."""


@dataclass(frozen=True)
class Config:
    """All settings of one installation. Each field is documented in docs/operate/settings.md."""

    home: Path
    database_url: str
    database_admin_url: str
    secret_key: str
    secret_key_fallbacks: list[str]
    debug: bool
    demo: bool
    surface: str
    allowed_hosts: list[str]
    base_url: str
    mail_url: str
    mail_from: str
    trusted_proxies: list[Network]
    office_networks: list[Network]
    tls_cert: str
    tls_key: str
    scanner: str
    content_store: str
    shared_data: str
    log: str
    embeddings: str = ""
    embeddings_model: str = ""
    embeddings_key: str = ""
    embeddings_prefixes: str = ""
    backup_times: tuple[time, ...] = ()
    backup_keep: int = 14
    backup_folder: Path | None = None
    inbox: str = ""
    metrics_token: str = ""
    traces_url: str = ""
    map_tiles: str = ""
    map_attribution: str = ""
    internal_hosts: tuple[str, ...] = ()
    public_url: str = ""
    seal_folder: Path | None = None
    seal_tsa: str = ""
    seal_level: str = "b-b"
    journal_tsa: str = ""
    journal_tsa_ca: Path | None = None

    @property
    def embedded(self) -> bool:
        """Whether the program runs its own PostgreSQL below `home`."""
        return not self.database_url

    @property
    def https(self) -> bool:
        """Whether people reach this installation by HTTPS only."""
        return self.base_url.startswith("https://")


def load(environ: dict[str, str] | None = None) -> Config:
    """Read the environment. Raises `BadConfiguration` for an unknown `KAKEHASHI_*` name or a bad value."""
    env = dict(os.environ if environ is None else environ)
    _refuse_unknown(env)

    def get(name: str, read: Callable[[str], Value], default: str = "") -> Value:
        full = f"KAKEHASHI_{name}"
        try:
            return read(env.get(full, default))
        except ValueError as error:
            raise BadConfiguration(f"{full} is {env.get(full)!r}: {error}") from error

    home = home_folder(env)
    given, tls_cert = get("SECRET_KEY", str), get("TLS_CERT", str)
    base_url = get("BASE_URL", _base_url, "https://localhost:8000" if tls_cert else "http://localhost:8000")
    if tls_cert and not base_url.startswith("https://"):
        raise BadConfiguration("KAKEHASHI_TLS_CERT is set, so KAKEHASHI_BASE_URL must begin with https://")
    return Config(
        home=home,
        database_url=env.get("DATABASE_URL", ""),
        database_admin_url=env.get("DATABASE_ADMIN_URL", ""),
        secret_key=given or secret(home, "secret_key"),
        secret_key_fallbacks=get("SECRET_KEY_FALLBACKS", _list) or ([] if given else _earlier(home)),
        debug=get("DEBUG", _switch),
        demo=get("DEMO", _switch),
        surface=get("SURFACE", _surface, "all"),
        allowed_hosts=get("ALLOWED_HOSTS", _list, "localhost,127.0.0.1,[::1]"),
        base_url=base_url,
        mail_url=get("MAIL_URL", str),
        mail_from=get("MAIL_FROM", str, "kakehashi@localhost"),
        trusted_proxies=get("TRUSTED_PROXIES", _networks),
        office_networks=get("OFFICE_NETWORKS", _networks, _OFFICE),
        tls_cert=tls_cert,
        tls_key=get("TLS_KEY", str),
        scanner=get("SCANNER", _scanner),
        content_store=get("CONTENT_STORE", _content_store),
        shared_data=get("SHARED_DATA", str),
        inbox=get("INBOX", str),
        log=get("LOG", _log_shape),
        embeddings=get("EMBEDDINGS", str),
        embeddings_model=get("EMBEDDINGS_MODEL", str),
        embeddings_key=get("EMBEDDINGS_KEY", str),
        embeddings_prefixes=get("EMBEDDINGS_PREFIXES", str),
        backup_times=get("BACKUP_TIMES", _times_of_day, "" if get("DEMO", _switch) else "02:00"),
        backup_keep=get("BACKUP_KEEP", _whole_number, "14"),
        backup_folder=get("BACKUP_FOLDER", lambda text: Path(text).resolve() if text else None),
        metrics_token=get("METRICS_TOKEN", str),
        traces_url=get("TRACES_URL", str),
        map_tiles=get("MAP_TILES", _map_tiles),
        map_attribution=get("MAP_ATTRIBUTION", str),
        internal_hosts=get("INTERNAL_HOSTS", _hosts),
        public_url=get("PUBLIC_URL", lambda text: _base_url(text) if text else ""),
        seal_folder=get("SEAL_FOLDER", lambda text: Path(text).resolve() if text else None),
        seal_tsa=get("SEAL_TSA", _seal_tsa),
        seal_level=_seal_level(get("SEAL_LEVEL", str), get("SEAL_TSA", _seal_tsa)),
        journal_tsa=get("JOURNAL_TSA", _seal_tsa),
        journal_tsa_ca=get("JOURNAL_TSA_CA", lambda text: Path(text).resolve() if text else None),
    )


def home_folder(environ: dict[str, str] | None = None) -> Path:
    """Where everything of this installation lies; asking makes no key."""
    env = os.environ if environ is None else environ
    return Path(env.get("KAKEHASHI_HOME", "var")).resolve()


def _refuse_unknown(env: dict[str, str]) -> None:
    known = {f"KAKEHASHI_{field.name.upper()}" for field in fields(Config) if not field.name.startswith("database_")}
    for name in env:
        if name.startswith("KAKEHASHI_") and name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            raise BadConfiguration(f"unknown setting {name}" + (f" — did you mean {near[0]}?" if near else ""))


_SWITCH = {"": False, "0": False, "no": False, "false": False, "off": False, "1": True, "yes": True, "true": True, "on": True}  # fmt: skip


def _switch(text: str) -> bool:
    if text.lower() not in _SWITCH:
        raise ValueError("it must be 1 or 0")
    return _SWITCH[text.lower()]


def _list(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _hosts(text: str) -> tuple[str, ...]:
    """Names, `.endings` and networks; what has a slash or is an address must be readable as one."""
    found = tuple(part.lower().rstrip(".") for part in _list(text))
    for part in found:
        if "/" in part or ":" in part or part.replace(".", "").isdecimal():
            ip_network(part)
    return found


def _networks(text: str) -> list[Network]:
    return [ip_network(part) for part in _list(text)]


def _surface(text: str) -> str:
    if text not in {"public", "staff", "all"}:
        raise ValueError("it must be public, staff or all")
    return text


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it must be an address such as https://kakehashi.example.lg.jp")
    return text.rstrip("/")


def _scanner(text: str) -> str:
    if text and urlsplit(text).scheme != "clamd":
        raise ValueError("it must be clamd://host:3310 or clamd:///run/clamav/clamd.ctl")
    return text


def _content_store(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"s3", "s3+http"} or not parts.hostname or not parts.path.strip("/")):
        raise ValueError("it must be s3://key:secret@host/bucket?region=…")
    return text


def _map_tiles(text: str) -> str:
    plain = text.strip()
    if plain and not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?/[A-Za-z0-9._~/{}?=&%-]*", plain):
        raise ValueError("it must be an address like https://tiles.example.jp/{z}/{x}/{y}.png")
    if plain and not all(part in plain for part in ("{z}", "{x}", "{y}")):
        raise ValueError("it must contain {z}, {x} and {y}")
    return plain


def _seal_tsa(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"https", "http"} or not parts.hostname):
        raise ValueError("it must be an address such as https://tsa.example.jp/")
    return text


def _seal_level(text: str, tsa: str) -> str:
    """The asked level; without one as far as the settings reach. A level that needs the time needs who tells it."""
    level = text.lower() or ("b-t" if tsa else "b-b")
    if level not in {"b-b", "b-t", "b-lta"}:
        raise BadConfiguration(f"KAKEHASHI_SEAL_LEVEL is {text!r}: it must be b-b, b-t or b-lta")
    if level != "b-b" and not tsa:
        raise BadConfiguration(
            f"KAKEHASHI_SEAL_LEVEL is {level}, so KAKEHASHI_SEAL_TSA must name a time-stamping authority"
        )
    return level


def _times_of_day(text: str) -> tuple[time, ...]:
    """Times such as `02:00,12:30`; `off` or nothing: none."""
    if _SWITCH.get(text.lower()) is False:
        return ()
    try:
        return tuple(sorted(time.fromisoformat(part) for part in _list(text)))
    except ValueError as error:
        raise ValueError("it must be times of day such as 02:00,12:30") from error


def _whole_number(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ValueError("it must be a whole number from 1")
    return int(text)


def _log_shape(given: str) -> str:
    """Json or text; unset, a person at a terminal reads text and everything else gets JSON."""
    if given not in {"", "json", "text"}:
        raise ValueError("it must be json or text")
    return given or ("text" if sys.stderr.isatty() else "json")


def _earlier(home: Path) -> list[str]:
    return earlier_secrets(home / "keys" / "secret_key", now=clock.now(), within=COOKIES_LIVE)


def secret(home: Path, name: str) -> str:
    """A secret that is made at first need, kept in a file of mode 0600 below `home`, outside the database."""
    return secret_in(home / "keys" / name)


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
