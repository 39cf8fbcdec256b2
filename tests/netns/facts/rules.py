"""Rules: what they match."""

import time

from facts.model import BOTH, DROPPED, PASSES, REJECTED, ZONES, Fact, Group, policy
from facts.network import LAN_MAC

PORTS = Group("protocols and ports", ZONES + policy("""
    one: proto = "tcp"; dest_port = 80; action = "accept"
    list: proto = "tcp"; dest_ports = [81, 8000:8002, "9000-9001"]; action = "accept"
    both: proto = ["tcp", "udp"]; dest_port = 53; action = "accept"
    source: proto = "udp"; src_port = 5000; dest_port = 54; action = "accept"
    gre: proto = "gre"; action = "accept"
    bare: protocol = "sctp"; action = "drop"
"""), (
    Fact("one port", "lan", "wan", "tcp 80", PASSES),
    Fact("not its other protocol", "lan", "wan", "udp 80", DROPPED),
    Fact("a port of a list", "lan", "wan", "tcp 81", PASSES),
    Fact("the beginning of a range", "lan", "wan", "tcp 8000", PASSES),
    Fact("the end of a range", "lan", "wan", "tcp 8002", PASSES),
    Fact("behind a range", "lan", "wan", "tcp 8003", DROPPED),
    Fact("a range as text", "lan", "wan", "tcp 9001", PASSES),
    Fact("one of two protocols", "lan", "wan", "tcp 53", PASSES),
    Fact("the other", "lan", "wan", "udp 53", PASSES),
    Fact("a source port", "lan", "wan", "udp 54", PASSES, source_port=5000),
    Fact("another source port", "lan.10", "wan", "udp 54", DROPPED, source_port=5001),
    Fact("a protocol without ports", "lan", "wan", "proto 47", PASSES),
    Fact("no protocol of the list", "lan", "wan", "ping", DROPPED),
))

ANY = Group("a rule without a protocol", ZONES + policy(
    'any: src_ip = ["10.0.1.10", "2001:db8:a::10"]; action = "accept"'), (
        Fact("TCP", "lan.10", "wan", "tcp 80", PASSES),
        Fact("UDP", "lan.10", "wan", "udp 53", PASSES),
        Fact("ICMP", "lan.10", "wan", "ping", PASSES),
        Fact("another protocol", "lan.10", "wan", "proto 47", PASSES),
        Fact("another source", "lan.20", "wan", "proto 47", DROPPED),
    ))

ADDRESSES = Group("addresses", ZONES + policy("""
    mixed: src_ip = ["10.0.1.10", "2001:db8:a::10"]; dest_ip = ["203.0.113.0/29", "2001:db8:1::/125"]; action = "accept"
    four: dest_ip = "203.0.113.10"; action = "accept"
    six: dest_ip = "2001:db8:1::20"; action = "accept"
    range: src_ip = ["10.0.1.19-10.0.1.21", "2001:db8:a::19-2001:db8:a::21"];
        proto = "udp"; dest_port = 53; action = "accept"
"""), (
    Fact("both of the source and the destination", "lan.10", "wan", "tcp 80", PASSES),
    Fact("another source", "lan.30", "wan", "tcp 80", DROPPED),
    Fact("an IPv4 address alone", "lan.30", "wan.10", "tcp 80", PASSES, families=(4,)),
    Fact("is no IPv6 address", "lan.30", "wan.10", "tcp 80", DROPPED, families=(6,)),
    Fact("an IPv6 address alone", "lan.30", "wan.20", "tcp 80", PASSES, families=(6,)),
    Fact("is no IPv4 address", "lan.30", "wan.20", "tcp 80", DROPPED, families=(4,)),
    Fact("a range of addresses", "lan.20", "wan", "udp 53", PASSES),
    Fact("outside of the range", "lan.30", "wan", "udp 53", DROPPED),
))

