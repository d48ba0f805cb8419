"""Which second factor a network asks for. Inside the town hall's own network a password may do; from the internet it may not."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Factor(StrEnum):
    """Kinds of second factor."""

    TOTP = "totp"
    PASSKEY = "passkey"
    MAIL_CODE = "mail_code"

    @property
    def label(self) -> str:
        """The Japanese name on the screens."""
        return {"totp": "認証アプリ（TOTP）", "passkey": "パスキー", "mail_code": "メールの確認コード"}[self.value]


#: What is asked from outside where no rule speaks: any second factor will do, but there must be one.
DEFAULT_FACTORS = frozenset(Factor)

#: The machine itself and private networks: a town hall's own wires, where no rule means that the password is enough.
_INSIDE = tuple(
    ipaddress.ip_network(text)
    for text in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)


@dataclass(frozen=True, slots=True)
class NetworkRule:
    """Clients in `network` (CIDR) must show one of `factors`; an empty set means that the password is enough."""

    network: str
    factors: frozenset[Factor]


def parse_network(text: str) -> str:
    """The network in its canonical form. Raises ValueError for text that is no network."""
    return str(ipaddress.ip_network(text.strip(), strict=False))


def factors_for(rules: Iterable[NetworkRule], address: str) -> frozenset[Factor]:
    """The factors that satisfy the narrowest network containing the address.

    Without a rule nothing is asked inside (loopback, private networks) and any factor outside; an address that cannot be read
    counts as outside.
    """
    try:
        client = ipaddress.ip_address(address)
    except ValueError:
        return DEFAULT_FACTORS
    if isinstance(client, ipaddress.IPv6Address) and client.ipv4_mapped is not None:
        client = client.ipv4_mapped
    best: tuple[int, frozenset[Factor]] | None = None
    for rule in rules:
        network = ipaddress.ip_network(rule.network)
        if client.version == network.version and client in network and (best is None or network.prefixlen > best[0]):
            best = (network.prefixlen, rule.factors)
    if best is not None:
        return best[1]
    is_inside = any(client.version == network.version and client in network for network in _INSIDE)
    return frozenset() if is_inside else DEFAULT_FACTORS


def is_satisfied(required: frozenset[Factor], shown: Iterable[Factor]) -> bool:
    """Whether a sign-in that showed these factors may enter where these are required."""
    return not required or bool(required & set(shown))
