"""Is a host on this computer or in the local network?"""

from __future__ import annotations

import ipaddress
import socket

# Carrier-grade and overlay networks (RFC 6598): not public either.
_SHARED = ipaddress.ip_network("100.64.0.0/10")


def addresses(host: str) -> list[str]:
    """Every address of *host*. Raises OSError for unknown names."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(info[4][0]) for info in found]


def is_local(address: str) -> bool:
    """Does no public network lead to *address*?"""
    plain = _plain(address)
    return (
        plain.is_private
        or plain.is_loopback
        or plain.is_link_local
        or (plain.version == 4 and plain in _SHARED)
    )


def is_own(address: str) -> bool:
    """Is *address* this computer's own loopback?"""
    return _plain(address).is_loopback


def _plain(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    plain = ipaddress.ip_address(address.partition("%")[0])
    # ::ffff:8.8.8.8 leads where 8.8.8.8 does.
    mapped = plain.ipv4_mapped if isinstance(plain, ipaddress.IPv6Address) else None
    return mapped or plain
