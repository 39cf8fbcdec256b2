#!/usr/bin/python3
"""What belongs to a zone: wildcards, networks, match blocks, and networks that two tenants share."""

import socket

from lab import FAMILIES, Lab, Report, alive, open_lab

# The zones of each configuration have ids in the order in which they stand here; 0 is none.
WILDCARDS = """
zone "rest" { interface = "eth*" }
zone "lan"  { interface = "eth1" }
"""

BY_NETWORK = """
zone "staff" {
  interface = "eth1"
  networks  = ["10.0.1.16/28", "2001:db8:a::16:0/112"]
}
zone "printers" {
  interface = "eth1"
  networks  = ["10.0.1.32/28", "2001:db8:a::32:0/112"]
}
zone "rest" { interface = "eth1" }
"""

NETWORKS_ALONE = """
zone "staff"    { networks = ["10.0.1.16/28", "2001:db8:a::16:0/112"] }
zone "printers" { networks = ["10.0.1.32/28", "2001:db8:a::32:0/112"] }
"""

MATCHES = """
zone "mixed" {
  match {
    interface = "eth1"
    src       = ["10.0.1.16/28", "2001:db8:a::16:0/112"]
    protocol  = "udp"
  }
  match { interface = "eth2" }
}
zone "rest" { interface = "eth1" }
"""

MAC = """
zone "console" {
  match {
    interface = "eth1"
    mac       = "02:00:00:00:00:77"
  }
}
zone "rest" { interface = "eth1" }
"""

ADDRESSES = """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  networks  = ["10.0.1.0/24", "2001:db8:a::/64"]
  services { %s = true }
}
policy "lan" "wan" { action = "accept" }
"""

TENANTS = """
zone "one" {
  interface = "eth1"
  conntrack { zone_id = 1 }
}
zone "two" {
  interface = "eth3"
  conntrack { zone_id = 2 }
}
zone "wan" { interface = "eth0" }
"""

# Somebody has to translate the tenants' addresses and route the replies: here a table beside flywall's,
# by the zone in the mark.
TENANTS_HELP = """
table inet other {
  chain pre {
    type filter hook prerouting priority -140;
    meta mark set ct mark
  }
  chain post {
    type nat hook postrouting priority srcnat;
    oifname "eth0" masquerade
  }
}
"""


def last(family: int, number: int) -> str:
    return str(number + 1) if family == 4 else f"{number}:1"


def zone_of(lab: Lab, family: int, source: str, kind: str, sender: str) -> int | None:
    """The zone that a new connection to wan is taken to come from."""
    lab.forget()
    to = lab.address("wan", family)
    if kind == "tcp":
        lab.connect(sender, to, 80, source)
        flows = lab.flows("dport=80", family=family)
    else:
        lab.udp(sender, to, 53, source)
        flows = lab.flows("dport=53", family=family)
    return flows[0].mark >> 24 if len(flows) == 1 else None


def claim_zone(lab: Lab, report: Report, family: int, what: str, want: int, source: int | None = None,
               kind: str = "tcp", sender: str = "lan") -> None:
    address = lab.address(sender, family, "2" if source is None else last(family, source))
    got = zone_of(lab, family, address, kind, sender)
    report.claim(got == want, f"IPv{family} {what}: zone {want}", got)


