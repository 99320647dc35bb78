"""Which addresses of the internet are those of a stranger, and which of the machines around us.

Python's `is_global` lets through what leads back here: NAT64, 6to4, `::127.0.0.1`, multicast. So
only what the registries of IANA give out to everybody counts, and of that not what is set aside.
"""

import ipaddress
import socket

Ip = ipaddress.IPv4Address | ipaddress.IPv6Address

EVERYBODY = ipaddress.IPv6Network("2000::/3")  # all that was given out of IPv6 so far
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # where only IPv6 is, resolvers wrap IPv4 in it
SET_ASIDE = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24"),
        *("192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15"),
        *("198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"),
        *("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"),
    )
)
"""Private networks, this machine, examples, multicast and tunnels (IANA's special registries)."""


def is_public(ip: Ip) -> bool:
    """Whether an address is that of a machine which everybody can reach.

    >>> [is_public(ipaddress.ip_address(text)) for text in ("9.9.9.9", "64:ff9b::7f00:1")]
    [True, False]
    """
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in NAT64:
            return is_public(ipaddress.IPv4Address(ip.packed[-4:]))
        if ip not in EVERYBODY or ip.scope_id:
            return False
    return not any(ip in network for network in SET_ASIDE)


def read_ip(host: str) -> Ip | None:
    """Read a host that is an address, in each way that systems read it; None where it is a name.

    Raises ValueError where it is neither: the end of a name is never a number.

    >>> read_ip("0x7f.1")
    IPv4Address('127.0.0.1')
    """
    if ":" in host:
        return ipaddress.IPv6Address(host)
    last = host.rpartition(".")[2]
    if not last.isdigit() and not last.startswith("0x"):
        return None
    try:
        return ipaddress.IPv4Address(socket.inet_aton(host))
    except OSError as error:
        raise ValueError(host) from error
