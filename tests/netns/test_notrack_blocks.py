#!/usr/bin/python3
"""notrack blocks, and rules with that action: exactly their flows leave no entry, and pass both ways."""

import socket

from lab import ACK, FAMILIES, SYN, Lab, Report, alive, close, open_lab, tcp_segment, wait_for

ZONES = """
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
"""

NAMES = ZONES + """
notrack "names" {
  from      = "lan"
  proto     = ["udp", "tcp"]
  dest_port = [53, 54]
}
policy "lan" "wan" {
  rule "others" {
    proto     = "udp"
    dest_port = [55, 56]
    action    = "accept"
  }
}
"""

ADDRESSES = ZONES + """
notrack "one host" {
  proto   = "udp"
  dest_ip = ["203.0.113.2", "2001:db8:1::2"]
}
policy "*" "*" { action = "accept" }
"""

RULE = ZONES + """
policy "lan" "wan" {
  rule "names" {
    proto     = "udp"
    dest_port = 53
    action    = "notrack"
  }
}
policy "lan" "self" {
  rule "names" {
    proto     = "udp"
    dest_port = 53
    action    = "notrack"
  }
}
"""

CLOSED_PORT = 54  # UDP: nobody listens there


def refused(lab: Lab, host: str, family: int, to: str, port: int) -> bool:
    """Does an error about the datagram come back?"""
    with lab.open_socket(host, family, socket.SOCK_DGRAM) as client:
        client.settimeout(0.5)
        client.connect((to, port))
        client.send(b"x")
        try:
            client.recv(10)
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
    return False


def claim_untracked(lab: Lab, report: Report, family: int, what: str) -> None:
    found = lab.flows(family=family)
    report.claim(not found, f"IPv{family} {what} leaves no entry", [flow.text for flow in found] or None)


def check_names(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(NAMES)
    wan, lan = lab.address("wan", family), lab.address("lan", family)
    report.claim(lab.udp("lan", wan, 53), f"IPv{family} a datagram is answered")
    connection = lab.connect("lan", wan, 53)
    report.claim(alive(connection), f"IPv{family} a connection is answered")
    close([connection] if connection else [])
    report.claim(lab.udp("lan", lab.address("lan", family, "1"), 53), f"IPv{family} this machine answers too")
    report.claim(refused(lab, "lan", family, wan, CLOSED_PORT), f"IPv{family} an error comes back")
    claim_untracked(lab, report, family, "the flow")
    report.claim(lab.udp("lan", wan, 55), f"IPv{family} a rule's own flow is answered")
    report.claim(len(lab.flows("dport=55", family=family)) == 1, f"IPv{family} and tracked")
    report.claim(not lab.udp("wan", lan, 53), f"IPv{family} not the other way round")
    report.claim(not lab.udp("dmz", wan, 53), f"IPv{family} nor from another zone")
    report.claim(not lab.udp("lan", lab.address("dmz", family), 56), f"IPv{family} nor to another port")


def segments(lab: Lab) -> int:
    """How many TCP segments have reached lan."""
    text = lab.sh("lan", "cat /proc/net/snmp").stdout
    names, values = (line.split() for line in text.splitlines() if line.startswith("Tcp:"))
    return int(dict(zip(names, values))["InSegs"])


def check_answers(lab: Lab, report: Report, family: int) -> None:
    """A port of the flow's does not make an answer of what begins a connection."""
    lab.start_afresh(NAMES)
    source, to = lab.address("wan", family), lab.address("lan", family)
    for flags, want, what in ((SYN | ACK, 1, "an answer gets there"), (SYN, 0, "an opening segment does not")):
        before = segments(lab)
        lab.send_raw("wan", to, 6, tcp_segment(source, to, 53, 40000, flags))
        arrived = wait_for(lambda: segments(lab) > before, 0.5)
        report.claim(arrived == bool(want), f"IPv{family} from the flow's port, {what}")


def check_addresses(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(ADDRESSES)
    wan = lab.address("wan", family)
    for sender in ("lan", "dmz", "router"):
        report.claim(lab.udp(sender, wan, 53), f"IPv{family} {sender} is answered by the host")
    claim_untracked(lab, report, family, "a host's flow")
    report.claim(lab.udp("lan", lab.address("dmz", family), 53), f"IPv{family} another host answers")
    report.claim(len(lab.flows("dport=53", family=family)) == 1, f"IPv{family} and its flow is tracked")
    connection = lab.connect("lan", wan, 53)
    report.claim(alive(connection) and lab.flows("dport=53", "ESTABLISHED", family=family),
                 f"IPv{family} another protocol to it is tracked")
    close([connection] if connection else [])


def check_rule(lab: Lab, report: Report, family: int) -> None:
    lab.start_afresh(RULE)
    wan, router = lab.address("wan", family), lab.address("lan", family, "1")
    report.claim(lab.udp("lan", wan, 53), f"IPv{family} a rule's flow is answered")
    report.claim(lab.udp("lan", router, 53), f"IPv{family} by this machine too")
    claim_untracked(lab, report, family, "a rule's flow")
    report.claim(not lab.udp("wan", lab.address("lan", family), 53), f"IPv{family} the rule keeps to its zones")
    report.claim(not lab.udp("dmz", router, 53), f"IPv{family} in front of this machine too")


def main() -> None:
    lab = open_lab("Flows that are not tracked.")
    report = Report()
    for host in ("wan", "lan", "dmz", "router"):
        lab.tcp_echo(host, 53)
        for port in (53, 55, 56):
            lab.udp_echo(host, port)
    for family in FAMILIES:
        check_names(lab, report, family)
        check_answers(lab, report, family)
        check_addresses(lab, report, family)
        check_rule(lab, report, family)
    report.finish()


main()