def check(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(WILDCARDS)
    claim_zone(lab, report, family, "an exact name wins over a wildcard", 2)
    claim_zone(lab, report, family, "the wildcard takes the others", 1, sender="dmz")
    for config, rest in ((BY_NETWORK, 3), (NETWORKS_ALONE, 0)):
        lab.start_afresh(config)
        how = "networks on one interface" if rest else "networks alone"
        claim_zone(lab, report, family, f"{how}, the first", 1, 16)
        claim_zone(lab, report, family, f"{how}, the second", 2, 32)
        claim_zone(lab, report, family, f"{how}, neither", rest)
    lab.start_afresh(MATCHES)
    claim_zone(lab, report, family, "all conditions of a match block hold", 1, 16, "udp")
    claim_zone(lab, report, family, "another protocol is another zone", 2, 16, "tcp")
    claim_zone(lab, report, family, "another source is another zone", 2, 32, "udp")
    claim_zone(lab, report, family, "a second match block is an alternative", 1, sender="dmz")
    lab.start_afresh(MAC)
    claim_zone(lab, report, family, "another sender's MAC", 2)
    before = lab.sh("lan", "cat /sys/class/net/eth0/address").stdout.strip()
    lab.sh("lan", "ip link set eth0 address 02:00:00:00:00:77")
    lab.sh("router", "ip neigh flush all; ip -6 neigh flush all")
    claim_zone(lab, report, family, "the MAC that the zone names", 1)
    lab.sh("lan", f"ip link set eth0 address {before}")
    lab.sh("router", "ip neigh flush all; ip -6 neigh flush all")


def is_heard(lab: Lab, client: socket.socket, to: tuple[str | int, ...], heard: socket.socket) -> bool:
    client.sendto(b"an address, please", to)
    heard.settimeout(0.5)
    try:
        return heard.recv(64) == b"an address, please"
    except TimeoutError:
        return False


def ask(lab: Lab, family: int) -> bool:
    """Does the router hear who asks for an address without having one? 0.0.0.0 or one of the link alone."""
    server = lab.open_socket("router", family, socket.SOCK_DGRAM)
    client = lab.open_socket("lan", family, socket.SOCK_DGRAM)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    with server, client:
        server.bind(("", 67 if family == 4 else 547))
        if family == 4:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0")
            client.bind(("0.0.0.0", 68))
            return is_heard(lab, client, ("255.255.255.255", 67), server)
        link = lab.sh("router", "ip -6 -o addr show dev eth1 scope link").stdout.split()[3].split("/")[0]
        with lab.at("lan"):
            index = socket.if_nametoindex("eth0")
        client.bind(("::", 546, 0, 0))
        return is_heard(lab, client, (link, 547, 0, index), server)


def check_addresses(lab: Lab, report: Report) -> None:
    own = lab.sh("lan", "ip -4 -o addr show dev eth0").stdout.split()
    networks = [word for word in own if "/" in word]
    routes = lab.sh("lan", "ip -4 route show").stdout.strip().splitlines()
    lab.sh("lan", "ip -4 addr flush dev eth0; ip -4 route add default dev eth0")
    for service, is_open in (("dhcp", True), ("dns", False)):
        lab.start_afresh(ADDRESSES % service)
        for family in FAMILIES:
            report.claim(ask(lab, family) == is_open,
                         f"IPv{family} who has no address yet {'may' if is_open else 'may not'} ask: {service}")
    lab.sh("lan", "ip -4 route flush table main")
    lab.add_address("lan", "eth0", *networks)
    for route in routes:
        lab.sh("lan", f"ip -4 route replace {route}", check=False)


def add_tenant(lab: Lab) -> None:
    """A host behind eth3 with the addresses of the one behind eth1."""
    lab.connect_hosts("router", "eth3", "tenant", "eth0")
    lab.add_address("tenant", "eth0", "10.0.1.2/24", "2001:db8:a::2/64")
    lab.sh("tenant", "ip route add default via 10.0.1.1; ip -6 route add default via 2001:db8:a::1")
    lab.sh("router", "ip addr add 10.0.1.1/32 dev eth3; ip addr add 2001:db8:a::1/128 dev eth3 nodad")
    for family, network in (("-4", "10.0.1.0/24"), ("-6", "2001:db8:a::/64")):
        for zone, interface in ((1, "eth1"), (2, "eth3")):
            lab.sh("router", f"ip {family} rule add pref {100 + zone} fwmark {zone << 24:#x}/0xff000000 "
                             f"lookup {200 + zone}; "
                             f"ip {family} route add {network} dev {interface} table {200 + zone}")


def check_tenants(lab: Lab, report: Report, family: int) -> None:
    """The same five-tuple from two hosts is two connections."""
    source, wan = lab.address("lan", family), lab.address("wan", family)
    lab.start_afresh(TENANTS)
    lab.nft(TENANTS_HELP)
    got = [lab.udp(host, wan, 53, source, 5000) for host in ("lan", "tenant")]
    report.claim(all(got), f"IPv{family} two hosts with one address and port, UDP", got)
    held = [lab.connect(host, wan, 80, source, 6000) for host in ("lan", "tenant")]
    report.claim(all(map(alive, held)), f"IPv{family} and TCP, at the same time")
    flows = lab.flows("sport=6000", "dport=80", family=family)
    zones = sorted(word for flow in flows for word in flow.text.split() if word.startswith("zone-orig"))
    report.claim(zones == ["zone-orig=1", "zone-orig=2"], f"IPv{family} in two kernel zones", zones)
    for connection in held:
        if connection:
            connection.close()


def main() -> None:
    lab = open_lab("What belongs to a zone.", "tenant")
    report = Report()
    lab.tcp_echo("wan", 80)
    lab.udp_echo("wan", 53)
    for number in (16, 32):
        lab.add_address("lan", "eth0", f"10.0.1.{number + 1}/24", f"2001:db8:a::{number}:1/64")
    for family in FAMILIES:
        check(lab, report, family)
    check_addresses(lab, report)
    add_tenant(lab)
    for family in FAMILIES:
        check_tenants(lab, report, family)
    report.finish()


main()
