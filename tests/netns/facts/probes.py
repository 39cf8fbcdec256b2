"""Sending what a fact says, and finding out what became of it."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import struct
import time
from dataclasses import dataclass, field

import lab as packets
from facts.model import DROPPED, PASSES, REJECTED, Fact
from facts.network import Answer, address_of, host_of, read_answer
from lab import Lab

PATIENCE = 0.5
IP_RECVERR, IPV6_RECVERR, IPV6_TCLASS = 11, 25, 67
FLAGS = {"fin": packets.FIN, "syn": packets.SYN, "rst": packets.RST, "psh": packets.PUSH, "ack": packets.ACK,
         "urg": packets.URGENT, "none": 0}
ETH_P_ALL = 3
identifiers = itertools.count(1)


@dataclass
class Outcome:
    fate: str
    port: int = 0  # the client's
    answer: Answer | None = None
    held: list[socket.socket] = field(default_factory=list)  # kept open until all has been looked at


def level(family: int) -> int:
    return socket.IPPROTO_IP if family == 4 else socket.IPPROTO_IPV6


class Probe:
    """One fact, in one family."""

    def __init__(self, lab: Lab, fact: Fact, family: int) -> None:
        self.lab, self.fact, self.family = lab, fact, family
        self.kind, _, self.rest = fact.packet.partition(" ")
        source, to = fact.source, fact.to
        self.host = host_of(source)
        self.to = address_of(to, family, self.host if self.host != "router" else "lan")
        self.source = None if source == "router" else address_of(source, family)

    def open(self, kind: int, protocol: int = 0) -> socket.socket:
        client = self.lab.open_socket(self.host, self.family, kind, protocol)
        client.settimeout(self.fact.patience)
        client.setsockopt(level(self.family), IP_RECVERR if self.family == 4 else IPV6_RECVERR, 1)
        if self.fact.dscp:
            client.setsockopt(level(self.family), socket.IP_TOS if self.family == 4 else IPV6_TCLASS,
                              self.fact.dscp << 2)
        if self.fact.source_port and kind != socket.SOCK_RAW:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        port = 0 if kind == socket.SOCK_RAW else self.fact.source_port
        if self.source or port:
            client.bind((self.source or "", port))
        return client

    def run(self) -> Outcome:
        kinds = {"tcp": self.tcp, "udp": self.udp, "ping": self.icmp, "icmp": self.icmp,
                 "datagram": self.datagram, "segment": self.segment, "proto": self.proto}
        return kinds[self.kind]()

    def ask(self, kind: int) -> Outcome:
        client = self.open(kind)
        outcome = Outcome(DROPPED, held=[client])
        try:
            client.connect((self.to, int(self.rest)))
            client.send(b"who is there?")
            outcome.answer = read_answer(client.recv(256))
            outcome.fate = PASSES
        except TimeoutError:
            pass
        except OSError:
            outcome.fate = REJECTED
        with contextlib.suppress(OSError):
            outcome.port = client.getsockname()[1]
        return outcome

    def tcp(self) -> Outcome:
        return self.ask(socket.SOCK_STREAM)

    def udp(self) -> Outcome:
        return self.ask(socket.SOCK_DGRAM)

    def icmp(self) -> Outcome:
        """A message with an identifier of its own; errors quote it."""
        four = self.family == 4
        client = self.open(socket.SOCK_RAW, socket.IPPROTO_ICMP if four else socket.IPPROTO_ICMPV6)
        kind = int(self.rest) if self.rest else 8 if four else 128
        mine = struct.pack("!HH", os.getpid() & 0xffff, next(identifiers))
        body = struct.pack("!BBH", kind, 0, 0) + mine + bytes(16)
        if four:
            body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
        with client:
            try:
                client.sendto(body, (self.to, 0))
                return Outcome(self.icmp_fate(client, kind, mine), struct.unpack("!HH", mine)[0])
            except TimeoutError:
                return Outcome(DROPPED)
            except OSError:
                return Outcome(REJECTED)

    def icmp_fate(self, client: socket.socket, kind: int, mine: bytes) -> str:
        errors = (3, 11) if self.family == 4 else (1, 3)
        end = time.monotonic() + PATIENCE
        while (left := end - time.monotonic()) > 0:
            client.settimeout(left)
            data = client.recv(2048)
            message = data[(data[0] & 15) * 4:] if self.family == 4 else data
            if message[0] in errors and mine in message[8:]:
                return REJECTED
            if message[0] != kind and message[4:8] == mine:
                return PASSES
        return DROPPED

    def arrival(self, protocol: int, payload: bytes) -> Outcome:
        """Whether a packet comes out at the host where it is to go."""
        with self.lab.at(host_of(self.fact.to)):
            watch = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
        with watch, self.open(socket.SOCK_RAW, protocol) as client:
            watch.settimeout(PATIENCE)
            client.sendto(payload, (self.to, 0))
            end = time.monotonic() + PATIENCE
            while time.monotonic() < end:
                try:
                    data, origin = watch.recvfrom(2048)
                except TimeoutError:
                    break
                if origin[2] != socket.PACKET_OUTGOING and payload in data:
                    return Outcome(PASSES)
        return Outcome(DROPPED)

    def port(self) -> int:
        return self.fact.source_port or 20000 + next(identifiers)

    def datagram(self) -> Outcome:
        source = self.port()
        payload = struct.pack("!HHHH", source, int(self.rest), 24, 0) + os.urandom(16)
        if self.family == 6:
            payload = payload[:6] + struct.pack("!H", self.checksum(17, payload)) + payload[8:]
        outcome = self.arrival(socket.IPPROTO_UDP, payload)
        outcome.port = source
        return outcome

    def segment(self) -> Outcome:
        flags, port = self.rest.split()
        source = self.port()
        bits = sum(FLAGS[flag] for flag in flags.split(","))
        payload = packets.tcp_segment(self.source or self.own(), self.to, source, int(port), bits,
                                      int.from_bytes(os.urandom(3), "big"))
        outcome = self.arrival(socket.IPPROTO_TCP, payload)
        outcome.port = source
        return outcome

    def own(self) -> str:
        return address_of(self.host, self.family)

    def proto(self) -> Outcome:
        return self.arrival(int(self.rest), bytes(4) + os.urandom(12))

    def checksum(self, protocol: int, payload: bytes) -> int:
        ends = b"".join(socket.inet_pton(socket.AF_INET6, end) for end in (self.source or self.own(), self.to))
        return checksum(ends + struct.pack("!II", len(payload), protocol) + payload) or 0xffff


def checksum(data: bytes) -> int:
    total: int = sum(struct.unpack(f"!{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff
