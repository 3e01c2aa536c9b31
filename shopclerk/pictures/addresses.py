"""Which network addresses a picture may be fetched from: those of the open internet alone.

A URL that a stranger typed must not reach the services of this machine or its network, whatever name or
notation it hides them behind.
"""

import ipaddress
import socket
from collections.abc import Callable

Resolver = Callable[[str, int], list[str]]
"""Host name and port to addresses; raises OSError where there are none."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_UNICAST = ipaddress.IPv6Network("2000::/3")
_REFUSED = (
    ipaddress.ip_network("100.64.0.0/10"),  # carrier-grade NAT; metadata on Alibaba Cloud
    ipaddress.ip_network("168.63.129.16/32"),  # the host of a virtual machine on Azure
    ipaddress.ip_network("192.0.0.0/24"),  # protocol assignments; metadata on Oracle Cloud
    ipaddress.ip_network("192.88.99.0/24"),  # relays of 6to4
    ipaddress.ip_network("2001::/32"),  # Teredo, which wraps any IPv4 address
    ipaddress.ip_network("2002::/16"),  # 6to4, likewise
    ipaddress.ip_network("3fff::/20"),  # examples in documents
)
"""Refused beside what Python's `ipaddress` knows as closed, which differs between its versions."""


def resolve_host(host: str, port: int) -> list[str]:
    """Return the addresses of a host, in the system's order, each once."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Say whether an address belongs to the open internet; what is no address does not."""
    try:
        bare = _unwrapped(ipaddress.ip_address(address))
    except ValueError:
        return False
    if any(bare in network for network in _REFUSED if network.version == bare.version):
        return False
    if bare.version == 6 and bare not in _UNICAST:
        return False
    closed = (
        bare.is_private
        or bare.is_loopback
        or bare.is_link_local
        or bare.is_multicast
        or bare.is_reserved
        or bare.is_unspecified
    )
    return bare.is_global and not closed


def _unwrapped(address: _Address) -> _Address:
    """Return the IPv4 address that an IPv6 one stands for, or the address itself."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
