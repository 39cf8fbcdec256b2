#!/usr/bin/python3
"""Whoever comes onto a list that drops is not heard any more, connections that run included."""

from __future__ import annotations

from lab import FAMILIES, Lab, Report, alive, close, open_lab

ZONES = """
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "*" "*" { action = "accept" }
policy "*" "self" { action = "accept" }
"""
TRANSLATED = ZONES + """
nat "web" {
  type      = "dnat"
  from      = "wan"
  dest_ip   = ["203.0.113.1", "2001:db8:1::1"]
  proto     = "tcp"
  dest_port = 9000
  to_ip     = ["[2001:db8:d::2]:8000", "10.0.2.2:8000"]
}
"""


def blocked(settings: str) -> str:
    return f"""
ipset "blocked" {{
  entries = ["203.0.113.0/26", "2001:db8:1::/122"]
  action  = "drop"
  {settings}
}}
"""


FRIENDS = """
ipset "friends" {
  entries = ["203.0.113.66", "203.0.113.20", "2001:db8:1::20"]
  action  = "accept"
}
"""
# What is applied while connections run, and whether they still do: through this machine, translated, to
# itself, and a friend's.
ROWS = (
    ("a list", blocked(""), (False, False, False, False)),
    ("one of what passes through", blocked('apply_to = "forward"'), (False, False, True, False)),
    ("one of this machine", blocked('apply_to = "input"'), (True, True, False, True)),
    ("one behind friends", FRIENDS + blocked(""), (False, False, False, True)),
    ("one of this machine behind friends", FRIENDS + blocked('apply_to = "input"'), (True, True, False, True)),
    ("one that refuses new connections", blocked("").replace('"drop"', '"reject"'), (True, True, True, True)),
)


def check(lab: Lab, report: Report, family: int) -> None:
    server, router = lab.address("dmz", family), lab.address("wan", family, "1")
    client, friend = lab.address("wan", family), lab.address("wan", family, "20")
    for what, lists, wanted in ROWS:
        lab.start_afresh(TRANSLATED)
        held = [lab.connect("wan", server, 8000, client), lab.connect("wan", router, 9000, client),
                lab.connect("wan", router, 8000, client), lab.connect("wan", server, 8000, friend)]
        report.claim(all(alive(one) for one in held), f"IPv{family} {what}: connections run")
        lab.must_apply(TRANSLATED + lists)
        runs = tuple(alive(one) for one in held)
        report.claim(runs == wanted, f"IPv{family} {what}: which of them still do", runs)
        fresh = [lab.connect("wan", server, 8000, client)]
        report.claim(bool(fresh[0]) == ('"input"' in lists), f"IPv{family} {what}: and whether new ones begin")
        close([one for one in (*held, *fresh) if one])


def main() -> None:
    lab = open_lab("Lists and connections that run.")
    report = Report()
    for host in ("dmz", "router"):
        lab.tcp_echo(host, 8000)
    for family in FAMILIES:
        lab.add_address("wan", "eth0", f"{lab.address('wan', family, '20')}/{24 if family == 4 else 64}")
        check(lab, report, family)
    report.finish()


main()
