"""Zones, protection and limits, each beside what could be mistaken for them."""
from facts.model import DROPPED, PASSES, REJECTED, ZONES, Fact, Group, policy

BARE = """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  conntrack { enabled = false }
}
zone "dmz" { interface = "eth2" }
"""

OPENLISTS = Group("lists without policies and untracked", BARE + """
ipset "refused" {
  entries = ["10.0.1.10", "2001:db8:a::10"]
  action  = "reject"
}
""", (
    Fact("refused", "lan.10", "wan", "tcp 80", REJECTED),
    Fact("refused here", "lan.10", "router", "tcp 80", REJECTED),
    Fact("other", "lan", "wan", "tcp 80", PASSES, tracked=False),
))

LATE = Group("interfaces that come later", """
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "soon" {
  match {
    interface     = "eth3*"
    out_interface = "eth0*"
    src           = ["10.0.30.0/24", "10.0.9.0/24", "2001:db8:30::/64", "2001:db8:9::/64"]
  }
}
policy "soon" "wan" { action = "accept" }
policy "soon" "self" { action = "accept" }
policy "soon" "lan" { action = "accept" }
""", (
    Fact("tagged", "tagged", "wan", "tcp 80", PASSES),
    Fact("stray", "stray", "wan", "udp 53", PASSES),
    Fact("elsewhere", "stray", "lan", "udp 53", DROPPED),
))

SPOOF2 = Group("spoofing between zones of one interface", """
zone "wan" { interface = "eth0" }
zone "one" {
  interface = "eth1"
  networks  = ["10.0.1.10/32", "2001:db8:a::10/128"]
  protection { anti_spoofing = true }
}
zone "rest" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
protection "all" {
  anti_spoofing   = true
  bogon_filtering = false
}
policy "*" "*" { action = "accept" }
""", (
    Fact("own", "lan.10", "wan", "tcp 80", PASSES),
    Fact("rest", "lan.20", "wan", "tcp 80", PASSES),
    Fact("forged", ("10.0.2.99", "2001:db8:d::99"), "wan", "datagram 53", DROPPED),
))

EXC = Group("private addresses with friends", """
zone "wan" {
  interface = "eth0"
  protection { private_filtering = true }
}
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
ipset "friends" {
  entries = ["192.168.5.5", "fd00::5"]
  action  = "accept"
}
""", (
    Fact("friend", ("192.168.5.5", "fd00::5"), "lan", "datagram 53", DROPPED),
))

RETURNS = Group("limits and returns", ZONES + policy("""
    back: proto = "tcp"; dest_port = 80; limit = "2/minute"; action = "return"
    stop: proto = "tcp"; dest_port = 80; action = "reject"
    once: proto = "tcp"; dest_port = 81; limit_per_ip = "2/minute"; ipv6_prefix = 120; action = "drop"
    each: proto = "udp"; dest_port = 53; limit_per_ip = "1/minute"; ipv6_prefix = 128; action = "accept"
    wide: proto = "udp"; dest_port = 54; limit_per_ip = "3/minute"; ipv6_prefix = 64; burst = 3; action = "accept"
    few: proto = "tcp"; dest_port = 82; max_per_ip = 1; ipv6_prefix = 127; action = "accept"
""", settings='action = "accept"'), (
    Fact("return", "lan", "wan", "tcp 80", REJECTED, times=4, passing=2, families=(4,)),
    Fact("drop at most", "lan", "wan", "tcp 81", DROPPED, times=4, passing=2, families=(6,)),
))

PFX = Group("prefixes of limits", ZONES + policy("""
    each: proto = "udp"; dest_port = 53; limit_per_ip = "1/minute"; ipv6_prefix = 128; action = "accept"
    few: proto = "tcp"; dest_port = 82; max_per_ip = 1; ipv6_prefix = 123; action = "accept"
"""), (
    Fact("a", "lan.10", "wan", "udp 53", DROPPED, times=2, passing=1),
    Fact("b", "lan.20", "wan", "udp 53", DROPPED, times=2, passing=1),
    Fact("few", "lan.10", "wan", "tcp 82", DROPPED, times=3, passing=1, families=(6,)),
    Fact("few", "lan.20", "wan", "tcp 82", DROPPED, times=3, passing=1, families=(6,)),
))

