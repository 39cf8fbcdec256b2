#!/usr/bin/python3
"""Timeouts of protocols that nft has no words for: each zone's own hold, over changes too, and go with the zone's."""

import re
import struct
import time

from lab import FAMILIES, Flow, Lab, Report, open_lab, run

ICMP, ICMPV6, SCTP, UDPLITE = 1, 58, 132, 136
NAMES = {ICMP: "icmp", ICMPV6: "icmpv6", SCTP: "sctp", UDPLITE: "udplite"}

SCTP_STATES = {"closed": 31, "cookie_waited": 32, "cookie_echoed": 33, "established": 340, "shutdown_sent": 35,
               "shutdown_recd": 36, "shutdown_ack_sent": 37, "heartbeat_sent": 38}

CONFIG = """
conntrack {{
  timeouts = {{ icmp = 25, sctp_closed = 55 }}
}}
zone "lan" {{
  interface = "eth1"
  conntrack {{
    timeouts = {{
      icmp = {icmp}, udplite = 43, udplite_stream = 44,
      {sctp}
    }}
  }}
}}
zone "dmz" {{
  interface = "eth2"
  conntrack {{ timeouts = {{ icmp = 19, sctp_established = 360, udplite = 63 }} }}
}}
zone "wan" {{ interface = "eth0" }}
"""


def config(icmp: int = 17) -> str:
    return CONFIG.format(icmp=icmp, sctp=", ".join(f"sctp_{state} = {seconds}"
                                                   for state, seconds in SCTP_STATES.items()))


WITHOUT = """
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
zone "wan" { interface = "eth0" }
"""


def is_about(flows: list[Flow], seconds: int) -> bool:
    """One entry, with this many seconds left but for those that the test itself took."""
    return len(flows) == 1 and seconds - 3 < flows[0].seconds <= seconds


class Peers:
    """A host and wan, and what they say to each other in a protocol without a stack of its own."""

    def __init__(self, lab: Lab, host: str, family: int) -> None:
        self.lab, self.host, self.family = lab, host, family
        self.own, self.other = lab.address(host, family), lab.address("wan", family)
        self.port = 4000

    def say(self, protocol: int, payload: bytes) -> None:
        self.lab.send_raw(self.host, self.other, protocol, payload)

    def answer(self, protocol: int, payload: bytes) -> None:
        self.lab.send_raw("wan", self.own, protocol, payload)

    def flows(self, protocol: int) -> list[Flow]:
        names = (NAMES[protocol], str(protocol), "unknown")
        return [flow for flow in self.lab.flows(f"src={self.own}", family=self.family)
                if flow.protocol in names]


def echo(family: int) -> bytes:
    """A request to echo; the checksum is not looked at, and in IPv6 the kernel fills it in."""
    return struct.pack("!BBHHH", 8 if family == 4 else 128, 0, 0, 7, 1)


def check_icmp(report: Report, peers: Peers, seconds: int, what: str) -> None:
    protocol = ICMP if peers.family == 4 else ICMPV6
    peers.lab.forget()
    # The answer ends the entry, so nobody is asked who answers.
    nobody = peers.lab.address("wan", peers.family, "77")
    peers.lab.send_raw(peers.host, nobody, protocol, echo(peers.family))
    flows = [flow for flow in peers.flows(protocol) if flow.has(f"dst={nobody}")]
    report.claim(is_about(flows, seconds), f"{what}: IPv{peers.family} icmp from {peers.host} has {seconds}",
                 [flow.seconds for flow in flows])


def datagram(source: int, to: int) -> bytes:
    """UDP-Lite: a coverage of 0 is the whole datagram."""
    return struct.pack("!HHHH", source, to, 0, 0x1234) + b"hello"


def check_udplite(report: Report, peers: Peers, unreplied: int, replied: int) -> None:
    name = f"IPv{peers.family} udplite from {peers.host}"
    peers.lab.forget()
    peers.say(UDPLITE, datagram(7000, 7))
    flows = peers.flows(UDPLITE)
    report.claim(is_about(flows, unreplied), f"{name}: {unreplied} without an answer",
                 [flow.seconds for flow in flows])
    peers.answer(UDPLITE, datagram(7, 7000))
    peers.say(UDPLITE, datagram(7000, 7))
    flows = peers.flows(UDPLITE)
    report.claim(is_about(flows, replied), f"{name}: {replied} with an answer", [flow.seconds for flow in flows])


