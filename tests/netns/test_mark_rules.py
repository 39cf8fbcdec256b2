#!/usr/bin/python3
"""mark_rule: which connections get a mark, how long they keep it, and what their packets carry."""

from lab import FAMILIES, Lab, Report, alive, close, open_lab

ZONES = """
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "*" "*" { action = "accept" }
policy "*" "self" { action = "accept" }
"""

TARGETS = ZONES + """
mark_rule "to wan" {
  from      = "lan"
  to        = "wan"
  set_mark  = "0x001/0x00f"
}
mark_rule "to dmz" {
  to       = "dmz"
  set_mark = "0x020/0x0f0"
}
mark_rule "to this machine" {
  to       = "self"
  set_mark = "0x300/0xf00"
}
mark_rule "of this machine" {
  from     = "self"
  to       = "wan"
  set_mark = "0x400/0xf00"
}
"""

# The same zone, told by its networks.
BY_NETWORK = TARGETS.replace('zone "dmz" { interface = "eth2" }',
                             'zone "dmz" { networks = ["10.0.2.0/24", "2001:db8:d::/64"] }')

CARRIED = ZONES + """
mark_rule "in" {
  save = true
}
mark_rule "out" {
  restore = true
}
"""

# Another program's rules: it marks packets, and counts what carries that mark.
OTHER = """
table inet other {
  counter forth { }
  counter back { }
  chain pre { type filter hook prerouting priority -250; policy accept;
    iifname "eth1" th dport 8000 meta mark set 0x00000abc
  }
  chain own { type route hook output priority -250; policy accept;
    th dport 8001 meta mark set 0x00000abc
  }
  chain forward { type filter hook forward priority 50; policy accept;
    meta mark 0x00000abc th dport 8000 counter name "forth"
    meta mark 0x00000abc th sport 8000 counter name "back"
  }
}
"""

USER, UPLINK = 0x00000fff, 0x0000f000


def mark_of(lab: Lab, family: int, port: int) -> int | None:
    flows = lab.flows(f"dport={port}", family=family)
    return flows[0].mark if len(flows) == 1 else None


def check_targets(lab: Lab, report: Report, family: int, config: str, what: str) -> None:
    lab.start_afresh(config)
    rows = (
        ("lan", "wan", "2", 0x001), ("lan", "dmz", "2", 0x020), ("wan", "dmz", "2", 0x020),
        ("wan", "lan", "2", 0), ("lan", "lan", "1", 0x300), ("lan", "wan", "1", 0x300),
        ("router", "wan", "2", 0x400), ("router", "dmz", "2", 0x020), ("router", "lan", "2", 0),
    )
    for number, (sender, to, last, want) in enumerate(rows):
        connection = lab.connect(sender, lab.address(to, family, last), 8000 + number)
        mark = mark_of(lab, family, 8000 + number)
        report.claim(mark is not None and mark & USER == want,
                     f"IPv{family} {what}: {sender} to {to}.{last} gets {want:#05x}", mark and hex(mark))
        close([connection] if connection else [])


def check_carried(lab: Lab, report: Report, family: int) -> None:
    """A mark that somebody puts on the first packet goes with all packets, both ways."""
    lab.start_afresh(CARRIED)
    lab.sh("router", "nft delete table inet other", check=False)
    lab.nft(OTHER)
    connection = lab.connect("lan", lab.address("wan", family), 8000)
    report.claim(all(alive(connection) for _ in range(3)), f"IPv{family} a connection with marked packets")
    mark = mark_of(lab, family, 8000)
    report.claim(mark is not None and mark & USER == 0xabc, f"IPv{family} the packet's mark is saved",
                 mark and hex(mark))
    counters = lab.sh("router", "nft -j list counters table inet other").stdout
    counted = [int(part.split(",")[0]) for part in counters.split('"packets": ')[1:]]
    report.claim(len(counted) == 2 and min(counted) >= 4, f"IPv{family} and restored on both ways", counted)
    own = lab.connect("router", lab.address("wan", family), 8001)
    mark = mark_of(lab, family, 8001)
    report.claim(alive(own) and mark is not None and mark & USER == 0xabc,
                 f"IPv{family} this machine's own is saved too", mark and hex(mark))
    close([held for held in (connection, own) if held])
    lab.sh("router", "nft delete table inet other")


def check_unanswered(lab: Lab, report: Report, family: int) -> None:
    """A connection that nobody answers is new again and again, and keeps what it has besides."""
    lab.start_afresh(CARRIED)
    to = lab.address("wan", family, "99")
    for bits in (0, UPLINK & 0x3000):
        lab.sh("router", "conntrack -F", check=False)
        lab.send_udp("lan", to, 9000, 9001)
        if bits:
            lab.sh("router", f"conntrack -U -f ipv{family} -p udp --dport 9000 -m {bits:#x}", check=False)
        lab.send_udp("lan", to, 9000, 9001)
        mark = mark_of(lab, family, 9000)
        report.claim(mark is not None and mark & UPLINK == bits,
                     f"IPv{family} unanswered, it keeps {bits:#06x}", mark and hex(mark))


def main() -> None:
    lab = open_lab("Marks of the user's own.")
    report = Report()
    for host in ("wan", "lan", "dmz", "router"):
        for port in range(8000, 8009):
            lab.tcp_echo(host, port)
    for family in FAMILIES:
        lab.sh("router", f"ip neigh replace {lab.address('wan', family, '99')} lladdr 02:00:00:00:00:99 dev eth0")
        check_targets(lab, report, family, TARGETS, "by interface")
        check_targets(lab, report, family, BY_NETWORK, "by network")
        check_carried(lab, report, family)
        check_unanswered(lab, report, family)
    report.finish()


main()
