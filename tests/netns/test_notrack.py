#!/usr/bin/python3
"""Untracked zones and protocols leave no entries, and their traffic passes both ways."""

import socket

from lab import FAMILIES, Flow, Lab, Report, alive, open_lab

UNTRACKED = """
zone "dmz" {
  interface = "eth2"
  conntrack { enabled = false }
}
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
"""

BY_NETWORK = """
zone "dmz" {
  networks = ["10.0.2.0/24", "2001:db8:d::/64"]
  conntrack { enabled = false }
}
zone "wan" { interface = "eth0" }
"""

IN_PART = """
zone "wan" {
  interface = "eth0"
  conntrack { track_protocols = ["tcp", "icmp"] }
}
zone "lan" { interface = "eth1" }
"""

NOTHING = "conntrack { enabled = false }\n"

GRE = 47
EXPERIMENT = 253


def of_host(lab: Lab, host: str, family: int) -> list[Flow]:
    address = lab.address(host, family)
    return [flow for flow in lab.flows(family=family) if f"={address} " in flow.text + " "]


def talks(lab: Lab, one: str, to: str) -> dict[str, bool]:
    return {"tcp": alive(lab.connect(one, to, 80)), "udp": lab.udp(one, to, 53), "ping": lab.ping(one, to)}


def claim_talk(lab: Lab, report: Report, family: int, one: str, other: str, last: str = "2") -> None:
    """`other` names the side whose address (or the router's on it) is talked to."""
    got = talks(lab, one, lab.address(other, family, last))
    whom = other if last == "2" else f"the router, on the side of {other}"
    report.claim(all(got.values()), f"IPv{family} {one} talks to {whom}", got)


def check_zone(lab: Lab, report: Report, family: int, config: str, what: str) -> None:
    lab.start_afresh(config)
    lab.forget_neighbours()
    claim_talk(lab, report, family, "dmz", "wan")
    claim_talk(lab, report, family, "wan", "dmz")
    claim_talk(lab, report, family, "dmz", "dmz", "1")
    claim_talk(lab, report, family, "router", "dmz")
    found = of_host(lab, "dmz", family)
    report.claim(not found, f"IPv{family} {what} leaves no entry", found or None)
    claim_talk(lab, report, family, "lan", "wan")
    report.claim(len(of_host(lab, "lan", family)) == 3, f"IPv{family} {what}: others are tracked")


def check_in_part(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(IN_PART)
    lab.forget_neighbours()
    claim_talk(lab, report, family, "lan", "wan")
    claim_talk(lab, report, family, "wan", "lan")
    claim_talk(lab, report, family, "wan", "wan", "1")
    claim_talk(lab, report, family, "router", "wan")
    found = sorted({flow.protocol for flow in lab.flows(family=family)})
    icmp = "icmp" if family == 4 else "icmpv6"
    report.claim(found == sorted(["tcp", icmp]), f"IPv{family} only tcp and icmp leave entries", found)
    for protocol in (GRE, EXPERIMENT):
        lab.send_raw("lan", lab.address("wan", family), protocol, bytes(20))
        lab.send_raw("wan", lab.address("lan", family), protocol, bytes(20))
    found = sorted({flow.protocol for flow in lab.flows(family=family)})
    report.claim(found == sorted(["tcp", icmp]), f"IPv{family} and no other protocol, both ways", found)
    lab.udp("lan", lab.address("dmz", family), 53)
    report.claim(lab.flows("dport=53", family=family), f"IPv{family} udp beside the zone is tracked")


def check_errors(lab: Lab, report: Report, family: int) -> None:
    """An ICMP error about an untracked datagram finds no connection, and must pass all the same."""
    lab.start_afresh(IN_PART)
    to = lab.address("wan", family)
    with lab.open_socket("lan", family, socket.SOCK_DGRAM) as client:
        client.settimeout(0.5)
        client.connect((to, 4444))
        client.send(b"x")
        try:
            client.recv(10)
            refused = False
        except ConnectionRefusedError:
            refused = True
        except OSError:
            refused = False
    report.claim(refused, f"IPv{family} the error about an untracked datagram comes back")


def check_neighbours(lab: Lab, report: Report, config: str, what: str) -> None:
    """Behind a filter that lets only established traffic and neighbour discovery through."""
    lab.start_afresh(config)
    lab.forget_neighbours()
    names = {host: lab.address(host, 6) for host in ("wan", "lan", "dmz")}
    got = {f"{one}-{other}": lab.ping(one, names[other]) for one in names for other in names if one != other}
    report.claim(all(got.values()), f"IPv6 neighbours are found with {what}", got)


def check_nothing(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(NOTHING)
    lab.forget_neighbours()
    for one, other in (("lan", "wan"), ("wan", "dmz")):
        claim_talk(lab, report, family, one, other)
    claim_talk(lab, report, family, "lan", "lan", "1")
    claim_talk(lab, report, family, "router", "wan")
    found = lab.flows(family=family)
    report.claim(not found, f"IPv{family} with tracking off there is no entry at all", found or None)


def main() -> None:
    lab = open_lab("What is not tracked.")
    report = Report()
    for host in ("wan", "lan", "dmz", "router"):
        lab.tcp_echo(host, 80)
        lab.udp_echo(host, 53)
    for family in FAMILIES:
        check_zone(lab, report, family, UNTRACKED, "an untracked zone")
        check_zone(lab, report, family, BY_NETWORK, "an untracked zone of networks")
        check_in_part(lab, report, family)
        check_errors(lab, report, family)
        check_nothing(lab, report, family)
    rows = ((UNTRACKED, "an untracked zone"), (IN_PART, "track_protocols"), (NOTHING, "tracking off"))
    for config, what in rows:
        check_neighbours(lab, report, config, what)
    report.finish()


main()