INVERTED = Group("all but those addresses", ZONES + """
ipset "friends" {
  entries = ["10.0.1.10", "2001:db8:a::10"]
}
""" + policy("""
    both: src_ip = ["10.0.1.20", "2001:db8:a::20"]; invert_src = true; proto = "tcp"; dest_port = 80; action = "accept"
    four: src_ip = ["10.0.1.20", "10.0.1.2"]; invert_src = true; proto = "tcp"; dest_port = 81; action = "accept"
    dest: dest_ip = ["203.0.113.10", "2001:db8:1::10"]; invert_dest = true;
        proto = "udp"; dest_port = 53; action = "accept"
    set: src_ipset = "friends"; invert_src = true; proto = "udp"; dest_port = 54; action = "accept"
"""), (
    Fact("not the source", "lan.20", "wan", "tcp 80", DROPPED),
    Fact("any other source", "lan.10", "wan", "tcp 80", PASSES),
    Fact("no IPv4 source of the list", "lan", "wan", "tcp 81", DROPPED, families=(4,)),
    Fact("another IPv4 source", "lan.10", "wan", "tcp 81", PASSES, families=(4,)),
    Fact("every IPv6 source", "lan.20", "wan", "tcp 81", PASSES, families=(6,)),
    Fact("not the destination", "lan", "wan.10", "udp 53", DROPPED),
    Fact("any other destination", "lan", "wan", "udp 53", PASSES),
    Fact("not what is in a set", "lan.10", "wan", "udp 54", DROPPED),
    Fact("what is in no set", "lan.20", "wan", "udp 54", PASSES),
))

SERVICES = Group("services", ZONES + """
service "office" {
  proto = ["tcp", "udp"]
  ports = [7000, 7100:7102]
}
service "beacon" {
  proto    = "udp"
  port     = 7200
  src_port = 7300
}
""" + policy("""
    known: services = ["http", "dns", "ping"]; action = "accept"
    own: service = "office"; action = "accept"
    beacon: service = "beacon"; action = "accept"
    narrow: service = "https"; dest_ip = ["203.0.113.10", "2001:db8:1::10"]; action = "accept"
"""), (
    Fact("one of the list", "lan", "wan", "tcp 80", PASSES),
    Fact("another", "lan", "wan", "udp 53", PASSES),
    Fact("its other protocol", "lan", "wan", "tcp 53", PASSES),
    Fact("one of ICMP", "lan", "wan", "ping", PASSES),
    Fact("what is not in the list", "lan", "wan", "tcp 22", DROPPED),
    Fact("the protocol that it has not", "lan", "wan", "udp 80", DROPPED),
    Fact("one's own, a range of it", "lan", "wan", "tcp 7102", PASSES),
    Fact("its other protocol", "lan", "wan", "udp 7000", PASSES),
    Fact("behind the range", "lan", "wan", "tcp 7103", DROPPED),
    Fact("its source port", "lan", "wan", "udp 7200", PASSES, source_port=7300),
    Fact("another source port", "lan.10", "wan", "udp 7200", DROPPED, source_port=7301),
    Fact("with another condition", "lan", "wan.10", "tcp 443", PASSES),
    Fact("without it", "lan", "wan", "tcp 443", DROPPED),
))

SETS = Group("sets in rules", ZONES + """
ipset "clients" {
  entries = ["10.0.1.8/29", "10.0.1.15", "2001:db8:a::10", "10.0.1.10-10.0.1.12"]
}
ipset "servers" {
  entries = ["203.0.113.10", "2001:db8:1::10/124"]
}
ipset "four" {
  entries = ["203.0.113.20"]
}
""" + policy("""
    both: src_ipset = "clients"; dest_ipset = "servers"; proto = "tcp"; dest_port = 80; action = "accept"
    list: dest_ipsets = ["servers", "four"]; proto = "udp"; dest_port = 53; action = "accept"
"""), (
    Fact("source and destination", "lan.10", "wan.10", "tcp 80", PASSES),
    Fact("another destination", "lan.10", "wan", "tcp 80", DROPPED),
    Fact("another source", "lan.20", "wan.10", "tcp 80", DROPPED),
    Fact("one of two sets", "lan", "wan.10", "udp 53", PASSES),
    Fact("the other, of IPv4", "lan", "wan.20", "udp 53", PASSES, families=(4,)),
    Fact("which has no IPv6", "lan", "wan.20", "udp 53", DROPPED, families=(6,)),
))

