#!/usr/bin/python3
"""ICMP errors reach whom they tell something, and change nothing about the connection that they are about."""

import socket
import time

from lab import FAMILIES, Lab, Report, open_lab

CLOSED = 9999  # a port that nobody listens on
ZONES = """
zone "wan" {{
  interface = "eth0"
  conntrack {{
    {wan}
  }}
}}
zone "lan" {{ interface = "eth1" }}
"""


def is_told(lab: Lab, host: str, to: str, family: int) -> bool:
    """Sends to a closed port, and waits for the error that comes back."""
    with lab.open_socket(host, family, socket.SOCK_DGRAM) as sender:
        sender.connect((to, CLOSED))
        sender.settimeout(0.5)
        for _ in range(3):
            try:
                sender.send(b"x")
                sender.recv(1)
            except ConnectionRefusedError:
                return True
            except TimeoutError:
                time.sleep(0.05)
    return False


def check_tracked(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(ZONES.format(wan=""))
    report.claim(is_told(lab, "lan", lab.address("wan", family), family),
                 f"IPv{family} an error passes")
    flows = lab.flows(f"dport={CLOSED}", family=family)
    report.claim(len(flows) == 1 and flows[0].mark == 2 << 24 | 1 << 16,
                 f"IPv{family} the connection still comes from lan and goes to wan",
                 [hex(flow.mark) for flow in flows])
    report.claim(lab.counter("invalid_dropped") == 0, f"IPv{family} nothing was invalid")


def check_untracked(lab: Lab, report: Report, family: int) -> None:
    """Errors are tracked here and what they tell of is not, so they count as invalid."""
    lab.start_afresh(ZONES.format(wan='track_protocols = ["tcp", "icmp"]'))
    report.claim(is_told(lab, "lan", lab.address("wan", family), family),
                 f"IPv{family} an error about untracked traffic passes")
    report.claim(not lab.flows(f"dport={CLOSED}", family=family), f"IPv{family} which left no entry")


def main() -> None:
    lab = open_lab("ICMP errors.")
    report = Report()
    for family in FAMILIES:
        check_tracked(lab, report, family)
        check_untracked(lab, report, family)
    report.finish()


main()
