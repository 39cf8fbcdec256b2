#!/usr/bin/python3
"""Limits go on counting while something else is changed or taken back: the total is what it is without a change."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass

from lab import Lab, Report, close, open_lab
from support import program, run

TCP, UDP = 80, 81
MOST = 6  # of each limit
FAMILIES = (4, 6)


@dataclass(frozen=True)
class Limit:
    """Where it stands, and how it is written."""

    title: str
    port: int
    rule: str = ""
    zone: str = ""


LIMITS = (
    Limit("max_per_ip of a zone", TCP, zone=f"max_per_ip = {MOST}"),
    Limit("max_concurrent of a zone", TCP, zone=f"max_concurrent = {MOST}"),
    Limit("new_per_second of a zone", UDP, zone=f'new_per_second = "{MOST}/day"'),
    Limit("new_per_ip of a zone", UDP, zone=f'new_per_ip = "{MOST}/day"'),
    Limit("max_connections of a rule", TCP, rule=f"max_connections = {MOST}"),
    Limit("max_per_ip of a rule", TCP, rule=f"max_per_ip = {MOST}"),
    Limit("limit of a rule", UDP, rule=f'limit = "{MOST}/day"'),
    Limit("limit_per_ip of a rule", UDP, rule=f'limit_per_ip = "{MOST}/day"'),
)

# What is changed beside the limit: in its chain ahead of its rule and behind it, in maps, sets, zones and objects.
CHANGES = {
    "rules and zones around it": {
        "before": '  rule "before" {\n    proto     = "tcp"\n    dest_port = 7000\n    action    = "drop"\n  }\n',
        "after": '  rule "after" {\n    proto     = "udp"\n    dest_port = 7001\n    action    = "accept"\n  }\n',
        "more": 'zone "dmz" { interface = "eth2" }\npolicy "dmz" "wan" { action = "reject" }\n'},
    "a list, a helper and the last rule": {
        "after": '  rule "last" {\n    proto  = "icmp"\n    action = "reject"\n  }\n',
        "more": 'ipset "x" {\n  entries = ["192.0.2.0/24"]\n  action  = "drop"\n}\nconntrack { helpers = { ftp = true } }\n'},
}


def config(limit: Limit, before: str = "", after: str = "", more: str = "") -> str:
    return f"""
zone "wan" {{
  interface = "eth0"
  conntrack {{ limits = {{ {limit.zone} }} }}
}}
zone "lan" {{ interface = "eth1" }}
policy "wan" "lan" {{
{before}
  rule "limited" {{
    proto     = "{'tcp' if limit.port == TCP else 'udp'}"
    dest_port = {limit.port}
    action    = "accept"
    {limit.rule}
  }}
{after}
}}
{more}
"""


class Flows:
    """New connections, and how many of them were let in."""

    def __init__(self, lab: Lab, port: int, family: int) -> None:
        self.lab, self.port, self.to = lab, port, lab.address("lan", family)
        self.held: list[socket.socket] = []
        self.let_in = 0

    def open(self, count: int) -> None:
        if self.port == TCP:
            new = self.lab.hold(count, "wan", self.to, self.port)
            self.held += new
            self.let_in += len(new)
        else:
            self.let_in += sum(self.lab.udp("wan", self.to, self.port) for _ in range(count))


def rollback(lab: Lab) -> None:
    done = run(["ip", "netns", "exec", lab.prefix + "router", program(lab.programs, "flywall-apply"),
                f"--state-dir={lab.folder / 'state'}", "rollback"])
    if done.returncode != 0:
        sys.exit(f"rollback: {done.stderr}")


def check_limit(lab: Lab, report: Report, limit: Limit, family: int, title: str, change: Callable[[int], None]) -> None:
    """Of MOST + 2 connections MOST are let in, whatever happens after the second and the fourth."""
    lab.start_afresh(config(limit))
    flows = Flows(lab, limit.port, family)
    flows.open(2)
    change(0)
    flows.open(2)
    change(1)
    flows.open(MOST - 2)
    report.claim(flows.let_in == MOST, f"IPv{family} {limit.title}, {title}: {MOST} are let in", flows.let_in)
    close(flows.held)


def main() -> None:
    lab = open_lab(__doc__ or "")
    report = Report()
    lab.tcp_echo("lan", TCP)
    lab.udp_echo("lan", UDP)
    for number, limit in enumerate(LIMITS):
        family = FAMILIES[number % 2]

        def nothing(_: int) -> None:
            pass

        check_limit(lab, report, limit, family, "without a change", nothing)
        for title, parts in CHANGES.items():
            def change(step: int, limit: Limit = limit, parts: dict[str, str] = parts) -> None:
                if step == 0:
                    lab.must_apply(config(limit, **parts))
                else:
                    rollback(lab)

            check_limit(lab, report, limit, family, f"{title} changed and taken back", change)
    report.finish()


main()
