"""A fact: a packet, and what becomes of it. A group: a configuration, and facts under it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

PASSES, DROPPED, REJECTED = "passes", "dropped", "rejected"
BOTH = (4, 6)
SILENT_PORT = 65000  # where no server listens: whoever is let through to it is rejected

# The zones of most groups; their numbers are 1, 2 and 3.
ZONES = """
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
"""


@dataclass(frozen=True)
class Fact:
    """A row: what it shows, who sends what to whom, and its fate.

    Places are "lan", "lan.10" (its address that ends so), "router" (its address on the sender's side),
    "router@wan.9" (the router's, in that network), "loopback", or a pair of addresses of each family.

    Packets:
        tcp 80              a connection, and a question that the server answers
        udp 53              a datagram, and its answer
        ping                an echo request, and its reply
        icmp 13             another message that is answered
        datagram 53         a datagram that has to arrive; nobody answers
        segment syn,fin 80  a TCP segment that has to arrive
        proto 47            a packet of an IP protocol that has to arrive
    """

    name: str
    source: str | tuple[str, str]
    to: str | tuple[str, str]
    packet: str
    fate: str
    families: Sequence[int] = BOTH
    times: int = 1  # how often it is sent, from as many ports
    passing: int | None = None  # how many of them have the fate PASSES; the others that of the row
    source_port: int = 0  # 0: any
    dscp: int = 0
    patience: float = 0.5  # seconds until it counts as dropped; behind a synproxy some answers take two
    # What the server saw
    seen: str | tuple[str, str] | None = None  # the client's address
    server: str | None = None  # who answered: a host
    server_port: int | None = None
    most_mss: int | None = None  # TCP: the segment size that the server was told, at most
    # What the router's connection table shows
    tracked: bool | None = None
    mark: tuple[int, int] | None = None  # value and mask
    seconds: tuple[int, int] | None = None  # until it expires: at least, at most
    words: Sequence[str] = ()  # of conntrack's listing: "helper=ftp"
    lacks: Sequence[str] = ()  # and not
    # What else is to be seen
    logged: str | None = None  # the message's prefix
    unlogged: str | None = None
    counter: str | None = None  # how its name ends; it has counted


@dataclass(frozen=True)
class Group:
    """Its facts are tried all at once, so none may depend on another."""

    title: str
    config: str
    facts: Sequence[Fact]
    files: Mapping[str, str] = field(default_factory=dict)  # beside the configuration
    timezone: str = ""  # where the configuration is applied, as POSIX writes TZ; else the machine's
    then: str = ""  # a shell command on the router, when the configuration is applied


def policy(rules: str, source: str = "lan", to: str = "wan", settings: str = "") -> str:
    """A policy with rules that are written `name: body`, one a line; a semicolon at the end goes on."""
    lines = [line.strip() for line in re.sub(r";\s*\n\s*", "; ", rules).splitlines() if line.strip()]
    blocks = []
    for line in lines:
        name, body = line.split(":", 1)
        parts = "\n    ".join(part.strip() for part in body.split(";"))
        blocks.append(f'  rule "{name.strip()}" {{\n    {parts}\n  }}\n')
    return f'policy "{source}" "{to}" {{\n  {settings}\n{"".join(blocks)}}}\n'
