"""A small network of namespaces: a router with flywall on it, and three hosts.

    wan  203.0.113.2  2001:db8:1::2 ---- eth0  203.0.113.1  2001:db8:1::1
    lan  10.0.1.2     2001:db8:a::2 ---- eth1  10.0.1.1     2001:db8:a::1   router
    dmz  10.0.2.2     2001:db8:d::2 ---- eth2  10.0.2.1     2001:db8:d::1

The namespaces are called flywall_<pid>_<host> and are removed at exit, whatever happened. Nothing
leaves them, and every sender is bounded.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import ipaddress
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from support import (Report, arguments, need_programs, need_root, program, run, skip)  # noqa: E402

__all__ = ["ACK", "FAMILIES", "FIN", "Flow", "Lab", "PUSH", "RST", "Report", "SYN", "URGENT", "alive",
           "close", "need_programs", "open_lab", "run", "skip", "tcp_segment", "wait_for"]

CLONE_NEWNET = 0x40000000
FAMILIES = (4, 6)
PATIENCE = 0.5  # seconds until a packet counts as dropped


@dataclass(frozen=True)
class Host:
    interface: str  # the router's
    net4: str
    net6: str


HOSTS = {
    "wan": Host("eth0", "203.0.113.", "2001:db8:1::"),
    "lan": Host("eth1", "10.0.1.", "2001:db8:a::"),
    "dmz": Host("eth2", "10.0.2.", "2001:db8:d::"),
}

SYSCTLS_EVERYWHERE = (
    "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0",
    "net.ipv6.conf.all.accept_dad=0", "net.ipv6.conf.default.accept_dad=0",
    "net.ipv6.conf.all.accept_ra=0", "net.ipv6.conf.default.accept_ra=0",
    "net.ipv4.icmp_ratelimit=0", "net.ipv6.icmp.ratelimit=0",
)


@dataclass(frozen=True)
class Flow:
    """One line of `conntrack -L`."""

    protocol: str
    seconds: int  # until it expires
    text: str

    def has(self, *words: str) -> bool:
        return all(word in self.text.split() for word in words)

    @property
    def mark(self) -> int:
        found = re.search(r"\bmark=(\d+)", self.text)
        return int(found[1]) if found else 0


def wait_for(holds: Callable[[], object], seconds: float = 3) -> bool:
    """Waits until something holds; False where it never did."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return bool(holds())


def alive(connection: socket.socket | None) -> bool:
    """Does an echo come back?"""
    if connection is None:
        return False
    try:
        connection.settimeout(PATIENCE)
        connection.sendall(b"hello")
        return connection.recv(64) == b"hello"
    except OSError:
        return False


def close(connections: list[socket.socket]) -> None:
    """Closes them all and empties the list."""
    for connection in connections:
        connection.close()
    connections.clear()


FIN, SYN, RST, PUSH, ACK, URGENT = (1 << bit for bit in range(6))


def tcp_segment(source: str, to: str, source_port: int, port: int, flags: int, seq: int = 1) -> bytes:
    """A TCP segment without data, with its checksum, for a raw socket."""
    addresses = ipaddress.ip_address(source).packed + ipaddress.ip_address(to).packed
    header = struct.pack("!HHIIBBHHH", source_port, port, seq, 0, 5 << 4, flags, 8192, 0, 0)
    pseudo = addresses + struct.pack("!II", len(header), socket.IPPROTO_TCP) + header
    total = sum(struct.unpack(f"!{len(pseudo) // 2}H", pseudo))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return header[:16] + struct.pack("!H", ~total & 0xffff) + header[18:]


