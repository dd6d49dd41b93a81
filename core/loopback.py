"""Which addresses only this machine can reach."""

from ipaddress import IPv6Address, ip_address


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine reaches `host`: 127.0.0.0/8, ::1 or localhost; any other name may be reached."""
    if host.lower() == "localhost":
        return True
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (mapped or address).is_loopback