ICMP = Group("types of ICMP", ZONES + policy("""
    ping: proto = "icmp"; icmp_type = "echo-request"; action = "accept"
    time: proto = "icmp"; icmp_type = "timestamp-request"; src_ip = "10.0.1.10"; action = "accept"
"""), (
    Fact("of both versions", "lan", "wan", "ping", PASSES),
    Fact("another type", "lan", "wan", "icmp 13", DROPPED, families=(4,)),
    Fact("one of IPv4 alone", "lan.10", "wan", "icmp 13", PASSES, families=(4,)),
    Fact("no other protocol", "lan", "wan", "udp 53", DROPPED),
))

NO_ICMP = Group("ICMP in general", ZONES + policy('icmp: proto = "icmp"; action = "accept"'), (
    Fact("a ping", "lan", "wan", "ping", PASSES),
    Fact("another message", "lan", "wan", "icmp 13", PASSES, families=(4,)),
    Fact("no other protocol", "lan", "wan", "tcp 80", DROPPED),
))

FLAGS = Group("TCP flags", ZONES + policy("""
    syn: proto = "tcp"; dest_port = 80; tcp_flags = "syn"; action = "accept"
    notack: proto = "tcp"; dest_port = 81; tcp_flags = "syn,!ack"; action = "accept"
    bits: proto = "tcp"; dest_port = 82; tcp_flags = "ack/syn,ack"; action = "accept"
"""), (
    Fact("a SYN", "lan", "wan", "segment syn 80", PASSES),
    Fact("an ACK in its place", "lan", "wan", "segment ack 80", DROPPED),
    Fact("a connection", "lan", "wan", "tcp 80", PASSES),
    Fact("flags that are not set", "lan", "wan", "segment syn 81", PASSES),
    Fact("and are", "lan", "wan", "segment ack 81", DROPPED),
    Fact("flags that are looked at", "lan", "wan", "segment ack,psh 82", PASSES),
    Fact("and another", "lan", "wan", "segment syn 82", DROPPED),
))

INTERFACES = Group("interfaces, hardware addresses and code points", """
zone "wan"    { interface = ["eth0", "eth9"] }
zone "inside" { interface = ["eth1", "eth2"] }
""" + policy(f"""
    in: in_interface = "eth2"; proto = "tcp"; dest_port = 80; action = "accept"
    out: out_interface = "eth0"; proto = "tcp"; dest_port = 81; action = "accept"
    none: out_interface = "eth9"; proto = "tcp"; dest_port = 82; action = "accept"
    mac: src_mac = ["02:00:00:00:00:01", "{LAN_MAC}"]; proto = "tcp"; dest_port = 83; action = "accept"
    dscp: dscp = ["ef", "af11"]; proto = "udp"; dest_port = 53; action = "accept"
    number: dscp = 26; proto = "udp"; dest_port = 54; action = "accept"
    new: conn_state = "new"; proto = "udp"; dest_port = 55; action = "accept"
""", "inside"), (
    Fact("where packets come in", "dmz", "wan", "tcp 80", PASSES),
    Fact("and not elsewhere", "lan", "wan", "tcp 80", DROPPED),
    Fact("where they leave", "lan", "wan", "tcp 81", PASSES),
    Fact("an interface that there is not", "lan", "wan", "tcp 82", DROPPED),
    Fact("a sender's MAC address", "lan", "wan", "tcp 83", PASSES),
    Fact("another sender's", "dmz", "wan", "tcp 83", DROPPED),
    Fact("a code point", "lan", "wan", "udp 53", PASSES, dscp=10),
    Fact("another code point", "lan", "wan", "udp 53", DROPPED, dscp=26),
    Fact("a code point's number", "lan", "wan", "udp 54", PASSES, dscp=26),
    Fact("a new connection", "lan", "wan", "udp 55", PASSES),
))


def clock(minutes: int) -> str:
    """The time of day so many minutes from now."""
    return time.strftime("%H:%M", time.localtime(time.time() + 60 * minutes))


def day(days: int) -> str:
    return time.strftime("%A", time.localtime(time.time() + 86400 * days)).lower()