INIT, INIT_ACK, HEARTBEAT, SHUTDOWN, SHUTDOWN_ACK, COOKIE_ECHO, COOKIE_ACK = 1, 2, 4, 7, 8, 10, 11
OUR_TAG, THEIR_TAG = 0x1111, 0x2222


def chunk(source: int, to: int, tag: int, kind: int) -> bytes:
    """A packet with one chunk."""
    bodies = {INIT: struct.pack("!IIHHI", OUR_TAG, 65536, 1, 1, 1),
              INIT_ACK: struct.pack("!IIHHI", THEIR_TAG, 65536, 1, 1, 1),
              SHUTDOWN: struct.pack("!I", 1)}
    body = bodies.get(kind, b"")
    return struct.pack("!HHII", source, to, tag, 0) + struct.pack("!BBH", kind, 0, 4 + len(body)) + body


# Who sends which chunk, and the state that it leads to.
ASSOCIATION = (
    (True, 0, INIT, "closed"),
    (False, OUR_TAG, INIT_ACK, "cookie_waited"),
    (True, THEIR_TAG, COOKIE_ECHO, "cookie_echoed"),
    (False, OUR_TAG, COOKIE_ACK, "established"),
)
ENDS = {
    "shutdown_sent": ((True, THEIR_TAG, SHUTDOWN),),
    "shutdown_recd": ((False, OUR_TAG, SHUTDOWN),),
    "shutdown_ack_sent": ((True, THEIR_TAG, SHUTDOWN), (False, OUR_TAG, SHUTDOWN_ACK)),
}


def check_sctp(report: Report, peers: Peers, states: dict[str, int]) -> None:
    def send(is_ours: bool, tag: int, kind: int, port: int) -> None:
        if is_ours:
            peers.say(SCTP, chunk(port, 80, tag, kind))
        else:
            peers.answer(SCTP, chunk(80, port, tag, kind))

    def claim(state: str) -> None:
        flows = peers.flows(SCTP)
        report.claim(is_about(flows, states[state]),
                     f"IPv{peers.family} sctp from {peers.host}: {states[state]} for {state}",
                     [flow.seconds for flow in flows])

    for port, (end, last) in enumerate(ENDS.items(), 6000):
        peers.lab.forget()
        for is_ours, tag, kind, state in ASSOCIATION:
            send(is_ours, tag, kind, port)
            if end == "shutdown_sent":
                claim(state)
        for is_ours, tag, kind in last:
            send(is_ours, tag, kind, port)
        claim(end)
    peers.lab.forget()
    # A first packet has the first state's, whatever its own is.
    for _ in range(2):
        send(True, OUR_TAG, HEARTBEAT, 6100)
    claim("heartbeat_sent")


def check_kept(lab: Lab, report: Report) -> None:
    """What lives keeps its timeouts over changes of its zone's, and of others."""
    peers = Peers(lab, "lan", 4)
    lab.must_apply(config())
    lab.forget()
    lab.send_raw("lan", lab.address("wan", 4, "77"), ICMP, echo(4))
    peers.say(UDPLITE, datagram(7000, 7))
    lab.must_apply(config(icmp=11))
    lab.send_raw("lan", lab.address("wan", 4, "77"), ICMP, echo(4))
    peers.answer(UDPLITE, datagram(7, 7000))
    peers.say(UDPLITE, datagram(7000, 7))
    flows = peers.flows(UDPLITE)
    report.claim(is_about(flows, 44), "a live udplite flow keeps the zone's over a change", [flow.seconds for flow in flows])
    flows = peers.flows(ICMP)
    report.claim(is_about(flows, 17), "a live icmp flow keeps the zone's old one", [flow.seconds for flow in flows])
    check_icmp(report, peers, 11, "after a change")
    lab.must_apply(config(icmp=11))
    check_icmp(report, peers, 11, "after the same again")


def objects(lab: Lab) -> set[str]:
    return set(re.findall(r"ct timeout timeout_(?:icmp|udp)_lan_(\w+) \{", lab.listing()))


