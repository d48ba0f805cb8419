"""Internet addresses: read, compared with networks. Needs no settings."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Network = IPv4Network | IPv6Network


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address, an IPv4 one also when it comes in IPv6 clothes; None for anything else."""
    try:
        found = ip_address(text)
    except ValueError:
        return None
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        return found.ipv4_mapped
    return found


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    found = parse_address(address)
    return found is not None and found.is_loopback


@lru_cache(maxsize=4096)
def in_networks(address: str, networks: tuple[Network, ...]) -> bool:
    """Whether an address lies in one of the networks; what is no address lies in none."""
    found = parse_address(address)
    return found is not None and any(found in network for network in networks)