TIMES = Group("times", ZONES + policy(f"""
    now: proto = "tcp"; dest_port = 80; time_start = "{clock(-30)}"; time_end = "{clock(30)}"; action = "accept"
    past: proto = "tcp"; dest_port = 81; time_start = "{clock(-60)}"; time_end = "{clock(-30)}"; action = "accept"
    wrap: proto = "tcp"; dest_port = 82; time_start = "{clock(-60)}"; time_end = "{clock(-120)}"; action = "accept"
    wrong: proto = "tcp"; dest_port = 83; time_start = "{clock(60)}"; time_end = "{clock(-60)}"; action = "accept"
    today: proto = "tcp"; dest_port = 84; days = ["{day(0)}", "{day(3)}"]; action = "accept"
    other: proto = "tcp"; dest_port = 85; days = ["{day(2)}", "{day(4)}"]; action = "accept"
    both: proto = "tcp"; dest_port = 86; days = ["{day(-1)}", "{day(0)}"];
        time_start = "{clock(-30)}"; time_end = "{clock(30)}"; action = "accept"
"""), (
    Fact("inside", "lan", "wan", "tcp 80", PASSES),
    Fact("over", "lan", "wan", "tcp 81", DROPPED),
    Fact("all hours but one", "lan", "wan", "tcp 82", PASSES),
    Fact("all hours but these", "lan", "wan", "tcp 83", DROPPED),
    Fact("on this day", "lan", "wan", "tcp 84", PASSES),
    Fact("on another day", "lan", "wan", "tcp 85", DROPPED),
    Fact("on this day at this time", "lan", "wan", "tcp 86", PASSES),
))

ACTIONS = Group("what rules and policies do", ZONES + policy("""
    drop: proto = "tcp"; dest_port = 80; action = "drop"
    late: proto = "tcp"; dest_port = 80; action = "accept"
    reject: proto = "tcp"; dest_port = 81; action = "reject"
    rejectu: proto = "udp"; dest_port = 81; action = "reject"
    rejecti: service = "ping"; action = "reject"
    return: proto = "tcp"; dest_port = 82; action = "return"
    cut: proto = "tcp"; dest_port = 82; action = "drop"
    go: proto = "tcp"; dest_port = [83, 84]; action = "continue"; counter = "seen"
    stop: proto = "tcp"; dest_port = 84; action = "drop"
    off: proto = "tcp"; dest_port = 85; action = "drop"; disabled = true
    off2: proto = "tcp"; dest_port = 85; action = "drop"; enabled = false
    upper: proto = "TCP"; dest_port = 86; action = "DROP"
    deny: proto = "tcp"; dest_port = 87; action = "deny"
    notrack: proto = "udp"; dest_port = 53; action = "notrack"
""", settings='action = "accept"') + policy("", "lan", "dmz", 'action = "reject"') + policy(
    "", "dmz", "wan", 'action = "accept"\n  disabled = true'), (
        Fact("the first rule decides", "lan", "wan", "tcp 80", DROPPED),
        Fact("a TCP rejection", "lan", "wan", "tcp 81", REJECTED),
        Fact("a UDP rejection", "lan", "wan", "udp 81", REJECTED),
        Fact("an ICMP rejection", "lan", "wan", "ping", REJECTED),
        Fact("on to the policy's own action", "lan", "wan", "tcp 82", PASSES),
        Fact("counting goes on", "lan", "wan", "tcp 83", PASSES, counter="seen"),
        Fact("to what decides", "lan", "wan", "tcp 84", DROPPED),
        Fact("rules that are switched off", "lan", "wan", "tcp 85", PASSES),
        Fact("words in capitals", "lan", "wan", "tcp 86", DROPPED),
        Fact("another word", "lan", "wan", "tcp 87", DROPPED),
        Fact("untracked", "lan", "wan", "udp 53", PASSES, tracked=False),
        Fact("which is not let through to this machine", "lan", "router", "udp 53", DROPPED),
        Fact("nor from the other side", "wan", "lan", "udp 53", DROPPED),
        Fact("no rule", "lan", "wan", "udp 54", PASSES, tracked=True, families=BOTH),
        Fact("a policy that rejects", "lan", "dmz", "tcp 80", REJECTED),
        Fact("datagrams too", "lan", "dmz", "udp 53", REJECTED),
        Fact("a policy that is switched off", "dmz", "wan", "tcp 80", DROPPED),
    ))

GROUPS = (PORTS, ANY, ADDRESSES, INVERTED, SERVICES, SETS, ICMP, NO_ICMP, FLAGS, INTERFACES, TIMES, ACTIONS)
