"""Staff directories over LDAP (Active Directory, OpenLDAP): find the person's entry, then bind as that person."""

from __future__ import annotations

import ssl
import warnings
from dataclasses import dataclass
from typing import Any, Protocol

from kakehashi.people.domain.ldap_names import search_filter

TIMEOUT_SECONDS = 6


class DirectoryUnavailable(Exception):
    """The directory did not answer; the person did nothing wrong."""


@dataclass(frozen=True, slots=True)
class DirectorySettings:
    """One directory as a town registered it. `user_filter` holds `{username}`."""

    url: str
    base_dn: str
    bind_dn: str = ""
    bind_password: str = ""
    user_filter: str = "(sAMAccountName={username})"
    mail_attribute: str = "mail"
    number_attribute: str = "employeeNumber"
    start_tls: bool = True


@dataclass(frozen=True, slots=True)
class DirectoryPerson:
    """What the directory knows of somebody whose password it accepted."""

    dn: str
    email: str
    staff_number: str


class Directory(Protocol):
    """A staff directory."""

    def authenticate(self, username: str, password: str) -> DirectoryPerson | None:
        """The person, or None for an unknown name or a wrong password. Raises DirectoryUnavailable."""


class LdapDirectory:
    """The real directory, over ldap3. `connect` is replaced in tests by a connection to ldap3's own mock server."""

    def __init__(self, settings: DirectorySettings) -> None:
        self._settings = settings

    def authenticate(self, username: str, password: str) -> DirectoryPerson | None:
        """Search with the service account, then bind as the entry found.

        An empty password would be an anonymous bind, which most servers accept: it is refused before the server is asked. A name
        that matches several entries is refused as well.
        """
        if not username.strip() or not password:
            return None
        found = self._find(username.strip())
        if found is None:
            # The server is asked all the same, so that an unknown name takes as long as a wrong password.
            self._bind(f"cn=nobody,{self._settings.base_dn}", password)
            return None
        return found if self._bind(found.dn, password) else None

    def _find(self, username: str) -> DirectoryPerson | None:
        settings = self._settings
        connection = self.connect(settings.bind_dn, settings.bind_password)
        if connection is None:
            raise DirectoryUnavailable("the service account was refused")
        try:
            connection.search(
                settings.base_dn,
                search_filter(settings.user_filter, username),
                attributes=[settings.mail_attribute, settings.number_attribute],
                size_limit=2,
            )
            entries = [entry for entry in connection.response or [] if entry.get("type") == "searchResEntry"]
        except _ldap_error() as error:
            raise DirectoryUnavailable(str(error)) from error
        finally:
            connection.unbind()
        if len(entries) != 1:
            return None
        attributes = entries[0]["attributes"]
        return DirectoryPerson(
            dn=entries[0]["dn"],
            email=_first(attributes.get(settings.mail_attribute)),
            staff_number=_first(attributes.get(settings.number_attribute)),
        )

    def _bind(self, dn: str, password: str) -> bool:
        connection = self.connect(dn, password)
        if connection is None:
            return False
        connection.unbind()
        return True

    def connect(self, dn: str, password: str) -> Any | None:
        """A bound connection; None when the directory refuses the password. Raises DirectoryUnavailable."""
        ldap3 = load_ldap3()
        try:
            # The library itself would take any certificate, and hand the password to whoever stands in between.
            tls = ldap3.Tls(validate=ssl.CERT_REQUIRED)
            server = ldap3.Server(self._settings.url, connect_timeout=TIMEOUT_SECONDS, get_info=ldap3.NONE, tls=tls)
            connection = ldap3.Connection(
                server, user=dn or None, password=password or None, receive_timeout=TIMEOUT_SECONDS, read_only=True
            )
            if self._settings.start_tls and not self._settings.url.startswith("ldaps:"):
                connection.open()
                if not connection.start_tls():
                    raise DirectoryUnavailable("StartTLS was refused")
            return connection if connection.bind() else None
        except _ldap_error() as error:
            raise DirectoryUnavailable(str(error)) from error


def load_ldap3() -> Any:
    """The library, imported when first needed: its import costs 0.2 s and speaks of a deprecation of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        import ldap3
    return ldap3


def _ldap_error() -> type[Exception]:
    error: type[Exception] = load_ldap3().core.exceptions.LDAPException
    return error


def _first(value: Any) -> str:
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    return str(value or "")
