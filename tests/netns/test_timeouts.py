#!/usr/bin/python3
"""A zone's timeouts hold for connections that enter through it, and for no others."""

from lab import FAMILIES, Flow, Lab, Report, alive, close, open_lab

CONFIG = """
conntrack {
  timeouts = {
    tcp          = "12h"
    tcp_syn_sent = 33
    udp          = 40
    udp_stream   = 50
    icmp         = 17
    generic      = 300
  }
}
zone "wan" {
  interface = "eth0"
  conntrack { timeouts = { tcp = "2h", udp = "10s" } }
}
zone "lan" { interface = "eth1" }
"""

SYSCTLS = {
    "tcp_timeout_established": 43200, "tcp_timeout_syn_sent": 33, "udp_timeout": 40,
    "udp_timeout_stream": 50, "icmp_timeout": 17, "icmpv6_timeout": 17, "generic_timeout": 300,
}


def is_about(flows: list[Flow], seconds: int) -> bool:
    """One entry, with this many seconds left but for those that the test itself took."""
    return len(flows) == 1 and seconds - 4 < flows[0].seconds <= seconds


def check_sysctls(lab: Lab, report: Report) -> None:
    for key, seconds in SYSCTLS.items():
        report.claim(lab.sysctl(f"net.netfilter.nf_conntrack_{key}") == str(seconds), f"sysctl {key}", seconds)


def check_tcp(lab: Lab, report: Report, family: int) -> None:
    lan, wan = lab.address("lan", family), lab.address("wan", family)
    router = lab.address("wan", family, "1")
    ways = ((lan, "wan", 8001, 7200, "wan to lan: the zone's"),
            (router, "wan", 8002, 7200, "wan to the router: the zone's"),
            (wan, "lan", 8003, 43200, "lan to wan: the global one"),
            (wan, "router", 8004, 43200, "the router to wan: the global one"),
            (wan, "dmz", 8005, 43200, "dmz (in no zone) to wan: the global one"))
    held = []
    for to, sender, port, seconds, what in ways:
        connection = lab.connect(sender, to, port)
        flows = lab.flows(f"dport={port}", family=family)
        report.claim(alive(connection) and is_about(flows, seconds), f"IPv{family} tcp {what}",
                     [flow.seconds for flow in flows])
        held += [connection] if connection else []
    lab.must_apply(CONFIG)
    alive(held[0])
    flows = lab.flows("dport=8001", family=family)
    report.claim(is_about(flows, 7200), f"IPv{family} a live connection keeps it over a second apply",
                 [flow.seconds for flow in flows])
    close(held)


def check_unanswered(lab: Lab, report: Report, family: int) -> None:
    """A state that the zone says nothing of has the global value, not one of nft's own."""
    lab.connect("wan", lab.address("lan", family), 81)
    flows = [flow for flow in lab.flows("dport=81", family=family) if "SYN_SENT" in flow.text]
    report.claim(is_about(flows, 33), f"IPv{family} syn_sent in the zone: the global value",
                 [flow.seconds for flow in flows])


def check_udp(lab: Lab, report: Report, family: int) -> None:
    lan, wan = lab.address("lan", family), lab.address("wan", family)
    for sender, to, answered, unanswered in (("wan", lan, 10, 10), ("lan", wan, 50, 40)):
        lab.udp(sender, to, 53)
        flows = lab.flows("dport=53", family=family)
        # The kernel gives the longer time once there was traffic for two seconds or a second request.
        allowed = {answered, unanswered}
        report.claim(any(is_about(flows, seconds) for seconds in allowed),
                     f"IPv{family} udp from {sender}, answered", [flow.seconds for flow in flows])
        lab.send_udp(sender, to, 9, source_port=7000)
        flows = lab.flows("dport=9", family=family)
        report.claim(is_about(flows, unanswered), f"IPv{family} udp from {sender}, unanswered",
                     [flow.seconds for flow in flows])
        lab.forget()


def check_icmp(lab: Lab, report: Report, family: int) -> None:
    lab.ping("lan", lab.address("wan", family))
    flows = [flow for flow in lab.flows(family=family) if flow.protocol.startswith("icmp")]
    report.claim(is_about(flows, 17), f"IPv{family} icmp: the global one", [flow.seconds for flow in flows])


def main() -> None:
    lab = open_lab("Timeouts by zone.")
    report = Report()
    for host, port in (("lan", 8001), ("router", 8002), ("wan", 8003), ("wan", 8004), ("wan", 8005)):
        lab.tcp_echo(host, port)
    for host in ("lan", "wan"):
        lab.udp_echo(host, 53)
    # Port 81 and the discard port stay silent.
    lab.nft("table inet silent { chain in { type filter hook input priority 0; "
            "meta l4proto { tcp, udp } th dport { 9, 81 } drop; }\n}", "lan")
    lab.nft("table inet silent { chain in { type filter hook input priority 0; udp dport 9 drop; }\n}", "wan")
    lab.start_afresh(CONFIG)
    check_sysctls(lab, report)
    for family in FAMILIES:
        lab.forget()
        check_tcp(lab, report, family)
        check_unanswered(lab, report, family)
        check_udp(lab, report, family)
        check_icmp(lab, report, family)
    report.finish()


main()
