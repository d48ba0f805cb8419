"""A staff directory in memory: ldap3's own mock server filled with two people."""

from __future__ import annotations

from typing import Any

from kakehashi.people.adapters.directory import DirectorySettings, LdapDirectory, load_ldap3

BASE = "ou=staff,dc=hibari,dc=example"
SERVICE = "cn=service,dc=hibari,dc=example"

PEOPLE = {
    "tanaka": {"mail": "clerk@hibari.example", "employeeNumber": "1001", "userPassword": "ひばりの空 2026"},
    "sato": {"mail": "manager@hibari.example", "employeeNumber": "1002", "userPassword": "another long password"},
}

SETTINGS = DirectorySettings(
    url="ldap://directory.invalid",
    base_dn=BASE,
    bind_dn=SERVICE,
    bind_password="service password",
    user_filter="(&(objectClass=person)(uid={username}))",
    start_tls=False,
)


class FakeDirectory(LdapDirectory):
    """The real adapter; only the wire is replaced."""

    def __init__(self, settings: DirectorySettings = SETTINGS) -> None:
        super().__init__(settings)

    def connect(self, dn: str, password: str) -> Any | None:
        """A connection to the mock server."""
        ldap3 = load_ldap3()
        connection = ldap3.Connection(ldap3.Server("mock"), user=dn, password=password, client_strategy=ldap3.MOCK_SYNC)
        connection.strategy.add_entry(SERVICE, {"objectClass": "person", "userPassword": "service password"})
        for uid, person in PEOPLE.items():
            entry = {"objectClass": "person", "uid": uid, "cn": uid, "sn": uid, **person}
            connection.strategy.add_entry(f"cn={uid},{BASE}", entry)
        return connection if connection.bind() else None