def check_stale(lab: Lab, report: Report) -> None:
    """An object that nothing names goes once its longest timeout has passed, at the next apply."""
    text = """
    zone "lan" {{
      interface = "eth1"
      conntrack {{ timeouts = {{ icmp = {seconds}, udp = {seconds} }} }}
    }}
    """
    lab.start_afresh(text.format(seconds=1))
    first = objects(lab)
    lab.must_apply(text.format(seconds=600))
    second = objects(lab)
    report.claim(len(first) == 2 and len(second) == 4 and first < second, "former objects stay at first", second)
    time.sleep(2.1)
    lab.must_apply(text.format(seconds=600))
    report.claim(objects(lab) == second - first, "they are gone once their timeouts have passed", objects(lab))
    lab.must_apply(text.format(seconds=700))
    time.sleep(2.1)
    lab.must_apply(text.format(seconds=700))
    report.claim(len(objects(lab)) == 4, "those with longer ones stay longer", objects(lab))
    lab.must_apply(text.format(seconds=600))
    report.claim(second - first < objects(lab) and len(objects(lab)) == 4, "one that is named again serves again",
                 objects(lab))


def check_gone(lab: Lab, report: Report) -> None:
    lab.must_apply(WITHOUT)
    lab.sh("router", "sysctl -qw net.netfilter.nf_conntrack_icmp_timeout=26 "
                     "net.netfilter.nf_conntrack_icmpv6_timeout=26")
    for family in FAMILIES:
        check_icmp(report, Peers(lab, "lan", family), 26, "without timeouts of zones")


def check_refusal(lab: Lab, report: Report) -> None:
    """A ruleset that is refused leaves nothing behind, nor does a look at what would be."""
    lab.sh("router", "nft flush ruleset")
    done = lab.apply(config(), "--dry-run")
    report.claim(done.returncode == 0 and "\n# add ct timeout inet flywall timeout_sctp_lan" in "\n" + done.stdout,
                 "a dry run shows the objects", done.stderr or None)
    report.claim(lab.listing("ruleset") == "", "and makes none", lab.listing("ruleset"))
    path = lab.folder / "test.hcl"
    ruleset = run([str(lab.programs / "flywall-compile"), str(path)]).stdout
    done = run(["ip", "netns", "exec", lab.prefix + "router", "nft", "-f", "-"], stdin=ruleset)
    report.claim(done.returncode != 0 and lab.listing("ruleset") == "", "nft refuses it as a whole",
                 done.returncode)


def main() -> None:
    lab = open_lab("Timeouts of protocols that nft cannot say, by zone.")
    report = Report()
    for host in ("router", "lan", "dmz", "wan"):
        # Packets are made by hand: nobody has computed their checksums, and nobody is to answer.
        lab.sh(host, "nft -f -", stdin="table inet silent { chain in { type filter hook input priority 0; "
                                       "meta l4proto { 132, 136 } drop; }\n}" if host != "router" else "")
    lab.sh("router", "ip neigh add 203.0.113.77 lladdr 02:00:00:00:00:77 dev eth0; "
                     "ip -6 neigh add 2001:db8:1::77 lladdr 02:00:00:00:00:77 dev eth0")
    check_refusal(lab, report)
    lab.start_afresh(config())
    lab.sh("router", "sysctl -qw net.netfilter.nf_conntrack_checksum=0")
    for family in FAMILIES:
        for host, icmp in (("lan", 17), ("dmz", 19)):
            check_icmp(report, Peers(lab, host, family), icmp, "its zone's")
        lan, dmz = Peers(lab, "lan", family), Peers(lab, "dmz", family)
        check_udplite(report, lan, 43, 44)
        check_udplite(report, dmz, 63, 63)
        check_sctp(report, lan, SCTP_STATES)
        check_sctp(report, dmz, {"closed": 55, "cookie_waited": 3, "cookie_echoed": 3, "established": 360,
                                 "shutdown_sent": 3, "shutdown_recd": 3, "shutdown_ack_sent": 3,
                                 "heartbeat_sent": 30})
    check_kept(lab, report)
    check_gone(lab, report)
    check_stale(lab, report)
    report.finish()


main()
