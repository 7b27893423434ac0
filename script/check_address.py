"""Before serving at HOST and PORT: end with one line when that cannot be, else print the names it is reached by."""

import errno
import re
import socket
import sys

LOCAL = ["localhost", "127.0.0.1", "[::1]"]
ANYWHERE = ("0.0.0.0", "::")
NAME = re.compile(r"[\w.-]+|\[[0-9a-f:.]+\]", re.ASCII | re.IGNORECASE)
WHY = {
    errno.EADDRINUSE: "something else serves there; choose another with --port",
    errno.EADDRNOTAVAIL: "that is no address of this machine",
    errno.EACCES: "ports below 1024 need more rights",
}


def probe(host, port):
    """Take the port and let it go. Without SO_REUSEPORT, by which two servers would share it unnoticed."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as taken:
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            taken.bind(address)
    except OSError as error:
        sys.exit(f"Port {port} on {host} cannot be used: {WHY.get(error.errno, error.strerror)}.")


def own_addresses():
    """This machine's name and its addresses, as far as it knows them."""
    name = socket.gethostname()
    found = [name, name.split(".")[0]]
    try:
        found += [entry[4][0] for entry in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as outwards:
            outwards.connect(("192.0.2.1", 9))  # an address for documentation: nothing is sent, a route is chosen
            found.append(outwards.getsockname()[0])
    except OSError:
        pass  # no network, no further address
    return found


def written(host):
    """A host as the Host header has it."""
    host = host.split("%")[0]
    return f"[{host}]" if ":" in host else host


if __name__ == "__main__":
    probe(sys.argv[1], int(sys.argv[2]))
    others = own_addresses() if sys.argv[1] in ANYWHERE else [sys.argv[1]]
    names = dict.fromkeys([*LOCAL, *filter(NAME.fullmatch, map(written, others))])
    sys.stdout.write(",".join(names) + "\n")
