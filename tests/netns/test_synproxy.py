#!/usr/bin/python3
"""Shielded servers: real clients reach them, forged ones cost nothing, and policies decide as ever."""

import select
import socket
import time

from lab import FAMILIES, Lab, Report, SYN, close, open_lab, tcp_segment

ZONES = """
conntrack { tcp_loose = false }
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
synproxy "web" {
  from      = "wan"
  proto     = "tcp"
  dest_port = [80, 81]
}
"""

OPEN = ZONES + """
policy "wan" "dmz" {
  rule "strangers" {
    src_ip = ["203.0.113.66", "2001:db8:1::66"]
    action = "drop"
  }
  rule "web" {
    proto     = "tcp"
    dest_port = 80
    action    = "accept"
  }
}
policy "wan" "self" {
  rule "web" {
    proto     = "tcp"
    dest_port = 80
    action    = "accept"
  }
}
policy "lan" "*" { action = "accept" }
"""

# What this machine itself may do says nothing of its clients' connections.
OUTPUT = OPEN + """
policy "self" "wan" {
  rule "ping" {
    proto  = "icmp"
    action = "accept"
  }
}
"""

# Zones of networks have no names of interfaces to look pairs up by.
NETWORKS = OPEN.replace('zone "dmz" { interface = "eth2" }',
                        'zone "dmz" { networks = ["10.0.2.0/24", "2001:db8:d::/64"] }')

CLOSED = ZONES + """
policy "lan" "wan" { action = "accept" }
"""

LIMITED = ZONES + """
policy "wan" "dmz" {
  rule "web" {
    proto           = "tcp"
    dest_port       = 80
    max_connections = 2
    action          = "accept"
  }
}
"""


ZONE_LIMITED = LIMITED.replace("    max_connections = 2\n", "").replace('zone "wan" { interface = "eth0" }', """
zone "wan" {
  interface = "eth0"
  conntrack {
    timeouts = { tcp_established = "50m" }
    limits   = { max_per_ip = 3, max_concurrent = 4 }
  }
}
""")


def speaking(connections: list[socket.socket]) -> list[bool]:
    """Which of them get an echo. The kernel takes up to two seconds for some."""
    for connection in connections:
        connection.sendall(b"hello")
    spoke: dict[socket.socket, bool] = {}
    end = time.monotonic() + 3
    while len(spoke) < len(connections) and (left := end - time.monotonic()) > 0:
        for connection in select.select([one for one in connections if one not in spoke], [], [], left)[0]:
            spoke[connection] = connection.recv(64) == b"hello"
    return [spoke.get(connection, False) for connection in connections]


def talks(lab: Lab, source: str, host: str, to: str, port: int) -> bool:
    connection = lab.connect(host, to, port, source)
    connections = [connection] if connection else []
    spoke = any(speaking(connections))
    close(connections)
    return spoke


def check_policies(lab: Lab, report: Report, family: int, config: str, what: str) -> None:
    lab.start_afresh(config)
    dmz, router = lab.address("dmz", family), lab.address("wan", family, "1")
    stranger = lab.address("wan", family, "66")
    client = lab.address("wan", family)
    where = f"IPv{family} {what}"
    report.claim(talks(lab, client, "wan", dmz, 80), f"{where}: what a rule accepts is answered and passed on")
    report.claim(talks(lab, client, "wan", router, 80), f"{where}: to this machine too")
    rows = (
        (dmz, 81, client, "a shielded port without a rule"), (router, 81, client, "one of this machine"),
        (dmz, 80, stranger, "whom a rule drops"), (lab.address("lan", family), 80, client, "what no policy is for"),
    )
    for to, port, source, whom in rows:
        report.claim(not lab.connect("wan", to, port, source), f"{where}: {whom} is not answered")
    inside = lab.address("lan", family)
    report.claim(talks(lab, inside, "lan", dmz, 81), f"{where}: another zone is not shielded from")


def check_closed(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(CLOSED)
    for host, to in (("dmz", lab.address("dmz", family)), ("router", lab.address("wan", family, "1"))):
        report.claim(not lab.connect("wan", to, 80, lab.address("wan", family)),
                     f"IPv{family} without a policy, {host} is not reached")
    report.claim(not lab.flows(family=family), f"IPv{family} and leaves no entry")


def check_forged(lab: Lab, report: Report, family: int) -> None:
    """An opening segment alone makes no entry, and none reaches the server."""
    lab.start_afresh(OPEN)
    source, to = lab.address("wan", family), lab.address("dmz", family)
    for port in (80, 443):
        segments = [tcp_segment(source, to, number, port, SYN) for number in range(40000, 40010)]
        lab.send_raw("wan", to, 6, *segments)
    report.claim(not lab.flows(family=family), f"IPv{family} opening segments alone leave no entry",
                 lab.flows(family=family) or None)


def check_limits(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(LIMITED)
    held = lab.hold(4, "wan", lab.address("dmz", family), 80, lab.address("wan", family))
    spoke = speaking(held)
    report.claim(spoke == [True, True], f"IPv{family} a rule's limit counts shielded connections", spoke)
    close(held)


def check_zone(lab: Lab, report: Report, family: int) -> None:
    """What is set on connections of the clients' zone."""
    config = ZONE_LIMITED if family == 4 else ZONE_LIMITED + 'policy "self" "wan" { action = "accept" }\n'
    lab.start_afresh(config)
    to, one, other = (lab.address(*place) for place in (("dmz", family), ("wan", family), ("wan", family, "66")))
    held = [connection for source in (one, other) for connection in lab.hold(4, "wan", to, 80, source)]
    spoke = speaking(held)
    wanted = [True, True, True, False, True, False, False, False] if family == 4 else [True] * 3 + [False] * 5
    report.claim(spoke == wanted, f"IPv{family} its zone's limits do, of each source and of all", spoke)
    report.claim(lab.counter("over_per_ip_wan") > 0, f"IPv{family} and say so")
    flows = [flow for flow in lab.flows("ESTABLISHED", family=family) if flow.mark >> 16 == 0x0103]
    report.claim(len(flows) == spoke.count(True) and all(2900 < flow.seconds <= 3000 for flow in flows),
                 f"IPv{family} they have their zones' marks and timeouts", flows)
    close(held)


def main() -> None:
    lab = open_lab("Handshakes that are answered for a server.")
    report = Report()
    for host in ("wan", "lan", "dmz", "router"):
        for port in (80, 81):
            lab.tcp_echo(host, port)
    for family in FAMILIES:
        lab.add_address("wan", "eth0", f"{lab.address('wan', family, '66')}/{24 if family == 4 else 64}")
    rows = ((OPEN, "by interfaces"), (NETWORKS, "by networks"), (OUTPUT, "behind filtered output"))
    for family in FAMILIES:
        for config, what in rows:
            check_policies(lab, report, family, config, what)
        check_closed(lab, report, family)
        check_forged(lab, report, family)
        check_limits(lab, report, family)
        check_zone(lab, report, family)
    report.finish()


main()
