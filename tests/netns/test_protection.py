#!/usr/bin/python3
"""Protection: what it must stop, and what it must leave alone, beyond the rows in facts/guards.py."""

from __future__ import annotations

import re
import socket
import time

from lab import (ACK, FAMILIES, FIN, RST, SYN, Lab, Report, alive, close, open_lab, tcp_segment, wait_for)

ZONES = """
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "*" "*" { action = "accept" }
policy "*" "self" { action = "accept" }
"""


def protection(text: str) -> str:
    return f'protection "all" {{\n{text}\n}}\n'


def length(family: int) -> int:
    return 32 if family == 4 else 128


# Sources and destinations


def forge(lab: Lab, source: str, to: str) -> None:
    """One datagram from an address that is not the host's network's."""
    family = 6 if ":" in to else 4
    # Otherwise an IPv6 address may be tentative for a moment.
    lab.sh("lan", f"ip addr replace {source}/{length(family)} dev lo{' nodad' if family == 6 else ''}")
    lab.udp("lan", to, 8000, source)
    lab.sh("lan", f"ip addr del {source}/{length(family)} dev lo")


def check_sources(lab: Lab, report: Report, family: int) -> None:
    wan = lab.address("wan", family)
    rows = {
        "spoofed": ("anti_spoofing = true", ("10.0.2.77", "192.0.2.77") if family == 4 else
                    ("2001:db8:d::77", "2a00::77")),
        "bogon": ("bogon_filtering = true", ("240.0.0.7", "198.18.0.7") if family == 4 else
                  ("100::7", "2001:10::7")),
        "private": ("private_filtering = true", ("192.168.7.7", "172.16.7.7", "100.64.7.7") if family == 4 else
                    ("fd00::7",)),
    }
    for name, (switch, sources) in rows.items():
        lab.start_afresh(ZONES + protection(switch))
        for source in sources:
            before = lab.counter(f"{name}_lan")
            forge(lab, source, wan)
            report.claim(lab.counter(f"{name}_lan") == before + 1, f"{name}: {source}")
        if name == "spoofed":
            before = lab.counter("spoofed_lan")
            report.claim(lab.udp("lan", wan, 8000) and lab.counter("spoofed_lan") == before,
                         f"IPv{family} an honest source passes")


def check_targets(lab: Lab, report: Report) -> None:
    """The lab's own addresses outside are documentation's, which nobody has either."""
    lab.start_afresh(ZONES + protection("bogon_filtering = true"))
    report.claim(lab.udp("dmz", lab.address("lan", 4), 8000), "bogon: from one private network to another")
    for to in ("198.18.0.7", "100::7"):
        before = lab.counter("bogon_lan")
        lab.send_udp("lan", to, 8000)
        report.claim(wait_for(lambda: lab.counter("bogon_lan") > before), f"bogon: to {to}")


def check_beginners(lab: Lab, report: Report) -> None:
    """A host without an address has to begin somewhere."""
    all_switches = "anti_spoofing = true\nbogon_filtering = true\ninvalid_packets = true"
    lab.start_afresh(ZONES + protection(all_switches))
    with lab.open_socket("router", 4, socket.SOCK_DGRAM) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
        server.bind(("", 67))
        server.settimeout(2)
        lab.sh("lan", "ip addr del 10.0.1.2/24 dev eth0; ip route add default dev eth0")
        with lab.open_socket("lan", 4, socket.SOCK_DGRAM) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"eth0\0")
            client.bind(("0.0.0.0", 68))
            client.sendto(b"discover", ("255.255.255.255", 67))
        try:
            source = server.recvfrom(64)[1][0]
        except OSError:
            source = "nothing"
        report.claim(source == "0.0.0.0", "a request for an address, from none", source)
    lab.sh("lan", "ip route del default dev eth0; ip addr add 10.0.1.2/24 brd + dev eth0; "
                  "ip route replace default via 10.0.1.1")
    lab.sh("lan", "sysctl -qw net.ipv6.conf.eth0.accept_dad=1 net.ipv6.conf.eth0.dad_transmits=1; "
                  "ip -6 addr add 2001:db8:a::1/64 dev eth0; sleep 1.5")
    report.claim("dadfailed" in lab.sh("lan", "ip -6 addr show dev eth0").stdout,
                 "the search for an address that is taken is answered")
    lab.sh("lan", "ip -6 addr del 2001:db8:a::1/64 dev eth0; sysctl -qw net.ipv6.conf.eth0.accept_dad=0")
    own = re.search(r"inet6 (fe80::\S+)/", lab.sh("router", "ip -6 addr show dev eth1").stdout)
    report.claim(own and lab.ping("lan", f"{own[1]}%eth0"), "from one link-local address to another")
    lab.start_afresh(ZONES + protection("anti_spoofing = true\ninvalid_packets = true"))
    lab.forget_neighbours()
    report.claim(all(lab.ping("lan", lab.address("wan", family)) for family in FAMILIES), "neighbours are found")


