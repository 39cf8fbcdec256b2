#!/usr/bin/python3
"""The upper half of the ct mark holds the zones of a connection: where it comes from, where it goes."""

from lab import FAMILIES, Lab, Report, alive, close, open_lab

CONFIG = """
conntrack { helpers = { ftp = true } }
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
"""

WAN, LAN, NONE = 1, 2, 0


def mark(source: int, to: int) -> int:
    return source << 24 | to << 16


def check(lab: Lab, report: Report, family: int) -> None:
    rows = (
        ("lan", "wan", "2", LAN, WAN), ("wan", "lan", "2", WAN, LAN), ("dmz", "wan", "2", NONE, WAN),
        ("wan", "dmz", "2", WAN, NONE), ("router", "wan", "2", NONE, WAN), ("lan", "lan", "1", LAN, NONE),
    )
    lab.start_afresh(CONFIG)
    held = []
    for number, (sender, to, last, source, target) in enumerate(rows):
        port = 8000 + number
        connection = lab.connect(sender, lab.address(to, family, last), port)
        alive(connection)
        flows = lab.flows(f"dport={port}", family=family)
        report.claim(len(flows) == 1 and flows[0].mark == mark(source, target),
                     f"IPv{family} {sender} to {to}.{last}: zones {source} and {target}",
                     [hex(flow.mark) for flow in flows])
        held += [connection] if connection else []
    close(held)


def check_others(lab: Lab, report: Report, family: int) -> None:
    """The lower half is not flywall's: what is there stays."""
    lab.start_afresh(CONFIG)
    lab.nft("table inet other { chain pre { type filter hook prerouting priority -160; "
            "ct state new ct mark set 0x00000abc; }\n}")
    connection = lab.connect("lan", lab.address("wan", family), 8000)
    flows = lab.flows("dport=8000", family=family)
    report.claim(len(flows) == 1 and flows[0].mark == mark(LAN, WAN) | 0xabc,
                 f"IPv{family} somebody else's mark is kept", [hex(flow.mark) for flow in flows])
    if connection:
        connection.close()


def check_selection(lab: Lab, report: Report) -> None:
    """The kernel lists and deletes by zone."""
    lab.start_afresh(CONFIG)
    held = [lab.connect("lan", lab.address("wan", 4), 8000), lab.connect("wan", lab.address("lan", 4), 8001)]
    lab.sh("router", f"conntrack -D -m {mark(WAN, 0):#x}/0xff000000", check=False)
    report.claim(lab.flows("dport=8000") and not lab.flows("dport=8001"),
                 "deleting what came from wan leaves the rest")
    close([connection for connection in held if connection])


def main() -> None:
    lab = open_lab("Zones in the mark.")
    report = Report()
    for host in ("wan", "lan", "dmz", "router"):
        for port in range(8000, 8006):
            lab.tcp_echo(host, port)
    for family in FAMILIES:
        check(lab, report, family)
        check_others(lab, report, family)
    check_selection(lab, report)
    report.finish()


main()
