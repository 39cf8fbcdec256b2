#!/usr/bin/python3
"""A connection that nobody answers is charged once, however many packets it sends."""

from lab import FAMILIES, Lab, Report, open_lab

PORT = 9  # nobody answers here, and nobody refuses
PACKETS = 20
CONFIG = """
zone "lan" {
  interface = "eth1"
  conntrack {
    limits = { new_per_second = 2, new_per_ip = 2, max_per_ip = 2 }
  }
}
"""


def check(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(CONFIG)
    # The error that a closed port would send back is an answer too.
    lab.sh("wan", "nft flush ruleset; nft -f -",
           stdin=f"table inet t {{ chain i {{ type filter hook input priority 0; udp dport {PORT} counter drop; }}\n}}")
    for _ in range(PACKETS):
        lab.send_udp("lan", lab.address("wan", family), PORT, source_port=4000)
    arrived = lab.sh("wan", "nft list chain inet t i").stdout
    report.claim(f"packets {PACKETS} " in arrived, f"IPv{family} all of its packets arrive", arrived.split("counter ")[1][:14])
    report.claim(lab.counter("admitted_lan") == 1, f"IPv{family} it was let in once")
    report.claim(lab.counter("over_rate_lan") + lab.counter("over_rate_per_ip_lan") == 0,
                 f"IPv{family} and never refused")


def main() -> None:
    lab = open_lab("Connections without an answer.")
    report = Report()
    for family in FAMILIES:
        check(lab, report, family)
    lab.sh("wan", "nft flush ruleset")
    report.finish()


main()