# Segments


def is_possible(flags: int) -> bool:
    """RFC 9293: each segment but the first and a reset carries ACK; at most one of SYN, FIN, RST."""
    alone = bin(flags & (SYN | FIN | RST)).count("1") <= 1
    return alone and (bool(flags & ACK) or flags in (SYN, RST))


def check_flags(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(ZONES + protection("invalid_packets = true"))
    lan, wan = lab.address("lan", family), lab.address("wan", family)
    for possible in (True, False):
        chosen = [flags for flags in range(64) if is_possible(flags) == possible]
        before = lab.counter("bad_flags_lan")
        lab.send_raw("lan", wan, socket.IPPROTO_TCP,
                     *(tcp_segment(lan, wan, 20000 + flags, 9999, flags) for flags in chosen))
        time.sleep(0.2)
        dropped = lab.counter("bad_flags_lan") - before
        report.claim(dropped == (0 if possible else len(chosen)),
                     f"IPv{family} of {len(chosen)} {'' if possible else 'im'}possible sets of flags are dropped",
                     dropped)


# Floods


def check_syn_flood(lab: Lab, report: Report, family: int) -> None:
    switches = 'syn_flood_protection = true\nsyn_flood_rate = "2/second"\nsyn_flood_burst = 3'
    lab.start_afresh(ZONES + protection(switches))
    wan = lab.address("wan", family)
    held = lab.hold(6, "lan", wan, 8000)
    report.claim(3 <= len(held) <= 5, f"IPv{family} a burst of three connections", len(held))
    report.claim(all(alive(one) for one in held for _ in range(5)), f"IPv{family} those that stand are not slowed")
    report.claim(lab.counter("syn_flood_lan") > 0 and lab.udp("lan", wan, 8000), f"IPv{family} only TCP is")
    report.claim(lab.connect_soon("dmz", wan, 8000), f"IPv{family} nor is another zone")
    time.sleep(1)
    more = lab.hold(1, "lan", wan, 8000)
    report.claim(more, f"IPv{family} the rate comes back")
    close(held + more)


def check_icmp_flood(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(ZONES + protection('icmp_rate_limit = true\nicmp_rate = "2/minute"\nicmp_burst = 2'))
    wan = lab.address("wan", family)
    answered = sum(lab.ping("lan", wan) for _ in range(4))
    report.claim(answered == 2, f"IPv{family} a burst of two pings", answered)
    lab.forget_neighbours()
    report.claim(lab.udp("lan", wan, 8000), f"IPv{family} neighbours are still found")
    with lab.open_socket("lan", family, socket.SOCK_DGRAM) as client:
        client.settimeout(0.5)
        client.connect((wan, 9999))
        refused = False
        try:
            client.send(b"hello")
            client.recv(1)
        except ConnectionRefusedError:
            refused = True
        except OSError:
            pass
    report.claim(refused, f"IPv{family} errors still come through")


def check_new_connections(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(ZONES + protection('new_conn_rate_limit = true\nnew_conn_rate = "4/minute"\nnew_conn_burst = 4'))
    wan = lab.address("wan", family)
    held = lab.hold(2, "lan", wan, 8000)
    answered = [lab.udp("lan", wan, 8000, source_port=7000 + number) for number in range(4)]
    report.claim(len(held) == 2 and answered == [True, True, False, False],
                 f"IPv{family} four new connections, of whatever protocol", (len(held), answered))
    report.claim(all(alive(one) for one in held), f"IPv{family} those that stand go on")
    report.claim(lab.udp("lan", wan, 8000, source_port=7000), f"IPv{family} and so do datagrams of a known flow")
    close(held)


# Scans

SCANS = """
zone "wan" {
  interface = "eth0"
  protection {
    port_scan_protection = true
    port_scan_threshold  = 5
  }
}
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "lan" "wan" { action = "accept" }
policy "wan" "lan" { action = "accept" }
"""
OPEN = SCANS + """
policy "wan" "self" {
  rule "echo" {
    proto     = "tcp"
    dest_port = 8000
    action    = "accept"
  }
}
"""


def scan(lab: Lab, host: str, to: str, ports: int, source: str | None = None) -> None:
    for port in range(1, ports + 1):
        with lab.open_socket(host, 6 if ":" in to else 4, socket.SOCK_STREAM) as client:
            if source:
                client.bind((source, 0))
            client.setblocking(False)
            client.connect_ex((to, port))
    time.sleep(0.2)


def banned(lab: Lab, family: int) -> list[str]:
    listing = lab.listing(f"set inet flywall scanners{family}")
    found = re.search(r"elements = \{([^}]*)\}", listing)
    return re.findall(r"[0-9a-f.:]+(?= expires| timeout)", found[1]) if found else []


def check_scan(lab: Lab, report: Report, family: int) -> None:
    router, wan, lan = lab.address("wan", family, "1"), lab.address("wan", family), lab.address("lan", family)
    honest = lab.address("wan", family, "40")
    lab.start_afresh(OPEN)
    held = lab.hold(8, "wan", router, 8000)
    report.claim(len(held) == 8 and not banned(lab, family), f"IPv{family} what is accepted is no scan")
    scan(lab, "wan", router, 4)
    report.claim(not banned(lab, family) and alive(held[0]), f"IPv{family} nor are few refused connections")
    scan(lab, "wan", router, 12)
    report.claim(banned(lab, family) == [wan], f"IPv{family} more than five are", banned(lab, family))
    report.claim(not alive(held[0]) and not lab.connect("wan", router, 8000) and not lab.connect("wan", lan, 8000),
                 f"IPv{family} who scans is not heard any more")
    report.claim(lab.connect_soon("wan", lan, 8000, honest), f"IPv{family} others are")
    lab.must_apply(OPEN)
    report.claim(banned(lab, family) == [wan], f"IPv{family} a ban outlives a change of the configuration")
    expires = re.search(r"expires (\d+)m", lab.listing(f"set inet flywall scanners{family}"))
    report.claim(expires and 8 <= int(expires[1]) <= 10, f"IPv{family} for ten minutes", expires and expires[0])
    close(held)


def check_told(lab: Lab, report: Report, family: int) -> None:
    """A machine that says that it is closed."""
    for policies in ('policy "wan" "self" { action = "reject" }\n', 'policy "*" "self" { action = "reject" }\n'):
        lab.start_afresh(SCANS + policies)
        scan(lab, "wan", lab.address("wan", family, "1"), 12)
        report.claim(banned(lab, family) == [lab.address("wan", family)],
                     f"IPv{family} refused connections are counted where their clients are told",
                     banned(lab, family))


def check_closed(lab: Lab, report: Report, family: int) -> None:
    """A zone that nothing of this machine is open to, and one that is not protected."""
    for what, zone in (("interfaces", '"eth0"'), ("wildcards", '"eth0*"'),
                       ("addresses", '"eth0"\n  networks = ["203.0.113.0/24", "2001:db8:1::/64"]')):
        lab.start_afresh(SCANS.replace('"eth0"', zone))
        scan(lab, "wan", lab.address("wan", family, "1"), 12)
        report.claim(banned(lab, family) == [lab.address("wan", family)],
                     f"IPv{family} zones by {what}: a machine that is wholly closed notices too", banned(lab, family))
    lab.start_afresh(OPEN)
    scan(lab, "dmz", lab.address("dmz", family, "1"), 12)
    report.claim(not banned(lab, family), f"IPv{family} only the protected zone's are counted")


def main() -> None:
    lab = open_lab("Protection.")
    report = Report()
    for host in ("wan", "lan", "router"):
        lab.tcp_echo(host, 8000)
        lab.udp_echo(host, 8000)
    lab.sh("wan", f"ip addr add {lab.address('wan', 4, '40')}/24 dev eth0; "
                  f"ip addr add {lab.address('wan', 6, '40')}/64 dev eth0 nodad preferred_lft 0")
    for family in FAMILIES:
        for check in (check_sources, check_flags, check_syn_flood, check_icmp_flood, check_new_connections,
                      check_scan, check_told, check_closed):
            check(lab, report, family)
    check_targets(lab, report)
    check_beginners(lab, report)
    report.finish()


main()
