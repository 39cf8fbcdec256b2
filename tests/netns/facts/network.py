"""The hosts of the facts, beside those of lab.py, and who answers on them.

    stray   10.0.9.2    2001:db8:9::2    behind the router's eth3, which no zone has unless it says so
    tagged  10.0.30.2   2001:db8:30::2   behind the router's eth3.30

Every host has a few more addresses, and so has the router's eth0: those that end in 9 and 10. A server
answers with what it saw: host, client's address and port, its own port, and its segment size.
"""

from __future__ import annotations

import contextlib
import selectors
import socket
import threading
from collections.abc import Iterable
from dataclasses import dataclass

from lab import Lab

# Of each network: the router's interface, and how addresses begin.
NETWORKS = {
    "wan": ("eth0", "203.0.113.", "2001:db8:1::"),
    "lan": ("eth1", "10.0.1.", "2001:db8:a::"),
    "dmz": ("eth2", "10.0.2.", "2001:db8:d::"),
    "stray": ("eth3", "10.0.9.", "2001:db8:9::"),
    "tagged": ("eth3.30", "10.0.30.", "2001:db8:30::"),
}
MORE = {"wan": (10, 20), "lan": (10, 20, 30), "dmz": (10, 20)}
ROUTER_MORE = (9, 11)
IPV6_RECVPKTINFO, IPV6_PKTINFO = 49, 50
LAN_MAC = "02:00:00:00:00:77"
# Addresses that hosts pretend to have.
FORGED = {
    "lan": ("10.0.2.99", "2001:db8:d::99", "240.1.2.3", "100::9"),
    "wan": ("192.168.5.5", "fd00::5", "240.1.2.3", "100::9"),
}


@dataclass(frozen=True)
class Answer:
    host: str
    client: str
    client_port: int
    port: int
    mss: int


def build(lab: Lab) -> None:
    lab.sh("lan", f"ip link set eth0 address {LAN_MAC}; ip neigh flush all")
    for host in ("stray", "tagged"):
        interface, net4, net6 = NETWORKS[host]
        lab.connect_hosts("router", interface, host, "eth0")
        lab.add_address("router", interface, f"{net4}1/24", f"{net6}1/64")
        lab.add_address(host, "eth0", f"{net4}2/24", f"{net6}2/64")
        lab.sh(host, f"ip route add default via {net4}1; ip -6 route add default via {net6}1")
    for host, network, numbers in (("router", "wan", ROUTER_MORE), *((host, host, MORE[host]) for host in MORE)):
        _, net4, net6 = NETWORKS[network]
        for number in numbers:
            # An address that is not preferred is never chosen for what the host begins itself.
            lab.sh(host, f"ip addr add {net4}{number}/24 dev eth0; "
                         f"ip addr add {net6}{number}/64 dev eth0 nodad preferred_lft 0")
    for host, addresses in FORGED.items():
        for address in addresses:
            lab.sh(host, f"ip addr add {address}/{128 if ':' in address else 32} dev lo")
    lab.sh("router", "ip neigh flush all; ip -6 neigh flush all")


def host_of(place: str | tuple[str, str]) -> str:
    """The host at a place; of addresses, who pretends to have them."""
    if isinstance(place, tuple):
        return next(host for host, addresses in FORGED.items() if place[0] in addresses)
    return "router" if place == "loopback" else place.split("@")[0].split(".")[0]


def address_of(place: str | tuple[str, str], family: int, side: str = "lan") -> str:
    """`side` is the other end of the traffic, for "router" alone."""
    if isinstance(place, tuple):
        return place[0 if family == 4 else 1]
    if place == "loopback":
        return "127.0.0.1" if family == 4 else "::1"
    host, _, rest = place.partition("@")
    if host.split(".")[0] == "router":
        network, _, last = (rest or side).partition(".")
        last = last or "1"
    else:
        network, _, last = host.partition(".")
        last = last or "2"
    return NETWORKS[network][1 if family == 4 else 2] + last


class Servers:
    """One thread that answers on all ports of all hosts."""

    def __init__(self, lab: Lab, hosts: Iterable[str], tcp: Iterable[int], udp: Iterable[int]) -> None:
        self.selector = selectors.DefaultSelector()
        for host in hosts:
            for kind, ports in ((socket.SOCK_STREAM, tcp), (socket.SOCK_DGRAM, udp)):
                for port in sorted(ports):
                    self.add(lab, host, kind, port)
        threading.Thread(target=self.serve, daemon=True).start()

    def add(self, lab: Lab, host: str, kind: int, port: int) -> None:
        server = lab.open_socket(host, 6, kind)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        server.bind(("::", port))
        server.setblocking(False)
        if kind == socket.SOCK_STREAM:
            server.listen(64)
        else:
            server.setsockopt(socket.IPPROTO_IPV6, IPV6_RECVPKTINFO, 1)
        self.selector.register(server, selectors.EVENT_READ, (self.accept if kind == socket.SOCK_STREAM
                                                              else self.answer, host))

    def serve(self) -> None:
        while True:
            for key, _ in self.selector.select():
                with contextlib.suppress(OSError):
                    act, host = key.data
                    act(key.fileobj, host)

    def accept(self, server: socket.socket, host: str) -> None:
        connection, _ = server.accept()
        connection.setblocking(False)
        self.selector.register(connection, selectors.EVENT_READ, (self.answer, host))

    def answer(self, server: socket.socket, host: str) -> None:
        """From the address that was asked, of several."""
        try:
            data, found, _, peer = server.recvmsg(64, 256)
        except OSError:
            data, found, peer = b"", [], None
        if not data:
            self.selector.unregister(server)
            server.close()
            return
        stream = server.type == socket.SOCK_STREAM
        client = (peer or server.getpeername())[:2]
        mss = server.getsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG) if stream else 0
        text = f"{host} {client[0].removeprefix('::ffff:')} {client[1]} {server.getsockname()[1]} {mss}"
        asked = [(level, kind, value[:16] + bytes(4)) for level, kind, value in found if kind == IPV6_PKTINFO]
        server.sendmsg([text.encode()], asked, 0, *([] if stream else [peer]))


def read_answer(data: bytes) -> Answer:
    host, client, client_port, port, mss = data.decode().split()
    return Answer(host, client, int(client_port), int(port), int(mss))
