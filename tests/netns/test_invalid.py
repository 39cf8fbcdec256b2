#!/usr/bin/python3
"""Invalid packets are all dropped, and at most log_max of them are logged."""

import socket
import time
from collections.abc import Callable

from lab import (ACK, FAMILIES, FIN, PUSH, SYN, URGENT, Lab, Report, need_programs, open_lab, tcp_segment,
                 wait_for)

ZONES = """
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
"""

SENT = 60
# Flags that no connection has.
NONSENSE = SYN | FIN | PUSH | URGENT

WATCH = """
table inet watch {
  chain out {
    type filter hook postrouting priority 300;
    oifname "eth0" meta l4proto tcp counter
  }
}
"""


def send_invalid(lab: Lab, family: int, to: str, flags: int = NONSENSE, count: int = SENT) -> None:
    segments = [tcp_segment(lab.address("lan", family), to, 20000 + i, 80, flags) for i in range(count)]
    lab.send_raw("lan", to, socket.IPPROTO_TCP, *segments)


def logged(lab: Lab, send: Callable[[], None]) -> list[str]:
    """The packets that reach nflog group 1 while something is sent."""
    output = lab.folder / "log"
    reader = lab.start("router", "tcpdump", "-lnn", "-i", "nflog:1", output=output)
    wait_for(lambda: "listening on" in output.read_text())
    send()
    time.sleep(1.2)
    lab.stop(reader)
    return [line for line in output.read_text().splitlines() if " IP" in line]


def passed(lab: Lab) -> int:
    """Packets that left by eth0 all the same."""
    text = lab.listing("chain inet watch out")
    return int(text.split("packets ")[1].split()[0])


def check(lab: Lab, report: Report, family: int) -> None:
    wan = lab.address("wan", family)
    rows = (
        ("log_max = 20", "log_max = 20", 20, 22),
        ('log_max = "10/second"', 'log_max = "10/second"', 10, 32),
        ("log_max = 0", "log_max = 0", SENT, SENT),
    )
    for what, limit, low, high in rows:
        lab.start_afresh(f"conntrack {{\n log_invalid = true\n {limit}\n}}\n{ZONES}")
        lab.nft(WATCH)
        lines = logged(lab, lambda: send_invalid(lab, family, wan))
        report.claim(low <= len(lines) <= high, f"IPv{family} {what}: logged of {SENT}", len(lines))
        report.claim(lab.counter("invalid_dropped") == SENT, f"IPv{family} {what}: all counted",
                     lab.counter("invalid_dropped"))
        report.claim(passed(lab) == 0, f"IPv{family} {what}: none passes", passed(lab))


def check_silent(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(ZONES)
    lab.nft(WATCH)
    lines = logged(lab, lambda: send_invalid(lab, family, lab.address("wan", family)))
    report.claim(not lines, f"IPv{family} without log_invalid nothing is logged", len(lines))
    report.claim(passed(lab) == 0, f"IPv{family} and all is dropped", passed(lab))
    lab.start_afresh(ZONES)
    send_invalid(lab, family, lab.address("lan", family, "1"), SYN | ACK, 10)
    report.claim(lab.counter("invalid_dropped") == 10, f"IPv{family} on the way to the router too",
                 lab.counter("invalid_dropped"))


def check_loose(lab: Lab, report: Report, family: int) -> None:
    """tcp_loose = false makes an ACK without a connection invalid."""
    for loose in (True, False):
        lab.start_afresh(f"conntrack {{ tcp_loose = {str(loose).lower()} }}\n{ZONES}")
        send_invalid(lab, family, lab.address("wan", family), ACK, 10)
        want = 0 if loose else 10
        report.claim(lab.counter("invalid_dropped") == want, f"IPv{family} tcp_loose = {loose}: dropped",
                     lab.counter("invalid_dropped"))


def main() -> None:
    need_programs("tcpdump")
    lab = open_lab("Invalid packets.")
    report = Report()
    # The host that is sent to must not answer, nor the sender reset what it does not know.
    for host in ("wan", "lan"):
        lab.nft("table inet silent { chain in { type filter hook input priority 0; "
                "meta l4proto tcp drop; }\n}", host)
    for family in FAMILIES:
        check(lab, report, family)
        check_silent(lab, report, family)
        check_loose(lab, report, family)
    report.finish()


main()
