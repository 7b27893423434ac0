"""The address of the client, by which attempts and requests are counted."""

from functools import cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.conf import settings

IPV6_PREFIX = 64  # bits: the smallest network that a customer is usually given


def client_address(request):
    """The address of the client of a request."""
    return address_in(request.META)


def address_in(environ: dict[str, Any]) -> str | None:
    """The address of the client, or its /64 network for IPv6: one customer has 2**64 addresses to try from.

    It is REMOTE_ADDR. If that is a trusted proxy (TRUSTED_PROXIES), the last address in X-Forwarded-For that is no
    trusted proxy: proxies append the address that they were asked from, whatever a client wrote before it.
    None if there is no address: a Unix socket, a script.
    """
    address = parse_address(environ.get("REMOTE_ADDR") or "")
    if address is not None and is_trusted_proxy(address):
        for text in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            forwarded = parse_address(text)
            if forwarded is None:
                break
            address = forwarded
            if not is_trusted_proxy(address):
                break
    if isinstance(address, IPv6Address):
        address = IPv6Network((int(address), IPV6_PREFIX), strict=False).network_address
    return None if address is None else str(address)


def parse_address(text: str) -> IPv4Address | IPv6Address | None:
    """The address in ``192.0.2.1``, ``192.0.2.1:443``, ``2001:db8::1`` or ``[2001:db8::1]:443``; None if there is none.

    An IPv4 address written as IPv6 is the IPv4 address.
    """
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return (address.ipv4_mapped or address) if isinstance(address, IPv6Address) else address


def is_trusted_proxy(address: IPv4Address | IPv6Address) -> bool:
    """Whether X-Forwarded-For of this address is believed."""
    return any(address in network for network in trusted_networks(tuple(settings.TRUSTED_PROXIES)))


@cache
def trusted_networks(texts: tuple[str, ...]):
    """The networks of the setting."""
    return [ip_network(text) for text in texts]
