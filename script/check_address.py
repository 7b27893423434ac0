"""Check that HOST and PORT can be served, and print the host names under which the server can be reached.

Ends with a message of one line and status 1 if they cannot.
"""

import errno
import re
import socket
import sys

LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALL_INTERFACES = ("0.0.0.0", "::")
HOST_NAME = re.compile(r"[\w.-]+|\[[0-9a-f:.]+\]", re.ASCII | re.IGNORECASE)
ERROR_MESSAGES = {
    errno.EADDRINUSE: "another program serves there; choose another port with --port",
    errno.EADDRNOTAVAIL: "this machine does not have that address",
    errno.EACCES: "ports below 1024 need more privileges",
}


def check_port(host, port):
    """Bind the port and release it. Not with SO_REUSEPORT, which lets two servers share a port unnoticed."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        sys.exit(f"Port {port} on {host} cannot be used: {ERROR_MESSAGES.get(error.errno, error.strerror)}.")


def own_addresses():
    """Return this machine's host names and its addresses, as far as it knows them."""
    name = socket.gethostname()
    addresses = [name, name.split(".")[0]]
    try:
        addresses += [entry[4][0] for entry in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outwards:
            outwards.connect(("192.0.2.1", 9))  # an address for documentation: sends nothing, only selects a route
            addresses.append(outwards.getsockname()[0])
    except OSError:
        pass  # without a network there are no further addresses
    return addresses


def host_header(host):
    """Return a host as the Host header writes it."""
    host = host.split("%")[0]
    return f"[{host}]" if ":" in host else host


if __name__ == "__main__":
    check_port(sys.argv[1], int(sys.argv[2]))
    hosts = own_addresses() if sys.argv[1] in ALL_INTERFACES else [sys.argv[1]]
    allowed_hosts = dict.fromkeys([*LOCAL_HOSTS, *filter(HOST_NAME.fullmatch, map(host_header, hosts))])
    sys.stdout.write(",".join(allowed_hosts) + "\n")