class Lab:
    """The namespaces, what runs in them, and the means to send and look."""

    def __init__(self, programs: Path, *more: str) -> None:
        self.libc = ctypes.CDLL(None, use_errno=True)
        self.programs = programs
        self.prefix = f"flywall_{os.getpid()}_"
        self.home = os.open("/proc/self/ns/net", os.O_RDONLY)
        self.inside: dict[str, int] = {}
        self.running: list[subprocess.Popen[bytes]] = []
        self.folder = Path(tempfile.mkdtemp(prefix="flywall_lab_"))
        self.folder.chmod(0o755)
        atexit.register(self.remove)
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        for name in ("router", *HOSTS, *more):
            self.add_host(name)
        for name, host in HOSTS.items():
            self.connect_hosts("router", host.interface, name, "eth0")
            self.add_address("router", host.interface, f"{host.net4}1/24", f"{host.net6}1/64")
            self.add_address(name, "eth0", f"{host.net4}2/24", f"{host.net6}2/64")
            self.sh(name, f"ip route add default via {host.net4}1; "
                          f"ip -6 route add default via {host.net6}1")
        self.sh("router", "sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1")
        wait_for(lambda: self.ping("lan", self.address("wan", 4)) and
                 self.ping("lan", self.address("wan", 6)), 5)

    # The network

    def add_host(self, host: str) -> None:
        name = self.prefix + host
        subprocess.run(["ip", "netns", "add", name], check=True)
        self.inside[host] = os.open(f"/run/netns/{name}", os.O_RDONLY)
        self.sh(host, "ip link set lo up; sysctl -qw " + " ".join(SYSCTLS_EVERYWHERE))

    def connect_hosts(self, one: str, interface: str, other: str, other_interface: str) -> None:
        subprocess.run(["ip", "link", "add", interface, "netns", self.prefix + one, "type", "veth",
                        "peer", "name", other_interface, "netns", self.prefix + other], check=True)
        self.sh(one, f"ip link set {interface} up")
        self.sh(other, f"ip link set {other_interface} up")

    def add_address(self, host: str, interface: str, *addresses: str) -> None:
        for address in addresses:
            flags = "nodad" if ":" in address else "brd +"
            self.sh(host, f"ip addr add {address} dev {interface} {flags}")

    @staticmethod
    def address(host: str, family: int, last: str = "2") -> str:
        """A host's address; the router's on that side with last="1"."""
        return (HOSTS[host].net4 if family == 4 else HOSTS[host].net6) + last

    def remove(self) -> None:
        for process in self.running:
            with contextlib.suppress(OSError):
                process.kill()
            process.wait()
        for host in self.inside:
            subprocess.run(["ip", "netns", "del", self.prefix + host], stderr=subprocess.DEVNULL,
                           check=False)
        self.inside.clear()
        shutil.rmtree(self.folder, ignore_errors=True)

    # Commands

    def _inside(self, host: str, *argv: str) -> list[str]:
        return ["ip", "netns", "exec", self.prefix + host, *argv]

    def sh(self, host: str, command: str, stdin: str | None = None,
           check: bool = True) -> subprocess.CompletedProcess[str]:
        done = run(self._inside(host, "sh", "-c", command), stdin=stdin)
        if check and done.returncode != 0:
            raise RuntimeError(f"on {host}: {command}\n{done.stdout}{done.stderr}")
        return done

    def start(self, host: str, *argv: str, output: Path | None = None) -> subprocess.Popen[bytes]:
        """Starts something that ends with the lab at the latest; `output` takes both its outputs."""
        with open(output or os.devnull, "wb") as out:
            process = subprocess.Popen(self._inside(host, *argv), stdin=subprocess.DEVNULL,
                                       stdout=out, stderr=out, cwd=self.folder)
        self.running.append(process)
        return process

    @staticmethod
    def stop(process: subprocess.Popen[bytes]) -> None:
        process.terminate()
        try:
            process.wait(3)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    # flywall and the kernel

    def apply(self, config: str, *options: str) -> subprocess.CompletedProcess[str]:
        """flywall-apply on the router, with a configuration given as text."""
        path = self.folder / "test.hcl"
        path.write_text(config)
        return run(self._inside("router", program(self.programs, "flywall-apply"),
                                f"--state-dir={self.folder / 'state'}", *options, str(path)))

    def must_apply(self, config: str) -> None:
        done = self.apply(config)
        if done.returncode != 0:
            raise RuntimeError(f"flywall-apply: status {done.returncode}\n{done.stderr}\n{config}")

    def start_afresh(self, config: str) -> None:
        """No rules, no entries, no counts; then the configuration."""
        self.sh("router", "nft flush ruleset")
        self.must_apply(config)
        self.forget()

    def nft(self, ruleset: str, host: str = "router") -> None:
        self.sh(host, "nft -f -", stdin=ruleset)

    def listing(self, what: str = "table inet flywall") -> str:
        return self.sh("router", f"nft list {what}").stdout

    def counter(self, name: str) -> int:
        """Packets of a named counter of flywall's table; 0 where there is none."""
        found = re.search(rf"counter {name} \{{[^}}]*packets (\d+)", self.listing())
        return int(found[1]) if found else 0

    def sysctl(self, key: str) -> str:
        return self.sh("router", f"sysctl -n {key}").stdout.strip()

    def flows(self, *words: str, family: int = 4) -> list[Flow]:
        """The router's entries that have all these words, such as "dport=80"."""
        listing = self.sh("router", f"conntrack -L -f ipv{family} 2>/dev/null").stdout
        found = re.findall(r"^(\S+)\s+\d+\s+(\d+)?(.*)$", listing, re.MULTILINE)
        flows = [Flow(protocol, int(seconds or 0), rest) for protocol, seconds, rest in found]
        return [flow for flow in flows if flow.has(*words)]

    def forget(self) -> None:
        """Empties the router's connection table."""
        self.sh("router", "conntrack -F; conntrack -F expect", check=False)

    def forget_neighbours(self) -> None:
        for host in self.inside:
            self.sh(host, "ip neigh flush all; ip -6 neigh flush all")

    # Traffic

    @contextlib.contextmanager
    def at(self, host: str) -> Iterator[None]:
        """Sockets made in this block are the host's."""
        if self.libc.setns(self.inside[host], CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")
        try:
            yield
        finally:
            self.libc.setns(self.home, CLONE_NEWNET)

    def open_socket(self, host: str, family: int, kind: int, protocol: int = 0) -> socket.socket:
        with self.at(host):
            return socket.socket(socket.AF_INET if family == 4 else socket.AF_INET6, kind, protocol)

    def _server(self, host: str, kind: int, port: int) -> socket.socket:
        server = self.open_socket(host, 6, kind)
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        server.bind(("::", port))
        return server

    def tcp_echo(self, host: str, port: int) -> None:
        """Both families."""
        server = self._server(host, socket.SOCK_STREAM, port)
        server.listen(1024)

        def answer(connection: socket.socket) -> None:
            with connection, contextlib.suppress(OSError):
                while data := connection.recv(4096):
                    connection.sendall(data)

        def serve() -> None:
            while True:
                connection, _ = server.accept()
                threading.Thread(target=answer, args=(connection,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()

    def udp_echo(self, host: str, port: int) -> None:
        """Both families."""
        server = self._server(host, socket.SOCK_DGRAM, port)

        def serve() -> None:
            while True:
                with contextlib.suppress(OSError):
                    data, peer = server.recvfrom(4096)
                    server.sendto(data, peer)

        threading.Thread(target=serve, daemon=True).start()

    def _client(self, host: str, to: str, kind: int, source: str | None, port: int) -> socket.socket:
        client = self.open_socket(host, 6 if ":" in to else 4, kind)
        if source or port:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            client.bind((source or ("::" if ":" in to else "0.0.0.0"), port))
        client.settimeout(PATIENCE)
        return client

    def connect(self, host: str, to: str, port: int, source: str | None = None,
                source_port: int = 0) -> socket.socket | None:
        """A TCP connection, or None where none came about."""
        client = self._client(host, to, socket.SOCK_STREAM, source, source_port)
        try:
            client.connect((to, port))
            return client
        except OSError:
            client.close()
            return None

    def connect_soon(self, host: str, to: str, port: int, source: str | None = None) -> list[socket.socket]:
        """The first connection that comes about within a few tries, or nothing."""
        found: list[socket.socket] = []
        for _ in range(4):
            if not found:
                found = self.hold(1, host, to, port, source)
        return found

    def hold(self, count: int, host: str, to: str, port: int,
             source: str | None = None) -> list[socket.socket]:
        """Those of `count` connections that came about, still open."""
        tried = (self.connect(host, to, port, source) for _ in range(count))
        return [connection for connection in tried if connection]

    def udp(self, host: str, to: str, port: int, source: str | None = None,
            source_port: int = 0) -> bool:
        """Does a datagram come back?"""
        with self._client(host, to, socket.SOCK_DGRAM, source, source_port) as client:
            try:
                client.sendto(b"hello", (to, port))
                return bool(client.recv(64) == b"hello")
            except OSError:
                return False

    def send_udp(self, host: str, to: str, port: int, source_port: int = 0) -> None:
        """One datagram; nobody waits for an answer."""
        with self._client(host, to, socket.SOCK_DGRAM, None, source_port) as client:
            client.sendto(b"hello", (to, port))

    def send_raw(self, host: str, to: str, protocol: int, *payloads: bytes) -> None:
        """Packets of an IP protocol with payloads of our own."""
        family = 6 if ":" in to else 4
        with self.open_socket(host, family, socket.SOCK_RAW, protocol) as raw:
            for payload in payloads:
                raw.sendto(payload, (to, 0))

    def ping(self, host: str, to: str, count: int = 1) -> bool:
        return self.sh(host, f"ping -n -q -c {count} -i 0.1 -W 1 {to}", check=False).returncode == 0


def open_lab(description: str, *more: str) -> Lab:
    """The lab of a test program, or an exit that says why there is none."""
    options = arguments(description).parse_args()
    need_root()
    need_programs("ip", "nft", "conntrack", "ping", "sysctl")
    if run(["unshare", "--net", "true"]).returncode != 0:
        skip("this machine gives no network namespaces")
    program(options.bin, "flywall-apply")
    return Lab(options.bin, *more)
