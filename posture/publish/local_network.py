"""The addresses of a host, provided that they all are at home."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass

_LOOPBACK = ("127.0.0.0/8", "::1/128")
_HOME = (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16",  # private use (RFC 1918)
    "169.254.0.0/16", "fe80::/10",  # link-local (RFC 3927, RFC 4291)
    "fc00::/7",  # unique local (RFC 4193)
    "100.64.0.0/10",  # shared, and overlay networks (RFC 6598)
)  # fmt: skip
# The name of this computer, whatever a hosts file makes of it (RFC 6761).
_THIS_COMPUTER = "localhost"


class NotAtHome(OSError):
    """The host has an address that is not of this computer or the local network."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a host is. ``addresses``: numbers, so that nobody need look the name up again."""

    addresses: tuple[str, ...]
    on_this_computer: bool


def locate(host: str) -> Place:
    """Look *host* up, once. Raises NotAtHome if any of its addresses is elsewhere, or OSError."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"{host!r} is no name of a computer") from error
    addresses = tuple(dict.fromkeys(str(info[4][0]) for info in found))
    here = all(_within(address, _LOOPBACK) for address in addresses)
    if not here and (
        host == _THIS_COMPUTER
        or not all(_within(address, _LOOPBACK + _HOME) for address in addresses)
    ):
        raise NotAtHome
    return Place(addresses, here)


def _within(text: str, networks: tuple[str, ...]) -> bool:
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return any(address in ipaddress.ip_network(network) for network in networks)
