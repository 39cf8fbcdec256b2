#!/usr/bin/python3
"""A zone's action decides what happens to traffic that stays inside the zone, tracked or not."""

import socket
import time

from lab import FAMILIES, Lab, Report, open_lab

PORT = 80
CONFIG = """
{machine}
zone "guests" {{
  interface = ["eth1", "eth2"]
  action    = "{action}"
  conntrack {{
    {conntrack}
  }}
}}
zone "wan" {{ interface = "eth0" }}
"""
# What the whole machine says, and what the zone says.
TRACKING = {
    "tracked": ("", ""),
    "untracked": ("", "enabled = false"),
    "TCP untracked": ("", 'track_protocols = ["udp"]'),
    "nothing tracked": ("conntrack { enabled = false }", ""),
}


def attempt(lab: Lab, host: str, to: str, family: int) -> str:
    """What becomes of a connection: open, refused at once, or silence."""
    with lab.open_socket(host, family, socket.SOCK_STREAM) as client:
        client.settimeout(0.5)
        begin = time.monotonic()
        try:
            client.connect((to, PORT))
            return "open"
        except OSError:
            return "refused" if time.monotonic() - begin < 0.4 else "silence"


def check(lab: Lab, report: Report, family: int) -> None:
    neighbour, outside = lab.address("dmz", family), lab.address("wan", family)
    for action, fate in (("accept", "open"), ("drop", "silence"), ("reject", "refused")):
        for name, (machine, conntrack) in TRACKING.items():
            lab.start_afresh(CONFIG.format(action=action, machine=machine, conntrack=conntrack))
            inside = attempt(lab, "lan", neighbour, family)
            report.claim(inside == fate, f"IPv{family} {action}, {name}: inside the zone {fate}", inside)
            out = attempt(lab, "lan", outside, family)
            report.claim(out == "open", f"IPv{family} {action}, {name}: out of the zone open", out)
            router = attempt(lab, "lan", lab.address("lan", family, "1"), family)
            report.claim(router == "open", f"IPv{family} {action}, {name}: to the router open", router)


def main() -> None:
    lab = open_lab("Traffic inside a zone.")
    report = Report()
    for host in ("wan", "dmz", "router"):
        lab.tcp_echo(host, PORT)
    for family in FAMILIES:
        check(lab, report, family)
    report.finish()


main()