FLAGS = Group("flags", ZONES + policy("""
    ecn: proto = "tcp"; dest_port = 80; tcp_flags = "syn,!ack,!fin,!rst"; action = "accept"
    list: proto = "tcp"; dest_port = 81; tcp_flags = ["syn", "!urg"]; action = "accept"
    inval: proto = "tcp"; dest_port = 82; tcp_flags = "fin/fin,syn"; action = "accept"
    any: proto = "tcp"; dest_port = 83; action = "accept"
"""), (
    Fact("syn", "lan", "wan", "segment syn 80", PASSES),
    Fact("connection", "lan", "wan", "tcp 80", PASSES),
    Fact("urg", "lan", "wan", "segment syn,urg 81", DROPPED),
    Fact("syn,fin", "lan", "wan", "segment syn,fin 80", DROPPED),
    Fact("fin", "lan", "wan", "segment fin 82", DROPPED),
    Fact("rst", "lan", "wan", "segment rst 83", DROPPED),
    Fact("null", "lan", "wan", "segment none 83", DROPPED),
))

REJ = Group("rejections", ZONES + policy("""
    gre: proto = "gre"; action = "reject"
    syn: proto = "tcp"; action = "reject"
""", "lan", "wan") + policy("", "lan", "self", 'action = "reject"') + policy("", "self", "lan", 'action = "drop"'), (
    Fact("tcp", "lan", "wan", "tcp 80", REJECTED),
    Fact("tcp here", "lan", "router", "tcp 80", REJECTED),
    Fact("udp here", "lan", "router", "udp 80", REJECTED),
    Fact("ping here", "lan", "router", "ping", REJECTED),
    Fact("tcp there", "lan", "router@wan.9", "tcp 80", REJECTED),
))

NATSHIELD = Group("shield of inside out with masquerade", """
conntrack { tcp_loose = false }
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
synproxy "web" {
  from      = "lan"
  dest_port = 80
}
policy "lan" "wan" {
  action     = "accept"
  masquerade = true
}
""", (
    Fact("out", "lan", "wan", "tcp 80", PASSES, patience=4.0, seen="router@wan", families=(4,)),
    Fact("out plain", "lan", "wan", "tcp 81", PASSES, seen="router@wan", families=(4,)),
))

TWO = Group("two shields", """
conntrack { tcp_loose = false }
zone "wan" { interface = "eth0" }
zone "lan" { interface = "eth1" }
zone "dmz" { interface = "eth2" }
synproxy "a" {
  from      = "wan"
  dest_port = 80
  mss       = 1200
}
synproxy "b" {
  from      = "lan"
  dest_port = 80
  mss       = 1000
}
policy "wan" "dmz" { action = "accept" }
policy "lan" "dmz" {
  action = "reject"
  log    = true
  log_prefix = "inner: "
  rule "one" {
    src_ip = ["10.0.1.10", "2001:db8:a::10"]
    action = "accept"
  }
}
""", (
    Fact("wan", "wan", "dmz", "tcp 80", PASSES, patience=4.0),
    Fact("lan", "lan.10", "dmz", "tcp 80", PASSES, patience=4.0),
    Fact("lan", "lan.20", "dmz", "tcp 80", REJECTED, logged="inner: "),
    Fact("81", "lan.20", "dmz", "tcp 81", REJECTED),
))

SVC = Group("services of zones and lists of addresses", """
zone "wan" { interface = "eth0" }
zone "lan" {
  interface = "eth1"
  networks  = ["10.0.1.0/24", "2001:db8:a::/64"]
  services {
    dhcp = true
    dns  = { src = ["10.0.1.10", "2001:db8:a::10"] }
  }
  management { icmp = true }
}
policy "lan" "self" { action = "reject" }
""", (
    Fact("dns ten", "lan.10", "router", "udp 53", PASSES),
    Fact("dns", "lan.20", "router", "udp 53", REJECTED),
    Fact("ping", "lan.20", "router", "ping", PASSES),
    Fact("dhcp", "lan.20", "router", "udp 67", PASSES),
    Fact("dhcp from zone addr v4", "lan", "router", "udp 67", PASSES, source_port=68),
))
GROUPS = (OPENLISTS, LATE, SPOOF2, EXC, RETURNS, PFX, FLAGS, REJ, NATSHIELD, TWO, SVC)
