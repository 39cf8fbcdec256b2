#!/usr/bin/python3
"""A source that finds no room in a limit's set is refused: a full set must not switch the limit off."""

import re
import time

from lab import FAMILIES, Lab, Report, close, open_lab, run
from support import program

PORT = 80
SOURCES = 4
ROOM = 2
LIMITS = {"max_per_ip": "max_per_ip = 5", "new_per_ip": "new_per_ip = 5"}
CONFIG = """
zone "wan" {{
  interface = "eth0"
  conntrack {{ limits = {{ {limit} }} }}
}}
"""


def source(family: int, number: int) -> str:
    """An address of wan's host; for IPv6, each in a /64 of its own."""
    return f"203.0.113.{10 + number}" if family == 4 else f"2001:db8:1:{number + 1}::9"


def small_ruleset(lab: Lab, limit: str) -> str:
    """What the compiler makes of a limit, with room for a few sources alone."""
    config = lab.folder / "room.hcl"
    config.write_text(CONFIG.format(limit=limit))
    done = run([program(lab.programs, "flywall-compile"), str(config)])
    ruleset, changed = re.subn(r"size \d+(?=\s+flags dynamic)", f"size {ROOM}", done.stdout)
    assert done.returncode == 0 and changed >= len(FAMILIES), done.stderr
    return ruleset


def check(lab: Lab, report: Report, name: str, limit: str, family: int) -> None:
    lab.sh("router", "nft flush ruleset")
    lab.nft(small_ruleset(lab, limit))
    lab.forget()
    held = [lab.hold(1, "wan", lab.address("lan", family), PORT, source(family, i)) for i in range(SOURCES)]
    let_in = [len(connections) for connections in held]
    report.claim(let_in == [1] * ROOM + [0] * (SOURCES - ROOM),
                 f"IPv{family} {name}: room for {ROOM} sources, {SOURCES} come", let_in)
    for connections in held:
        close(connections)


def main() -> None:
    lab = open_lab("Limits whose sets are full.")
    report = Report()
    lab.tcp_echo("lan", PORT)
    for number in range(SOURCES):
        lab.add_address("wan", "eth0", source(4, number) + "/24", source(6, number) + "/64")
        lab.sh("router", f"ip -6 route add {source(6, number)}/128 via {lab.address('wan', 6)} dev eth0")
    time.sleep(0.2)
    for name, limit in LIMITS.items():
        for family in FAMILIES:
            check(lab, report, name, limit, family)
    report.finish()


main()
