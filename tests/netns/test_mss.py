#!/usr/bin/python3
"""mss_clamping: both ends of a connection are told what the narrowest link on their way takes."""

import socket
import struct

from lab import FAMILIES, Lab, Report, open_lab

ZONES = """
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
policy "*" "*" { action = "accept" }
policy "*" "self" { action = "accept" }
"""

ROUTE = ZONES + "mss_clamping {}\n"

SIZE = ZONES + """
mss_clamping {
  interfaces = ["eth0"]
  size       = 1100
}
"""

PORT = 8000
NARROW = 1400  # eth0's MTU where it is narrow, and that of a wide link
WIDE = 1500
HEADERS = {4: 40, 6: 60}


def announced(lab: Lab, family: int, sender: str, receiver: str, to: str) -> tuple[int, int]:
    """The segment sizes that the one who is connected to, and the one who connects, are told."""
    kind = socket.AF_INET if family == 4 else socket.AF_INET6
    with lab.at(receiver):
        server = socket.create_server(("", PORT), family=kind)
    with server, lab.open_socket(sender, family, socket.SOCK_STREAM) as client:
        server.settimeout(1)
        client.settimeout(1)
        # Timestamps would be counted off the size on both ends.
        client.connect((to, PORT))
        accepted, _ = server.accept()
        with accepted:
            return told(accepted), told(client)


def told(connection: socket.socket) -> int:
    """tcpi_snd_mss, which has the timestamps' 12 bytes taken off."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
    return int(struct.unpack_from("I", info, 16)[0]) + 12


def claim(lab: Lab, report: Report, family: int, sender: str, receiver: str, want: int, what: str) -> None:
    to = lab.address("wan", family, "1") if receiver == "router" else lab.address(receiver, family)
    try:
        got = announced(lab, family, sender, receiver, to)
    except OSError as error:
        report.claim(False, f"IPv{family} {what}: {sender} reaches {receiver}", error)
        return
    report.claim(got == (want, want), f"IPv{family} {what}: {sender} and {receiver} are told {want}", got)


def check(lab: Lab, report: Report, family: int) -> None:
    narrow, wide = NARROW - HEADERS[family], WIDE - HEADERS[family]
    lab.start_afresh(ROUTE)
    for sender, receiver in (("lan", "wan"), ("wan", "lan")):
        claim(lab, report, family, sender, receiver, narrow, "what the route takes")
    claim(lab, report, family, "lan", "dmz", wide, "a route as wide as its ends")
    lab.start_afresh(SIZE)
    for sender, receiver in (("lan", "wan"), ("wan", "dmz")):
        claim(lab, report, family, sender, receiver, 1100, "a size")
    claim(lab, report, family, "lan", "dmz", wide, "past the interface")
    lab.start_afresh(ZONES)
    claim(lab, report, family, "lan", "wan", wide, "without clamping")


def main() -> None:
    lab = open_lab("Segment sizes.")
    report = Report()
    # The router's end alone is narrow: neither host sees it in an MTU of its own.
    lab.sh("router", f"ip link set eth0 mtu {NARROW}")
    for family in FAMILIES:
        check(lab, report, family)
    report.finish()


main()
